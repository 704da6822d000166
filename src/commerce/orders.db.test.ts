// Orders in PostgreSQL: however their words come, one order is one row and the net revenue is exact.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { openPostgres, rows, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { OrderWord } from './contract.ts'
import { ordersOf, writeOrders } from './index.ts'

let postgres: Postgres
const workspaceId = newId()
const leadId = newId()
const NOW = new Date('2026-03-02T00:00:00.000Z')

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 3 })
})
afterAll(() => postgres.close())

function word(given: Partial<OrderWord> & { externalId: string }): OrderWord {
  const kind = given.kind ?? 'order'
  return {
    workspaceId,
    leadId,
    source: 'tracking',
    status: kind === 'order' ? 'paid' : kind === 'refund' ? 'refunded' : 'cancelled',
    currency: 'EUR',
    totalMinor: kind === 'order' ? 10_000 : 0,
    subtotalMinor: 0,
    shippingMinor: 0,
    taxMinor: 0,
    refund: { mode: 'add', minor: 0 },
    placedAt: '2026-03-01T12:00:00.000Z',
    cancelledAt: kind === 'cancel' ? '2026-03-01T15:00:00.000Z' : null,
    lines: [],
    isTest: false,
    kind,
    ...given,
  }
}
const paid = (externalId: string, more: Partial<OrderWord> = {}) => word({ externalId, ...more })
const refunded = (externalId: string, minor: number) =>
  word({ externalId, kind: 'refund', refund: { mode: 'add', minor }, placedAt: '2026-03-01T18:00:00.000Z' })
const refundedWhole = (externalId: string) =>
  word({ externalId, kind: 'refund', refund: { mode: 'all', minor: 0 } })
const cancelled = (externalId: string) => word({ externalId, kind: 'cancel' })

async function standing(externalId: string) {
  const found = await rows<{
    status: string
    total: number
    refunded: number
    placed_at: Date
    lead_id: string
  }>(
    postgres.db,
    sql`select status, total_minor as total, refunded_minor as refunded, placed_at, lead_id from orders
        where workspace_id = ${workspaceId} and external_id = ${externalId}`,
  )
  expect(found).toHaveLength(1)
  return found[0]!
}

let made = 0
const cases: [string, (id: string) => OrderWord[], { status: string; total: number; refunded: number }][] = [
  ['paid', (id) => [paid(id)], { status: 'paid', total: 10_000, refunded: 0 }],
  ['told twice', (id) => [paid(id), paid(id)], { status: 'paid', total: 10_000, refunded: 0 }],
  [
    'refunded in part',
    (id) => [paid(id), refunded(id, 2_500)],
    { status: 'refunded', total: 10_000, refunded: 2_500 },
  ],
  [
    'refunded before it was told',
    (id) => [refunded(id, 2_500), paid(id)],
    { status: 'refunded', total: 10_000, refunded: 2_500 },
  ],
  [
    'refunded twice',
    (id) => [paid(id), refunded(id, 1_000), refunded(id, 1_000)],
    { status: 'refunded', total: 10_000, refunded: 2_000 },
  ],
  [
    'refunded in whole',
    (id) => [paid(id), refundedWhole(id)],
    { status: 'refunded', total: 10_000, refunded: 10_000 },
  ],
  [
    'refunded in whole before it was told',
    (id) => [refundedWhole(id), paid(id)],
    { status: 'refunded', total: 10_000, refunded: 10_000 },
  ],
  [
    'updated twice after a refund',
    (id) => [paid(id), refunded(id, 1_000), paid(id), paid(id, { totalMinor: 9_000 })],
    { status: 'refunded', total: 9_000, refunded: 1_000 },
  ],
  ['cancelled', (id) => [paid(id), cancelled(id)], { status: 'cancelled', total: 10_000, refunded: 0 }],
  [
    'cancelled before it was told',
    (id) => [cancelled(id), paid(id)],
    { status: 'cancelled', total: 10_000, refunded: 0 },
  ],
]

describe('an order', () => {
  it.each(cases)('%s is one row, told in one batch or in many', async (_how, words, expected) => {
    const [together, apart] = [`o${++made}`, `o${++made}`]
    await writeOrders(postgres.db, words(together), NOW)
    for (const one of words(apart)) await writeOrders(postgres.db, [one], NOW)
    expect(await standing(together)).toMatchObject(expected)
    expect(await standing(apart)).toMatchObject(expected)
    expect((await standing(apart)).placed_at.toISOString()).toBe('2026-03-01T12:00:00.000Z')
  })

  it('stays with its buyer when a till that knows nobody refunds it', async () => {
    await writeOrders(postgres.db, [paid('till')], NOW)
    await writeOrders(postgres.db, [{ ...refunded('till', 1), leadId: newId() }], NOW)
    expect((await standing('till')).lead_id).toBe(leadId)
    const buyer = newId()
    await writeOrders(postgres.db, [refunded('late', 1)], NOW)
    await writeOrders(postgres.db, [paid('late', { leadId: buyer })], NOW)
    expect((await standing('late')).lead_id).toBe(buyer)
  })

  it('imported again stands as the file says, and is told to be old', async () => {
    const file = (minor: number) =>
      paid('file', {
        source: 'import:orders',
        refund: { mode: 'set', minor },
        status: minor > 0 ? 'refunded' : 'paid',
      })
    expect(await writeOrders(postgres.db, [file(500)], NOW)).toEqual([true])
    expect(await writeOrders(postgres.db, [file(500)], NOW)).toEqual([false])
    expect(await standing('file')).toMatchObject({ refunded: 500, status: 'refunded' })
    expect(await writeOrders(postgres.db, [file(0), paid('file2'), paid('file2')], NOW)).toEqual([
      false,
      true,
      false,
    ])
    expect(await standing('file')).toMatchObject({ refunded: 0, status: 'paid' })
  })

  it('of another workspace or source under the same number is another order', async () => {
    await writeOrders(postgres.db, [paid('same'), paid('same', { source: 'import:orders' })], NOW)
    await writeOrders(postgres.db, [{ ...paid('same'), workspaceId: newId() }], NOW)
    expect(await rows(postgres.db, sql`select 1 from orders where external_id = 'same'`)).toHaveLength(3)
  })
})

describe('net revenue', () => {
  it('is exact per currency: less refunds, without cancelled and test orders, never below nothing', async () => {
    const buyer = newId()
    const of = (externalId: string, more: Partial<OrderWord> = {}) =>
      paid(externalId, { leadId: buyer, ...more })
    await writeOrders(
      postgres.db,
      [
        of('r1', { totalMinor: 1_999 }),
        of('r2', { totalMinor: 3_001 }),
        { ...refunded('r2', 1), leadId: buyer },
        of('r3', { totalMinor: 500, currency: 'JPY' }),
        of('r4', { totalMinor: 77 }),
        { ...cancelled('r4'), leadId: buyer },
        of('r5', { totalMinor: 88, isTest: true }),
        of('r6', { totalMinor: 100 }),
        { ...refunded('r6', 900), leadId: buyer },
      ],
      NOW,
    )
    expect(await ordersOf(postgres.db, workspaceId, [buyer])).toEqual({
      count: 4,
      revenue: [
        { currency: 'EUR', minor: 4_999 },
        { currency: 'JPY', minor: 500 },
      ],
    })
  })
})
