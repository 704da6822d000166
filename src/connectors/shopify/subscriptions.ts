// Webhook subscriptions: one for each topic that we read, at the address of its group.
import type { Exchange } from '../exchange.ts'
import { asObject } from '../exchange.ts'
import type { Asked } from '../shop.ts'
import { ask, change, listOf } from './ask.ts'
import { MOVE_SUBSCRIPTION, SUBSCRIBE, SUBSCRIPTIONS } from './documents.ts'

/** Topics by the last part of the address that takes them. Those of the law are set in the app's own settings at Shopify. */
const TOPICS: Record<string, readonly string[]> = {
  customers: [
    'CUSTOMERS_CREATE',
    'CUSTOMERS_UPDATE',
    'CUSTOMERS_DELETE',
    'CUSTOMERS_MERGE',
    'CUSTOMERS_EMAIL_MARKETING_CONSENT_UPDATE',
    'CUSTOMERS_MARKETING_CONSENT_UPDATE',
    'CUSTOMERS_PURCHASING_SUMMARY',
    'CUSTOMER_TAGS_ADDED',
    'CUSTOMER_TAGS_REMOVED',
    'APP_UNINSTALLED',
    'APP_SCOPES_UPDATE',
    'SHOP_UPDATE',
  ],
  orders: [
    'ORDERS_CREATE',
    'ORDERS_UPDATED',
    'ORDERS_PAID',
    'ORDERS_CANCELLED',
    'REFUNDS_CREATE',
    'BULK_OPERATIONS_FINISH',
  ],
  products: ['PRODUCTS_CREATE', 'PRODUCTS_UPDATE', 'PRODUCTS_DELETE'],
  checkouts: ['CHECKOUTS_CREATE', 'CHECKOUTS_UPDATE'],
}

/** Address and topic of every subscription that we need. @param baseUrl of the installation, without a slash at its end */
export function wantedSubscriptions(baseUrl: string): { topic: string; uri: string }[] {
  return Object.entries(TOPICS).flatMap(([group, topics]) =>
    topics.map((topic) => ({ topic, uri: `${baseUrl}/api/shopify/webhook/${group}` })),
  )
}

/** Makes what is missing, and moves what leads to an address of ours that is no longer right. */
export function* subscribe(baseUrl: string): Exchange<Asked<{ topics: number }>> {
  const standing: Record<string, unknown>[] = []
  for (let after: unknown = null; ;) {
    const asked: Asked<Record<string, unknown>> = yield* ask(SUBSCRIPTIONS, { after })
    if (!asked.ok) return asked
    const page = asObject(asked.value.webhookSubscriptions)
    standing.push(...listOf(page?.nodes))
    const info = asObject(page?.pageInfo)
    if (info?.hasNextPage !== true || standing.length > 2_000) break
    after = info.endCursor
  }
  const wanted = wantedSubscriptions(baseUrl)
  for (const { topic, uri } of wanted) {
    const own = standing.filter(
      (one) => one.topic === topic && /\/api\/shopify\/webhook\//.test(String(one.uri)),
    )
    if (own.some((one) => one.uri === uri)) continue
    const moved = own[0]
    const made = moved
      ? yield* change(MOVE_SUBSCRIPTION, 'webhookSubscriptionUpdate', { id: moved.id, uri })
      : yield* change(SUBSCRIBE, 'webhookSubscriptionCreate', { topic, uri })
    const isThere = !made.ok && /already been taken/i.test(made.outcome.words)
    if (!made.ok && !isThere) return made
  }
  return { ok: true, value: { topics: wanted.length } }
}
