// A workspace's data in both stores: which tables hold it, and how it is taken out of them.
import { holdOffFeed } from '../leads/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { ask } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { firstRow, rows, run, sql, sqlState } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'

/** Tables that say who may use the workspace and how, or what was done in it: they outlive its data. */
const keptTables: readonly string[] = ['api_keys', 'audit_log', 'demos', 'idempotency_keys', 'write_keys']

/** The tables that hold data of a workspace: all that name one, but for those kept. */
export async function dataTables(db: Db): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`select c.relname as name from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        order by c.relname`,
  )
  return found.map((row) => row.name).filter((name) => !keptTables.includes(name))
}

/**
 * Empties a workspace in PostgreSQL, all tables in one snapshot, so that a lead that comes in meanwhile stays whole.
 * A worker that holds messages of it finds them gone when it settles them, and gives its batch up.
 */
export async function emptyPostgres(
  db: Db,
  workspaceId: string,
  onTable: (done: number, of: number) => Promise<void>,
): Promise<void> {
  // What the deletions note for the copy of the leads goes last: the copy is emptied whole.
  const owed = 'lead_facts_owed'
  const tables = [...(await dataTables(db)).filter((table) => table !== owed), owed]
  for (let attempt = 1; ; attempt++) {
    try {
      // Whatever waits goes first and by itself: from here on nothing of the old days can be decided.
      await run(db, sql`delete from inbox where workspace_id = ${workspaceId} and status = 0`)
      await db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          // A feed in work would write a lead into the copy after the copy was emptied.
          await holdOffFeed(tx)
          for (const [place, table] of tables.entries()) {
            await run(tx, sql`delete from ${sql.table(table)} where workspace_id = ${workspaceId}`)
            await onTable(place + 1, tables.length)
          }
        })
      return
    } catch (error) {
      if (!['40001', '40P01'].includes(sqlState(error) ?? '')) throw error
      if (attempt === 10) {
        throw new Refusal(
          'workspace_busy',
          409,
          'Events keep coming into the workspace, so that it could not be emptied. Stop what sends them, then try again.',
        )
      }
    }
  }
}

/** Batches that were decided before `at` and wait for ClickHouse. */
export async function openBatches(db: Db, at: Date): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from batches where closed_at is null and opened_at <= ${at}`,
  )
  return found?.count ?? 0
}

/** Forgets events that ClickHouse refused, of batches decided before the workspace was emptied. */
export async function forgetRefused(db: Db, workspaceId: string): Promise<void> {
  await run(db, sql`delete from refused_events where workspace_id = ${workspaceId}`)
}

/** The clock of PostgreSQL, which dates batches. */
export async function storeClock(db: Db): Promise<Date> {
  const found = await firstRow<{ now: Date }>(db, sql`select clock_timestamp() as now`)
  return found?.now ?? new Date(0)
}

/** Deletes a workspace's rows from every table of the log that names one, roll-ups included; returns when they are gone. */
export async function emptyLog(clickhouse: ClickHouse, workspaceId: string): Promise<void> {
  const tables = await ask<{ name: string }>(
    clickhouse,
    `select distinct c.table as name from system.columns c
     join system.tables t on t.database = c.database and t.name = c.table
     where c.database = currentDatabase() and c.name = 'workspace_id' and t.engine like '%MergeTree' order by name`,
  )
  for (const { name } of tables) {
    await clickhouse.command({
      query: `delete from ${name} where workspace_id = {workspace:UUID}`,
      query_params: { workspace: workspaceId },
      clickhouse_settings: { lightweight_deletes_sync: '2', mutations_sync: '2' },
    })
  }
}
