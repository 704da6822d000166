// The door of duplicates: finding records of one person or company among many.
export { dedupeReportSchema } from './contract.ts'
export type { DedupeReport } from './contract.ts'
export { findDuplicates, thresholds } from './find.ts'
export type { Found, FoundPair, NeedsPerson, Table } from './find.ts'
export { reportOf } from './report.ts'
export { gatherTable } from './table.ts'
