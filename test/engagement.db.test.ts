// What is recorded of a lead by hand or by a program: it goes through the inbox to that very lead, and is listed and summed up.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from './deployment.ts'
import type { Reply, Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

const path = (id: string, more = '') => `/api/lead-tracking/engagement/${id}${more}`
async function newLead(fields: Record<string, unknown>): Promise<string> {
  const made = await product.call('POST', '/api/leads', fields)
  expect(made.status).toBe(201)
  return String(made.body.id)
}
const record = (id: string, body: Record<string, unknown>, headers = {}): Promise<Reply> =>
  product.call('POST', path(id), body, headers)

test('there are far more than fifteen types, and each says whether the lead does it itself', async () => {
  const { items } = (await product.call('GET', '/api/lead-tracking/engagement-types')).body as {
    items: { name: string; isAct: boolean }[]
  }
  expect(items.filter(({ isAct }) => isAct).length).toBeGreaterThan(30)
  const kinds = Object.fromEntries(items.map(({ name, isAct }) => [name, isAct]))
  expect(kinds).toMatchObject({
    call_connected: true,
    sms_replied: true,
    email_bounced: false,
    lead_updated: false,
  })
})

describe('an event recorded of a lead', () => {
  let id: string
  beforeAll(async () => {
    // A name alone: nothing that identity could find it by.
    id = await newLead({ firstName: 'Nora' })
    const told = [
      {
        eventName: 'Call Connected',
        occurredAt: '2026-03-02T10:00:00Z',
        channel: 'Direct',
        source: 'phone_system',
        metadata: { minutes: 12, email: 'somebody@else.example' },
      },
      {
        eventName: 'email_link_clicked',
        occurredAt: '2026-03-03T23:30:00Z',
        channel: 'Email',
        campaign: { name: 'Spring' },
        device: 'mobile',
        location: { country: 'at', city: 'Graz' },
      },
      {
        eventName: 'quote_requested',
        occurredAt: '2026-03-03T12:00:00+01:00',
        value: 1200.5,
        currency: 'eur',
      },
      { eventName: 'sms_delivered', occurredAt: '2026-03-04T12:00:00Z' },
    ]
    for (const one of told) expect((await record(id, one)).status).toBe(202)
    await product.settled()
  })

  test('is answered with the id as which it is logged', async () => {
    const { body } = await record(id, { eventName: 'Demo Request', occurredAt: '2026-01-01T00:00:00Z' })
    expect(body).toMatchObject({ leadId: id, eventName: 'demo_requested', category: 'form', isAct: true })
    await product.settled()
    const { items } = (await product.call('GET', path(id, '/history?eventName=demo_requested'))).body as {
      items: { eventId: string }[]
    }
    expect(items.map(({ eventId }) => eventId)).toEqual([body.eventId])
  })

  test('is listed with all that was told of it, newest first, and what the lead did not do is left out', async () => {
    const from = '2026-03-01T00:00:00Z'
    const first = (await product.call('GET', path(id, `/history?limit=2&from=${from}`))).body
    expect(first.items).toMatchObject([
      {
        eventName: 'email_link_clicked',
        channel: 'Email',
        campaign: 'Spring',
        device: 'mobile',
        country: 'AT',
        source: 'user',
        metadata: { city: 'Graz' },
      },
      { eventName: 'quote_requested', valueMinor: 120_050, currency: 'EUR', channel: '' },
    ])
    const rest = (
      await product.call('GET', path(id, `/history?limit=2&from=${from}&cursor=${String(first.nextCursor)}`))
    ).body
    expect(rest).toMatchObject({
      items: [{ eventName: 'call_connected', source: 'phone_system', metadata: { minutes: 12 } }],
      nextCursor: null,
    })
  })

  test('is summed up by type, channel, source, device, country, place and worth', async () => {
    const { body } = await product.call('GET', path(id, '/statistics?from=2026-03-01T00:00:00Z'))
    expect(body).toMatchObject({
      events: 3,
      // 23:30 in UTC is the next day in the workspace's zone
      activeDays: 3,
      firstAt: '2026-03-02T10:00:00.000Z',
      lastAt: '2026-03-03T23:30:00.000Z',
      value: [{ currency: 'EUR', minor: 120_050 }],
      byChannel: [
        { name: 'Direct', events: 1 },
        { name: 'Email', events: 1 },
      ],
      bySource: [
        { name: 'user', events: 2 },
        { name: 'phone_system', events: 1 },
      ],
      byDevice: [{ name: 'mobile', events: 1 }],
      byCountry: [{ name: 'AT', events: 1 }],
      byCity: [{ name: 'Graz', events: 1 }],
      byMachines: 0,
    })
    const types = body.byType as { name: string; label: string; value: unknown[] }[]
    expect(types.map(({ name }) => name).sort()).toEqual([
      'call_connected',
      'email_link_clicked',
      'quote_requested',
    ])
    expect(types.find(({ name }) => name === 'quote_requested')).toMatchObject({
      label: 'Asked for a quote',
      value: [{ currency: 'EUR', minor: 120_050 }],
    })
  })

  test('says nothing of who the lead is: an address among its details is not taken for the lead’s', async () => {
    const { body } = await product.call('GET', `/api/leads/${id}`)
    expect([body.email, body.firstName]).toEqual([null, 'Nora'])
  })

  test('sent twice with one Idempotency-Key is recorded once', async () => {
    const other = await newLead({ firstName: 'Otto' })
    const once = { eventName: 'chat_started', occurredAt: '2026-03-05T08:00:00Z' }
    const [one, two] = [
      await record(other, once, { 'idempotency-key': 'k1' }),
      await record(other, once, { 'idempotency-key': 'k1' }),
    ]
    expect(two.body).toEqual(one.body)
    await product.settled()
    expect((await product.call('GET', path(other, '/statistics'))).body.events).toBe(1)
  })

  test('of a lead that was merged is logged for the lead which it is part of', async () => {
    const [winner, loser] = [
      await newLead({ email: 'w@shop.example' }),
      await newLead({ email: 'l@shop.example' }),
    ]
    await product.call('POST', '/api/leads/merge', { winnerId: winner, loserId: loser })
    expect((await record(loser, { eventName: 'ticket_opened' })).body.leadId).toBe(winner)
    await product.settled()
    expect((await product.call('GET', path(winner, '/statistics'))).body.events).toBe(1)
  })

  test('with an order is an order of the lead', async () => {
    const buyer = await newLead({ email: 'buyer@shop.example' })
    await record(buyer, {
      eventName: 'order_completed',
      revenue: 20,
      currency: 'EUR',
      metadata: { order_id: 'X-1' },
    })
    await product.settled()
    expect((await product.call('GET', `/api/leads/${buyer}`)).body.orders).toMatchObject({ count: 1 })
  })
})

test.each([
  ['a lead that is not there', '019a0000-0000-7000-8000-000000000000', { eventName: 'chat_started' }, 404],
  ['no event', null, {}, 400],
  [
    'an event that has not come',
    null,
    { eventName: 'chat_started', occurredAt: '2100-01-01T00:00:00Z' },
    400,
  ],
  ['a channel that there is not', null, { eventName: 'chat_started', channel: 'Pigeon' }, 400],
  ['more than 32 kB', null, { eventName: 'chat_started', metadata: { text: 'x'.repeat(33_000) } }, 400],
])('%s is refused', async (_what, id, body, status) => {
  const reply = await record(id ?? (await newLead({ firstName: 'Rita' })), body)
  expect(reply.status).toBe(status)
})

test('nothing of this was logged as an error', () => {
  expect(product.errors).toEqual([])
})
