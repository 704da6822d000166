// What the data-driven models found, and settings that are tried in the background.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { Found } from '../learned.ts'
import type { AttributionSettings } from '../settings.ts'
import type { Tally } from '../tally.ts'

/** A run of the data-driven models over the journeys to one goal. */
export interface StoredRun {
  id: string
  goal: string
  version: number
  learnedAt: Date
  startsAt: Date
  found: Found
}

/** The newest run of each goal. */
export async function readLatestRuns(db: Db, workspaceId: string): Promise<StoredRun[]> {
  return rows(
    db,
    sql`select distinct on (goal) id, goal, version, learned_at as "learnedAt", starts_at as "startsAt", found
        from attribution_runs where workspace_id = ${workspaceId} order by goal, learned_at desc`,
  )
}

/** Keeps a run, and those of the last 30 days beside it. */
export async function insertRun(tx: Db, workspaceId: string, one: StoredRun): Promise<void> {
  await run(
    tx,
    sql`insert into attribution_runs (id, workspace_id, goal, version, learned_at, starts_at, found)
        values (${one.id}, ${workspaceId}, ${one.goal}, ${one.version}, ${one.learnedAt}, ${one.startsAt},
          ${JSON.stringify(one.found)}::jsonb)`,
  )
  await run(
    tx,
    sql`delete from attribution_runs where workspace_id = ${workspaceId}
          and learned_at < ${one.learnedAt}::timestamptz - interval '30 days'`,
  )
}

export async function readWorkspaces(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(db, sql`select id from workspaces order by id`)
  return found.map(({ id }) => id)
}

/** Settings that are tried, and what they give so far beside those in force. */
export interface StoredWhatIf {
  id: string
  workspaceId: string
  settings: AttributionSettings
  basedOn: number
  status: 'running' | 'done' | 'failed'
  total: number
  done: number
  afterId: string | null
  result: { before: Tally; after: Tally }
  createdBy: string
  createdAt: Date
  finishedAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", settings, based_on as "basedOn", status, total, done, after_id as "afterId",
  result, created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`

export async function insertWhatIf(
  tx: Db,
  { id, workspaceId, settings, basedOn, total, result, createdBy, createdAt }: StoredWhatIf,
): Promise<void> {
  await run(
    tx,
    sql`insert into attribution_what_ifs (id, workspace_id, settings, based_on, status, total, result, created_by, created_at)
        values (${id}, ${workspaceId}, ${JSON.stringify(settings)}::jsonb, ${basedOn}, 'running', ${total},
          ${JSON.stringify(result)}::jsonb, ${createdBy}, ${createdAt})`,
  )
}

/** Those of a workspace that were begun after an instant, the newest first. */
export async function readWhatIfs(db: Db, workspaceId: string, since: Date): Promise<StoredWhatIf[]> {
  return rows(
    db,
    sql`select ${columns} from attribution_what_ifs
        where workspace_id = ${workspaceId} and created_at > ${since} order by id desc limit 20`,
  )
}

export async function readWhatIf(db: Db, workspaceId: string, id: string): Promise<StoredWhatIf | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from attribution_what_ifs where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** Notes how far a what-if has come. */
export async function noteWhatIf(
  tx: Db,
  { id, workspaceId, status, done, afterId, result, finishedAt }: StoredWhatIf,
): Promise<void> {
  await run(
    tx,
    sql`update attribution_what_ifs set status = ${status}, done = ${done}, after_id = ${afterId},
          result = ${JSON.stringify(result)}::jsonb, finished_at = ${finishedAt}
        where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

export async function forgetWhatIfs(db: Db, before: Date): Promise<void> {
  await run(db, sql`delete from attribution_what_ifs where created_at < ${before}`)
}

/** Leads of a workspace in the order of their ids, after one. */
export async function readLeadsAfter(
  db: Db,
  workspaceId: string,
  afterId: string | null,
  limit: number,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from leads where workspace_id = ${workspaceId} and status = 'active'
          ${afterId === null ? sql`` : sql`and id > ${afterId}`} order by id limit ${limit}`,
  )
  return found.map(({ id }) => id)
}

export async function countLeads(db: Db, workspaceId: string): Promise<number> {
  const found = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from leads where workspace_id = ${workspaceId} and status = 'active'`,
  )
  return found?.n ?? 0
}
