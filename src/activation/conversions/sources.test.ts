// Where the parameters of a conversion come from.
import { expect, test } from 'vitest'
import { isSource, orderIdOf, productsOf, readParameters } from './sources.ts'
import type { ConversionEvent } from './sources.ts'

const event: ConversionEvent = {
  eventId: 'e1',
  name: 'order_completed',
  occurredAt: '2026-11-20T10:00:00.000Z',
  pageUrl: 'https://shop.example/thanks',
  pageTitle: 'Thanks',
  referrer: '',
  sessionId: 's1',
  valueMinor: 3100,
  currency: 'EUR',
  properties: {
    order_id: 1001,
    products: [
      { product_id: 'tea', price: '9.50', quantity: 2 },
      { sku: 'cup', price: 12 },
      { price: 1 },
      null,
    ],
    shipping: { method: 'post' },
    gift: true,
  },
}

test('value is in major units, products are those with an id, and what is missing is left out', () => {
  const from = (source: string) => ({ parameter: source, from: source })
  const sources = [
    'value',
    'currency',
    'order_id',
    'product_count',
    'referrer',
    'property:shipping.method',
    'property:gift',
    'property:none',
    'lead:plan',
    'text:web',
  ]
  expect(readParameters(sources.map(from), event, { plan: 'gold' })).toEqual({
    value: 31,
    currency: 'EUR',
    order_id: '1001',
    product_count: 3,
    'property:shipping.method': 'post',
    'property:gift': 'true',
    'lead:plan': 'gold',
    'text:web': 'web',
  })
  expect(productsOf(event.properties)).toEqual([
    { id: 'tea', price: 9.5, quantity: 2 },
    { id: 'cup', price: 12 },
  ])
})

test('a cart without an amount is worth what its products cost; an event may be its own product', () => {
  const added = {
    ...event,
    currency: '',
    valueMinor: 0,
    properties: { product_id: 'tea', price: 9.5, quantity: 3, currency: 'EUR' },
  }
  expect(readParameters([{ parameter: 'value', from: 'value' }], added, {})).toEqual({ value: 28.5 })
  expect(productsOf(added.properties)).toEqual([{ id: 'tea', price: 9.5, quantity: 3 }])
  const { currency: _, ...unpriced } = added.properties
  expect(
    readParameters([{ parameter: 'value', from: 'value' }], { ...added, properties: unpriced }, {}),
  ).toEqual({})
})

test('names of the language are no properties', () => {
  const parameters = ['property:constructor', 'property:__proto__.x', 'lead:toString'].map((from) => ({
    parameter: 'p',
    from,
  }))
  expect(readParameters(parameters, event, Object.create(null) as Record<string, unknown>)).toEqual({})
  expect(isSource('toString')).toBe(false)
  expect(isSource('property:')).toBe(false)
  expect(isSource('property:plan')).toBe(true)
})

test('an order is known by its id however it is written', () => {
  expect(orderIdOf({ order_id: 7 })).toBe('7')
  expect(orderIdOf({ orderId: ' A-1 ' })).toBe('A-1')
  expect(orderIdOf({})).toBeUndefined()
})
