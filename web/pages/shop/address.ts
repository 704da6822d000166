// What the addresses of the shop's pages say beside their path. Pure.
import { cartStates } from '../../../src/commerce/carts/contract.ts'
import type { CartState } from '../../../src/commerce/carts/contract.ts'
import { customerSyncStatuses, shopOrderStatuses } from '../../../src/commerce/shop/contract.ts'
import type { CustomerSyncStatus, ShopOrderStatus } from '../../../src/commerce/shop/contract.ts'

export interface OrdersAddress {
  status?: ShopOrderStatus
  q?: string
  /** the product that they hold */
  product?: string
  /** the order whose detail is open */
  open?: string
}

export function ordersAddress(search: Record<string, unknown>): OrdersAddress {
  const status = shopOrderStatuses.find((known) => known === search.status)
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
  const sync = customerSyncStatuses.find((known) => known === search.sync)
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
  const state =
    search.state === 'every'
      ? ('every' as const)
      : cartStates.find(
          (known): known is Exclude<CartState, 'abandoned'> =>
            known !== 'abandoned' && known === search.state,
        )
  return { ...(state && { state }), ...(search.people === 'all' && { people: 'all' as const }) }
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' && text.length <= 200 ? text : undefined
}
