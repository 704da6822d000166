// Rehearsals: a waiting file is decided row by row and rolled back, to tell what it would come to.
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { Import, ImportConflict, Rehearsal } from './contract.ts'
import type { Importer } from './files.ts'
import { queueRehearsal } from './jobs.ts'
import { present } from './present.ts'
import { obstacleOf } from './presets.ts'
import { readImport } from './reader.ts'
import type { ImportReader } from './reader.ts'
import { readAnyImportRow, readImportRow } from './store.ts'
import { noteRehearsal } from './store/undo.ts'
import { storedFile } from './upload.ts'

/**
 * Puts the rehearsal of a waiting file on the queue. Refuses with `import_started` where it was started, and with
 * `mapping_incomplete` where it cannot become anything.
 */
export async function rehearseImport(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  by: Importer,
  id: string,
): Promise<Import> {
  return inTransaction(db, async (tx) => {
    const row = await readImportRow(tx, by.workspaceId, id)
    if (!row) throw missing('import', id)
    const obstacle = obstacleOf(row.mapping)
    if (obstacle) throw new Refusal('mapping_incomplete', 422, obstacle)
    const begun: Rehearsal = { status: 'running', progress: 0, counts: none, isExact: true, error: null }
    if (!(await noteRehearsal(tx, id, begun))) {
      throw new Refusal('import_started', 409, 'The import was started already; its counts are on its page.')
    }
    await queueRehearsal(tx, id)
    return present({ ...row, rehearsal: begun }, clock())
  })
}

export interface RehearsedFile {
  workspaceId: string
  fileName: string
  sizeBytes: number
  conflict: ImportConflict | undefined
  /** reads the file from its beginning; `close` it */
  open(): ImportReader
  /** Notes how far the rehearsal is. @returns false where the file was started or read otherwise meanwhile: then stop */
  note(rehearsal: Rehearsal): Promise<boolean>
}

/** A file whose rehearsal is asked for, or undefined where that was taken back meanwhile. */
export async function openRehearsal(db: Db, importId: string): Promise<RehearsedFile | undefined> {
  const row = await readAnyImportRow(db, importId)
  if (row?.rehearsal?.status !== 'running') return undefined
  const { workspaceId, fileName, sizeBytes, encoding, delimiter, headerRow, mapping } = row
  return {
    workspaceId,
    fileName,
    sizeBytes,
    conflict: mapping.conflict,
    open: () =>
      readImport({
        importId,
        workspaceId,
        encoding,
        delimiter,
        headerRow,
        mapping,
        afterRow: 0,
        pieces: storedFile(db, importId),
      }),
    note: (rehearsal) => noteRehearsal(db, importId, rehearsal, row),
  }
}

const none: Rehearsal['counts'] = {
  rows: 0,
  created: 0,
  updated: 0,
  skipped: 0,
  rejected: 0,
  joined: 0,
  warnings: 0,
  footers: 0,
}
