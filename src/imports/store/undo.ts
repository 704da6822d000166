// How far an import was taken back, and what a rehearsal counted.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Rehearsal, Undo } from '../contract.ts'
import type { ImportRow } from '../store.ts'

/** Begins to take an import back, or goes on after a failure. @returns false where it runs already, was done or has not ended */
export async function beginUndo(
  tx: Db,
  id: string,
  begun: { undo: Undo; at: Date; by: string },
): Promise<boolean> {
  const touched = await run(
    tx,
    sql`update imports set undo = case when undo is null then ${JSON.stringify(begun.undo)}::jsonb
            else jsonb_set(undo, '{status}', '"running"') end,
          undo_at = coalesce(undo_at, ${begun.at}), undo_by = ${begun.by},
          undo_row = coalesce(undo_row, 2147483647)
        where id = ${id} and status in ('done', 'failed', 'cancelled') and (undo is null or undo->>'status' = 'failed')`,
  )
  return touched === 1
}

export interface UndoRow {
  id: string
  workspaceId: string
  teamId: string
  kind: 'contacts' | 'orders'
  fileName: string
  startedAt: Date
  checkpointRow: number
  undo: Undo
  undoAt: Date
  undoBy: string
  undoRow: number
}

/** An import that is being taken back, locked so that one worker is at it. */
export async function lockUndo(tx: Db, id: string): Promise<UndoRow | undefined> {
  return firstRow(
    tx,
    sql`select i.id, i.workspace_id as "workspaceId", w.team_id as "teamId", i.kind, i.file_name as "fileName",
          i.started_at as "startedAt", i.checkpoint_row as "checkpointRow", i.undo, i.undo_at as "undoAt",
          i.undo_by as "undoBy", i.undo_row as "undoRow"
        from imports i join workspaces w on w.id = i.workspace_id
        where i.id = ${id} and i.undo->>'status' = 'running' for update of i`,
  )
}

export async function noteUndo(tx: Db, id: string, undo: Undo, row: number): Promise<void> {
  await run(
    tx,
    sql`update imports set undo = ${JSON.stringify(undo)}::jsonb, undo_row = ${row} where id = ${id}`,
  )
}

/** The clock that batches are opened by. */
export async function storeClock(db: Db): Promise<Date> {
  const read = await firstRow<{ at: Date }>(db, sql`select clock_timestamp() as at`)
  return read!.at
}

/** The instants at which an import wrote. */
export async function readTraceInstants(db: Db, id: string): Promise<Date[]> {
  const found = await rows<{ at: Date }>(
    db,
    sql`select distinct at from import_traces where import_id = ${id}`,
  )
  return found.map(({ at }) => at)
}

/**
 * Notes what a rehearsal of a waiting file counts.
 * @param reading as the file is read for it; none where it begins
 * @returns false where the file was started or read otherwise meanwhile
 */
export async function noteRehearsal(
  db: Db,
  id: string,
  rehearsal: Rehearsal,
  reading?: Pick<ImportRow, 'encoding' | 'delimiter' | 'mapping'>,
): Promise<boolean> {
  const isRead = reading
    ? sql`and rehearsal->>'status' = 'running' and encoding = ${reading.encoding} and delimiter = ${reading.delimiter}
        and mapping = ${JSON.stringify(reading.mapping)}::jsonb`
    : sql``
  const touched = await run(
    db,
    sql`update imports set rehearsal = ${JSON.stringify(rehearsal)}::jsonb
        where id = ${id} and status in ('uploaded', 'mapped') ${isRead}`,
  )
  return touched === 1
}
