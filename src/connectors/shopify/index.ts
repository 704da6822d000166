// Shopify: customers, orders, products and carts of a shop come in, and what changes of its customers here goes back.
import { z } from 'zod'
import { connector } from '../connector.ts'
import { asObject } from '../exchange.ts'
import type { CheckResult } from '../connector.ts'
import type { Exchange } from '../exchange.ts'
import type { Asked, ShopCard } from '../shop.ts'
import { ask, change, listOf } from './ask.ts'
import { SHOP, UNINSTALL } from './documents.ts'
import { examples } from './examples.ts'
import { cancelFile, fileState, startFile } from './files.ts'
import { beginsRecord, readRecord } from './from-file.ts'
import { readWebhook } from './from-webhook.ts'
import { headOf, isShop, isSignedQuery, isSignedWebhook } from './sign.ts'
import { subscribe } from './subscriptions.ts'
import { writeCustomer } from './writes.ts'

const settings = z.object({
  shop: z
    .string()
    .trim()
    .toLowerCase()
    .transform((given) => given.replace(/^https?:\/\//, '').replace(/\/.*$/, ''))
    .transform((given) => (given.includes('.') ? given : `${given}.myshopify.com`))
    .refine(isShop, 'looks like your-shop.myshopify.com')
    .meta({
      label: 'Shop address',
      example: 'your-shop.myshopify.com',
      sandbox: 'sandbox-shop.myshopify.com',
      help: 'The address that ends in myshopify.com, under Settings, Domains.',
    }),
  clientId: z.string().trim().min(8, 'is longer than this').meta({
    label: 'Client id',
    example: '0123456789abcdef0123456789abcdef',
    sandbox: 'sandbox-shopify-client',
    help: 'Of your app in the Shopify developer dashboard.',
  }),
  clientSecret: z.string().trim().min(8, 'is longer than this').meta({
    label: 'Client secret',
    secret: true,
    example: 'shpss_example0123456789abcdef',
    sandbox: 'sandbox-shopify-secret',
    help: 'It also signs the webhooks of the shop.',
  }),
  writesBack: z
    .boolean()
    .default(true)
    .meta({ label: 'Write changes of tags, notes, consent and fields back to the shop' }),
  fields: z.string().trim().max(1_000).default('').meta({
    label: 'Custom fields to write to the shop',
    help: 'Their keys, with commas. They become metafields of the customer, under the name throughline.',
  }),
})
export type ShopifySettings = z.output<typeof settings>

const SCOPES = ['read_customers', 'write_customers', 'read_orders', 'read_products'] as const

export const shopify = connector({
  id: 'shopify',
  name: 'Shopify',
  summary: 'Brings in customers, orders, products and carts of a shop, and writes changes back to it.',
  initials: 'Sh',
  bases: {
    api: { variable: 'SHOPIFY_BASE_URL', url: 'https://{shop}', sandboxPath: '/shopify/{shop}' },
  },
  limits: { concurrency: 4 },
  settings,
  sendsPlainAddresses: true,
  oauth: {
    authorisePath: '/admin/oauth/authorize',
    tokenPath: '/admin/oauth/access_token',
    callbackPath: '/api/shopify/callback',
    scopes: SCOPES,
    scopeSeparator: ',',
    usesPkce: false,
    clientProof: 'body',
    // Without it the token would never expire, and those are no longer taken.
    tokenMore: { expiring: '1' },
    client: ({ clientId, clientSecret }) => ({ id: clientId, secret: clientSecret }),
    tokenHeader: (token) => ({ 'x-shopify-access-token': token }),
    admits: (query, given, now) => isSignedQuery(query, given, now),
  },
  check,
  shop: {
    scopes: SCOPES,
    missingScopes,
    domainOf: ({ shop }) => shop,
    head: headOf,
    verify: (webhook, { clientSecret }) => isSignedWebhook(webhook, clientSecret),
    examples,
    read: readWebhook,
    card: askCard,
    subscribe: (_linked, baseUrl) => subscribe(baseUrl),
    startFile: (_linked, kind, since) => startFile(kind, since),
    fileState: (_linked, id) => fileState(id),
    cancelFile: (_linked, id) => cancelFile(id),
    readRecord,
    beginsRecord,
    write: (_linked, write) => writeCustomer(write),
    *uninstall() {
      const made = yield* change(UNINSTALL, 'appUninstall', {})
      return made.ok ? { kind: 'sent', words: 'The shop has taken the app out.' } : made.outcome
    },
  },
})

function* check(): Exchange<CheckResult> {
  const asked = yield* askCard()
  if (!asked.ok) {
    const { kind, words } = asked.outcome
    return { ok: false, problem: words, isAuthorisation: kind === 'reauthorise' }
  }
  const missing = missingScopes(asked.value.scopes)
  if (missing.length > 0)
    return {
      ok: false,
      problem: `The shop has not given the rights ${missing.join(', ')}. Connect it again and agree to all of them.`,
      isAuthorisation: true,
    }
  return { ok: true, account: asked.value.domain }
}

function* askCard(): Exchange<Asked<ShopCard>> {
  const asked = yield* ask(SHOP)
  if (!asked.ok) return asked
  const shop = asObject(asked.value.shop)
  const domain = shop?.myshopifyDomain
  if (typeof domain !== 'string')
    return { ok: false, outcome: { kind: 'later', words: 'Shopify named no shop.' } }
  const scopes = listOf(asObject(asked.value.currentAppInstallation)?.accessScopes)
  return {
    ok: true,
    value: {
      domain: domain.toLowerCase(),
      name: String(shop?.name ?? domain),
      currency: String(shop?.currencyCode ?? 'USD'),
      timeZone: String(shop?.ianaTimezone ?? 'UTC'),
      plan: String(asObject(shop?.plan)?.publicDisplayName ?? '') || null,
      scopes: scopes.map(({ handle }) => String(handle)),
    },
  }
}

/** A right to write contains the one to read. */
function missingScopes(granted: readonly string[]): string[] {
  return SCOPES.filter(
    (scope) => !granted.includes(scope) && !granted.includes(scope.replace(/^read_/, 'write_')),
  )
}
