// How each lead source stands, and what it caught, in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'

export interface SourceState {
  connectionId: string
  workspaceId: string
  webhookUrl: string | null
  listeningAt: Date | null
  toldAt: Date | null
  challengedAt: Date | null
  caughtUpTo: Date | null
  caughtUpAt: Date | null
  catchingSince: Date | null
  catchingFrom: Date | null
  catchingCursor: string | null
  missed: number
  problem: string | null
}

const columns = sql`connection_id as "connectionId", workspace_id as "workspaceId", webhook_url as "webhookUrl",
  listening_at as "listeningAt", told_at as "toldAt", challenged_at as "challengedAt", caught_up_to as "caughtUpTo",
  caught_up_at as "caughtUpAt", catching_since as "catchingSince", catching_from as "catchingFrom",
  catching_cursor as "catchingCursor", missed, problem`

export type SourceId = Pick<SourceState, 'connectionId' | 'workspaceId'>

export async function readStates(db: Db, workspaceId: string): Promise<SourceState[]> {
  return rows(db, sql`select ${columns} from lead_source_states where workspace_id = ${workspaceId}`)
}

export async function readState(
  db: Db,
  { connectionId, workspaceId }: SourceId,
): Promise<SourceState | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from lead_source_states where connection_id = ${connectionId} and workspace_id = ${workspaceId}`,
  )
}

async function change(
  db: Db,
  { connectionId, workspaceId }: SourceId,
  set: ReturnType<typeof sql>,
): Promise<void> {
  await run(
    db,
    sql`insert into lead_source_states (connection_id, workspace_id) values (${connectionId}, ${workspaceId})
        on conflict do nothing`,
  )
  await run(
    db,
    sql`update lead_source_states set ${set} where connection_id = ${connectionId} and workspace_id = ${workspaceId}`,
  )
}

/** The vendor told of a lead. */
export function noteTold(db: Db, id: SourceId, at: Date): Promise<void> {
  return change(db, id, sql`told_at = ${at}`)
}

/** The vendor asked the address to prove itself, and it did. */
export function noteChallenge(db: Db, id: SourceId, at: Date): Promise<void> {
  return change(db, id, sql`challenged_at = ${at}`)
}

/** The vendor was asked to tell of leads; `problem` where it would not. */
export function saveListening(
  db: Db,
  id: SourceId,
  { webhookUrl, at, problem }: { webhookUrl: string; at: Date | null; problem: string | null },
): Promise<void> {
  return change(
    db,
    id,
    sql`webhook_url = ${webhookUrl}, listening_at = coalesce(${at}, listening_at), problem = ${problem}`,
  )
}

/** A catch-up begins, unless one is under way. */
export function beginCatching(db: Db, id: SourceId, since: Date, from: Date): Promise<void> {
  return change(
    db,
    id,
    sql`catching_since = coalesce(catching_since, ${since}), catching_from = coalesce(catching_from, ${from})`,
  )
}

/** How far a catch-up has come, and what it found that nothing had told of. */
export function saveCatching(db: Db, id: SourceId, cursor: string | null, missed: number): Promise<void> {
  return change(db, id, sql`catching_cursor = ${cursor}, missed = missed + ${missed}`)
}

/** A catch-up has come to its end: everything left before it began is known. */
export function endCatching(db: Db, id: SourceId, at: Date): Promise<void> {
  return change(
    db,
    id,
    sql`caught_up_to = catching_from, caught_up_at = ${at}, catching_since = null, catching_from = null,
        catching_cursor = null, problem = null`,
  )
}

/** A catch-up is given up; the next begins where this one began. */
export function dropCatching(db: Db, id: SourceId, problem: string): Promise<void> {
  return change(
    db,
    id,
    sql`catching_since = null, catching_from = null, catching_cursor = null, problem = ${problem}`,
  )
}

export interface CaughtCounts {
  connectionId: string
  waiting: number
  caught: number
  tests: number
  failed: number
  withdrawn: number
  /** the oldest that waits */
  waitingSince: Date | null
  lastLeadAt: Date | null
  lastTestAt: Date | null
  /** of those caught in the last 30 days */
  quality: number | null
}

/** What each connection of a workspace caught. */
export async function countCaught(db: Db, workspaceId: string, now: Date): Promise<CaughtCounts[]> {
  return rows(
    db,
    sql`select connection_id as "connectionId",
          count(*) filter (where status = 'waiting')::int as waiting,
          count(*) filter (where status = 'caught')::int as caught,
          count(*) filter (where status = 'test')::int as tests,
          count(*) filter (where status = 'failed')::int as failed,
          count(*) filter (where status = 'withdrawn')::int as withdrawn,
          min(told_at) filter (where status = 'waiting') as "waitingSince",
          max(coalesce(submitted_at, told_at)) filter (where status = 'caught') as "lastLeadAt",
          max(told_at) filter (where status = 'test') as "lastTestAt",
          round(avg(quality) filter (where status = 'caught' and told_at > ${now}::timestamptz - interval '30 days'))::int as quality
        from caught_leads where workspace_id = ${workspaceId} group by connection_id`,
  )
}

/** A connection is given up: how it stood is forgotten, and what waits cannot be read any more. */
export async function forgetSource(
  tx: Tx,
  workspaceId: string,
  connectionId: string,
  now: Date,
): Promise<void> {
  const its = sql`connection_id = ${connectionId} and workspace_id = ${workspaceId}`
  await run(
    tx,
    sql`update caught_leads set status = 'failed', told = null, settled_at = ${now},
          problem = 'The connection was given up before the lead could be read.'
        where ${its} and status = 'waiting'`,
  )
  await run(tx, sql`delete from lead_source_states where ${its}`)
  await run(tx, sql`delete from lead_source_mappings where ${its}`)
}
