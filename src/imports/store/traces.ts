// What each batch of an import did, kept so that the import can be taken back.
import { firstRow, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { ImportBatch, ImportTrace } from '../contract.ts'

/** Keeps what a batch did, in its transaction; nothing where it did nothing. */
export async function insertTrace(tx: Db, batch: ImportBatch, trace: ImportTrace, at: Date): Promise<void> {
  if (trace.leads.length + trace.orders.length + trace.changes.length === 0) return
  await run(
    tx,
    sql`insert into import_traces (import_id, to_row, at, leads, orders, changes)
        values (${batch.importId}, ${batch.toRow}, ${at}, ${trace.leads}::uuid[], ${trace.orders}::text[],
          ${JSON.stringify(trace.changes)})`,
  )
}

export interface StoredTrace extends ImportTrace {
  toRow: number
  at: Date
}

/** The last of an import's traces before a row: they are taken back from the end. */
export async function readTraceBefore(
  db: Db,
  importId: string,
  row: number,
): Promise<StoredTrace | undefined> {
  const found = await firstRow<Omit<StoredTrace, 'changes'> & { changes: string }>(
    db,
    sql`select to_row as "toRow", at, leads::text[] as leads, orders, changes from import_traces
        where import_id = ${importId} and to_row < ${row} order by to_row desc limit 1`,
  )
  return found && { ...found, changes: JSON.parse(found.changes) as ImportTrace['changes'] }
}

/** What is left to do of a batch that was taken back: the orders that stay, and the leads whose orders went. */
export interface TraceRest {
  keptOrders: string[]
  orderLeads: string[]
}

/** Leaves of a batch that was taken back what its log still needs. */
export async function noteTakenBack(
  tx: Db,
  importId: string,
  toRow: number,
  { keptOrders, orderLeads }: TraceRest,
): Promise<void> {
  await run(
    tx,
    sql`update import_traces set orders = ${keptOrders}::text[], leads = ${orderLeads}::uuid[], changes = '[]'
        where import_id = ${importId} and to_row = ${toRow}`,
  )
}

/** Of an import that was taken back: what all its batches left to do, and between which instants it wrote. */
export async function readTraceRest(
  db: Db,
  importId: string,
): Promise<(TraceRest & { workspaceId: string; from: Date; until: Date }) | undefined> {
  return firstRow(
    db,
    sql`select i.workspace_id as "workspaceId", min(t.at) as "from", max(t.at) as until,
          coalesce(array_agg(o.id) filter (where o.id is not null), '{}') as "keptOrders",
          coalesce((
            select array_agg(distinct l)::text[] from import_traces s cross join unnest(s.leads) l where s.import_id = ${importId}
          ), '{}') as "orderLeads"
        from import_traces t join imports i on i.id = t.import_id left join lateral unnest(t.orders) as o(id) on true
        where t.import_id = ${importId} and i.undo->>'status' = 'done' group by i.workspace_id`,
  )
}

export async function deleteTraces(tx: Db, importId: string): Promise<void> {
  await run(tx, sql`delete from import_traces where import_id = ${importId}`)
}

/** Forgets what imports did before `before`. */
export async function deleteOldTraces(db: Db, before: Date): Promise<void> {
  await run(db, sql`delete from import_traces where at < ${before}`)
}
