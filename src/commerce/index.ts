// The verbs of commerce.
export { orderFromEvent } from './from-event.ts'
export { forgetOrdersOf, ordersOf, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
