// Archives: everything that an installation holds, out of any pair of stores and into any other.
export { exportArchive } from './export.ts'
export type { ExportOrder } from './export.ts'
export { findUnfinished } from './folder.ts'
export { importArchive, openArchive, refuseHalfImported } from './import.ts'
export { keyCheckOf } from './key-check.ts'
export { verifyArchive } from './verify.ts'
export { waitingMigrations } from './waiting.ts'
