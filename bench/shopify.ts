// A shop read whole from the sandbox on the same cores, and webhooks at a rate until the order that they tell of is seen.
import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { firstRow, rows, sql } from '../src/platform/postgres.ts'
import { quantile } from './figures.ts'
import type { Product } from './product.ts'

const TWIN = 'bench-test'
const GIVE_UP_MS = 900_000

/**
 * Connects a shop of that size and reads it whole.
 * @returns customers and orders in a second, from the connection until the last of them is in; lines and products are not counted
 */
export async function bulkSync(
  product: Product,
  sandboxUrl: string,
  size: { customers: number; orders: number },
): Promise<number> {
  await control(sandboxUrl, '/shopify/generate', size)
  const startedAt = performance.now()
  await connectShop(product)
  for (;;) {
    const found = await firstRow<{ done: number; failed: string | null }>(
      product.postgres.db,
      sql`select count(*) filter (where status = 'done' and resource in ('customers', 'orders'))::int as done,
                 max(problem) filter (where status = 'failed') as failed from shop_syncs`,
    )
    if (found?.failed) throw new Error(`the sync failed: ${found.failed}`)
    if (found?.done === 2) break
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error('the sync did not end')
    await pause(100)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const arrived = await firstRow<{ customers: number; orders: number }>(
    product.postgres.db,
    sql`select (select count(*)::int from shop_customers) as customers, (select count(*)::int from orders) as orders`,
  )
  if (arrived?.customers !== size.customers || arrived.orders !== size.orders)
    throw new Error(`of ${JSON.stringify(size)} there arrived ${JSON.stringify(arrived)}`)
  return (size.customers + size.orders) / seconds
}

/** Orders placed at a rate in the connected shop. @returns ms from being placed until each is seen, the slowest of a hundred */
export async function webhooksToOrders(
  product: Product,
  sandboxUrl: string,
  load: { perSecond: number; seconds: number },
): Promise<number> {
  const count = load.perSecond * load.seconds
  const startedAt = new Date()
  await control(sandboxUrl, '/shopify/orders', {
    customerId: 7_000_000_000_000,
    count,
    perSecond: load.perSecond,
  })
  const endsAt = performance.now() + load.seconds * 1000 + 60_000
  const waits = () =>
    // By the shop's clock, which is this machine's: from the moment that the buyer placed it to the commit that shows it.
    rows<{ ms: number }>(
      product.postgres.db,
      sql`select extract(epoch from (applied_at - triggered_at)) * 1000 as ms from shop_webhooks
          where topic = 'orders/create' and received_at >= ${startedAt} and applied_at is not null`,
    )
  while ((await waits()).length < count) {
    if (performance.now() > endsAt)
      throw new Error(`only ${(await waits()).length} of ${count} orders were seen`)
    await pause(500)
  }
  return quantile(
    (await waits()).map(({ ms }) => ms),
    0.99,
  )
}

async function connectShop(product: Product): Promise<void> {
  const settings = {
    shop: 'sandbox-shop.myshopify.com',
    clientId: 'sandbox-shopify-client',
    clientSecret: 'sandbox-shopify-secret',
  }
  const made = await request(`${product.url}/api/connections`, {
    method: 'POST',
    dispatcher: product.agent,
    headers: { cookie: product.cookie, 'x-workspace': TWIN, 'content-type': 'application/json' },
    body: JSON.stringify({ connector: 'shopify', settings }),
  })
  const cookie = [made.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0] ?? ''
  const { authoriseUrl } = (await made.body.json()) as { authoriseUrl: string }
  const installed = await request(authoriseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'answer=install',
  })
  await installed.body.dump()
  const back = await request(String(installed.headers.location), { headers: { cookie } })
  await back.body.dump()
  if (back.statusCode !== 302) throw new Error(`the shop could not be connected: ${back.statusCode}`)
}

async function control(sandboxUrl: string, path: string, body: object): Promise<void> {
  const reply = await request(`${sandboxUrl}/control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await reply.body.text()
  if (reply.statusCode >= 300) throw new Error(`the sandbox refused ${path}: ${text}`)
}
