// All resolvers by type and field; where there is none, the field of that name is the value.
import * as customers from './customers.ts'
import { Metafield, metafieldsDelete, metafieldsSet } from './metafields.ts'
import * as mutations from './mutations.ts'
import * as orders from './orders.ts'
import * as products from './products.ts'
import * as roots from './roots.ts'
import { fieldsOf } from './types.ts'
import type { Resolver, Resolvers } from './types.ts'
import * as work from './work.ts'
import type { Page } from '../lists.ts'

const TYPES: Record<string, Resolvers> = {
  QueryRoot: roots.QueryRoot,
  Shop: roots.Shop,
  AppInstallation: roots.AppInstallation,
  App: roots.App,
  Mutation: { ...mutations.Mutation, ...work.WorkMutation, metafieldsSet, metafieldsDelete },
  Metafield,
  BulkOperation: work.BulkOperation,
  WebhookSubscription: work.WebhookSubscription,
  Customer: customers.Customer,
  CustomerStatistics: customers.CustomerStatistics,
  CustomerEmailAddress: customers.CustomerEmailAddress,
  CustomerPhoneNumber: customers.CustomerPhoneNumber,
  CustomerSmsMarketingConsent: customers.CustomerSmsMarketingConsent,
  Order: orders.Order,
  LineItem: orders.LineItem,
  Refund: orders.Refund,
  RefundLineItem: orders.RefundLineItem,
  OrderTransaction: orders.OrderTransaction,
  CustomerJourneySummary: orders.CustomerJourneySummary,
  CustomerVisit: orders.CustomerVisit,
  AbandonedCheckout: orders.AbandonedCheckout,
  AbandonedCheckoutLineItem: orders.AbandonedCheckoutLineItem,
  Product: products.Product,
  ProductVariant: products.ProductVariant,
}

/** All connections are alike. */
const CONNECTION = fieldsOf<Page<unknown>>({
  edges: ({ nodes, cursorOf }) => nodes.map((node) => ({ node, cursor: cursorOf(node) })),
  pageInfo: ({ nodes, hasNextPage, hasPreviousPage, cursorOf }) => ({
    hasNextPage,
    hasPreviousPage,
    startCursor: nodes.length > 0 ? cursorOf(nodes[0]) : null,
    endCursor: nodes.length > 0 ? cursorOf(nodes.at(-1)) : null,
  }),
})

export function resolverOf(type: string, field: string): Resolver {
  const own = TYPES[type]?.[field] ?? (type.endsWith('Connection') ? CONNECTION[field] : undefined)
  return own ?? ((source) => (source as Record<string, unknown>)[field])
}
