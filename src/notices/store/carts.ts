// Carts that were left behind of late, in PostgreSQL.
import { firstRow, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Waiting } from './answers.ts'

/** Of people who can be reached and have not bought since, and when the newest lay too long. */
export async function readAbandonedCarts(db: Db, workspaceId: string, since: Date): Promise<Waiting> {
  const found = await firstRow<Waiting>(
    db,
    sql`select count(*)::int as count, max(c.abandoned_at) as "newestAt"
        from carts c join leads l on l.id = c.lead_id and l.workspace_id = c.workspace_id
        where c.workspace_id = ${workspaceId} and c.abandoned_at >= ${since} and c.order_id is null and c.closed_at is null
          and l.is_known and l.status <> 'binned'`,
  )
  return found ?? { count: 0, newestAt: null }
}
