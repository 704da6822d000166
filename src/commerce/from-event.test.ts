// Orders read out of tracked events: amounts to the minor unit, refunds in part and in whole, and what names no order.
import { describe, expect, it } from 'vitest'
import { systemEvent } from '../events/index.ts'
import { orderFromEvent } from './from-event.ts'

function order(name: string, properties: Record<string, unknown>, fallback = 'EUR') {
  const event = systemEvent({
    eventId: 'e',
    at: new Date('2026-03-01T12:00:00.000Z'),
    name,
    category: 'commerce',
    call: 'track',
    source: 'http',
    properties,
  })
  return orderFromEvent(event, { workspaceId: 'w', leadId: 'l' }, fallback)
}

describe('an order in an event', () => {
  it('has its amounts in minor units, with what tax and shipping leave as subtotal', () => {
    const read = order('order_completed', {
      order_id: 1001,
      total: 27.5,
      shipping: 3,
      tax: 2,
      currency: 'usd',
      products: [{ name: 'Pot', sku: 'P1', price: 11.25, quantity: 2 }, 'nonsense', null, {}],
    })
    expect(read).toMatchObject({
      externalId: '1001',
      currency: 'USD',
      totalMinor: 2750,
      shippingMinor: 300,
      taxMinor: 200,
      subtotalMinor: 2250,
      status: 'paid',
      kind: 'order',
      lines: [{ name: 'Pot', sku: 'P1', quantity: 2, priceMinor: 1125 }],
    })
  })

  it('stated as revenue alone is revenue plus shipping and tax, for revenue is without both', () => {
    expect(order('order_completed', { order_id: 'a', revenue: 20, shipping: 3, tax: 2 })).toMatchObject({
      totalMinor: 2500,
      subtotalMinor: 2000,
    })
  })

  it.each([
    ['JPY', 1200, 1200],
    ['KWD', 1.234, 1234],
    ['EUR', '19,99', 1999],
  ])('counts in the minor unit of %s', (currency, total, totalMinor) => {
    expect(order('order_completed', { order_id: 'a', total, currency })?.totalMinor).toBe(totalMinor)
  })

  it('in a currency that is none has no amount, and never that amount in another currency', () => {
    expect(order('order_completed', { order_id: 'a', total: 20, currency: 'x'.repeat(9_000) })).toMatchObject(
      {
        totalMinor: 0,
        currency: 'EUR',
      },
    )
  })

  it.each([
    ['an amount', { total: 5 }, { mode: 'add', minor: 500 }],
    ['a negative amount', { total: -5 }, { mode: 'add', minor: 500 }],
    ['products alone', { products: [{ name: 'Pot', price: 4, quantity: 2 }] }, { mode: 'add', minor: 800 }],
    ['neither', {}, { mode: 'all', minor: 0 }],
  ])('refunded with %s', (_what, properties, refund) => {
    expect(order('order_refunded', { order_id: 'a', ...properties })).toMatchObject({
      kind: 'refund',
      refund,
    })
  })

  it('cancelled says since when', () => {
    expect(order('order_cancelled', { order_id: 'a' })).toMatchObject({
      kind: 'cancel',
      status: 'cancelled',
      cancelledAt: '2026-03-01T12:00:00.000Z',
    })
  })

  it.each([
    ['an event of another kind', 'product_viewed', { order_id: 'a' }],
    ['an order without id', 'order_completed', { total: 5 }],
    ['an id that is no text', 'order_completed', { order_id: { nested: true } }],
  ])('%s is no order', (_what, name, properties) => {
    expect(order(name, properties)).toBeNull()
  })

  it('has at most 200 lines', () => {
    const products = Array.from({ length: 500 }, (_, n) => ({ name: `p${n}`, price: 1 }))
    expect(order('order_completed', { order_id: 'a', products })?.lines).toHaveLength(200)
  })
})
