// Carts folded from tracked events: filled, emptied, bought, out of order, and what is no cart.
import { describe, expect, it, test } from 'vitest'
import { systemEvent } from '../../events/index.ts'
import { cartFromEvent, foldCarts, webAddress } from './cart.ts'
import type { Cart, CartWord } from './cart.ts'

const lead = { workspaceId: 'w', leadId: 'l' }
let made = 0

function word(
  name: string,
  properties: Record<string, unknown>,
  at = '2026-03-01T12:00:00.000Z',
): CartWord | null {
  const event = systemEvent({
    eventId: `e${++made}`,
    at: new Date(at),
    name,
    category: 'commerce',
    call: 'track',
    source: 'http',
    properties,
  })
  return cartFromEvent(event, lead, 'EUR')
}

function folded(...words: (CartWord | null)[]): Cart[] {
  let carts: Cart[] = []
  for (const one of words.flatMap((each) => each ?? [])) {
    const changed = foldCarts(carts, [one], () => `c${++made}`)
    carts = [...changed, ...carts.filter(({ id }) => !changed.some((cart) => cart.id === id))]
  }
  return carts
}

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`
const pot = { sku: 'P', name: 'Pot', price: 12.5 }
const cup = { sku: 'C', name: 'Cup', price: 4 }

describe('a cart', () => {
  it('is begun by the first product and adds up what lies in it', () => {
    const [cart] = folded(
      word('product_added', { ...pot, quantity: 2 }, at(10)),
      word('product_added', cup, at(11)),
      word('product_added', pot, at(12)),
      word('product_removed', cup, at(13)),
    )
    expect(cart).toMatchObject({
      totalMinor: 3 * 1250,
      lines: [{ name: 'Pot', sku: 'P', quantity: 3, priceMinor: 1250 }],
      startedAt: at(10),
      changedAt: at(13),
      closedAt: null,
    })
  })

  it('is replaced by what a view of it or a checkout lists, and keeps its lines where neither lists any', () => {
    const [cart] = folded(
      word('product_added', pot, at(10)),
      word(
        'checkout_started',
        { products: [pot, { ...cup, quantity: 2 }], total: 19.9, checkout_url: 'https://shop.example/c/1' },
        at(11),
      ),
      word('cart_viewed', {}, at(12)),
    )
    expect(cart).toMatchObject({
      totalMinor: 1990,
      recoveryUrl: 'https://shop.example/c/1',
      changedAt: at(12),
    })
    expect(cart!.lines.map(({ name, quantity }) => [name, quantity])).toEqual([
      ['Pot', 1],
      ['Cup', 2],
    ])
  })

  it('is closed by an order, after which the next product begins another', () => {
    const carts = folded(
      word('product_added', pot, at(10)),
      word('order_completed', { order_id: 1, total: 12.5 }, at(11)),
      word('product_added', cup, at(12)),
    )
    expect(carts.map(({ lines, closedAt }) => [lines[0]?.name, closedAt])).toEqual([
      ['Cup', null],
      ['Pot', at(11)],
    ])
  })

  it('is not closed by an order that came before it was begun', () => {
    const [cart] = folded(word('product_added', pot, at(10)), word('order_completed', { order_id: 1 }, at(9)))
    expect(cart!.closedAt).toBeNull()
  })

  it('that has a name of its sender is found by it, and an older word does not put back what was in it', () => {
    const carts = folded(
      word('checkout_started', { checkout_id: 'k1', products: [pot], total: 12.5 }, at(12)),
      word('checkout_started', { checkout_id: 'k1', products: [cup], total: 4 }, at(10)),
      word('checkout_started', { checkout_id: 'k2', products: [cup], total: 4 }, at(13)),
    )
    expect(carts).toHaveLength(2)
    expect(carts.find(({ externalId }) => externalId === 'k1')).toMatchObject({
      totalMinor: 1250,
      startedAt: at(10),
      changedAt: at(12),
    })
  })

  it('that nobody touched for more than 30 days is another by then', () => {
    expect(
      folded(word('product_added', pot, at(10)), word('product_added', cup, '2026-04-05T10:00:00.000Z')),
    ).toHaveLength(2)
  })
})

test.each([
  ['an event of another kind', 'product_viewed', pot],
  ['a product without a name', 'product_added', { price: 4 }],
])('%s says nothing of a cart', (_what, name, properties) => {
  expect(word(name, properties)).toBeNull()
})

test('a removal of what nobody put in makes no cart', () => {
  expect(folded(word('product_removed', pot))).toEqual([])
})

test('only an address of the web leads anybody anywhere', () => {
  expect(webAddress('https://shop.example/c/1')).toBe('https://shop.example/c/1')
  for (const bad of [
    'javascript:alert(1)',
    '/c/1',
    'https://',
    7,
    null,
    `https://shop.example/${'x'.repeat(3000)}`,
  ])
    expect(webAddress(bad)).toBeNull()
})
