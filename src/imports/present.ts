// Shows a stored import as the API tells it.
import type { Import } from './contract.ts'
import type { ImportRow } from './store.ts'

export function present(row: ImportRow): Import {
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
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}
