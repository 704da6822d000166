// What of connections and deliveries waits for a person, in PostgreSQL.
import { firstRow, rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Waiting } from './answers.ts'

/** Connections that no longer work, and since when. */
export async function readLostConnections(
  db: Db,
  workspaceId: string,
): Promise<{ id: string; name: string; connector: string; problem: string | null; lostAt: Date }[]> {
  return rows(
    db,
    sql`select id, name, connector, problem, coalesce(lost_at, updated_at) as "lostAt" from connections
        where workspace_id = ${workspaceId} and status in ('reconnect', 'failing') order by created_at, id limit 50`,
  )
}

/** Deliveries that a vendor or its rules refused, or whose answer was lost, since an instant. */
export async function readFailedDeliveries(db: Db, workspaceId: string, since: Date): Promise<Waiting> {
  const found = await firstRow<Waiting>(
    db,
    sql`select count(*)::int as count, max(settled_at) as "newestAt" from deliveries
        where workspace_id = ${workspaceId} and settled_at >= ${since}
          and (status = 'unknown' or (status = 'refused' and reason in ('vendor_refused', 'rules_broken', 'given_up')))`,
  )
  return found ?? { count: 0, newestAt: null }
}

export async function isConnection(db: Db, workspaceId: string, id: string): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from connections where workspace_id = ${workspaceId} and id = ${id}`,
  )
  return found !== undefined
}
