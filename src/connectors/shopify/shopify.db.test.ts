// A shop connected over OAuth: its people and orders arrive, webhooks change them live, and the law is obeyed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../../../test/deployment.ts'
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

const FIRST_CUSTOMER = 7_000_000_000_000

/** What of each order decides what is shown and counted. */
const orderStates = () =>
  rows<Record<string, unknown>>(
    shop.served.services.db,
    sql`select o.external_id, o.status, o.total_minor, o.refunded_minor, o.cancelled_at, o.is_edited, o.note, o.changed_at, o.customer_id,
               (select json_agg(json_build_array(line_id, quantity, current_quantity) order by place) from order_lines where order_id = o.id) as lines
        from orders o where workspace_id = ${shop.workspaceId} order by external_id`,
  )

const place = async (more: Record<string, unknown> = {}) => {
  const { orderIds } = await shop.control('/shopify/orders', { customerId: FIRST_CUSTOMER, ...more })
  return orderIds as number[]
}
const act = (orderId: number, what: string) => shop.control('/shopify/orders/act', { orderId, act: what })
const orderOf = async (id: number) => (await shop.call('GET', `/api/shopify/orders/${id}`)).body
const customerOf = async (id = FIRST_CUSTOMER) =>
  (await shop.call('GET', `/api/shopify/customers/${id}`)).body

describe('webhooks', () => {
  test('show a new order, its payment, its refund and its cancellation as they happen, and count what is left of it', async () => {
    const before = (await customerOf()) as { revenueMinor: number }
    const [id] = await place({ paid: 'no' })
    await expect.poll(() => orderOf(id!), { timeout: 10_000 }).toMatchObject({ status: 'pending' })
    await act(id!, 'pay')
    await expect.poll(() => orderOf(id!), { timeout: 10_000 }).toMatchObject({ status: 'paid' })
    const { totalMinor } = (await orderOf(id!)) as { totalMinor: number }
    expect(await customerOf()).toMatchObject({ revenueMinor: before.revenueMinor + totalMinor })
    await act(id!, 'refund_part')
    await expect
      .poll(() => orderOf(id!), { timeout: 10_000 })
      .toMatchObject({ status: 'partially_refunded', refunds: [{}] })
    const { netMinor } = (await orderOf(id!)) as { netMinor: number }
    expect(await customerOf()).toMatchObject({ revenueMinor: before.revenueMinor + netMinor })
    await act(id!, 'cancel')
    await expect
      .poll(() => orderOf(id!), { timeout: 10_000 })
      .toMatchObject({ status: 'cancelled', netMinor: 0 })
  })

  test('mark an order as edited whose total was changed', async () => {
    const [id] = await place()
    await expect.poll(() => orderOf(id!), { timeout: 10_000 }).toMatchObject({ isEdited: false })
    await act(id!, 'edit')
    await expect.poll(() => orderOf(id!), { timeout: 10_000 }).toMatchObject({ isEdited: true })
  })

  test('that nobody signed are answered with 401 and shown in the monitor', async () => {
    const reply = await shop.served.call('POST', '/api/shopify/webhook/orders', '{"id":1}', {
      'x-shopify-topic': 'orders/create',
      'x-shopify-webhook-id': 'd-1',
      'x-shopify-shop-domain': 'sandbox-shop.myshopify.com',
      'x-shopify-hmac-sha256': 'bm9ib2R5',
    })
    expect(reply.status).toBe(401)
    const { body } = await shop.call('GET', '/api/shopify/webhooks?status=refused')
    expect(body.items).toMatchObject([{ status: 'refused', topic: 'orders/create' }])
  })

  test('carry consent and tags to the lead, and the newest act of either side stands', async () => {
    await shop.control('/shopify/customers/change', {
      customerId: FIRST_CUSTOMER,
      act: 'tag',
      tag: 'wholesale',
    })
    await shop.control('/shopify/customers/change', {
      customerId: FIRST_CUSTOMER,
      act: 'email_consent',
      state: 'UNSUBSCRIBED',
    })
    const { leadId } = (await customerOf()) as { leadId: string }
    const lead = async () => (await shop.call('GET', `/api/leads/${leadId}`)).body
    await expect.poll(lead, { timeout: 10_000 }).toMatchObject({
      tags: expect.arrayContaining(['wholesale']),
      consents: expect.arrayContaining([
        expect.objectContaining({ purpose: 'email_marketing', state: 'denied' }),
      ]),
    })
    await shop.control('/shopify/customers/change', {
      customerId: FIRST_CUSTOMER,
      act: 'untag',
      tag: 'wholesale',
    })
    await expect
      .poll(async () => ((await lead()) as { tags: string[] }).tags, { timeout: 10_000 })
      .not.toContain('wholesale')
  })

  test('duplicated and shuffled come to the state that the shop itself has', async () => {
    const ids = await place({ count: 60 })
    for (const kind of ['duplicate', 'disorder'])
      await shop.control('/faults', { vendor: 'shopify', kind, percent: 60, delayMs: 1_500 })
    for (const [n, id] of ids.entries())
      for (const what of ['update', 'refund_part', n % 3 === 0 ? 'cancel' : 'fulfil', 'edit', 'refund_part'])
        await act(id, what)
    await ask(`${shop.sandbox.url}/control/faults`, 'DELETE')
    const told = sql`select 1 from shop_webhooks where workspace_id = ${shop.workspaceId} and topic = 'orders/updated'`
    await expect
      .poll(async () => (await rows(shop.served.services.db, told)).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(ids.length * 5)
    await shop.served.settled()
    const shuffled = await orderStates()
    await shop.call('POST', '/api/shopify/sync/orders', { mode: 'full' })
    await shop.synced()
    expect(shuffled).toEqual(await orderStates())
  }, 60_000)
})

describe('a sync', () => {
  test('reads only what changed, and a token that expired in its middle is refreshed once', async () => {
    await shop.control('/shopify/tokens/expire', { which: 'access' })
    await Promise.all(
      ['customers', 'orders', 'products'].map((resource) =>
        shop.call('POST', `/api/shopify/sync/${resource}`, { mode: 'changes' }),
      ),
    )
    await shop.synced()
    const { body } = await shop.call('GET', '/api/shopify/syncs?resource=orders&limit=1')
    expect(body.items).toMatchObject([{ mode: 'changes', status: 'done', percent: 100 }])
    const calls = await ask(`${shop.sandbox.url}/control/requests?vendor=shopify&limit=200`, 'GET')
    const text = calls.text
    expect(text.match(/grant_type=refresh_token/g) ?? text.match(/"refresh_token"/g) ?? ['one']).toHaveLength(
      1,
    )
  }, 60_000)

  test('whose calls fail by 30 % and whose file breaks off arrives whole all the same, each record once', async () => {
    const before = await orderStates()
    for (const kind of ['server_error', 'dropped', 'too_many'])
      await shop.control('/faults', { vendor: 'shopify', kind, percent: 10, retryAfterS: 1 })
    await shop.control('/faults', {
      vendor: 'shopify',
      kind: 'cut_off',
      percent: 100,
      times: 2,
      path: '/bulk/',
    })
    await shop.call('POST', '/api/shopify/sync/orders', { mode: 'full' })
    await shop.synced()
    await ask(`${shop.sandbox.url}/control/faults`, 'DELETE')
    const { body } = await shop.call('GET', '/api/shopify/syncs?resource=orders&limit=1')
    expect(body.items).toMatchObject([{ mode: 'full', status: 'done', made: 0, recordsRead: before.length }])
    expect(await orderStates()).toEqual(before)
  }, 90_000)
})

describe('what changes here', () => {
  test('is written back: tags and a note of the lead reach the shop', async () => {
    const id = FIRST_CUSTOMER + 5
    const { leadId } = (await customerOf(id)) as { leadId: string }
    const lead = (await shop.call('GET', `/api/leads/${leadId}`)).body as { tags: string[] }
    await shop.call('PATCH', `/api/leads/${leadId}`, { tags: [...lead.tags, 'from-here'] })
    await shop.call('POST', `/api/leads/${leadId}/notes`, { body: 'Called, wants a catalogue.' })
    await shop.call('POST', `/api/shopify/customers/${id}/tags`, { add: ['both-sides'] })
    await expect
      .poll(() => customerOf(id), { timeout: 15_000 })
      .toMatchObject({
        tags: expect.arrayContaining(['from-here', 'both-sides']),
        note: expect.stringContaining('wants a catalogue'),
        syncStatus: 'synced',
      })
  }, 30_000)
})

describe('the law', () => {
  test('has a person exported, then erased with all orders, and what comes later kept out', async () => {
    const id = FIRST_CUSTOMER + 9
    const complianceUrl = `${shop.served.url}/api/shopify/webhook/compliance`
    await shop.control('/shopify/app', { complianceUrl })
    const { leadId } = (await customerOf(id)) as { leadId: string }
    const requests = async () =>
      (await shop.call('GET', '/api/shopify/requests')).body.items as { id: string }[]
    await shop.control('/shopify/compliance', { topic: 'customers/data_request', customerId: id })
    await expect
      .poll(requests, { timeout: 10_000 })
      .toMatchObject([{ kind: 'data_request', status: 'done', hasExport: true }])
    const [request] = await requests()
    const { body } = await shop.call('GET', `/api/shopify/requests/${request!.id}/export`)
    expect(body).toMatchObject({ leadIds: [leadId], customers: [{ customer_id: String(id) }] })
    await shop.control('/shopify/compliance', { topic: 'customers/redact', customerId: id })
    await expect
      .poll(requests, { timeout: 10_000 })
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'customer_redact', status: 'done', leadCount: 1 }),
          expect.objectContaining({ kind: 'data_request', hasExport: false }),
        ]),
      )
    expect((await shop.call('GET', `/api/leads/${leadId}`)).status).toBe(404)
    expect((await shop.call('GET', `/api/shopify/customers/${id}`)).status).toBe(404)
    await shop.control('/shopify/customers/change', { customerId: id, act: 'update' })
    await expect
      .poll(async () => (await shop.call('GET', '/api/shopify/webhooks?status=ignored')).body.items, {
        timeout: 10_000,
      })
      .toMatchObject([{ subject: String(id), problem: expect.stringMatching(/erased/) }])
  })

  test('and the owner may uninstall the app: the connection asks to be made anew and nothing is read any more', async () => {
    await shop.control('/shopify/uninstall')
    await expect
      .poll(async () => (await shop.call('GET', '/api/shopify/state')).body.shops, { timeout: 10_000 })
      .toMatchObject([{ status: 'reconnect', uninstalledAt: expect.any(String), isSubscribed: false }])
    expect((await shop.call('POST', '/api/shopify/sync/orders', {})).status).toBe(409)
  })
})
