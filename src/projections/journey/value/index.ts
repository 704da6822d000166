// What a tool for a file of orders needs of value and churn, apart from the journeys that the product stores.
export type { Judged } from '../churn/judge.ts'
export { orderDaysOf } from './buyers.ts'
export type { OrderDays, PlacedOrder } from './buyers.ts'
export { defaultStudySettings, studyOrders, studySteps } from './study.ts'
export type { Study, StudySettings } from './study.ts'
