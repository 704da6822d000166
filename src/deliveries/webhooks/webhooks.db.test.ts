// Outgoing webhooks over the whole product: what is told to whom, signed how, tried again, switched off, rotated and shown.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { openWebhookSink } from '../../../test/webhook-sink.ts'
import type { Taken, WebhookSink } from '../../../test/webhook-sink.ts'
import { isSignedWith } from '../../lib/webhook-signature.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { sendDue } from '../index.ts'
import { tellWebhooks, webhookShippers } from './index.ts'

let served: Served
let services: Services
let sink: WebhookSink
let now: Date

beforeAll(async () => {
  served = await serve({ worker: false, settings: { privateHosts: ['127.0.0.1'] } })
  services = { ...served.services, clock: () => now }
})
afterAll(() => served.stop())

beforeEach(async () => {
  now = new Date()
  sink = await openWebhookSink()
  await run(services.db, sql`delete from connections where workspace_id = ${served.workspaceId}`)
  await run(services.db, sql`delete from deliveries`)
  await run(services.db, sql`delete from webhook_news`)
  return () => sink.close()
})

interface Made {
  id: string
  secret: string
}

async function make(wanted: Record<string, unknown>): Promise<Made> {
  const made = await served.call('POST', '/api/webhooks', { url: sink.url, ...wanted })
  expect(made.status, made.text).toBe(201)
  return { id: (made.body.webhook as { id: string }).id, secret: String(made.body.secret) }
}

const createLead = async (email: string) =>
  String((await served.call('POST', '/api/leads', { email, firstName: 'Ada' })).body.id)

/** Tells what happened and sends what is due. */
async function turn({ id }: Made): Promise<void> {
  await tellWebhooks(services)
  await sendDue(services, webhookShippers(services), served.workspaceId, id)
}

function read({ body }: Taken): { type: string; timestamp: string; data: Record<string, unknown> } {
  return JSON.parse(body.toString()) as ReturnType<typeof read>
}

function signed({ headers, body }: Taken, secret: string): boolean {
  const id = String(headers['webhook-id'])
  const timestamp = Number(headers['webhook-timestamp'])
  return isSignedWith(secret, String(headers['webhook-signature']), { id, timestamp, body: body.toString() })
}

const standing = () =>
  rows<{ status: string; reason: string | null; words: string | null; nextInS: number }>(
    services.db,
    sql`select status, reason, words, round(extract(epoch from next_at - ${now}))::int as "nextInS" from deliveries order by id`,
  )

test('a person who becomes known is told once, signed, with their consents, to the webhooks that asked', async () => {
  const made = await make({ types: ['lead.created'] })
  await make({ types: ['order.completed'] })
  const leadId = await createLead('ada@known.example')
  await turn(made)
  await turn(made)
  expect(sink.taken).toHaveLength(1)
  const [taken] = sink.taken
  expect(read(taken!)).toMatchObject({
    type: 'lead.created',
    data: { lead: { id: leadId, email: 'ada@known.example', firstName: 'Ada', stage: 'new', consents: {} } },
  })
  expect(String(taken!.headers['webhook-id'])).toMatch(/^msg_[0-9a-f-]{36}$/)
  expect(signed(taken!, made.secret)).toBe(true)
  expect(signed(taken!, 'whsec_AAAA')).toBe(false)
})

test('an import tells nobody of each of its rows', async () => {
  const made = await make({ types: ['lead.created'] })
  await services.db.transaction().execute(async (tx) => {
    await run(tx, sql`select set_config('throughline.bulk', 'on', true)`)
    await run(
      tx,
      sql`insert into leads (id, workspace_id, is_known, email, source, created_at, updated_at)
          values (gen_random_uuid(), ${served.workspaceId}, true, 'row@file.example', 'csv', now(), now())`,
    )
  })
  await turn(made)
  expect(sink.taken).toHaveLength(0)
})

test('an event that is not taken is tried again under the same id for a day, then given up', async () => {
  const made = await make({ types: ['lead.created'] })
  await createLead('again@known.example')
  sink.answerWith(() => ({ status: 500, body: 'out of order' }))
  const startedAt = now.getTime()
  const waits: number[] = []
  for (let attempt = 0; attempt < 12; attempt++) {
    await run(services.db, sql`update connections set paused_until = null`)
    await turn(made)
    const [one] = await standing()
    if (one!.status !== 'waiting') break
    waits.push(one!.nextInS)
    now = new Date(now.getTime() + one!.nextInS * 1000 + 1)
  }
  expect(await standing()).toMatchObject([
    { status: 'refused', reason: 'given_up', words: '500 out of order' },
  ])
  expect(waits.slice(0, 3)).toEqual([5, 295, 1800])
  expect((now.getTime() - startedAt) / 3_600_000).toBeCloseTo(24, 1)
  expect(new Set(sink.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(new Set(sink.taken.map(({ body }) => body.toString())).size).toBe(1)
  expect(sink.taken.every((taken) => signed(taken, made.secret))).toBe(true)

  sink.answerWith(() => ({ status: 200 }))
  const count = sink.taken.length
  const replayed = await served.call('POST', '/api/deliveries/replay', { filter: { connectionId: made.id } })
  expect(replayed.body).toEqual({ replayed: 1 })
  now = new Date(now.getTime() + 60_000)
  await run(services.db, sql`update connections set paused_until = null`)
  await turn(made)
  expect(sink.taken).toHaveLength(count + 1)
  expect(await standing()).toMatchObject([{ status: 'sent' }])
})

test('a receiver that answers 410 is sent nothing more until a person switches it on again', async () => {
  const made = await make({ types: ['lead.created'] })
  await createLead('gone@known.example')
  sink.answerWith(() => ({ status: 410, body: 'no more' }))
  await turn(made)
  const found = await served.call('GET', `/api/webhooks/${made.id}`)
  expect(found.body).toMatchObject({ status: 'stopped' })
  expect(found.body.problem).toMatch(/410.*no more/)
  const notices = await served.call('GET', '/api/notices')
  expect(notices.body.items).toMatchObject([{ subject: made.id }])
  await createLead('later@known.example')
  await turn(made)
  expect(sink.taken).toHaveLength(1)

  sink.answerWith(() => ({ status: 204 }))
  await served.call('PATCH', `/api/webhooks/${made.id}`, { isOn: true })
  await turn(made)
  expect(await standing()).toMatchObject([{ status: 'sent' }])
})

test('while secrets overlap both sign, and after it the new one alone', async () => {
  const made = await make({ types: ['lead.created'] })
  const rotated = await served.call('POST', `/api/webhooks/${made.id}/rotate`, { overlapHours: 24 })
  const fresh = String(rotated.body.secret)
  expect(fresh).not.toBe(made.secret)
  await createLead('both@known.example')
  await turn(made)
  now = new Date(now.getTime() + 25 * 3_600_000)
  await createLead('one@known.example')
  await turn(made)
  const [both, one] = sink.taken
  expect([signed(both!, made.secret), signed(both!, fresh)]).toEqual([true, true])
  expect([signed(one!, made.secret), signed(one!, fresh)]).toEqual([false, true])
})

test('who is erased before an event leaves is not told of; that they were erased is, by their id alone', async () => {
  const made = await make({ types: ['lead.created', 'lead.erased'] })
  const leadId = await createLead('forget@known.example')
  await tellWebhooks(services)
  expect((await served.call('POST', `/api/leads/${leadId}/erase`)).status).toBe(200)
  await turn(made)
  expect(sink.taken.map((taken) => read(taken))).toMatchObject([{ type: 'lead.erased', data: { leadId } }])
  expect(JSON.stringify(await rows(services.db, sql`select * from deliveries`))).not.toContain('forget@known')
})

test('an order is told when it is placed and when it is refunded, and a test order is not', async () => {
  const made = await make({ types: ['order.completed', 'order.refunded'] })
  const leadId = await createLead('buyer@known.example')
  await run(
    services.db,
    sql`insert into orders (id, workspace_id, lead_id, source, external_id, number, status, currency, total_minor, subtotal_minor,
          shipping_minor, tax_minor, refunded_minor, placed_at, is_test, updated_at, last_word)
        select gen_random_uuid(), ${served.workspaceId}, ${leadId}, 'shop', n::text, n::text, 'paid', 'EUR', 3100, 3100, 0, 0, 0,
          now() - interval '1 day' * case n when 3 then 9 else 0 end, n = 2, now(), 'order' from generate_series(1, 3) n`,
  )
  await run(services.db, sql`update orders set refunded_minor = 1000 where external_id = '1'`)
  await turn(made)
  expect(sink.taken.map((taken) => read(taken)).sort((a, b) => (a.type < b.type ? -1 : 1))).toMatchObject([
    {
      type: 'order.completed',
      data: { order: { id: '1', totalMinor: 3100, currency: 'EUR' }, lead: { id: leadId } },
    },
    { type: 'order.refunded', data: { order: { id: '1', refundedMinor: 1000 } } },
  ])
})

test('a test is sent at once, and tells what the receiver said', async () => {
  const made = await make({ types: ['lead.created'] })
  sink.answerWith(() => ({ status: 422, body: 'unknown type' }))
  const tried = await served.call('POST', `/api/webhooks/${made.id}/test`, { type: 'order.completed' })
  expect(tried.body).toMatchObject({ isAccepted: false, words: '422 unknown type' })
  expect(read(sink.taken[0]!)).toMatchObject({ type: 'order.completed', data: { isTest: true } })
  expect(signed(sink.taken[0]!, made.secret)).toBe(true)
  expect(await standing()).toEqual([])
})

test('an address in a private network, and one that is not encrypted, are refused', async () => {
  for (const url of ['https://10.0.0.7/hook', 'http://hooks.shop.example/', 'https://localhost/'])
    expect(
      (await served.call('POST', '/api/webhooks', { url, types: ['lead.created'] })).body,
      url,
    ).toMatchObject({ code: 'address_refused' })
})

test('a webhook is shown without its secret, is no vendor of the integrations, and goes with what waits', async () => {
  const made = await make({ types: ['lead.created'], name: 'Warehouse' })
  const listed = await served.call('GET', '/api/webhooks')
  expect(listed.body.items).toMatchObject([
    { id: made.id, name: 'Warehouse', status: 'on', types: ['lead.created'] },
  ])
  expect(listed.text).not.toContain(made.secret)
  expect((await served.call('GET', '/api/connections')).body.items).toEqual([])
  expect((await served.call('GET', `/api/connections/${made.id}`)).status).toBe(404)
  await createLead('waits@known.example')
  await tellWebhooks(services)
  expect((await served.call('DELETE', `/api/webhooks/${made.id}`)).body).toEqual({ deleted: true })
  expect(await standing()).toMatchObject([{ status: 'withheld', reason: 'disconnected' }])
  expect((await served.call('GET', `/api/webhooks/${made.id}`)).status).toBe(404)
})
