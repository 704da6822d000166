// The verbs of events: log them, send what waits, read a timeline.
export { eventLabel, eventType } from './catalogue.ts'
export { explainReason } from './reasons.ts'
export {
  forgetClosedBatches,
  logEvents,
  openBatchState,
  readTimeline,
  sendBatch,
  sendOpenBatches,
} from './store.ts'
export type { LogEntry } from './store.ts'
export { systemEvent } from './system.ts'
