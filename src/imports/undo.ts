// Begins to take an ended import back; undo-work.ts does it.
import { record } from '../accounts/index.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { Import, Undo } from './contract.ts'
import { undoDays } from './contract.ts'
import type { Importer } from './files.ts'
import { queueUndo } from './jobs.ts'
import { present } from './present.ts'
import { readImportRow } from './store.ts'
import { beginUndo } from './store/undo.ts'

/**
 * Puts the taking back of an import on the queue. Refuses with `import_running` while it runs or waits, `undo_begun` where
 * it was asked for before and `undo_too_late` where it is not known any more, or never was, what the import did.
 */
export async function undoImport(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  by: Importer,
  id: string,
): Promise<Import> {
  return inTransaction(db, async (tx) => {
    const row = await readImportRow(tx, by.workspaceId, id)
    if (!row) throw missing('import', id)
    const now = clock()
    if (!['done', 'failed', 'cancelled'].includes(row.status)) {
      throw new Refusal('import_running', 409, 'The import has not ended. Stop it first, then take it back.')
    }
    if (row.undo === null && !present(row, now).canUndo) {
      throw new Refusal(
        'undo_too_late',
        409,
        `The import changed nothing, or ended more than ${undoDays} days ago, so there is nothing to take back.`,
      )
    }
    if (!(await beginUndo(tx, id, { undo: nothingYet, at: now, by: by.actor }))) {
      throw new Refusal('undo_begun', 409, 'The import was taken back already, or is being taken back.')
    }
    await record(tx, {
      caller: by,
      action: 'import_undo_begun',
      subject: `import:${id}`,
      after: { fileName: row.fileName, created: row.created, updated: row.updated },
    })
    await queueUndo(tx, id)
    const begun = await readImportRow(tx, by.workspaceId, id)
    if (!begun) throw missing('import', id)
    return present(begun, now)
  })
}

/** What taking an import back begins with. */
export const nothingYet: Undo = {
  status: 'running',
  progress: 0,
  binned: 0,
  restored: 0,
  parted: 0,
  orders: 0,
  kept: {},
  examples: [],
}
