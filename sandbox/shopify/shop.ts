// One shop: its people, orders, carts and metafields, generated or changed; it knows neither GraphQL nor webhooks.
import { checkoutAt, customerAt, FIRST_ID, orderAt, PRODUCTS } from './generate.ts'
import { numberIn, refundedCents, totalsOf } from './records.ts'
import type { Checkout, Customer, Metafield, Order, Product, Variant } from './records.ts'
import { createShelf } from './shelf.ts'
import type { Shelf } from './shelf.ts'
import { layOut } from './timetable.ts'
import type { Size } from './timetable.ts'

export interface Shop {
  /** such as `sandbox-shop.myshopify.com` */
  domain: string
  /** the number in its global id */
  id: number
  size: Size
  currency: string
  customers: Shelf<Customer>
  orders: Shelf<Order>
  checkouts: Shelf<Checkout>
  products: Shelf<Product>
  variant(id: number): Variant | undefined
  /** Orders of a customer, the oldest first. */
  ordersOf(customerId: number): Order[]
  /** What the customer spent, refunds taken off, and how often; cancelled and test orders left out. */
  summaryOf(customerId: number): Summary
  /** Moves an order to another customer, or tells of a new one. */
  noteOrderOf(customerId: number, orderId: number): void
  metafields: Map<string, Metafield[]>
  /** A number for a new refund, metafield or the like. */
  nextNumber(): number
}

export interface Summary {
  orders: number
  spentCents: number
  lastOrder: Order | null
}

export function createShop(domain: string, size: Size): Shop {
  const table = layOut(size)
  const { firstProductAt, lastNumber } = {
    firstProductAt: PRODUCTS[0]?.createdAt ?? 0,
    lastNumber: 50_000_000_000,
  }
  const extraOrders = new Map<number, number[]>()
  let number = lastNumber

  const customers = createShelf<Customer>({
    firstId: FIRST_ID.customer,
    count: size.customers,
    at: (place) => customerAt(table, place),
    created: (place) => table.customerCreated[place] ?? 0,
    updated: (place) => table.customerUpdated[place] ?? 0,
  })
  const orders = createShelf<Order>({
    firstId: FIRST_ID.order,
    count: size.orders,
    at: (place) => orderAt(table, place),
    created: (place) => table.orderCreated[place] ?? 0,
    updated: (place) => table.orderUpdated[place] ?? 0,
  })
  const checkouts = createShelf<Checkout>({
    firstId: FIRST_ID.checkout,
    count: size.checkouts,
    at: (place) => checkoutAt(table, place),
    created: (place) => checkoutAt(table, place).createdAt,
    updated: (place) => checkoutAt(table, place).updatedAt,
  })
  const products = createShelf<Product>({
    firstId: FIRST_ID.product,
    count: PRODUCTS.length,
    at: (place) => PRODUCTS[place]!,
    created: () => firstProductAt,
    updated: () => firstProductAt,
  })

  const ordersOf = (customerId: number): Order[] => {
    const place = customerId - FIRST_ID.customer
    const own = place >= 0 && place < size.customers ? [...table.ordersOf(place)] : []
    const ids = [...own.map((order) => FIRST_ID.order + order), ...(extraOrders.get(customerId) ?? [])]
    return ids.flatMap((id) => {
      const order = orders.get(id)
      return order?.customerId === customerId ? [order] : []
    })
  }

  return {
    domain,
    id: 60_000_000_000 + (hash(domain) % 1_000_000_000),
    size,
    currency: 'EUR',
    customers,
    orders,
    checkouts,
    products,
    variant: (id) =>
      products
        .get(FIRST_ID.product + Math.floor((id - FIRST_ID.variant) / 10))
        ?.variants.find((variant) => variant.id === id),
    ordersOf,
    summaryOf(customerId) {
      const counted = ordersOf(customerId).filter((order) => order.cancelledAt === null && !order.isTest)
      const spentCents = counted.reduce((sum, order) => sum + totalsOf(order).total - refundedCents(order), 0)
      return { orders: counted.length, spentCents, lastOrder: counted.at(-1) ?? null }
    },
    noteOrderOf: (customerId, orderId) =>
      void extraOrders.set(customerId, [...(extraOrders.get(customerId) ?? []), orderId]),
    metafields: new Map(),
    nextNumber: () => ++number,
  }
}

/** Whether something in the shop has this global id, so that it can be tagged or given metafields. */
export function has(shop: Shop, id: string): boolean {
  return (
    shop.customers.get(numberIn(id, 'Customer')) !== undefined ||
    shop.orders.get(numberIn(id, 'Order')) !== undefined ||
    shop.products.get(numberIn(id, 'Product')) !== undefined ||
    shop.variant(numberIn(id, 'ProductVariant')) !== undefined ||
    id === `gid://shopify/Shop/${shop.id}`
  )
}

function hash(text: string): number {
  let value = 7
  for (const sign of text) value = (Math.imul(value, 31) + (sign.codePointAt(0) ?? 0)) >>> 0
  return value
}
