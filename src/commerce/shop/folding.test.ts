// What a shop's words come to must not hang on the order in which they arrive, nor on how often.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CustomerWord, ShopOrderWord } from '../../connectors/index.ts'
import { blankCustomer, foldCustomer } from './customer-row.ts'
import type { ShopCustomerRow } from './customer-row.ts'
import { foldShopOrder } from './order-row.ts'
import type { ShopOrderRow } from './order-row.ts'

const NOW = new Date('2026-11-24T00:00:00Z')
const instant = fc.integer({ min: 0, max: 9 }).map((second) => `2026-11-20T10:00:0${second}.000Z`)
const tag = fc.constantFrom('vip', 'gift', 'wholesale')
const consent = fc
  .record({ state: fc.constantFrom('subscribed', 'unsubscribed', 'pending'), at: fc.option(instant) })
  .map((said) => ({ ...said, means: null }))
const PERSON = {
  email: null,
  phone: null,
  firstName: null,
  lastName: null,
  company: null,
  city: null,
  country: null,
  language: null,
}

const customerWord: fc.Arbitrary<CustomerWord> = fc.oneof(
  fc.record({ changedAt: instant, toldAt: instant }).map((said): CustomerWord => ({
    kind: 'customer',
    id: '1',
    record: {
      said,
      person: PERSON,
      // One word of one instant says one thing.
      note: `${said.changedAt}${said.toldAt}`,
      locale: 'en',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  })),
  fc
    .record({ tags: fc.uniqueArray(tag, { minLength: 1 }), at: instant })
    .map((tagsAdded): CustomerWord => ({ kind: 'customer', id: '1', tagsAdded })),
  fc
    .record({ tags: fc.uniqueArray(tag, { minLength: 1 }), at: instant })
    .map((tagsRemoved): CustomerWord => ({ kind: 'customer', id: '1', tagsRemoved })),
  consent.map((email): CustomerWord => ({ kind: 'customer', id: '1', email })),
  consent.map((sms): CustomerWord => ({ kind: 'customer', id: '1', sms })),
  instant.map((at): CustomerWord => ({
    kind: 'customer',
    id: '1',
    counts: { orders: Number(at[18]), spentMinor: 1, at },
  })),
)

describe('a customer', () => {
  const shelf = { workspaceId: 'w', connectionId: 'c', currency: 'EUR' }
  const foldAll = (words: readonly CustomerWord[]): Partial<ShopCustomerRow> => {
    const start = blankCustomer(shelf, '1', '2026-01-01T00:00:00.000Z')
    return words.reduce((row, word) => foldCustomer(row, word, NOW).row, start)
  }

  test('stands the same whatever order its words come in, and however often', () => {
    fc.assert(
      fc.property(
        fc
          .array(customerWord, { maxLength: 12 })
          .chain((words) =>
            fc.tuple(
              fc.constant(words),
              fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 }),
            ),
          ),
        ([words, shuffled]) => {
          expect(foldAll(shuffled)).toEqual(foldAll(words))
        },
      ),
    )
  })

  test('keeps a tag that was taken away before the word that added it came', () => {
    const row = foldAll([
      { kind: 'customer', id: '1', tagsRemoved: { tags: ['vip'], at: '2026-11-20T10:00:05.000Z' } },
      { kind: 'customer', id: '1', tagsAdded: { tags: ['vip', 'gift'], at: '2026-11-20T10:00:04.000Z' } },
    ])
    expect(row.tags).toEqual(['gift'])
  })
})

describe('an order', () => {
  const owner = { workspaceId: 'w', connectionId: 'c', leadId: 'l', source: 'shop:x' }
  const orderWord = fc
    .record({
      changedAt: instant,
      toldAt: instant,
      refunds: fc.uniqueArray(fc.constantFrom(1, 2, 3)),
      current: fc.integer({ min: 0, max: 1000 }),
      status: fc.constantFrom('paid', 'pending', 'refunded'),
    })
    .map(({ changedAt, toldAt, refunds, current, status }): ShopOrderWord => {
      return {
        kind: 'order',
        id: '7',
        number: '#7',
        said: { changedAt, toldAt },
        customerId: '1',
        email: null,
        phone: null,
        status,
        fulfilment: null,
        isEdited: false,
        isTest: false,
        currency: 'EUR',
        totalMinor: 1000,
        currentMinor: current,
        subtotalMinor: 1000,
        shippingMinor: 0,
        taxMinor: 0,
        placedAt: '2026-11-20T09:00:00.000Z',
        cancelledAt: null,
        cartToken: null,
        discountCodes: [],
        tags: [],
        note: null,
        lines: [],
        refunds: refunds.map((id) => ({ id: String(id), minor: id * 10, at: changedAt })),
      }
    })

  // As `keepOrders` does: refunds are kept once each before the words are folded.
  const foldAll = (words: readonly ShopOrderWord[]): ShopOrderRow | null => {
    const refunds = new Map<string, number>()
    return words.reduce<ShopOrderRow | null>((row, word) => {
      for (const { id, minor } of word.refunds) refunds.set(id, minor)
      const refunded = [...refunds.values()].reduce((sum, minor) => sum + minor, 0)
      return foldShopOrder(row, word, owner, refunded, 'id', NOW).row
    }, null)
  }

  test('stands the same whatever order its words come in, and however often', () => {
    const distinct = fc.uniqueArray(orderWord, {
      maxLength: 8,
      selector: ({ said }) => said.changedAt + said.toldAt,
    })
    fc.assert(
      fc.property(
        distinct.chain((words) =>
          fc.tuple(
            fc.constant(words),
            fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 }),
          ),
        ),
        ([words, shuffled]) => {
          expect(foldAll(shuffled)).toEqual(foldAll(words))
        },
      ),
    )
  })
})
