// A shop connected over OAuth: its people and orders arrive, webhooks change them live, and the law is obeyed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShop } from '../../../test/shop.ts'
import type { ShopUnderTest } from '../../../test/shop.ts'
import { rows, sql } from '../../platform/postgres.ts'

let shop: ShopUnderTest
let connectionId: string

beforeAll(async () => {
  shop = await openShop()
  await shop.control('/shopify/generate', { customers: 1_000, orders: 3_000, checkouts: 20 })
  connectionId = await shop.connect()
  await shop.synced()
}, 120_000)
afterAll(() => shop.close())

const count = async (table: string) => {
  const [found] = await rows<{ count: number }>(
    shop.served.services.db,
    sql`select count(*)::int as count from ${sql.table(table)} where workspace_id = ${shop.workspaceId}`,
  )
  return found!.count
}

test('a shop is connected by OAuth, tells us of changes, and has all its rights', async () => {
  const { body } = await shop.call('GET', '/api/shopify/state')
  expect(body.shops).toMatchObject([
    { connectionId, status: 'connected', problem: null, missingScopes: [], isSubscribed: true },
  ])
})

test('1,000 customers and 3,000 orders arrive by files, once each, and become leads', async () => {
  expect(await count('shop_customers')).toBe(1_000)
  expect(await count('orders')).toBe(3_000)
  expect(await count('shop_products')).toBeGreaterThan(0)
  expect(await count('shop_checkouts')).toBe(20)
  const { body } = await shop.call('GET', '/api/shopify/customers?sort=orders&limit=1')
  const [best] = body.items as { id: string; leadId: string; orderCount: number; revenueMinor: number }[]
  const lead = await shop.call('GET', `/api/leads/${best!.leadId}`)
  expect(lead.body.orders, lead.text).toMatchObject({ revenue: [{ minor: best!.revenueMinor }] })
  const orders = await shop.call('GET', `/api/shopify/customers/${best!.id}/orders?limit=200`)
  expect((orders.body.items as unknown[]).length).toBeGreaterThanOrEqual(best!.orderCount)
})
