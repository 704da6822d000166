// The demo in PostgreSQL: how it stands, and what the twin holds.
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Demo, DemoJob } from './contract.ts'

export type Seeded = NonNullable<Demo['seeded']>
/** A job with the id of its run, which tells its messages from those of an earlier run of the same seed, and its last sign of life. */
export type Run = DemoJob & { runId: string; beatAt: string }

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

/** Writes how far a run is; nothing where another has taken its place. @returns whether the run is still the one */
export async function writeProgress(db: Db, workspaceId: string, work: Run): Promise<boolean> {
  const written = await run(
    db,
    sql`update demos set job = ${json(work)}::jsonb where workspace_id = ${workspaceId} and job ->> 'runId' = ${work.runId}`,
  )
  return written === 1
}

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

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}
