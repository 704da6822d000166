// The copy of the leads in ClickHouse: what PostgreSQL owes it, what a fresh row is made of, and writing it.
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { factColumns, goneColumns } from '../fact-row.ts'

/** Leads of a workspace whose row in the copy is out of date, as one statement left them. */
export interface OwedLeads {
  id: number
  workspaceId: string
  leadIds: string[]
}

export type FeedLane = 'live' | 'bulk'

/** A workspace whose rows are all to be written anew. */
export interface OwedWorkspace {
  id: number
  workspaceId: string
  afterId: string | null
  sinceVersion: number | null
}

/** Holds the feed until the transaction ends. @returns false where another process has it */
export async function holdFeed(tx: Db): Promise<boolean> {
  const held = await firstRow<{ held: boolean }>(tx, sql`select pg_try_advisory_xact_lock(7320) as held`)
  return held?.held ?? false
}

/** Waits until no feed is at work and holds it off until the transaction ends. */
export async function holdOffFeed(tx: Db): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(7320)`)
}

/** Whether anything is owed; asked often, so that it reads one row. */
export async function isAnythingOwed(db: Db): Promise<boolean> {
  return (await firstRow(db, sql`select 1 from lead_facts_owed limit 1`)) !== undefined
}

/** Statements that changed more leads than this are bulk, whoever made them: a batch of tracking is at most so large. */
const BULK_FROM = 2_000

/** Has what the transaction changes go behind what people just did: an import, bulk work. */
export async function markBulk(tx: Db): Promise<void> {
  await run(tx, sql`select set_config('throughline.bulk', 'on', true)`)
}

/** Whether the copy has had every lead of a workspace once: not while it is filled after an upgrade or a rebuild. */
export async function isCopyWhole(db: Db, workspaceId: string): Promise<boolean> {
  const waiting = await firstRow(
    db,
    sql`select 1 from lead_facts_owed where workspace_id = ${workspaceId} and lead_ids is null limit 1`,
  )
  return waiting === undefined
}

/** What is owed longest, some `limit` leads. @param lane what people did, or bulk work */
export async function readOwedLeads(tx: Db, limit: number, lane: FeedLane): Promise<OwedLeads[]> {
  const isBulk = sql`(is_bulk or cardinality(lead_ids) > ${BULK_FROM})`
  const isInLane =
    lane === 'live' ? sql`lead_ids is not null and not ${isBulk}` : sql`lead_ids is not null and ${isBulk}`
  return rows(
    tx,
    sql`select id, workspace_id as "workspaceId", lead_ids as "leadIds"
        from (
          select *, sum(cardinality(lead_ids)) over (order by id) - cardinality(lead_ids) as before
          from (select * from lead_facts_owed where ${isInLane} order by id limit 1000) oldest
        ) counted
        where before < ${limit} order by id`,
  )
}

/** All that a workspace owes lead by lead: how many leads, and their ids where they are no more than the limit. */
export async function readOwedOf(
  tx: Db,
  workspaceId: string,
  limit: number,
): Promise<{ leads: number; leadIds: string[] }> {
  const found = await firstRow<{ leads: number; leadIds: string[] | null }>(
    tx,
    sql`with named as (
          select distinct unnest(lead_ids) as id from lead_facts_owed
          where workspace_id = ${workspaceId} and lead_ids is not null
        )
        select count(*)::int as leads,
               case when count(*) <= ${limit} then array_agg(id order by id) end as "leadIds" from named`,
  )
  return { leads: found?.leads ?? 0, leadIds: found?.leadIds ?? [] }
}

/** The workspace that waits longest to be written anew. */
export async function readOwedWorkspace(tx: Db): Promise<OwedWorkspace | undefined> {
  return firstRow(
    tx,
    sql`select id, workspace_id as "workspaceId", after_id as "afterId", since_version as "sinceVersion"
        from lead_facts_owed where lead_ids is null order by id limit 1`,
  )
}

export async function clearOwed(tx: Db, ids: number[]): Promise<void> {
  await run(tx, sql`delete from lead_facts_owed where id = any(${ids}::bigint[])`)
}

/** Clears what the changes of this transaction itself owe; those since a savepoint are another's. */
export async function clearOwnOwed(tx: Db): Promise<void> {
  await run(tx, sql`delete from lead_facts_owed where xmin = pg_current_xact_id()::xid`)
}

export async function noteRefilled(tx: Db, { id, afterId, sinceVersion }: OwedWorkspace): Promise<void> {
  await run(
    tx,
    sql`update lead_facts_owed set after_id = ${afterId}, since_version = ${sinceVersion} where id = ${id}`,
  )
}

/** Lets the copy of a workspace that was emptied be filled with the leads that came in meanwhile, if any did. */
export async function oweNewcomers(db: Db, workspaceId: string): Promise<void> {
  const found = await rows(db, sql`select 1 from leads where workspace_id = ${workspaceId} limit 1`)
  if (found.length > 0) await oweWorkspace(db, workspaceId)
}

/** Lets every row of a workspace be written anew, from its beginning. */
export async function oweWorkspace(db: Db, workspaceId: string): Promise<void> {
  await run(
    db,
    sql`with waiting as (delete from lead_facts_owed where workspace_id = ${workspaceId} and lead_ids is null)
        insert into lead_facts_owed (workspace_id) values (${workspaceId})`,
  )
}

/** Lets leads be understood and sent anew, as if each had changed: few at once go before many. */
export async function oweLeads(db: Db, workspaceId: string, leadIds: readonly string[]): Promise<void> {
  for (let at = 0; at < leadIds.length; at += OWED_AT_ONCE) {
    const some = leadIds.slice(at, at + OWED_AT_ONCE)
    await run(
      db,
      sql`insert into lead_facts_owed (workspace_id, lead_ids, is_bulk)
          values (${workspaceId}, ${some}::uuid[], ${leadIds.length > LOOKED_FOR_AT_ONCE})`,
    )
  }
}

const OWED_AT_ONCE = 2_000
/** More than these are bulk. */
const LOOKED_FOR_AT_ONCE = 500

/** Leads whose row of the copy has a version above one, at most so many. */
export async function changedSince(
  clickhouse: ClickHouse,
  workspaceId: string,
  version: number,
  limit: number,
): Promise<string[]> {
  const found = await ask<{ id: string }>(
    clickhouse,
    `select distinct lead_id as id from lead_facts
     where workspace_id = {workspace:UUID} and version > {version:UInt64} limit {limit:UInt32}`,
    { workspace: workspaceId, version, limit },
  )
  return found.map((row) => row.id)
}

/** What is owed to the copy. */
export interface OwedState {
  leads: number
  /** those that are owed whole */
  workspaces: number
  /** how far those are; another text after each step */
  position: string
}

export async function owedState(db: Db): Promise<OwedState> {
  const found = await firstRow<OwedState>(
    db,
    sql`select coalesce(sum(cardinality(lead_ids)), 0)::int as leads,
               count(*) filter (where lead_ids is null)::int as workspaces,
               coalesce(string_agg(after_id::text, ' ' order by id), '') as position from lead_facts_owed`,
  )
  return found ?? { leads: 0, workspaces: 0, position: '' }
}

/** A version above all that were taken before. */
export async function nextVersion(db: Db): Promise<number> {
  const next = await firstRow<{ version: number }>(db, sql`select nextval('lead_facts_version') as version`)
  return next!.version
}

/** Lets every version that is taken from now on be above one. */
export async function raiseVersion(db: Db, above: number): Promise<void> {
  await run(db, sql`select setval('lead_facts_version', greatest(nextval('lead_facts_version'), ${above}))`)
}

/** The ids of leads after one, in their order. */
export async function leadIdsAfter(
  db: Db,
  workspaceId: string,
  afterId: string | null,
  limit: number,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from leads where workspace_id = ${workspaceId} and status <> 'merged'
          ${afterId === null ? sql`` : sql`and id > ${afterId}`} order by id limit ${limit}`,
  )
  return found.map((row) => row.id)
}

/** Writes rows; `lines` are those of `factsLine`. */
export async function insertFacts(
  clickhouse: ClickHouse,
  lines: string[],
  signal?: AbortSignal,
): Promise<void> {
  await insertLines(clickhouse, factColumns, lines, signal)
}

/** Writes that leads are gone; `lines` are those of `goneLine`. */
export async function insertGone(clickhouse: ClickHouse, lines: string[]): Promise<void> {
  await insertLines(clickhouse, goneColumns, lines)
}

/**
 * Takes what was known of leads off the disk that were told to be gone under a version. They are looked up, since the ids of
 * more than some hundred leads are too long for the address of a statement.
 */
export async function eraseFacts(
  clickhouse: ClickHouse,
  workspaceId: string,
  version: number,
): Promise<void> {
  await clickhouse.command({
    query: `alter table lead_facts delete
            where workspace_id = {workspace:UUID} and state != 'gone' and lead_id in (
              select lead_id from lead_facts
              where workspace_id = {workspace:UUID} and state = 'gone' and version = {version:UInt64})`,
    query_params: { workspace: workspaceId, version },
  })
}

/** The highest version among the rows of a workspace; 0 where there are none. */
export async function highestVersion(clickhouse: ClickHouse, workspaceId: string): Promise<number> {
  const [found] = await ask<{ version: number | string }>(
    clickhouse,
    `select max(version) as version from lead_facts where workspace_id = {workspace:UUID}`,
    { workspace: workspaceId },
  )
  return Number(found?.version ?? 0)
}

/** Leads of a workspace whose rows are older than a version. */
export async function readStaleIds(
  clickhouse: ClickHouse,
  workspaceId: string,
  version: number,
  limit: number,
): Promise<string[]> {
  const found = await ask<{ id: string }>(
    clickhouse,
    `select lead_id as id from lead_facts final
     where workspace_id = {workspace:UUID} and state != 'gone' and version < {version:UInt64} limit {limit:UInt32}`,
    { workspace: workspaceId, version, limit },
  )
  return found.map((row) => row.id)
}

// A text that looks like a date stays a text: which of a field's values are dates, the row has said already.
async function insertLines(
  clickhouse: ClickHouse,
  columns: readonly string[],
  lines: string[],
  signal?: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return
  const reply = await clickhouse.exec({
    query: `insert into lead_facts (${columns.join(', ')}) format JSONCompactEachRow`,
    values: Readable.from([Buffer.from(lines.join('\n'))]),
    ...(signal ? { abort_signal: signal } : {}),
    clickhouse_settings: {
      insert_distributed_sync: 1,
      async_insert: 0,
      input_format_try_infer_dates: 0,
      input_format_try_infer_datetimes: 0,
    },
  })
  // The connection is free for the next call only once the (empty) reply is read.
  reply.stream.resume()
  await finished(reply.stream)
}
