// Affinity out of orders in PostgreSQL: which count, how a basket is one of a person, and what a buyer may like.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../../test/stores.ts'
import { newId } from '../../lib/ids.ts'
import { openPostgres, run, sql } from '../../platform/postgres.ts'
import type { Postgres } from '../../platform/postgres.ts'
import { affinities, tasteOf } from './index.ts'

let postgres: Postgres
const NOW = new Date('2026-03-10T12:00:00.000Z')
const asked = { basket: 'order', days: 365, fewest: 1, limit: 50 } as const
const services = () => ({ db: postgres.db, clock: () => NOW })

beforeAll(async () => {
  postgres = openPostgres((await freshDatabase()).databaseUrl, { max: 3 })
})
afterAll(() => postgres.close())

async function lead(workspaceId: string, mergedInto: string | null = null): Promise<string> {
  const id = newId()
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, status, merged_into, source, created_at, updated_at)
        values (${id}, ${workspaceId}, ${mergedInto ? 'merged' : 'active'}, ${mergedInto}, 'tracking', now(), now())`,
  )
  return id
}

interface Made {
  isTest?: boolean
  cancelled?: boolean
  refundedMinor?: number
  placedAt?: string
  /** as a connected shop tells of it, with the products' numbers; what was given back whole has quantity 0 */
  shop?: { productId: string; name: string; left: number }[]
}

async function order(workspaceId: string, leadId: string, names: string[], made: Made = {}): Promise<void> {
  const id = newId()
  const lines = names.map((name) => ({ name, sku: name.toUpperCase(), quantity: 2, priceMinor: 500 }))
  await run(
    postgres.db,
    sql`insert into orders (id, workspace_id, lead_id, source, external_id, status, currency, total_minor, subtotal_minor,
          shipping_minor, tax_minor, refunded_minor, placed_at, cancelled_at, is_test, lines, updated_at, last_word, connection_id)
        values (${id}, ${workspaceId}, ${leadId}, 'x', ${id}, 'paid', 'EUR', 1000, 1000, 0, 0, ${made.refundedMinor ?? 0},
          ${made.placedAt ?? '2026-03-01T00:00:00Z'}, ${made.cancelled ? '2026-03-02T00:00:00Z' : null}, ${made.isTest ?? false},
          ${JSON.stringify(lines)}::jsonb, now(), 'order/set', ${made.shop ? newId() : null})`,
  )
  for (const [place, { productId, name, left }] of (made.shop ?? []).entries())
    await run(
      postgres.db,
      sql`insert into order_lines (workspace_id, order_id, place, line_id, product_id, name, quantity, current_quantity,
            price_minor, discount_minor)
          values (${workspaceId}, ${id}, ${place}, ${String(place)}, ${productId}, ${name}, 1, ${left}, 500, 0)`,
    )
}

test('only orders that count make baskets, and a product counts once in each', async () => {
  const workspaceId = newId()
  const anybody = await lead(workspaceId)
  await order(workspaceId, anybody, ['tea', 'pot'])
  await order(workspaceId, anybody, ['tea', 'pot', 'tea'])
  await order(workspaceId, anybody, ['tea'])
  await order(workspaceId, anybody, ['tea', 'pot'], { isTest: true })
  await order(workspaceId, anybody, ['tea', 'pot'], { cancelled: true })
  await order(workspaceId, anybody, ['tea', 'pot'], { refundedMinor: 1_000 })
  await order(workspaceId, anybody, ['tea', 'pot'], { placedAt: '2024-01-01T00:00:00Z' })
  const found = await affinities(services(), workspaceId, asked)
  expect(found).toMatchObject({ baskets: 3, mixedBaskets: 2 })
  expect(found.items).toMatchObject([
    { first: { name: 'pot' }, second: { name: 'tea' }, both: 2, withFirst: 2, withSecond: 3 },
  ])
  expect((await affinities(services(), workspaceId, { ...asked, fewest: 3 })).items).toEqual([])
})

test('lines of a connected shop count by product, without what was given back', async () => {
  const workspaceId = newId()
  const anybody = await lead(workspaceId)
  const shop = [
    { productId: '1', name: 'Tea', left: 1 },
    { productId: '2', name: 'Pot', left: 1 },
    { productId: '3', name: 'Cup', left: 0 },
  ]
  await order(workspaceId, anybody, ['tea'], { shop })
  const { items } = await affinities(services(), workspaceId, asked)
  expect(items.map(({ first, second }) => [first.key, second.key].sort())).toEqual([['1', '2']])
})

test('a person’s basket holds what the leads bought that were merged into theirs', async () => {
  const workspaceId = newId()
  const winner = await lead(workspaceId)
  const middle = await lead(workspaceId, winner)
  const loser = await lead(workspaceId, middle)
  await order(workspaceId, winner, ['tea'])
  await order(workspaceId, loser, ['pot'])
  expect(await affinities(services(), workspaceId, asked)).toMatchObject({ baskets: 2, items: [] })
  expect(await affinities(services(), workspaceId, { ...asked, basket: 'person' })).toMatchObject({
    baskets: 1,
    items: [{ both: 1 }],
  })
  expect((await tasteOf(services(), workspaceId, winner)).bought.map(({ name }) => name).sort()).toEqual([
    'pot',
    'tea',
  ])
})

test('a buyer may like what others bought with the same, and another workspace says nothing of it', async () => {
  const workspaceId = newId()
  for (let i = 0; i < 12; i++) await order(workspaceId, await lead(workspaceId), ['tea', 'pot'])
  for (let i = 0; i < 12; i++) await order(workspaceId, await lead(workspaceId), ['jam'])
  const buyer = await lead(workspaceId)
  await order(workspaceId, buyer, ['pot'])
  const taste = await tasteOf(services(), workspaceId, buyer)
  expect(taste.bought).toMatchObject([{ name: 'pot', orders: 1, quantity: 2 }])
  expect(taste.mayLike).toMatchObject([{ name: 'tea', because: { name: 'pot' }, both: 12 }])
  expect(await tasteOf(services(), newId(), buyer)).toEqual({ bought: [], mayLike: [] })
})
