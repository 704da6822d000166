// What buyers do, over the API: carts of tracked events left behind, told of and recovered; worth, affinity, and who may ask.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../../test/deployment.ts'
import type { Served } from '../../../../test/deployment.ts'
import { newId } from '../../../lib/ids.ts'
import { rows, sql } from '../../../platform/postgres.ts'

let served: Served
const HOUR_MS = 3_600_000

beforeAll(async () => {
  served = await serve()
}, 60_000)
afterAll(() => served.stop())

async function did(email: string, event: string, hoursAgo: number, properties: Record<string, unknown>) {
  const base = {
    userId: email,
    timestamp: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
    sentAt: new Date().toISOString(),
  }
  await served.post('/v1/identify', { ...base, traits: { email } })
  await served.post('/v1/track', { ...base, event, properties, messageId: newId() })
  await served.settled()
}

const carts = async (state: string) =>
  (await served.call('GET', `/api/shopify/abandoned-carts?state=${state}`)).body as {
    items: { leadId: string; state: string; totalMinor: number; recoveryUrl: string | null }[]
    sums: Record<string, unknown>
  }

test('a cart of a tracked site is left behind after the time of the settings, told of, and recovered by an order', async () => {
  const pot = { product_id: 'p1', name: 'Pot', price: 20, quantity: 2, currency: 'USD' }
  await did('ada@engines.example', 'Product Added', 3, pot)
  await did('ada@engines.example', 'Checkout Started', 2, {
    products: [pot],
    total: 40,
    currency: 'USD',
    checkout_url: 'https://shop.example/checkout/1',
  })
  const settings = { abandonedAfterMinutes: 180, recoveredWithinDays: 3 }
  const set = await served.call('PUT', '/api/shopify/abandoned-carts/settings', settings)
  expect(set).toMatchObject({ status: 200, body: settings })
  expect((await served.call('POST', '/api/shopify/abandoned-carts')).body).toMatchObject({ abandoned: 0 })
  expect((await carts('open')).items).toMatchObject([{ totalMinor: 4_000 }])
  await served.call('PUT', '/api/shopify/abandoned-carts/settings', {
    ...settings,
    abandonedAfterMinutes: 60,
  })
  expect((await served.call('POST', '/api/shopify/abandoned-carts')).body).toMatchObject({ abandoned: 1 })
  const [cart] = (await carts('abandoned')).items
  expect(cart).toMatchObject({ state: 'abandoned', recoveryUrl: 'https://shop.example/checkout/1' })
  await served.settled()
  const timeline = await served.call('GET', `/api/leads/${cart!.leadId}/timeline`)
  expect(timeline.text).toContain('cart_abandoned')
  const notices = await served.call('GET', '/api/notices')
  expect(notices.body.totals).toMatchObject({ abandoned_carts: 1 })

  await did('ada@engines.example', 'Order Completed', 0, {
    order_id: 'o1',
    total: 45,
    currency: 'USD',
    products: [pot],
  })
  expect((await served.call('POST', '/api/shopify/abandoned-carts')).body).toMatchObject({ recovered: 1 })
  const after = await carts('recovered')
  expect(after.items).toMatchObject([{ leadId: cart!.leadId, order: { netMinor: 4_500 } }])
  expect(after.sums).toMatchObject({ abandoned: 1, recovered: 1, rate: 1 })
  expect((await served.call('GET', '/api/notices')).body.totals).toMatchObject({ abandoned_carts: 0 })
})

test('a lead’s worth and taste are asked by its id, and what is neither lead nor customer is refused', async () => {
  const [{ leadId } = { leadId: '' }] = (await carts('recovered')).items
  const worth = () => served.call('GET', `/api/shopify/customers/${leadId}/ltv`)
  // The order is understood a moment after it came in.
  await expect
    .poll(async () => (await worth()).body, { timeout: 20_000 })
    .toMatchObject({ leadId, history: { orderDays: 1 } })
  const taste = await served.call('GET', `/api/shopify/customers/${leadId}/affinity`)
  expect(taste.body).toMatchObject({ bought: [{ name: 'Pot', orders: 1, quantity: 2 }], mayLike: [] })
  for (const id of ['4711', newId()])
    expect((await served.call('GET', `/api/shopify/customers/${id}/ltv`)).status).toBe(404)
  expect((await served.call('GET', '/api/shopify/affinities?basket=person')).body).toMatchObject({
    baskets: 1,
  })
})

test('settings out of bounds and foreign cursors are refused in words', async () => {
  const wrong = await served.call('PUT', '/api/shopify/abandoned-carts/settings', {
    abandonedAfterMinutes: 1,
    recoveredWithinDays: 3,
  })
  expect(wrong.status).toBe(400)
  const cursor = await served.call('GET', '/api/shopify/abandoned-carts?cursor=nonsense')
  expect(cursor).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } })
})

test('who is erased leaves no cart behind', async () => {
  const [{ leadId } = { leadId: '' }] = (await carts('recovered')).items
  await served.call('POST', `/api/leads/${leadId}/erase`)
  await expect
    .poll(() => rows(served.services.db, sql`select 1 from carts where lead_id = ${leadId}`), {
      timeout: 20_000,
    })
    .toEqual([])
})
