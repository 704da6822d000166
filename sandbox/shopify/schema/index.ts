// The Admin GraphQL schema as the sandbox plays it, and the access scope that each type asks for.
import { buildSchema } from 'graphql'
import { CUSTOMERS } from './customers.ts'
import { ORDERS } from './orders.ts'
import { PRODUCTS } from './products.ts'
import { SHOP } from './shop.ts'
import { WORK } from './work.ts'

export const API_VERSION = '2026-10'

/** Checked against the published schema by a test; built once, in some 20 ms. */
export const schema = buildSchema([SHOP, WORK, CUSTOMERS, ORDERS, PRODUCTS].join('\n'))

/** Scopes without which a field of this type is denied. */
export const SCOPE_OF_TYPE: Record<string, string> = {
  Customer: 'read_customers',
  Order: 'read_orders',
  LineItem: 'read_orders',
  Refund: 'read_orders',
  AbandonedCheckout: 'read_orders',
  Product: 'read_products',
  ProductVariant: 'read_products',
}

/** Scopes of fields that their type does not tell. */
export const SCOPE_OF_FIELD: Record<string, string> = {
  'QueryRoot.customersCount': 'read_customers',
  'QueryRoot.ordersCount': 'read_orders',
  'Mutation.customerUpdate': 'write_customers',
  'Mutation.customerEmailMarketingConsentUpdate': 'write_customers',
  'Mutation.customerSmsMarketingConsentUpdate': 'write_customers',
}
