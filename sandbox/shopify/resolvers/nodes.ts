// Everything that can be asked for by its global id alone.
import { numberIn } from '../records.ts'
import type { Shop } from '../shop.ts'
import { typed } from './types.ts'

/** With its type's name, since its field promises no more than an interface; null where there is no such thing. */
export function nodeOf(shop: Shop, id: string): object | null {
  const type = id.split('/')[3] ?? ''
  const number = numberIn(id, type)
  switch (type) {
    case 'Customer':
      return typed(type, shop.customers.get(number))
    case 'Order':
      return typed(type, shop.orders.get(number))
    case 'AbandonedCheckout':
      return typed(type, shop.checkouts.get(number))
    case 'Product':
      return typed(type, shop.products.get(number))
    case 'ProductVariant':
      return typed(type, shop.variant(number))
    case 'Shop':
      return number === shop.id ? typed(type, shop) : null
    default:
      return null
  }
}
