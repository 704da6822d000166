// Imports in PostgreSQL: their row, the pieces of their file, their checkpoint, and the rows that were refused.
import type { Encoding } from '../lib/csv/encoding.ts'
import type { Delimiter } from '../lib/csv/dialect.ts'
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { ImportBatch, ImportStatus, ImportedField, Mapping, Rehearsal, Undo } from './contract.ts'

export interface ImportRow {
  id: string
  workspaceId: string
  kind: 'contacts' | 'orders'
  fileName: string
  status: ImportStatus
  encoding: Encoding
  delimiter: Delimiter
  headerRow: number
  mapping: Mapping
  sizeBytes: number
  readBytes: number
  checkpointRow: number
  rowsRead: number
  created: number
  updated: number
  skipped: number
  rejected: number
  joined: number
  warnings: number
  footers: number
  error: string | null
  rehearsal: Rehearsal | null
  undo: Undo | null
  undoAt: Date | null
  undoBy: string | null
  undoByName: string | null
  /** whether it is known what it did, so that it can be taken back */
  hasTraces: boolean
  createdBy: string
  createdByName: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", kind, file_name as "fileName", status, encoding, delimiter,
  header_row as "headerRow", mapping, size_bytes as "sizeBytes", read_bytes as "readBytes",
  checkpoint_row as "checkpointRow", rows_read as "rowsRead", created, updated, skipped, rejected, joined, warnings,
  footers, error, created_by as "createdBy", created_at as "createdAt", started_at as "startedAt",
  finished_at as "finishedAt", rehearsal, undo, undo_at as "undoAt", undo_by as "undoBy", ${nameOf('undo_by')} as "undoByName",
  ${nameOf('created_by')} as "createdByName",
  exists (select from import_traces t where t.import_id = imports.id) as "hasTraces"`

// A member by name, a key by its name, and the command line.
function nameOf(column: 'created_by' | 'undo_by') {
  const actor = sql.ref(`imports.${column}`)
  return sql`coalesce(
    (select u.name from users u where 'user:' || u.id = ${actor}),
    (select k.name from api_keys k where 'key:' || k.id = ${actor}),
    case when ${actor} = 'operator' then 'Command line' else ${actor} end)`
}

export async function insertImport(
  db: Db,
  made: {
    id: string
    workspaceId: string
    fileName: string
    mapping: Mapping
    createdBy: string
    createdAt: Date
  },
): Promise<void> {
  await run(
    db,
    sql`insert into imports (id, workspace_id, kind, file_name, status, encoding, delimiter, header_row, mapping, created_by, created_at)
        values (${made.id}, ${made.workspaceId}, 'contacts', ${made.fileName}, 'uploading', 'utf-8', ',', 1,
          ${JSON.stringify(made.mapping)}::jsonb, ${made.createdBy}, ${made.createdAt})`,
  )
}

export async function deleteImport(db: Db, id: string): Promise<void> {
  await run(db, sql`delete from imports where id = ${id}`)
}

export async function insertChunk(db: Db, id: string, seq: number, bytes: Buffer): Promise<void> {
  await run(db, sql`insert into import_chunks (import_id, seq, bytes) values (${id}, ${seq}, ${bytes})`)
}

/** One piece of the file, gzipped; undefined after the last. */
export async function readChunk(db: Db, id: string, seq: number): Promise<Buffer | undefined> {
  const found = await firstRow<{ bytes: Buffer }>(
    db,
    sql`select bytes from import_chunks where import_id = ${id} and seq = ${seq}`,
  )
  return found?.bytes
}

export async function readImportRow(db: Db, workspaceId: string, id: string): Promise<ImportRow | undefined> {
  return firstRow(db, sql`select ${columns} from imports where workspace_id = ${workspaceId} and id = ${id}`)
}

/** For the worker, which serves every workspace. */
export async function readAnyImportRow(db: Db, id: string): Promise<ImportRow | undefined> {
  return firstRow(db, sql`select ${columns} from imports where id = ${id}`)
}

export async function readImportRows(
  db: Db,
  workspaceId: string,
  page: { before: string | undefined; limit: number },
): Promise<ImportRow[]> {
  return rows(
    db,
    sql`select ${columns} from imports where workspace_id = ${workspaceId} and status <> 'uploading'
        ${page.before === undefined ? sql`` : sql`and id < ${page.before}`}
        order by id desc limit ${page.limit}`,
  )
}

/** Imports to work on, the one that waits longest first. */
export async function readRunning(db: Db): Promise<{ id: string; workspaceId: string; kind: string }[]> {
  return rows(
    db,
    sql`select id, workspace_id as "workspaceId", kind from imports where status = 'running' order by started_at, id limit 100`,
  )
}

/** How the file is read; only while it is not started. False where it is too late. */
export async function updateReading(
  db: Db,
  id: string,
  reading: {
    status: 'uploaded' | 'mapped'
    encoding: Encoding
    delimiter: Delimiter
    headerRow: number
    mapping: Mapping
    sizeBytes?: number
  },
): Promise<boolean> {
  const touched = await run(
    db,
    sql`update imports set status = ${reading.status}, kind = ${reading.mapping.kind}, encoding = ${reading.encoding},
          delimiter = ${reading.delimiter}, header_row = ${reading.headerRow},
          mapping = ${JSON.stringify(reading.mapping)}::jsonb, rehearsal = null,
          size_bytes = coalesce(${reading.sizeBytes ?? null}::bigint, size_bytes)
        where id = ${id} and status in ('uploading', 'uploaded', 'mapped')`,
  )
  return touched === 1
}

export async function markRunning(db: Db, id: string, at: Date): Promise<boolean> {
  const touched = await run(
    db,
    sql`update imports set status = 'running', started_at = ${at} where id = ${id} and status in ('uploaded', 'mapped')`,
  )
  return touched === 1
}

/** Ends an import that has not ended yet, and lets go of its file. */
export async function markEnded(
  tx: Db,
  id: string,
  ended: { status: 'failed' | 'cancelled'; error: string | null; at: Date },
): Promise<boolean> {
  const touched = await run(
    tx,
    sql`update imports set status = ${ended.status}, error = ${ended.error}, finished_at = ${ended.at}
        where id = ${id} and status in ('uploaded', 'mapped', 'running')`,
  )
  if (touched === 1) await deleteChunks(tx, id)
  return touched === 1
}

export async function deleteChunks(db: Db, id: string): Promise<void> {
  await run(db, sql`delete from import_chunks where import_id = ${id}`)
}

/**
 * Moves the checkpoint over a batch and counts it; undefined where the import does not stand at `fromRow` any more or
 * does not run. Gives the warnings that were counted before.
 */
export async function moveCheckpoint(
  tx: Db,
  batch: ImportBatch,
  counts: {
    created: number
    updated: number
    skipped: number
    rejected: number
    joined: number
    warnings: number
  },
  at: Date,
): Promise<{ warningsBefore: number } | undefined> {
  const status = batch.done ? (batch.failure === null ? 'done' : 'failed') : 'running'
  const moved = await firstRow<{ warnings: number }>(
    tx,
    sql`update imports set checkpoint_row = ${batch.toRow}, read_bytes = greatest(read_bytes, ${batch.readBytes}),
          rows_read = rows_read + ${batch.rows}, created = created + ${counts.created}, updated = updated + ${counts.updated},
          skipped = skipped + ${counts.skipped}, rejected = rejected + ${counts.rejected}, joined = joined + ${counts.joined},
          warnings = warnings + ${counts.warnings}, footers = footers + ${batch.footerRows}, status = ${status},
          error = ${batch.failure}, finished_at = ${batch.done ? at : null}
        where id = ${batch.importId} and workspace_id = ${batch.workspaceId} and status = 'running'
          and checkpoint_row = ${batch.fromRow}
        returning warnings`,
  )
  return moved && { warningsBefore: moved.warnings - counts.warnings }
}

/** The zone of a workspace and the custom fields it has, each with the keys that were merged into it. */
export async function readSurroundings(
  db: Db,
  workspaceId: string,
): Promise<{ timeZone: string; fields: (ImportedField & { formerKeys: string[] })[] }> {
  const workspace = await firstRow<{ timeZone: string }>(
    db,
    sql`select time_zone as "timeZone" from workspaces where id = ${workspaceId}`,
  )
  const fields = await rows<ImportedField & { formerKeys: string[] }>(
    db,
    sql`select key, label, type, array(
          select former.key from custom_fields former
          where former.workspace_id = c.workspace_id and former.merged_into = c.key order by 1) as "formerKeys"
        from custom_fields c where workspace_id = ${workspaceId} and merged_into is null and not is_leaving`,
  )
  return { timeZone: workspace?.timeZone ?? 'UTC', fields }
}

/** Uploads that broke off and files that nobody started since `before`. */
export async function deleteAbandoned(db: Db, before: { uploading: Date; waiting: Date }): Promise<number> {
  return run(
    db,
    sql`delete from imports where (status = 'uploading' and created_at < ${before.uploading})
          or (status in ('uploaded', 'mapped') and created_at < ${before.waiting})`,
  )
}
