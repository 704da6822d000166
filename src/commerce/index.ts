// The verbs of commerce.
export { orderFromEvent } from './from-event.ts'
export { foldOrder, orderRow } from './order-row.ts'
export type { OrderRow } from './order-row.ts'
export { forgetOrdersOf, insertOrders, ordersOf, takeOutOrders, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
