// The questions of the Admin API, and what it says of the shop and the app.
import {
  CHECKOUT_FIELDS,
  countOf,
  CUSTOMER_FIELDS,
  ORDER_FIELDS,
  pageOf,
  pageOfArray,
  PRODUCT_FIELDS,
  VARIANT_FIELDS,
} from '../lists.ts'
import { gid, numberIn } from '../records.ts'
import { API_VERSION } from '../schema/index.ts'
import { readSearch } from '../search.ts'
import type { Shop as ShopRecord } from '../shop.ts'
import { headerTopic } from '../webhooks.ts'
import { metafieldFields } from './metafields.ts'
import { nodeOf } from './nodes.ts'
import { fieldsOf, instant } from './types.ts'
import type { Arguments } from './types.ts'

export const QueryRoot = fieldsOf<undefined>({
  shop: (_root, _args, { shop }) => shop,
  currentAppInstallation: () => ({}),
  publicApiVersions: () => [version()],
  node: (_root, { id }, { shop }) => nodeOf(shop, String(id)),
  nodes: (_root, { ids }, { shop }) => (ids as string[]).map((id) => nodeOf(shop, id)),
  customer: (_root, { id }, { shop }) => shop.customers.get(numberIn(String(id), 'Customer')) ?? null,
  customerByIdentifier: (_root, { identifier }, { shop }) => {
    const { id, emailAddress, phoneNumber } = identifier as Record<string, string | undefined>
    if (id !== undefined) return shop.customers.get(numberIn(id, 'Customer')) ?? null
    const query = emailAddress === undefined ? `phone:"${phoneNumber}"` : `email:"${emailAddress}"`
    return pageOf(shop.customers, { first: 1, query }, CUSTOMER_FIELDS).nodes[0] ?? null
  },
  customers: (_root, args, { shop }) => pageOf(shop.customers, args, CUSTOMER_FIELDS),
  customersCount: (_root, args, { shop }) =>
    counted(countOf(shop.customers, args.query ?? '', CUSTOMER_FIELDS), args),
  order: (_root, { id }, { shop }) => shop.orders.get(numberIn(String(id), 'Order')) ?? null,
  orders: (_root, args, { shop }) => pageOf(shop.orders, args, ORDER_FIELDS),
  ordersCount: (_root, args, { shop }) => counted(countOf(shop.orders, args.query ?? '', ORDER_FIELDS), args),
  product: (_root, { id }, { shop }) => shop.products.get(numberIn(String(id), 'Product')) ?? null,
  products: (_root, args, { shop }) => pageOf(shop.products, args, PRODUCT_FIELDS),
  productsCount: (_root, args, { shop }) =>
    counted(countOf(shop.products, args.query ?? '', PRODUCT_FIELDS), args),
  productVariant: (_root, { id }, { shop }) => shop.variant(numberIn(String(id), 'ProductVariant')) ?? null,
  productVariants: (_root, args, { shop }) => {
    const { accepts } = readSearch(args.query ?? '', VARIANT_FIELDS)
    const all = [...shop.products.walk({ sortKey: 'ID', reverse: false })].flatMap(({ variants }) => variants)
    return pageOfArray(all.filter(accepts), args)
  },
  abandonedCheckouts: (_root, args, { shop }) => pageOf(shop.checkouts, args, CHECKOUT_FIELDS),
  abandonedCheckoutsCount: (_root, args, { shop }) =>
    counted(countOf(shop.checkouts, args.query ?? '', CHECKOUT_FIELDS), args),
  bulkOperation: (_root, { id }, { bulk }) => bulk.get(numberIn(String(id), 'BulkOperation')) ?? null,
  bulkOperations: (_root, args, { bulk }) => {
    const { accepts } = readSearch(args.query ?? '', {
      status: ({ status }: { status: string }) => status,
      operation_type: () => 'query',
    })
    return pageOfArray(bulk.list().filter(accepts), args)
  },
  webhookSubscription: (_root, { id }, { webhooks }) =>
    webhooks.list().find((each) => each.id === numberIn(String(id), 'WebhookSubscription')) ?? null,
  webhookSubscriptions: (_root, args, { webhooks }) => {
    const topics = args.topics as string[] | null | undefined
    const found = webhooks
      .list()
      .filter(
        (each) =>
          (!topics || topics.includes(each.topic)) &&
          (!args.uri || each.uri === args.uri) &&
          (!args.format || each.format === args.format),
      )
    return pageOfArray(found, args)
  },
  webhookSubscriptionsCount: (_root, args, { webhooks }) => {
    const { accepts } = readSearch(args.query ?? '', {
      topic: ({ topic }: { topic: string }) => headerTopic(topic),
    })
    return counted(webhooks.list().filter(accepts).length, args)
  },
})

export const Shop = fieldsOf<ShopRecord>({
  id: ({ id }) => gid('Shop', id),
  name: nameOf,
  email: (shop) => `owner@${nameOf(shop)}.example`,
  contactEmail: (shop) => `hello@${nameOf(shop)}.example`,
  myshopifyDomain: ({ domain }) => domain,
  url: ({ domain }) => `https://${domain}`,
  primaryDomain: ({ domain, id }) => ({
    id: gid('Domain', id),
    host: domain,
    url: `https://${domain}`,
    sslEnabled: true,
  }),
  currencyCode: ({ currency }) => currency,
  enabledPresentmentCurrencies: ({ currency }) => [currency],
  ianaTimezone: () => 'Europe/Vienna',
  timezoneOffset: () => '+0100',
  createdAt: ({ size }) => instant(size.until - 800 * 86_400_000),
  updatedAt: ({ size }) => instant(size.until),
  plan: () => ({ publicDisplayName: 'Basic', partnerDevelopment: true, shopifyPlus: false }),
  shopOwnerName: () => 'Sandbox Owner',
  taxesIncluded: () => true,
  ...metafieldFields<ShopRecord>(({ id }) => gid('Shop', id)),
})

export const AppInstallation = fieldsOf<object>({
  id: (_installation, _args, { shop }) => gid('AppInstallation', shop.id),
  app: () => ({}),
  accessScopes: (_installation, _args, { scopes }) =>
    [...scopes].map((handle) => ({ handle, description: handle.replaceAll('_', ' ') })),
})

export const App = fieldsOf<object>({
  id: () => gid('App', 1),
  title: () => 'Throughline',
  handle: () => 'throughline',
  apiKey: (_app, _args, { app }) => app.clientId,
  installation: () => ({}),
  webhookApiVersion: () => API_VERSION,
})

function counted(count: number, { limit }: Arguments) {
  const most = typeof limit === 'number' ? limit : Infinity
  return count > most ? { count: most, precision: 'AT_LEAST' } : { count, precision: 'EXACT' }
}

function nameOf({ domain }: ShopRecord): string {
  return domain.split('.')[0] ?? ''
}

export function version() {
  return { displayName: API_VERSION, handle: API_VERSION, supported: true }
}
