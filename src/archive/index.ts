// Archives: everything that an installation holds, out of any pair of stores and into any other.
export { exportArchive } from './export.ts'
export type { ExportOrder } from './export.ts'
export { importArchive, openArchive, refuseHalfImported } from './import.ts'
export type { OpenArchive } from './import.ts'
export { verifyArchive } from './verify.ts'
export { waitingMigrations } from './waiting.ts'
