// The door of duplicates: finding records of one person or company among many, and what is proposed of it.
export { dedupeReportSchema } from './contract.ts'
export type { DedupeReport } from './contract.ts'
export { cautious, findDuplicates, findInSteps, thresholds } from './find.ts'
export type { Found, FoundPair, NeedsPerson, Table } from './find.ts'
export { meaningOfHeader } from './header-kinds.ts'
export { meetingKeys } from './meeting-keys.ts'
export type { Reason } from './reasons.ts'
export { mayMerge, reportOf } from './report.ts'
export {
  noteLooked,
  proposeLookAlikes,
  readMeeting,
  readUnlooked,
  readUsual,
  waitingPairs,
  withdrawLookAlikes,
  writeKeys,
} from './store.ts'
export type { LookAlike, LookedLead } from './store.ts'
export { gatherTable } from './table.ts'
