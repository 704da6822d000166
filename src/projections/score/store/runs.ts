// Work that scores many leads, in PostgreSQL: what was asked and how far it is; and leads to try rules on.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'

export interface RunRow {
  id: string
  workspaceId: string
  cause: 'asked' | 'adopted'
  status: 'running' | 'done' | 'failed'
  leadIds: string[] | null
  afterId: string | null
  total: number
  done: number
  error: string | null
  createdBy: string
  createdAt: Date
  finishedAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", cause, status, lead_ids as "leadIds", after_id as "afterId", total, done,
  error, created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`

export async function insertRun(
  tx: Db,
  { id, workspaceId, cause, leadIds, createdBy, createdAt }: RunToMake,
): Promise<RunRow> {
  const made = await firstRow<RunRow>(
    tx,
    sql`insert into score_runs (id, workspace_id, cause, status, lead_ids, total, created_by, created_at)
        select ${id}, ${workspaceId}, ${cause}, 'running', ${leadIds}::uuid[],
          ${leadIds === null ? sql`(select count(*) from leads where workspace_id = ${workspaceId} and status <> 'merged')` : sql`${leadIds.length}`},
          ${createdBy}, ${createdAt}
        returning ${columns}`,
  )
  return made!
}

export type RunToMake = Pick<RunRow, 'id' | 'workspaceId' | 'cause' | 'leadIds' | 'createdBy' | 'createdAt'>

export async function readRun(db: Db, id: string): Promise<RunRow | undefined> {
  return firstRow(db, sql`select ${columns} from score_runs where id = ${id}`)
}

/** The newest run over every lead of a workspace. */
export async function readLatestRun(db: Db, workspaceId: string): Promise<RunRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from score_runs where workspace_id = ${workspaceId} and lead_ids is null order by id desc limit 1`,
  )
}

/** Other rules were adopted: runs over every lead that began before would do the same work twice. */
export async function endOlderRuns(tx: Db, workspaceId: string, now: Date): Promise<void> {
  await run(
    tx,
    sql`update score_runs set status = 'done', finished_at = ${now}
        where workspace_id = ${workspaceId} and lead_ids is null and status = 'running'`,
  )
}

/** Says how far a run is. */
export async function noteProgress(tx: Db, id: string, afterId: string | null, done: number): Promise<void> {
  await run(
    tx,
    sql`update score_runs set after_id = ${afterId}, done = least(total, done + ${done})
        where id = ${id} and status = 'running'`,
  )
}

export async function endRun(tx: Db, id: string, now: Date, error: string | null = null): Promise<void> {
  await run(
    tx,
    sql`update score_runs set status = ${error === null ? 'done' : 'failed'}, finished_at = ${now}, error = ${error},
          done = case when ${error === null} then total else done end, lead_ids = case when lead_ids is null then null else '{}'::uuid[] end
        where id = ${id} and status = 'running'`,
  )
}

/** The leads seen last, to try rules on. */
export async function readLeadsToTry(db: Db, workspaceId: string, limit: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select a.lead_id as id from lead_activity a join leads l on l.id = a.lead_id
        where a.workspace_id = ${workspaceId} and l.status = 'active' order by a.last_seen_at desc, a.lead_id desc limit ${limit}`,
  )
  if (found.length === limit) return found.map(({ id }) => id)
  const others = await rows<{ id: string }>(
    db,
    sql`select id from leads where workspace_id = ${workspaceId} and status = 'active'
        order by created_at desc, id desc limit ${limit}`,
  )
  return [...new Set([...found, ...others].map(({ id }) => id))].slice(0, limit)
}
