// Guarantees of inbound webhooks on the whole product: genuine calls become leads once, strange ones are kept, forged ones are not.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ask, serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { rows, sql } from '../platform/postgres.ts'
import type { InboundDelivery, InboundPreview, InboundWebhook } from './contract.ts'

let served: Served

beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.stop())

const MAPPING = {
  fields: [
    { fills: 'email', path: 'person.email' },
    { fills: 'firstName', path: 'person.name' },
    { fills: 'custom.plan', path: 'plan' },
  ],
  event: { name: 'demo_requested' },
  properties: [{ name: 'plan', path: 'plan' }],
  consents: [{ purpose: 'email_marketing', path: 'newsletter' }],
  dedupe: 'id',
}

type Made = InboundWebhook & { secret: string | null }

async function make(body: object = {}, mapping: object | null = MAPPING): Promise<Made> {
  const made = await served.call('POST', '/api/inbound-webhooks', { name: 'Booking tool', ...body })
  expect(made.status, made.text).toBe(201)
  const webhook = made.body as Made
  if (mapping) {
    const mapped = await served.call('PATCH', `/api/inbound-webhooks/${webhook.id}`, { mapping })
    expect(mapped.status, mapped.text).toBe(200)
  }
  return webhook
}

// The URL names the host that the page was opened with.
const send = (webhook: InboundWebhook, body: unknown, headers: Record<string, string> = {}) => {
  const { pathname, search } = new URL(webhook.url)
  return ask(served.url + pathname + search, 'POST', body, headers)
}
const leadsOf = (email: string) =>
  rows<{ id: string; firstName: string; source: string; fields: object }>(
    served.services.db,
    sql`select id, first_name as "firstName", source, fields from leads where email = ${email} and status = 'active'`,
  )
const deliveriesOf = async (webhook: InboundWebhook) =>
  (await served.call('GET', `/api/inbound-webhooks/${webhook.id}/deliveries`)).body.items as InboundDelivery[]
const call = (id: string, email: string, more: object = {}) => ({
  id,
  person: { email, name: 'Ada' },
  plan: 'L',
  newsletter: true,
  ...more,
})

test('a call becomes a lead with its fields, an event and a consent with its proof; the same call twice is one', async () => {
  const webhook = await make()
  const first = await send(webhook, call('1', 'ada@hook.example'))
  const second = await send(webhook, call('1', 'ada@hook.example', { resent: true }))
  expect([first.status, first.body, second.body]).toEqual([
    200,
    { id: first.body.id, status: 'taken', isRepeat: false },
    { id: first.body.id, status: 'taken', isRepeat: true },
  ])
  await served.settled()
  const [lead] = await leadsOf('ada@hook.example')
  expect(lead).toMatchObject({ firstName: 'Ada', source: 'webhook', fields: { plan: 'L' } })
  const events = (await served.inbox()).filter(({ leadId }) => leadId === lead?.id)
  expect(events).toHaveLength(1)
  expect(JSON.parse(events[0]!.payload)).toMatchObject({
    event: 'demo_requested',
    properties: { plan: 'L', webhook_name: 'Booking tool' },
  })
  const [consent] = await rows(
    served.services.db,
    sql`select state, source, proof from consents where lead_id = ${lead!.id}`,
  )
  expect(consent).toMatchObject({
    state: 'granted',
    source: 'webhook',
    proof: { webhook: 'Booking tool', said: 'true', delivery: first.body.id },
  })
  expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'taken', times: 2, messages: 1 }])
})

test('before anybody said what means what, calls wait word for word, and are read once they are mapped and replayed', async () => {
  const webhook = await make({}, null)
  for (const id of ['1', '2']) {
    const sent = await send(webhook, call(id, `early${id}@hook.example`))
    expect([sent.status, sent.body.status]).toEqual([200, 'parked'])
  }
  const [newest] = await deliveriesOf(webhook)
  expect(newest).toMatchObject({ reason: 'mapping_missing', status: 'parked' })
  expect(newest?.explanation).toContain('Map it')
  expect(JSON.parse(newest?.body ?? '')).toEqual(call('2', 'early2@hook.example'))
  await served.call('PATCH', `/api/inbound-webhooks/${webhook.id}`, { mapping: MAPPING })
  const replayed = await served.call('POST', `/api/inbound-webhooks/${webhook.id}/replay`, {})
  expect(replayed.body).toEqual({ taken: 2, parked: 0 })
  await served.settled()
  expect([await leadsOf('early1@hook.example'), await leadsOf('early2@hook.example')].flat()).toHaveLength(2)
  expect((await served.call('POST', `/api/inbound-webhooks/${webhook.id}/replay`, {})).body).toEqual({
    taken: 0,
    parked: 0,
  })
})

test('a shape that the mapping does not know is parked and shown, and so is what is no JSON at all', async () => {
  const webhook = await make()
  expect((await send(webhook, { hello: 'world' })).body.status).toBe('parked')
  expect((await send(webhook, 'not json \u0000', { 'content-type': 'text/plain' })).body.status).toBe(
    'parked',
  )
  expect((await deliveriesOf(webhook)).map(({ reason, body }) => [reason, body])).toEqual([
    ['body_unreadable', 'not json '],
    ['nobody_found', '{"hello":"world"}'],
  ])
  const { items } = (await served.call('GET', '/api/inbound-webhooks')).body as { items: InboundWebhook[] }
  expect(items.find(({ id }) => id === webhook.id)).toMatchObject({ parked: 2, taken: 0 })
})

test('of a list the entries that name somebody are taken at once, and the others wait', async () => {
  const mapping = {
    each: 'rows',
    fields: [{ fills: 'email', path: 'rows[].mail' }],
    dedupe: 'rows[].id',
  }
  const webhook = await make({}, mapping)
  const sent = await send(webhook, { rows: [{ id: 1, mail: 'r1@hook.example' }, { id: 2 }] })
  expect(sent.body.status).toBe('parked')
  await send(webhook, {
    rows: [
      { id: 1, mail: 'r1@hook.example' },
      { id: 3, mail: 'r3@hook.example' },
    ],
  })
  await served.settled()
  const [one] = await leadsOf('r1@hook.example')
  expect((await served.inbox()).filter(({ leadId }) => leadId === one?.id)).toHaveLength(1)
  expect(await leadsOf('r3@hook.example')).toHaveLength(1)
  expect((await deliveriesOf(webhook)).map(({ reason }) => reason)).toEqual([null, 'entries_unnamed'])
})

test('a call that is not signed as it should be is turned away, counted by its reason, and kept nowhere', async () => {
  const webhook = await make({ signature: { scheme: 'hmac', prefix: 'sha256=' } })
  expect(webhook.secret).toMatch(/^whsec_/)
  const body = JSON.stringify(call('1', 'signed@hook.example'))
  const signed = (text: string) => ({
    'x-signature': `sha256=${createHmac('sha256', webhook.secret!).update(text).digest('hex')}`,
    'content-type': 'application/json',
  })
  const forged = await send(webhook, body.replace('signed', 'forged'), signed(body))
  expect([forged.status, forged.body.code]).toEqual([401, 'signature_wrong'])
  expect((await send(webhook, body)).body.code).toBe('signature_missing')
  expect((await send(webhook, body, signed(body))).body.status).toBe('taken')
  expect(await deliveriesOf(webhook)).toHaveLength(1)
  const shown = (await served.call('GET', `/api/inbound-webhooks/${webhook.id}`)).body as InboundWebhook
  expect(shown.turnedAway.map(({ reason, count }) => [reason, count]).sort()).toEqual([
    ['signature_missing', 1],
    ['signature_wrong', 1],
  ])
  expect(JSON.stringify(shown)).not.toContain(webhook.secret)
})

test('a key that is none, of an archived webhook, or that was renewed, opens nothing', async () => {
  const webhook = await make()
  const renewed = await served.call('POST', `/api/inbound-webhooks/${webhook.id}/renew-url`)
  expect((await send(webhook, call('1', 'old@hook.example'))).status).toBe(404)
  const fresh = renewed.body as InboundWebhook
  expect((await send(fresh, call('1', 'new@hook.example'))).status).toBe(200)
  const key = new URL(fresh.url).searchParams.get('key')
  const inPath = await ask(
    `${served.url}/api/lead-sources/webhook/${key}`,
    'POST',
    call('2', 'new@hook.example'),
  )
  expect(inPath.body.status).toBe('taken')
  await served.call('PATCH', `/api/inbound-webhooks/${webhook.id}`, { isArchived: true })
  expect((await send(fresh, call('3', 'late@hook.example'))).status).toBe(404)
  expect((await ask(`${served.url}/api/lead-sources/webhook?key=x`, 'POST', {})).body.code).toBe(
    'webhook_missing',
  )
})

test('a preview says what would come out and keeps nothing', async () => {
  const webhook = await make({}, null)
  const asked = await served.call('POST', `/api/inbound-webhooks/${webhook.id}/preview`, {
    body: JSON.stringify(call('1', 'preview@hook.example')),
    mapping: MAPPING,
  })
  const preview = asked.body as InboundPreview
  expect(preview.paths.map(({ path }) => path)).toContain('person.email')
  expect(preview.entries).toMatchObject([
    {
      traits: { email: 'preview@hook.example', firstName: 'Ada', plan: 'L' },
      event: 'demo_requested',
      consents: [{ purpose: 'email_marketing', state: 'granted' }],
    },
  ])
  const unmapped = await served.call('POST', `/api/inbound-webhooks/${webhook.id}/preview`, {
    body: '{"a":1}',
  })
  expect(unmapped.body).toMatchObject({ parked: { reason: 'mapping_missing' } })
  await served.settled()
  expect([await deliveriesOf(webhook), await leadsOf('preview@hook.example')]).toEqual([[], []])
})

test('the body of a call is emptied when its person is erased, and of one that comes afterwards nothing stays', async () => {
  const webhook = await make()
  await send(webhook, call('1', 'erased@hook.example'))
  await served.settled()
  const [lead] = await leadsOf('erased@hook.example')
  expect((await served.call('POST', `/api/leads/${lead!.id}/erase`)).status).toBeLessThan(300)
  await vi.waitFor(
    async () => expect((await deliveriesOf(webhook)).map(({ body }) => body)).toEqual(['']),
    15_000,
  )
  await send(webhook, call('2', 'erased@hook.example'))
  await served.settled()
  expect((await deliveriesOf(webhook)).map(({ body }) => body)).toEqual(['', ''])
  expect(await leadsOf('erased@hook.example')).toEqual([])
})

test('to verify calls takes a secret, and another scheme asks for one', async () => {
  const webhook = await make()
  const change = (body: object) => served.call('PATCH', `/api/inbound-webhooks/${webhook.id}`, body)
  const refused = await change({ signature: { scheme: 'header_secret', header: 'x-secret' } })
  expect([refused.status, refused.body.code]).toEqual([400, 'secret_missing'])
  await change({ signature: { scheme: 'header_secret', header: 'x-secret' }, secret: 'long enough' })
  expect((await send(webhook, call('1', 'a@hook.example'))).body.code).toBe('secret_wrong')
  expect((await send(webhook, call('1', 'a@hook.example'), { 'x-secret': 'long enough' })).status).toBe(200)
})

test('nothing of all this went wrong in the log', () => {
  expect(served.errors).toEqual([])
})
