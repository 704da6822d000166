// The app that the product is to the shops: its id and secret, its scopes, and where compliance webhooks go.

export interface AppSettings {
  clientId: string
  clientSecret: string
  /** signs some webhooks for another hour after the secret was changed; empty without */
  previousSecret: string
  previousSecretUntil: number
  /** where the three mandatory topics go; set in the dashboard of an app, never over the API */
  complianceUrl: string
  /** an app of 2026-04-01 or later must use tokens that expire */
  needsExpiringTokens: boolean
  /** ms between the tries of a webhook; the real four hours are pressed into two minutes */
  retryDelaysMs: number[]
  pointsPerSecond: number
  bucketPoints: number
}

export const CLIENT_ID = 'sandbox-shopify-client'
export const CLIENT_SECRET = 'sandbox-shopify-secret'
export const DEFAULT_SHOP = 'sandbox-shop.myshopify.com'

/** A single query may ask for no more. */
export const MAX_QUERY_POINTS = 1000

/** The rate of the standard plan; how much the bucket holds differs by plan. */
export function createApp(): AppSettings {
  return {
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    previousSecret: '',
    previousSecretUntil: 0,
    complianceUrl: '',
    needsExpiringTokens: true,
    retryDelaysMs: [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000],
    pointsPerSecond: 100,
    bucketPoints: 2000,
  }
}
