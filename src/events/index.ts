// The verbs of events: log them, send what waits, read a timeline.
export { eventLabel, eventType } from './catalogue.ts'
export { channelOf } from './channels.ts'
export { readDevice } from './device.ts'
export { placeOf } from './place.ts'
export type { FindCountry } from './place.ts'
export { explainReason } from './reasons.ts'
export {
  forgetClosedBatches,
  logEvents,
  openBatchState,
  readTimeline,
  sendOpenBatches,
} from './store.ts'
export type { LogEntry } from './store.ts'
export { systemEvent } from './system.ts'
