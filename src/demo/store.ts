// The demo in the stores: how it stands, what the twin holds, and the lines of its log.
import { insertRows } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Demo, DemoJob } from './contract.ts'

export type Seeded = NonNullable<Demo['seeded']>
/**
 * A job with the id of its run, which tells its messages from those of an earlier run of the same seed, its last sign of life,
 * and the turn of the process that is at it: who took it over has another.
 */
export type Run = DemoJob & { runId: string; beatAt: string; turn?: string; place?: Place }

/** How far rows are written: the next actor, and how many calls and ids those before it took. */
export interface Place {
  actor: number
  calls: number
  ids: number
}

export interface DemoState {
  seeded: Seeded | null
  job: Run | null
}

/** How the demo of a twin stands. */
export async function readState(db: Db, workspaceId: string): Promise<DemoState> {
  const found = await firstRow<DemoState>(
    db,
    sql`select seeded, job from demos where workspace_id = ${workspaceId}`,
  )
  return found ?? { seeded: null, job: null }
}

/** The same, locked until the transaction ends. */
export async function lockState(tx: Db, workspaceId: string): Promise<DemoState> {
  await run(tx, sql`insert into demos (workspace_id) values (${workspaceId}) on conflict do nothing`)
  const found = await firstRow<DemoState>(
    tx,
    sql`select seeded, job from demos where workspace_id = ${workspaceId} for update`,
  )
  return found ?? { seeded: null, job: null }
}

export async function writeState(tx: Db, workspaceId: string, state: DemoState): Promise<void> {
  await run(
    tx,
    sql`update demos set seeded = ${json(state.seeded)}::jsonb, job = ${json(state.job)}::jsonb where workspace_id = ${workspaceId}`,
  )
}

/**
 * Takes a running run over: from now on whoever was at it changes nothing more.
 * @returns the run as it stands, or undefined where another has taken its place or it was stopped
 */
export async function takeTurn(
  db: Db,
  workspaceId: string,
  runId: string,
  turn: string,
): Promise<Run | undefined> {
  const found = await firstRow<{ job: Run }>(
    db,
    sql`update demos set job = job || ${json({ turn })}::jsonb
        where workspace_id = ${workspaceId} and job ->> 'runId' = ${runId} and job ->> 'state' = 'running'
        returning job`,
  )
  return found?.job
}

/**
 * Writes how far a run is; nothing where another has taken its place or its turn, or it was stopped. Its place is left as it
 * stands.
 * @returns whether the run is still the one
 */
export async function writeProgress(db: Db, workspaceId: string, work: Run): Promise<boolean> {
  const { place: _, ...said } = work
  const written = await run(
    db,
    sql`update demos set job = job || ${json(said)}::jsonb
        where workspace_id = ${workspaceId} and ${isOf(work)} and job ->> 'state' = 'running'`,
  )
  return written === 1
}

/**
 * Moves the place of a run, with the rows that it stands for; of a run that was just stopped, too, since what is in work then
 * is in the log already.
 * @returns whether the run is still the one and was at `from`
 */
export async function movePlace(
  tx: Db,
  workspaceId: string,
  work: Run,
  from: Place,
  to: Place,
): Promise<boolean> {
  const moved = await run(
    tx,
    sql`update demos set job = job || ${json({ place: to, done: to.calls })}::jsonb
        where workspace_id = ${workspaceId} and ${isOf(work)}
          and coalesce((job -> 'place' ->> 'actor')::int, 0) = ${from.actor}`,
  )
  return moved === 1
}

const isOf = ({ runId, turn }: Run) => sql`job ->> 'runId' = ${runId} and job ->> 'turn' = ${turn}`

/** Does work on a twin and holds it meanwhile, for as long as this process lives. */
export async function holdingTwin(db: Db, workspaceId: string, work: () => Promise<void>): Promise<void> {
  await db.connection().execute(async (session) => {
    await run(session, sql`select pg_advisory_lock_shared(${HOLD}, hashtext(${workspaceId}))`)
    try {
      await work()
    } finally {
      // Where the connection is lost, so is the hold.
      await run(session, sql`select pg_advisory_unlock_shared(${HOLD}, hashtext(${workspaceId}))`).catch(
        () => undefined,
      )
    }
  })
}

/** Whether a process that lives is at work on a twin. */
export async function isHeld(tx: Db, workspaceId: string): Promise<boolean> {
  const found = await firstRow<{ free: boolean }>(
    tx,
    sql`select pg_try_advisory_xact_lock(${HOLD}, hashtext(${workspaceId})) as free`,
  )
  return found?.free === false
}

const HOLD = 7330

/** What the twin holds. */
export async function countTwin(db: Db, workspaceId: string): Promise<Demo['counts']> {
  const found = await firstRow<Demo['counts']>(
    db,
    sql`select (select count(*)::int from leads where workspace_id = ${workspaceId} and status = 'active') as leads,
               (select count(*)::int from orders where workspace_id = ${workspaceId}) as orders`,
  )
  return found ?? { leads: 0, orders: 0 }
}

/** How many messages of the workspace wait to be decided; counting stops at `limit`. */
export async function waitingMessages(db: Db, workspaceId: string, limit: number): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from
          (select 1 from inbox where status = 0 and workspace_id = ${workspaceId} limit ${limit}) as waiting`,
  )
  return found?.count ?? 0
}

/** True while rows of a file are being written into the workspace. */
export async function isImporting(db: Db, workspaceId: string): Promise<boolean> {
  const found = await rows(
    db,
    sql`select 1 from imports where workspace_id = ${workspaceId} and status = 'running' limit 1`,
  )
  return found.length > 0
}

/** Sends lines to the log, once for each token. */
export async function sendEvents(
  clickhouse: ClickHouse,
  columns: readonly string[],
  bytes: Buffer,
  token: string,
): Promise<void> {
  if (bytes.length > 0) await insertRows(clickhouse, 'events', columns, bytes, token)
}

/** Whether the workspace holds a lead, or something by which one is known or was erased. */
export async function holdsPeople(db: Db, workspaceId: string): Promise<boolean> {
  const found = await firstRow<{ held: boolean }>(
    db,
    sql`select exists (select 1 from leads where workspace_id = ${workspaceId})
            or exists (select 1 from identifiers where workspace_id = ${workspaceId})
            or exists (select 1 from suppressions where workspace_id = ${workspaceId}) as held`,
  )
  return found?.held ?? false
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** Whether rows of a twin's leads are still to be written to their copy, or made anew. */
export async function isCopyOwed(db: Db, twinId: string): Promise<boolean> {
  const found = await firstRow(db, sql`select 1 from lead_facts_owed where workspace_id = ${twinId} limit 1`)
  return found !== undefined
}
