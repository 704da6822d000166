// Shopify's signatures: of the query that its page of consent comes back with, and of webhooks. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ShopWebhookIn, WebhookHead } from '../shop.ts'

/** What Shopify's own library allows the clocks to differ by. */
const TOLERANCE_MS = 90_000

/**
 * Whether a query came from the page of consent of this shop: signed with the app's secret, for that shop, just now.
 * https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant
 */
export function isSignedQuery(
  query: Readonly<Record<string, string>>,
  app: { shop: string; clientSecret: string },
  now: Date,
): boolean {
  const { hmac = '', signature: _signature, ...signed } = query
  const message = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
    .join('&')
  const isRecent = Math.abs(now.getTime() - Number(query.timestamp) * 1000) <= TOLERANCE_MS
  return (
    isSame(hmac, createHmac('sha256', app.clientSecret).update(message).digest('hex')) &&
    query.shop?.toLowerCase() === app.shop &&
    isRecent
  )
}

/** Whether a webhook carries the signature of its bytes. */
export function isSignedWebhook({ raw, headers }: ShopWebhookIn, clientSecret: string): boolean {
  const given = headers['x-shopify-hmac-sha256'] ?? ''
  return isSame(given, createHmac('sha256', clientSecret).update(raw).digest('base64'))
}

/** What the headers of a webhook say. */
export function headOf({ headers }: ShopWebhookIn): WebhookHead | null {
  const topic = headers['x-shopify-topic']
  const deliveryId = headers['x-shopify-webhook-id']
  const domain = headers['x-shopify-shop-domain']?.toLowerCase()
  if (!topic || !deliveryId || !domain || !isShop(domain)) return null
  const triggeredAt = new Date(headers['x-shopify-triggered-at'] ?? '')
  return {
    topic: topic.slice(0, 100),
    deliveryId: deliveryId.slice(0, 100),
    domain,
    triggeredAt: Number.isNaN(triggeredAt.getTime()) ? '' : triggeredAt.toISOString(),
  }
}

/** The form of a shop's address; nothing else may become part of a host name. */
export function isShop(domain: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com$/.test(domain)
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
