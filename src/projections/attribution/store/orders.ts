// Markov models of higher orders that were asked for, in PostgreSQL.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { FoundOrder, HigherOrder } from '../higher-order.ts'

export interface StoredOrder {
  id: string
  workspaceId: string
  goal: string
  order: HigherOrder
  version: number
  status: 'running' | 'done' | 'failed' | 'cancelled'
  resamples: number
  drawn: number
  tookMs: number
  found: FoundOrder | null
  createdBy: string
  createdAt: Date
  finishedAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", goal, markov_order as "order", version, status, resamples, drawn,
  took_ms as "tookMs", found, created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`

export async function insertOrder(tx: Db, one: StoredOrder): Promise<void> {
  await run(
    tx,
    sql`insert into attribution_orders (id, workspace_id, goal, markov_order, version, status, resamples, created_by, created_at)
        values (${one.id}, ${one.workspaceId}, ${one.goal}, ${one.order}, ${one.version}, ${one.status}, ${one.resamples},
          ${one.createdBy}, ${one.createdAt})`,
  )
}

export async function readOrder(db: Db, workspaceId: string, id: string): Promise<StoredOrder | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from attribution_orders where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** Those begun after an instant, the newest first. */
export async function readOrders(db: Db, workspaceId: string, since: Date): Promise<StoredOrder[]> {
  return rows(
    db,
    sql`select ${columns} from attribution_orders where workspace_id = ${workspaceId} and created_at > ${since}
        order by id desc limit 50`,
  )
}

/** Notes how far one has come. @returns false where it is to go no further */
export async function noteOrder(
  db: Db,
  { id, drawn, tookMs }: Pick<StoredOrder, 'id' | 'drawn' | 'tookMs'>,
): Promise<boolean> {
  const noted = await firstRow(
    db,
    sql`update attribution_orders set drawn = ${drawn}, took_ms = ${tookMs}
        where id = ${id} and status = 'running' returning 1`,
  )
  return noted !== undefined
}

export async function endOrder(
  db: Db,
  one: Pick<StoredOrder, 'id' | 'status' | 'drawn' | 'tookMs' | 'found' | 'finishedAt'>,
): Promise<void> {
  await run(
    db,
    sql`update attribution_orders set status = ${one.status}, drawn = ${one.drawn}, took_ms = ${one.tookMs},
          found = ${one.found === null ? null : JSON.stringify(one.found)}::jsonb, finished_at = ${one.finishedAt}
        where id = ${one.id} and status = 'running'`,
  )
}

export async function forgetOrders(db: Db, before: Date): Promise<void> {
  await run(db, sql`delete from attribution_orders where created_at < ${before}`)
}
