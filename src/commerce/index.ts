// The verbs of commerce.
export { orderFromEvent } from './from-event.ts'
export { forgetOrdersOf, ordersOf, takeOutOrders, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
