// Tells which disk is full when reading or writing an archive fails, for a full one is the reader's to empty.
import { Refusal } from '../lib/refusal.ts'
import { sqlState } from '../platform/postgres.ts'

/** Whether the disk is full under the folder that this process writes into. */
export function isFolderFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error))
}

/** Whether PostgreSQL (53100, disk_full) or ClickHouse (243, NOT_ENOUGH_SPACE, or what the system said) has no room. */
export function isStoreFull(error: unknown): boolean {
  if (sqlState(error) === '53100' || codeOf(error) === '243') return true
  // https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp: its codes of files are below 1100.
  return (
    /^\d{1,4}$/.test(codeOf(error)) &&
    error instanceof Error &&
    /No space left on device|errno: 28\b/.test(error.message)
  )
}

export function folderFull(folder: string): Refusal {
  return new Refusal(
    'disk_full',
    507,
    `The disk of ${folder} is full, and the half archive was taken away: name a folder on a disk with more room.`,
  )
}

/** @param whatHolds a sentence on what is there now, and what to do once there is room */
export function storesFull(whatHolds: string): Refusal {
  return new Refusal('disk_full', 507, `The disk of the stores is full. ${whatHolds}`)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
