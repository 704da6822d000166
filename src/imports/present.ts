// Shows a stored import as the API tells it.
import { undoDays } from './contract.ts'
import type { Import } from './contract.ts'
import type { ImportRow } from './store.ts'

/** @param now decides whether it can still be taken back */
export function present(row: ImportRow, now: Date): Import {
  const { finishedAt } = row
  const isRecent = finishedAt !== null && finishedAt.getTime() > now.getTime() - undoDays * 86_400_000
  return {
    id: row.id,
    kind: row.kind,
    fileName: row.fileName,
    status: row.status,
    encoding: row.encoding,
    delimiter: row.delimiter,
    sizeBytes: row.sizeBytes,
    progress:
      row.status === 'done' ? 1 : row.sizeBytes === 0 ? 0 : Math.min(1, row.readBytes / row.sizeBytes),
    counts: {
      rows: row.rowsRead,
      created: row.created,
      updated: row.updated,
      skipped: row.skipped,
      rejected: row.rejected,
      joined: row.joined,
      warnings: row.warnings,
      footers: row.footers,
    },
    mapping: row.mapping,
    error: row.error,
    rehearsal: row.rehearsal,
    undo: row.undo,
    undoneAt: row.undoAt?.toISOString() ?? null,
    undoneBy: row.undoByName,
    canUndo: isRecent && row.hasTraces && (row.undo === null || row.undo.status === 'failed'),
    createdByName: row.createdByName,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
