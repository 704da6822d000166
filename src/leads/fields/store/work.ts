// Work on a custom field in PostgreSQL: its row, and what it writes to the leads of a slice.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { FieldJob, FieldWork } from '../contract.ts'
import { inSlice } from './values.ts'

export interface FieldJobRow extends Omit<FieldJob, 'createdAt' | 'finishedAt'> {
  workspaceId: string
  teamId: string
  afterId: string | null
  createdAt: Date
  finishedAt: Date | null
}

export async function insertFieldJob(
  tx: Db,
  job: Pick<
    FieldJobRow,
    'id' | 'workspaceId' | 'teamId' | 'key' | 'label' | 'total' | 'createdBy' | 'createdAt'
  > & {
    work: FieldWork
  },
): Promise<void> {
  await run(
    tx,
    sql`insert into field_jobs (id, workspace_id, team_id, key, label, work, status, total, created_by, created_at)
        values (${job.id}, ${job.workspaceId}, ${job.teamId}, ${job.key}, ${job.label}, ${JSON.stringify(job.work)}::jsonb,
          'running', ${job.total}, ${job.createdBy}, ${job.createdAt})`,
  )
}

/** A job; locked until the transaction ends where `lock` is set, so that one worker is at it. */
export async function readFieldJob(
  db: Db,
  id: string,
  options: { lock?: boolean } = {},
): Promise<FieldJobRow | undefined> {
  return firstRow(
    db,
    sql`select ${jobColumns} from field_jobs where id = ${id} ${options.lock ? sql`for update` : sql``}`,
  )
}

/** Those that run, and the last 20 that ended. */
export async function readFieldJobs(db: Db, workspaceId: string): Promise<FieldJobRow[]> {
  return rows(
    db,
    sql`select ${jobColumns} from field_jobs where workspace_id = ${workspaceId} order by status <> 'running', id desc limit 20`,
  )
}

/** The fields that running jobs work on or write to. */
export async function readBusyKeys(db: Db, workspaceId: string): Promise<string[]> {
  const found = await rows<{ keys: (string | null)[] }>(
    db,
    sql`select array[key, work->>'into'] as keys from field_jobs where workspace_id = ${workspaceId} and status = 'running'`,
  )
  return found.flatMap(({ keys }) => keys.filter((key) => key !== null))
}

/**
 * Whether every transaction has ended that ran when the job was first looked at: one of them may have read before the job was
 * begun how words are to be kept, and write by that.
 */
export async function othersHaveEnded(tx: Db, id: string): Promise<boolean> {
  const [row] = await rows<{ ended: boolean }>(
    tx,
    sql`update field_jobs set waits_for = coalesce(waits_for, pg_snapshot_xmax(pg_current_snapshot())) where id = ${id}
        returning pg_snapshot_xmin(pg_current_snapshot()) >= waits_for as ended`,
  )
  return row?.ended ?? true
}

export async function noteFieldProgress(
  tx: Db,
  id: string,
  step: { afterId: string; done: number; changed: number; unfit: number },
): Promise<void> {
  await run(
    tx,
    sql`update field_jobs set after_id = ${step.afterId}, done = done + ${step.done}, changed = changed + ${step.changed},
          unfit = unfit + ${step.unfit}, failures = 0 where id = ${id}`,
  )
}

/** Counts a try of a slice that failed. @returns how often in a row */
export async function noteFieldFailure(db: Db, id: string): Promise<number> {
  const [noted] = await rows<{ failures: number }>(
    db,
    sql`update field_jobs set failures = failures + 1 where id = ${id} and status = 'running' returning failures`,
  )
  return noted?.failures ?? 0
}

export async function endFieldJob(
  tx: Db,
  id: string,
  status: 'done' | 'failed' | 'cancelled',
  now: Date,
  error: string | null,
): Promise<void> {
  await run(
    tx,
    sql`update field_jobs set status = ${status}, finished_at = ${now}, error = ${error} where id = ${id} and status = 'running'`,
  )
}

/** Lets a job that failed run again. */
export async function reviveFieldJob(tx: Db, id: string): Promise<void> {
  await run(
    tx,
    sql`update field_jobs set status = 'running', failures = 0, error = null, finished_at = null where id = ${id}`,
  )
}

/** Lets a job that was stopped run from the beginning: leads that it had done may have got words of the field since. */
export async function restartFieldJob(tx: Db, id: string, total: number): Promise<void> {
  await run(
    tx,
    sql`update field_jobs set after_id = null, waits_for = null, total = ${total}, done = 0, changed = 0, unfit = 0
        where id = ${id}`,
  )
  await reviveFieldJob(tx, id)
}

type Slice = { afterId: string | null; toId: string }

/** A lead with its value of a field, locked. */
export interface HeldValue {
  id: string
  isMerged: boolean
  value: unknown
}

/** The leads of a slice whose value of a field JSON has as another kind than the type, locked in the order of their ids. */
export async function lockValues(
  tx: Db,
  workspaceId: string,
  key: string,
  slice: Slice,
): Promise<HeldValue[]> {
  return rows(
    tx,
    sql`select l.id, l.status = 'merged' as "isMerged", l.fields->${key}::text as value from leads l
        where ${inSlice(workspaceId, slice)} and l.fields ? ${key}::text order by l.id for no key update`,
  )
}

/** Writes values of one field. What they say stays the same, so the word behind them and the time of the last change do, too. */
export async function writeValues(
  tx: Db,
  key: string,
  values: readonly { id: string; value: unknown }[],
): Promise<void> {
  if (values.length === 0) return
  await run(
    tx,
    sql`update leads l set fields = l.fields || jsonb_build_object(${key}::text, r.value), revision = l.revision + 1
        from unnest(${values.map((v) => v.id)}::uuid[], ${values.map((v) => JSON.stringify(v.value))}::jsonb[]) as r(id, value)
        where l.id = r.id`,
  )
}

type Word = [rank: number, at: number]

/** A lead with its values of two fields and the words behind them, locked; undefined where it has no value. */
export interface HeldPair {
  id: string
  isMerged: boolean
  from: unknown
  into: unknown
  fromWord: Word | null
  intoWord: Word | null
}

/** The leads of a slice with a word of the field `from`, locked in the order of their ids. */
export async function lockPairs(
  tx: Db,
  workspaceId: string,
  { from, into }: { from: string; into: string },
  slice: Slice,
): Promise<HeldPair[]> {
  // The word behind most values of a row stands once under `*`.
  const word = (key: string) =>
    sql`coalesce(l.provenance->${`fields.${key}`}::text, case when l.fields ? ${key}::text then l.provenance->'*' end)`
  const found = await rows<HeldPair>(
    tx,
    sql`select l.id, l.status = 'merged' as "isMerged", l.fields->${from}::text as from, l.fields->${into}::text as into,
          ${word(from)} as "fromWord", ${word(into)} as "intoWord"
        from leads l
        where ${inSlice(workspaceId, slice)} and (l.fields ? ${from}::text or l.provenance ? ${`fields.${from}`}::text)
        order by l.id for no key update`,
  )
  return found.map((pair) => ({ ...pair, from: pair.from ?? undefined, into: pair.into ?? undefined }))
}

/** What becomes of a lead's values of two fields: the first goes, the second takes a value or stays. */
export interface MergedPair {
  id: string
  /** undefined where what stands stays */
  takes?: { value: unknown; word: Word | null }
  /** another value went: that counts as a change of the lead */
  isLost: boolean
}

export async function writePairs(
  tx: Db,
  { from, into }: { from: string; into: string },
  pairs: readonly MergedPair[],
  now: Date,
): Promise<void> {
  if (pairs.length === 0) return
  const [old, place] = [`fields.${from}`, `fields.${into}`]
  const json = (value: unknown) => JSON.stringify(value ?? null)
  await run(
    tx,
    sql`update leads l set
          fields = case when r.takes then l.fields - ${from}::text || jsonb_build_object(${into}::text, r.value)
            else l.fields - ${from}::text end,
          provenance = case when not r.takes then l.provenance - ${old}::text
            when r.word = 'null' then l.provenance - array[${old}, ${place}]::text[]
            else l.provenance - ${old}::text || jsonb_build_object(${place}::text, r.word) end,
          revision = l.revision + 1, updated_at = case when r.lost then ${now}::timestamptz else l.updated_at end
        from unnest(${pairs.map((p) => p.id)}::uuid[], ${pairs.map((p) => p.takes !== undefined)}::boolean[],
          ${pairs.map((p) => json(p.takes?.value))}::jsonb[], ${pairs.map((p) => json(p.takes?.word))}::jsonb[],
          ${pairs.map((p) => p.isLost)}::boolean[]) as r(id, takes, value, word, lost)
        where l.id = r.id`,
  )
}

/** Takes a field off the leads of a slice. @returns of those that are no part of others, how many had a value */
export async function dropValues(
  tx: Db,
  workspaceId: string,
  key: string,
  slice: Slice,
  now: Date,
): Promise<number> {
  const place = `fields.${key}`
  const dropped = await rows<{ had: boolean }>(
    tx,
    sql`with held as materialized (
          select l.id, l.fields ? ${key}::text and l.status <> 'merged' as had from leads l
          where ${inSlice(workspaceId, slice)} and (l.fields ? ${key}::text or l.provenance ? ${place}::text)
          order by l.id for no key update
        )
        update leads l set fields = l.fields - ${key}::text, provenance = l.provenance - ${place}::text,
          revision = l.revision + 1, updated_at = ${now}
        from held where l.id = held.id returning held.had`,
  )
  return dropped.filter(({ had }) => had).length
}

const jobColumns = sql.raw(
  `id, workspace_id as "workspaceId", team_id as "teamId", key, label, work, status, total, done, changed, unfit, error,
   after_id as "afterId", created_by as "createdBy", created_at as "createdAt", finished_at as "finishedAt"`,
)
