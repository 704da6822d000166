// When somebody became a lead, which conversions to that goal and the W-shaped model's anchor go by.
import { describe, expect, test } from 'vitest'
import { conversionsOf, milestonesOf } from './lead-journeys.ts'
import type { CreditedEvent, CreditedHistory } from './lead-journeys.ts'

const place = { timeZone: 'UTC', currency: 'EUR', convert: () => null }

const event = (at: number, name = 'page_viewed'): CreditedEvent => ({
  eventId: `event ${at}`,
  at,
  name,
  category: name === 'identified' ? 'identity' : 'page',
  call: name === 'identified' ? 'identify' : 'page',
  isBot: false,
  channel: 'Email',
  source: '',
  utmSource: '',
  utmCampaign: '',
  sessionStart: true,
  valueMinor: 0,
  currency: '',
})
const order = (placedAt: number): CreditedHistory['orders'][number] => ({
  orderId: `order ${placedAt}`,
  placedAt,
  cancelledAt: null,
  isTest: false,
  currency: 'EUR',
  totalMinor: 100,
  taxMinor: 0,
  shippingMinor: 0,
  refundedMinor: 0,
})
const leadSince = (more: Partial<CreditedHistory>, isKnown = true): number | undefined => {
  const history = {
    leadId: 'lead',
    createdAt: 0,
    subject: { record: { is_known: isKnown } },
    events: [],
    orders: [],
    ...more,
  }
  const [conversion] = conversionsOf({ kind: 'lead', counts: 'count' }, history, [], place)
  expect(milestonesOf(history, [])[0]?.at).toBe(conversion?.at)
  return conversion?.at
}

describe('somebody is a lead', () => {
  test('from when they said who they are, whichever of their visits was told first', () => {
    const events = [event(10), event(20), event(30, 'identified'), event(40)]
    // A record is made with the event that comes in first, dated as that happened.
    for (const createdAt of [10, 20, 30, 40]) expect(leadSince({ createdAt, events })).toBe(30)
  })

  test('from when the record was made, where that was before all that they did', () => {
    expect(leadSince({ createdAt: 5, events: [event(10), event(30, 'identified')] })).toBe(5)
    expect(leadSince({ createdAt: 5 })).toBe(5)
  })

  test('from the first order at the latest', () => {
    const events = [event(10), event(40, 'identified')]
    expect(leadSince({ createdAt: 10, events, orders: [order(20)] })).toBe(20)
  })

  test('from the first that they did, where nothing tells when they said who they are', () => {
    for (const createdAt of [10, 20])
      expect(leadSince({ createdAt, events: [event(10), event(20)] })).toBe(10)
  })

  test('never, while nobody knows who they are', () => {
    expect(leadSince({ createdAt: 10, events: [event(10)] }, false)).toBeUndefined()
  })
})
