// Conversions from a tracked order to the vendors' books in the sandbox: once, with consent, and every one accounted for.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../sandbox/server.ts'
import type { Sandbox } from '../../../sandbox/server.ts'
import { ask, basic, serve } from '../../../test/deployment.ts'
import type { Served } from '../../../test/deployment.ts'
import { deliveryTasks } from '../../deliveries/index.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import { conversionShippers } from './index.ts'

let sandbox: Sandbox
let served: Served
let as: Record<string, string>
let twin: string
let writeKey: string
const connections: Record<string, string> = {}

const SETTINGS = {
  meta: { datasetId: '2000000000000001', accessToken: 'EAASANDBOXDATASET0000000000000001' },
  ga4: { measurementId: 'G-SANDBOX001', apiSecret: 'sandbox-ga4-secret' },
  gtm: { serverUrl: 'https://tags.shop.example', previewHeader: 'ZW52LTN8c2FuZGJveHxwcmV2aWV3LXRva2Vu' },
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  served = await serve({ settings: { sandboxUrl: sandbox.url } })
  const me = await served.call('GET', '/api/me')
  const found = (me.body.workspaces as { id: string; mode: string; slug: string }[]).find(
    ({ mode }) => mode === 'test',
  )!
  twin = found.id
  as = { 'x-workspace': found.slug }
  const keys = await served.call('GET', '/api/write-keys', undefined, as)
  writeKey = (keys.body.items as { key: string }[])[0]!.key
})
afterAll(async () => {
  await served.stop()
  await sandbox.close()
})

async function control(method: string, path: string, body?: unknown) {
  const reply = await ask(`${sandbox.url}/control${path}`, method, body)
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body
}

const books = (vendor: string) => control('GET', `/books/${vendor}?keys=true`)

async function connectAll(from: 'now' | 'limit' = 'now') {
  for (const [connector, settings] of Object.entries(SETTINGS)) {
    const made = await served.call('POST', '/api/connections', { connector, settings }, as)
    expect(made.body.connection, made.text).toMatchObject({ status: 'connected' })
    const { id } = made.body.connection as { id: string }
    connections[connector] = id
    const on = await served.call(
      'POST',
      `/api/conversions/destinations/${id}/forwarding`,
      { isOn: true, from },
      as,
    )
    expect(on.body, on.text).toMatchObject({ forwards: true })
  }
}

const GRANTED = {
  consent: { categoryPreferences: { analytics: true, ad_user_data: true, ad_personalisation: true } },
}
const REFUSED = {
  consent: { categoryPreferences: { analytics: false, ad_user_data: false, ad_personalisation: false } },
}

function order(id: string, options: { context?: object; email?: string; at?: Date; event?: string } = {}) {
  const email = options.email ?? `buyer-${id}@shop.example`
  return [
    {
      type: 'identify',
      messageId: `i-${id}`,
      userId: `u-${id}`,
      traits: { email, firstName: 'Ann', lastName: 'Buyer' },
      context: {
        ...GRANTED,
        ...options.context,
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        page: { url: 'https://shop.example/' },
      },
    },
    {
      type: 'track',
      messageId: `t-${id}`,
      userId: `u-${id}`,
      event: options.event ?? 'Order Completed',
      timestamp: options.at?.toISOString(),
      properties: {
        order_id: id,
        total: 31,
        currency: 'EUR',
        products: [{ product_id: 'tea', name: 'Tea', price: 15.5, quantity: 2 }],
      },
      context: { page: { url: 'https://shop.example/thanks' } },
    },
  ]
}

async function track(batch: object[]) {
  const reply = await served.post('/v1/batch', { batch }, { authorization: basic(writeKey) })
  expect(reply.status, reply.text).toBe(200)
  await served.settled()
}

interface Counts {
  waiting: number
  sending: number
  sent: number
  withheld: number
  refused: number
  unknown: number
}

async function counts(connectionId: string): Promise<Counts> {
  const reply = await served.call(
    'GET',
    `/api/deliveries?connectionId=${connectionId}&limit=1`,
    undefined,
    as,
  )
  return reply.body.counts as Counts
}

/** Waits until nothing is to be sent any more; pauses between attempts are skipped. */
async function allSettled() {
  await expect
    .poll(
      async () => {
        await run(served.services.db, sql`update connections set paused_until = null`)
        await run(
          served.services.db,
          sql`update deliveries set next_at = least(next_at, now()) where status = 'waiting' and next_at < now() + interval '1 hour'`,
        )
        await deliveryTasks(served.services, conversionShippers)['deliveries.sweep']!({})
        const [left] = await rows<{ count: number }>(
          served.services.db,
          sql`select (select count(*)::int from deliveries where status in ('waiting', 'sending'))
                + (select count(*)::int from graphile_worker.jobs where task_identifier = 'conversions.backfill') as count`,
        )
        return left!.count
      },
      { timeout: 90_000, interval: 200 },
    )
    .toBe(0)
}

async function reconciled(connectionId: string) {
  const today = new Date().toISOString().slice(0, 10)
  const reply = await served.call(
    'GET',
    `/api/conversions/destinations/${connectionId}/reconciliation?from=${dayBefore(8)}&to=${today}`,
    undefined,
    as,
  )
  expect(reply.status, reply.text).toBe(200)
  const { happened, delivered, withheld, failed, unknown, waiting, notTaken } = reply.body as Record<
    string,
    number
  >
  expect(delivered! + withheld! + failed! + unknown! + waiting! + notTaken!).toBe(happened)
  return reply.body
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

beforeEach(async () => {
  for (const id of Object.values(connections))
    await served.call('DELETE', `/api/connections/${id}`, undefined, as)
  await run(served.services.db, sql`delete from deliveries`)
  await control('POST', '/reset', {})
})

test('an order leaves once to each vendor, under its order id, and is accounted for', async () => {
  await connectAll()
  await track(order('1001'))
  await track([{ ...order('1001')[1]!, messageId: 'told-by-the-server-too' }])
  await allSettled()
  expect((await books('meta')).keys).toMatchObject([{ eventName: 'Purchase', eventId: '1001', times: 1 }])
  expect((await books('ga4')).purchases).toMatchObject([{ transactionId: '1001', times: 1 }])
  expect((await books('gtm')).conversions).toMatchObject([{ eventName: 'purchase', times: 1 }])
  for (const id of Object.values(connections))
    expect(await reconciled(id)).toMatchObject({ happened: 1, delivered: 1, notTaken: 0 })
  const [, told] = order('1002')
  const { order_id: orderId, ...properties } = (told as { properties: Record<string, unknown> }).properties
  const named = { ...told!, properties: { ...properties, orderId: Number(orderId) } }
  await track([
    order('1002')[0]!,
    named,
    { ...named, messageId: 'told-again', properties: { ...properties, orderId } },
  ])
  await allSettled()
  for (const id of Object.values(connections))
    expect(await reconciled(id)).toMatchObject({ happened: 2, delivered: 2, notTaken: 0 })
})

test('whoever refused is withheld with the reason, and nothing about them leaves', async () => {
  await connectAll()
  await track(order('2001', { context: REFUSED }))
  await allSettled()
  expect((await books('meta')).keys).toEqual([])
  expect((await books('ga4')).purchases).toEqual([])
  const report = await reconciled(connections.meta!)
  expect(report).toMatchObject({
    delivered: 0,
    withheld: 1,
    withheldWhy: [{ reason: 'consent_missing', count: 1 }],
  })
})

test('what is older than a vendor takes is refused here with that reason, before it could cost others their batch', async () => {
  await connectAll('limit')
  await track([...order('3001'), ...order('3002', { at: new Date(Date.now() - 5 * 86_400_000) })])
  await allSettled()
  const of = (connector: string) =>
    rows<{ key: string; status: string }>(
      served.services.db,
      sql`select key, status from deliveries where connection_id = ${connections[connector]} and key like 'order:300%' order by key`,
    )
  expect(await of('meta')).toEqual([
    { key: 'order:3001', status: 'sent' },
    { key: 'order:3002', status: 'sent' },
  ])
  // GA4 takes three days: forwarding begins there, so that the older one was never taken.
  expect(await of('ga4')).toEqual([{ key: 'order:3001', status: 'sent' }])
  const late = await served.call(
    'POST',
    '/api/meta-pixel/track?dryRun=true',
    {
      name: 'Purchase',
      value: 1,
      currency: 'EUR',
      occurredAt: new Date(Date.now() - 8 * 86_400_000).toISOString(),
      person: { email: 'buyer-3001@shop.example' },
    },
    as,
  )
  expect(late.body.items).toMatchObject([
    { wouldLeave: false, problems: [expect.stringMatching(/no event older than 168 hours/)] },
  ])
})

test('the first switch-on can go back to the limit of the vendor: what happened before is sent, once', async () => {
  await track([...order('4001'), ...order('4002')])
  await connectAll('limit')
  await allSettled()
  const told = (await books('meta')).keys as { eventId: string; times: number }[]
  expect(told.filter(({ eventId }) => eventId.startsWith('400')).map(({ times }) => times)).toEqual([1, 1])
})

test('a dry run needs no connection: it shows the exact request with hashes, and sends nothing', async () => {
  const body = {
    name: 'Lead',
    person: { email: 'Jane.Doe@shop.example', phone: '+44 20 7946 0958', country: 'US' },
    pageUrl: 'https://shop.example/contact',
    browser: { userAgent: 'Mozilla/5.0' },
  }
  const reply = await served.call('POST', '/api/meta-pixel/track?dryRun=true', body, as)
  expect(reply.status, reply.text).toBe(202)
  const [item] = reply.body.items as {
    requests: { url: string; body: unknown }[]
    wouldLeave: boolean
    quality: { score: number }
  }[]
  expect(item).toMatchObject({ wouldLeave: true, consent: { isAllowed: true } })
  expect(item!.quality.score).toBeGreaterThan(4)
  expect(JSON.stringify(item)).not.toContain('jane.doe@')
  expect(item!.requests).toMatchObject([
    {
      method: 'POST',
      headers: { authorization: 'Bearer [hidden]' },
      body: {
        data: [
          {
            event_name: 'Lead',
            action_source: 'website',
            user_data: { em: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
          },
        ],
      },
    },
  ])
  const refused = await served.call(
    'POST',
    '/api/meta-pixel/track?dryRun=true',
    { ...body, person: { ...body.person, country: 'DE' } },
    as,
  )
  expect(refused.body.items).toMatchObject([
    { wouldLeave: false, consent: { isAllowed: false, because: expect.stringMatching(/in DE/) } },
  ])
  for (const path of ['/api/ga4/track', '/api/gtm/track']) {
    const other = await served.call('POST', `${path}?dryRun=true`, { ...body, name: 'generate_lead' }, as)
    expect(other.body.items, other.text).toMatchObject([{ wouldLeave: true, requests: [{ method: 'POST' }] }])
    expect(other.text).not.toMatch(/exampleSecret|jane\.doe@/i)
  }
  const vendors = (await control('GET', '')).vendors as { received: number }[]
  expect(vendors.filter(({ received }) => received > 0)).toEqual([])
  expect((await served.call('POST', '/api/meta-pixel/track', body, as)).body.code).toBe('connection_missing')
})

test('one bad event of a batch holds no other up', async () => {
  await connectAll()
  const person = { email: 'us@shop.example', country: 'US' }
  const events = [
    { name: 'Purchase', value: 10, currency: 'USD', orderId: 'b-1', person },
    { name: 'Purchase', person },
    { name: 'Lead', person, eventId: 'b-3' },
  ]
  const reply = await served.call('POST', '/api/meta-pixel/batch', { events }, as)
  expect((reply.body.items as { wouldLeave: boolean }[]).map(({ wouldLeave }) => wouldLeave)).toEqual([
    true,
    false,
    true,
  ])
  await allSettled()
  expect(await counts(connections.meta!)).toMatchObject({ sent: 2, refused: 1 })
  const listed = await served.call('GET', '/api/meta-pixel/events', undefined, as)
  expect(listed.body.counts).toMatchObject({ sent: 2, refused: 1 })
})

test('of a batch that is refused nothing leaves, so that the whole can be sent again', async () => {
  await connectAll()
  const person = { email: 'us@shop.example', country: 'US' }
  const events = [
    { name: 'Lead', person },
    { name: 'Lead', leadId: '0190b7a2-0000-7000-8000-00000000dead' },
  ]
  const reply = await served.call('POST', '/api/meta-pixel/batch', { events }, as)
  expect(reply.body.code).toBe('lead_missing')
  expect(await counts(connections.meta!)).toMatchObject({ waiting: 0, sending: 0, sent: 0 })
})

test('an order and its products leave by hand under the names that the vendor takes them by', async () => {
  const sale = {
    value: 19,
    currency: 'USD',
    orderId: 'h-1',
    products: [{ id: 'tea', price: 9.5, quantity: 2 }],
  }
  const reply = await served.call('POST', '/api/ga4/purchase?dryRun=true', sale, as)
  const [item] = reply.body.items as { requests: { body: { events: { params: object }[] } }[] }[]
  const { params } = item!.requests[0]!.body.events[0]!
  expect(params).toMatchObject({ transaction_id: 'h-1', items: [{ item_id: 'tea' }] })
  expect(Object.keys(params)).not.toEqual(expect.arrayContaining(['contents']))
  expect(params).not.toHaveProperty('order_id')
})

test('a delivery shows its request without secrets and the answer word for word; what was refused can be sent again', async () => {
  await connectAll()
  const at = (path: string) =>
    served.call('PATCH', `/api/connections/${connections.gtm!}`, { settings: { path } }, as)
  await at('/nobody-claims-this')
  await track(order('5001'))
  await allSettled()
  const refused = await served.call('GET', `/api/deliveries?connectionId=${connections.gtm!}`, undefined, as)
  const [item] = refused.body.items as { id: string; status: string }[]
  expect(item).toMatchObject({ status: 'refused', reason: 'vendor_refused', event: 'order_completed' })
  const detail = await served.call('GET', `/api/deliveries/${item!.id}`, undefined, as)
  expect(detail.body.request).toMatchObject({
    method: 'POST',
    url: expect.stringMatching(/\/gtm\/nobody-claims-this$/),
  })
  expect(detail.body.answers).toMatchObject([{ kind: 'refused', words: expect.stringMatching(/^400/) }])
  await at('/data')
  const again = await served.call('POST', '/api/deliveries/replay', { ids: [item!.id] }, as)
  expect(again.body).toEqual({ replayed: 1 })
  await allSettled()
  expect(await counts(connections.gtm!)).toMatchObject({ sent: 1, refused: 0 })
  const twice = await served.call('POST', '/api/deliveries/replay', { ids: [item!.id] }, as)
  expect(twice.body.code).toBe('delivery_settled')
})

test('rights that are gone hold everything back until somebody connects again, and then it leaves', async () => {
  await connectAll()
  const wrong = { accessToken: 'EAAWRONGTOKEN00000000000000000000' }
  await served.call('PATCH', `/api/connections/${connections.meta!}`, { settings: wrong }, as)
  await track(order('6001'))
  await expect.poll(async () => (await counts(connections.ga4!)).sent, { timeout: 20_000 }).toBe(1)
  expect(await counts(connections.meta!)).toMatchObject({ waiting: 1, sent: 0 })
  expect(await reconciled(connections.meta!)).toMatchObject({ waiting: 1 })
  const notices = await served.call('GET', '/api/notices', undefined, as)
  expect(notices.body.items).toMatchObject([
    { kind: 'lost_connection', subject: connections.meta, about: expect.stringMatching(/make a new one/) },
  ])
  const right = { accessToken: SETTINGS.meta.accessToken }
  await served.call('PATCH', `/api/connections/${connections.meta!}`, { settings: right }, as)
  await allSettled()
  expect(await counts(connections.meta!)).toMatchObject({ waiting: 0, sent: 1 })
})

test('who is erased leaves no word in the outbox, the counts stay, and nothing of them leaves by hand either', async () => {
  await connectAll()
  await track(order('7001'))
  await allSettled()
  const [lead] = await rows<{ id: string }>(
    served.services.db,
    sql`select id from leads where workspace_id = ${twin} and email = 'buyer-7001@shop.example'`,
  )
  expect((await served.call('POST', `/api/leads/${lead!.id}/erase`, {}, as)).status).toBeLessThan(300)
  const kept = await rows<{ row: string }>(
    served.services.db,
    sql`select to_jsonb(d)::text as row from deliveries d`,
  )
  expect(kept).toHaveLength(3)
  for (const { row } of kept) expect(row).not.toMatch(/buyer|7001"|shop\.example|[0-9a-f]{64}/)
  expect(await counts(connections.meta!)).toMatchObject({ sent: 1 })
  const again = { name: 'Lead', person: { email: 'Buyer-7001@shop.example' } }
  const told = await served.call('POST', '/api/meta-pixel/track', again, as)
  expect(told).toMatchObject({ status: 409, body: { code: 'lead_erased' } })
})

describe('with three of ten calls going wrong', () => {
  test('each conversion arrives exactly once where a repeat is honoured, at most once elsewhere, and all are accounted for', async () => {
    await connectAll()
    const each = 100 / 3 / 10
    for (const kind of ['too_many', 'server_error', 'lost_answer', 'dropped'])
      await control('POST', '/faults', { vendor: '*', kind, percent: each * 2.5, retryAfterS: 1 })
    const count = 150
    const orders = Array.from({ length: count }, (_, n) => order(`f-${n}`))
    for (let at = 0; at < count; at += 50) await track(orders.slice(at, at + 50).flat())
    await allSettled()
    const meta = (await books('meta')) as {
      keys: { eventId: string }[]
      events: Record<string, { counted: number }>
    }
    expect(meta.keys).toHaveLength(count)
    expect(meta.events[SETTINGS.meta.datasetId]!.counted).toBe(count)
    expect(await counts(connections.meta!)).toMatchObject({ sent: count, unknown: 0 })
    const ga4 = (await books('ga4')) as {
      purchases: unknown[]
      streams: Record<string, { recorded: number }>
    }
    expect(ga4.purchases).toHaveLength(count)
    expect(ga4.streams[SETTINGS.ga4.measurementId]!.recorded).toBe(count)
    const gtm = (await books('gtm')) as { conversions: { times: number }[] }
    expect(gtm.conversions.every(({ times }) => times === 1)).toBe(true)
    const outside = await counts(connections.gtm!)
    expect(outside.sent + outside.unknown).toBe(count)
    expect(outside.unknown).toBeGreaterThan(0)
    expect(gtm.conversions.length).toBeGreaterThanOrEqual(outside.sent)
    for (const id of Object.values(connections)) {
      const report = await reconciled(id)
      expect(report).toMatchObject({ failed: 0, waiting: 0, notTaken: expect.any(Number) })
    }
  })
})
