// The verbs of commerce.
export { orderFromEvent } from './from-event.ts'
export { forgetOrders, ordersOf, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
