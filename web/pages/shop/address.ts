// What the addresses of the shop's pages say beside their path. Pure.
import type { CartState } from '../../../src/commerce/carts/contract.ts'
import type { CustomerSyncStatus, ShopOrderStatus } from '../../../src/commerce/shop/contract.ts'

// Written out, since the first paint waits for the addresses of all pages and not for the shop's schemas.
const orderStatuses: Record<ShopOrderStatus, true> = {
  pending: true,
  authorized: true,
  partially_paid: true,
  paid: true,
  partially_refunded: true,
  refunded: true,
  voided: true,
  expired: true,
  cancelled: true,
}
const syncStatuses: Record<CustomerSyncStatus, true> = {
  synced: true,
  waiting: true,
  conflict: true,
  failed: true,
}
const cartStates: Record<Exclude<CartState, 'abandoned'>, true> = {
  recovered: true,
  open: true,
  bought: true,
}

export interface OrdersAddress {
  status?: ShopOrderStatus
  q?: string
  /** the product that they hold */
  product?: string
  /** the order whose detail is open */
  open?: string
}

export function ordersAddress(search: Record<string, unknown>): OrdersAddress {
  const status = oneOf(orderStatuses, search.status)
  const [q, product, open] = [textOf(search.q), textOf(search.product), textOf(search.open)]
  return { ...(status && { status }), ...(q && { q }), ...(product && { product }), ...(open && { open }) }
}

export interface CustomersAddress {
  q?: string
  sync?: CustomerSyncStatus
  sort?: 'spent' | 'orders'
}

export function customersAddress(search: Record<string, unknown>): CustomersAddress {
  const q = textOf(search.q)
  const sync = oneOf(syncStatuses, search.sync)
  const sort = (['spent', 'orders'] as const).find((known) => known === search.sort)
  return { ...(q && { q }), ...(sync && { sync }), ...(sort && { sort }) }
}

export interface ProductsAddress {
  q?: string
  /** how products go together, rather than the list of them */
  view?: 'together'
  basket?: 'person'
}

export function productsAddress(search: Record<string, unknown>): ProductsAddress {
  const q = textOf(search.q)
  return {
    ...(q && { q }),
    ...(search.view === 'together' && { view: 'together' as const }),
    ...(search.basket === 'person' && { basket: 'person' as const }),
  }
}

export interface CartsAddress {
  /** abandoned unless told */
  state?: Exclude<CartState, 'abandoned'> | 'every'
  people?: 'all'
}

export function cartsAddress(search: Record<string, unknown>): CartsAddress {
  const state = search.state === 'every' ? ('every' as const) : oneOf(cartStates, search.state)
  return { ...(state && { state }), ...(search.people === 'all' && { people: 'all' as const }) }
}

function oneOf<Name extends string>(known: Record<Name, true>, value: unknown): Name | undefined {
  const isKnown = (text: unknown): text is Name => typeof text === 'string' && Object.hasOwn(known, text)
  return isKnown(value) ? value : undefined
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' && text.length <= 200 ? text : undefined
}
