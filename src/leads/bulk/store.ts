// Bulk work in PostgreSQL: the leads fixed in chunks, and each action as one statement per chunk.
import type { RawBuilder } from 'kysely'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { columnsOfFields, fieldNames } from '../columns.ts'
import type { FixedLeads } from '../selection.ts'
import type { BulkAction, BulkJob } from './contract.ts'

/** Leads in one transaction: 5,000 are tagged in about a fifth of a second, which is how long live calls may wait. */
const CHUNK = 5_000

export interface JobRow extends Omit<BulkJob, 'createdAt' | 'finishedAt'> {
  workspaceId: string
  teamId: string
  nextSeq: number
  createdAt: Date
  finishedAt: Date | null
}

export async function insertJob(
  tx: Db,
  job: {
    id: string
    workspaceId: string
    teamId: string
    action: BulkAction
    selection: unknown
    total: number
    createdBy: string
    createdAt: Date
  },
): Promise<void> {
  await run(
    tx,
    sql`insert into bulk_jobs (id, workspace_id, team_id, action, selection, status, total, created_by, created_at)
        values (${job.id}, ${job.workspaceId}, ${job.teamId}, ${JSON.stringify(job.action)}::jsonb,
          ${JSON.stringify(job.selection)}::jsonb, 'running', ${job.total}, ${job.createdBy}, ${job.createdAt})`,
  )
}

/** Keeps the leads of a job, in the order in which they are worked. */
export async function insertChunks(tx: Db, jobId: string, leads: FixedLeads): Promise<void> {
  let seq = 0
  for (const ids of leads.pages(CHUNK)) {
    await run(
      tx,
      sql`insert into bulk_chunks (job_id, seq, lead_ids) values (${jobId}, ${seq++}, ${ids}::uuid[])`,
    )
  }
}

/** A job; locked until the transaction ends where `lock` is set, so that one worker is at it. */
export async function readJob(
  db: Db,
  id: string,
  options: { lock?: boolean; workspaceId?: string } = {},
): Promise<JobRow | undefined> {
  return firstRow(
    db,
    sql`select ${jobColumns} from bulk_jobs where id = ${id}
        ${options.workspaceId ? sql`and workspace_id = ${options.workspaceId}` : sql``}
        ${options.lock ? sql`for update` : sql``}`,
  )
}

export async function readJobs(db: Db, workspaceId: string): Promise<JobRow[]> {
  return rows(
    db,
    sql`select ${jobColumns} from bulk_jobs where workspace_id = ${workspaceId} order by status <> 'running', id desc limit 100`,
  )
}

/** Whether bulk work of any workspace waits or is at it. */
export async function isBulkAtWork(db: Db): Promise<boolean> {
  return (await firstRow(db, sql`select 1 from bulk_jobs where status = 'running' limit 1`)) !== undefined
}

/** The leads of a chunk; undefined past the last one. */
export async function readChunk(tx: Db, jobId: string, seq: number): Promise<string[] | undefined> {
  const found = await firstRow<{ ids: string[] }>(
    tx,
    sql`select lead_ids as ids from bulk_chunks where job_id = ${jobId} and seq = ${seq}`,
  )
  return found?.ids
}

export async function noteProgress(
  tx: Db,
  id: string,
  { done, changed, gone }: { done: number; changed: number; gone: number },
): Promise<void> {
  await run(
    tx,
    sql`update bulk_jobs set done = done + ${done}, changed = changed + ${changed}, gone = gone + ${gone},
          next_seq = next_seq + 1, failures = 0
        where id = ${id}`,
  )
}

/** Counts a try of a chunk that failed. @returns how often in a row */
export async function noteFailure(db: Db, id: string): Promise<number> {
  const [noted] = await rows<{ failures: number }>(
    db,
    sql`update bulk_jobs set failures = failures + 1 where id = ${id} and status = 'running' returning failures`,
  )
  return noted?.failures ?? 0
}

/** Ends a running job and forgets its leads. @returns false where it had ended already */
export async function endJob(
  tx: Db,
  id: string,
  status: 'done' | 'cancelled' | 'failed',
  now: Date,
  error: string | null = null,
): Promise<boolean> {
  const ended = await run(
    tx,
    sql`update bulk_jobs set status = ${status}, finished_at = ${now}, error = ${error} where id = ${id} and status = 'running'`,
  )
  if (ended === 0) return false
  await run(tx, sql`delete from bulk_chunks where job_id = ${id}`)
  return true
}

/** Of these leads those that are still there in this state, locked in the order of their ids. */
export async function lockWanted(
  tx: Db,
  workspaceId: string,
  ids: string[],
  status: 'active' | 'binned',
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select id from leads where id = any(${ids}::uuid[]) and workspace_id = ${workspaceId} and status = ${status}
        order by id for no key update`,
  )
  return found.map((row) => row.id)
}

/** Adds tags. @returns the leads that lacked one; those at 200 tags stay as they are */
export async function addTags(tx: Db, ids: string[], tags: string[], now: Date): Promise<string[]> {
  return changedIds(
    tx,
    sql`update leads l set
          tags = l.tags || array(select t from unnest(${tags}::text[]) as t where not l.tags @> array[t]), ${touched(now)}
        where l.id = any(${ids}::uuid[]) and not l.tags @> ${tags}::text[] and cardinality(l.tags) + ${tags.length}::int <= 200
        returning l.id`,
  )
}

export async function removeTags(tx: Db, ids: string[], tags: string[], now: Date): Promise<string[]> {
  return changedIds(
    tx,
    sql`update leads l set tags = array(select t from unnest(l.tags) with ordinality as u(t, nth) where t <> all(${tags}::text[]) order by nth),
          ${touched(now)}
        where l.id = any(${ids}::uuid[]) and l.tags && ${tags}::text[] returning l.id`,
  )
}

export async function assignOwner(
  tx: Db,
  ids: string[],
  ownerId: string | null,
  now: Date,
): Promise<string[]> {
  return changedIds(
    tx,
    sql`update leads l set owner_id = ${ownerId}, ${touched(now)}
        where l.id = any(${ids}::uuid[]) and l.owner_id is distinct from ${ownerId}::text returning l.id`,
  )
}

/**
 * Writes one field, with the word that stands behind it. A value that a stronger word stands behind stays.
 * @param field a field of every lead, or `fields.<key>`
 */
export async function setField(
  tx: Db,
  ids: string[],
  field: string,
  value: string | number | boolean | null,
  word: { rank: number; now: Date; customLimit: number },
): Promise<string[]> {
  const key = field.startsWith('fields.') ? field.slice('fields.'.length) : undefined
  const place = key === undefined ? columnOf(field) : field
  const json = sql`${JSON.stringify(value)}::jsonb`
  const column = sql.ref(`l.${place}`)
  const isOther =
    key === undefined
      ? sql`${column} is distinct from ${value}`
      : sql`coalesce(l.fields->${key}::text, 'null') is distinct from ${json}
            and (l.fields ? ${key}::text or (select count(*) from jsonb_object_keys(l.fields)) < ${word.customLimit}::int)`
  const write =
    key === undefined
      ? sql`${sql.ref(place)} = ${value}`
      : value === null
        ? sql`fields = l.fields - ${key}::text`
        : sql`fields = l.fields || jsonb_build_object(${key}::text, ${json})`
  // The word behind most values of a row stands once under `*`.
  const behind = sql`coalesce(l.provenance->${place}::text, l.provenance->'*')`
  return changedIds(
    tx,
    sql`update leads l set ${write},
          provenance = l.provenance || jsonb_build_object(${place}::text, jsonb_build_array(${word.rank}::int,
            greatest(${word.now.getTime()}::bigint, coalesce((${behind}->>1)::bigint, 0)))),
          ${touched(word.now)}
        where l.id = any(${ids}::uuid[]) and ${isOther} and coalesce((${behind}->>0)::int, 0) <= ${word.rank}::int
        returning l.id`,
  )
}

/** Moves leads to the bin. */
export async function binLeads(tx: Db, ids: string[], now: Date): Promise<string[]> {
  return changedIds(
    tx,
    sql`update leads l set status = 'binned', binned_at = ${now}, ${touched(now)} where l.id = any(${ids}::uuid[]) returning l.id`,
  )
}

/** Takes leads out of the bin. */
export async function unbinLeads(tx: Db, ids: string[], now: Date): Promise<string[]> {
  return changedIds(
    tx,
    sql`update leads l set status = 'active', binned_at = null, ${touched(now)} where l.id = any(${ids}::uuid[]) returning l.id`,
  )
}

function columnOf(field: string): string {
  const column = columnsOfFields[fieldNames.findIndex((name) => name === field)]
  if (column === undefined) throw new Error(`leads have no field ${field}`)
  return column
}

async function changedIds(tx: Db, query: RawBuilder<unknown>): Promise<string[]> {
  return (await rows(tx, query as RawBuilder<{ id: string }>)).map((row) => row.id)
}

function touched(now: Date) {
  return sql`revision = l.revision + 1, updated_at = ${now}`
}

const jobColumns = sql.raw(
  `id, workspace_id as "workspaceId", team_id as "teamId", action, status, total, done, changed, gone, next_seq as "nextSeq", error,
   created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`,
)
