// The verbs of commerce.
export { orderFromEvent } from './from-event.ts'
export { ordersOf, writeOrders } from './store.ts'
export type { OrderWord } from './contract.ts'
