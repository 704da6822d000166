// The verbs of commerce.
export { cartFromEvent, foldCarts } from './carts/cart.ts'
export type { Cart, CartWord } from './carts/cart.ts'
export { insertCarts, writeCarts } from './carts/store/carts.ts'
export { orderFromEvent } from './from-event.ts'
export { foldOrder, orderRow } from './order-row.ts'
export type { OrderRow } from './order-row.ts'
export { forgetOrdersOf, insertOrders, ordersOf, takeOutOrders, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
