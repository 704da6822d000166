// What the worker does with imports: find them, read them in batches, settle each batch exactly once.
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { outcomeCounts } from './batches.ts'
import type { BatchOutcome, ImportBatch, ImportTrace } from './contract.ts'
import { readImport } from './reader.ts'
import type { ImportReader } from './reader.ts'
import { undoDays } from './contract.ts'
import * as store from './store.ts'
import { insertProblems } from './store/problems.ts'
import { deleteOldTraces, insertTrace } from './store/traces.ts'
import { storedFile } from './upload.ts'

type Stores = Pick<Services, 'db' | 'clock'>

/** Imports that the worker should read, of all workspaces, the one that waits longest first. */
export async function runningImports(db: Db): Promise<{ id: string; workspaceId: string; kind: string }[]> {
  return store.readRunning(db)
}

/**
 * Opens a running import at its checkpoint. `take(limit)` gives the next batch; decide it and call `settleImport` in
 * the same transaction. After a transaction that failed, settle the halves (`halveBatch`) or open the import anew.
 */
export async function openImport({ db }: Pick<Services, 'db'>, importId: string): Promise<ImportReader> {
  const row = await store.readAnyImportRow(db, importId)
  if (row?.status !== 'running') throw moved()
  return readImport({
    importId,
    workspaceId: row.workspaceId,
    encoding: row.encoding,
    delimiter: row.delimiter,
    headerRow: row.headerRow,
    mapping: row.mapping,
    afterRow: row.checkpointRow,
    pieces: storedFile(db, importId),
  })
}

/**
 * Counts a batch, keeps what it did so that it can be taken back, and moves the checkpoint, in the transaction that wrote
 * what the batch became: so each row counts exactly once, whoever else works on the import. Refuses with `import_moved` where another worker was faster or the
 * import was cancelled; the transaction must then be rolled back and the reader closed.
 */
export async function settleImport(
  tx: Tx,
  batch: ImportBatch,
  outcome: BatchOutcome,
  at: Date,
  trace?: ImportTrace,
): Promise<void> {
  const { counts, problems } = outcomeCounts(batch, outcome)
  const settled = await store.moveCheckpoint(tx, batch, counts, at)
  if (!settled) throw moved()
  const room = Math.max(0, maxWarningsKept - settled.warningsBefore)
  let warnings = 0
  await insertProblems(
    tx,
    batch.importId,
    problems.filter(({ severity }) => severity === 'rejected' || ++warnings <= room),
  )
  if (trace) await insertTrace(tx, batch, trace, at)
  if (batch.done) await store.deleteChunks(tx, batch.importId)
}

/** Ends an import that cannot go on for a reason of ours. */
export async function failImport({ db, clock }: Stores, importId: string, sentence: string): Promise<void> {
  await inTransaction(db, (tx) =>
    store.markEnded(tx, importId, { status: 'failed', error: sentence, at: clock() }),
  )
}

/** The name of the file, for what the rows leave behind as proof. */
export async function getImportName(db: Db, importId: string): Promise<string> {
  return (await store.readAnyImportRow(db, importId))?.fileName ?? ''
}

/** Deletes uploads that broke off a day ago, files that nobody started for a week and what is kept for taking an import back for 30 days; says how many imports. */
export async function sweepImports({ db, clock }: Stores): Promise<number> {
  const now = clock().getTime()
  await deleteOldTraces(db, new Date(now - undoDays * dayMs))
  return store.deleteAbandoned(db, { uploading: new Date(now - dayMs), waiting: new Date(now - 7 * dayMs) })
}

const dayMs = 86_400_000
// Every rejected row is kept; of warnings, which a whole column can cause, as many as a person may still look through.
const maxWarningsKept = 10_000

function moved(): Refusal {
  return new Refusal('import_moved', 409, 'The import has moved on, was cancelled or has ended.')
}
