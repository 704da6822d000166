// What the pass over changed leads tells webhooks, through the whole product: stages, scores and segments, each once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { openWebhookSink } from '../../../test/webhook-sink.ts'
import type { WebhookSink } from '../../../test/webhook-sink.ts'
import { newId } from '../../lib/ids.ts'

let served: Served
let sink: WebhookSink

beforeAll(async () => {
  sink = await openWebhookSink()
  served = await serve({ settings: { privateHosts: ['127.0.0.1'] } })
})
afterAll(async () => {
  await served.stop()
  await sink.close()
})

interface Told {
  type: string
  data: { lead: { email: string; stage: string }; [name: string]: unknown }
}

const told = () => sink.taken.map(({ body }) => JSON.parse(body.toString()) as Told)

test('a lead that asks for a demo is told of once for its stage, its score and the segment that it enters', async () => {
  const made = await served.call('POST', '/api/segments', {
    name: 'Of engines',
    condition: { fact: 'email', op: 'ends_with', value: '@engines.example' },
  })
  expect(made.status, made.text).toBeLessThan(300)
  const hook = await served.call('POST', '/api/webhooks', {
    url: sink.url,
    types: ['lead.stage_changed', 'lead.score_reached', 'segment.entered'],
    scoreFrom: 40,
  })
  expect(hook.status, hook.text).toBe(201)
  const email = 'ada@engines.example'
  await served.post('/v1/identify', { userId: email, messageId: newId(), traits: { email, title: 'CEO' } })
  for (const event of ['Demo Requested', 'Meeting Booked', 'Checkout Started'])
    await served.post('/v1/track', { userId: email, messageId: newId(), event })
  await expect
    .poll(() => [...new Set(told().map(({ type }) => type))].sort(), { timeout: 20_000 })
    .toEqual(['lead.score_reached', 'lead.stage_changed', 'segment.entered'])
  await served.settled()
  const of = (type: string) => told().filter((one) => one.type === type)
  expect(of('segment.entered')).toMatchObject([
    { data: { segment: { name: 'Of engines' }, lead: { email } } },
  ])
  expect(of('lead.score_reached')).toHaveLength(1)
  const [{ data }] = of('lead.score_reached') as [Told]
  expect(data).toMatchObject({ threshold: 40, lead: { email } })
  expect(Number(data.before)).toBeLessThan(40)
  expect(Number(data.score)).toBeGreaterThanOrEqual(40)
  const moves = of('lead.stage_changed').map((one) => [one.data.from, one.data.to])
  expect(moves[0]![0]).toBe('new')
  expect(new Set(moves.map(String)).size).toBe(moves.length)
}, 60_000)
