// Beginning and stopping work on a test twin: what may begin when, and what is asked for again goes on.
import { findWorkspace, listWorkspaces } from '../accounts/index.ts'
import type { WorkspaceProfile } from '../accounts/index.ts'
import { newId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Db } from '../platform/postgres.ts'
import { ROWS_FROM_EVENTS } from './contract.ts'
import type { DemoWish } from './contract.ts'
import { holdsPeople, isHeld, isImporting, lockState, waitingMessages, writeState } from './store.ts'
import type { DemoState, Run, Seeded } from './store.ts'

/** The test twin of a workspace: itself where it is one. */
export async function twinOf(db: Db, workspaceId: string): Promise<WorkspaceProfile> {
  const asked = await findWorkspace(db, workspaceId)
  if (asked.mode === 'test') return asked
  const twin = (await listWorkspaces(db)).find((one) => one.teamId === asked.teamId && one.mode === 'test')
  if (!twin) throw new Error(`workspace ${workspaceId} has no test twin`)
  return twin
}

/** Notes that a seed begins; the work itself is `runSeed`. */
export async function beginSeed(
  tx: Db,
  now: Date,
  workspaceId: string,
  wish: DemoWish,
): Promise<{ twinId: string; runId: string }> {
  const twin = await twinOf(tx, workspaceId)
  const state = await lockState(tx, twin.id)
  await refuseWhileRunning(tx, twin.id, state.job, now)
  const seeded = seededOf(wish, now)
  const resumed = resumable(state, seeded, wish)
  if (resumed) {
    const { turn: _, ...rest } = resumed
    const job: Run = { ...rest, state: 'running', endedAt: null, problem: null, beatAt: now.toISOString() }
    await writeState(tx, twin.id, { ...state, job })
    return { twinId: twin.id, runId: job.runId }
  }
  if (state.seeded) {
    throw new Refusal(
      'demo_seeded',
      409,
      'The test twin holds demo data already. Reset it first, then load the new one.',
    )
  }
  if (seeded.way === 'rows') await refuseUnlessEmpty(tx, twin.id)
  const job = newRun('seed', wish.events, now)
  await writeState(tx, twin.id, { seeded, job })
  return { twinId: twin.id, runId: job.runId }
}

/** Stops a running seed of a workspace's twin after what is in work. @returns the twin, or null where no seed runs */
export async function cancelSeed(tx: Db, now: Date, workspaceId: string): Promise<string | null> {
  const twin = await twinOf(tx, workspaceId)
  const state = await lockState(tx, twin.id)
  if (state.job?.kind !== 'seed' || state.job.state !== 'running') return null
  const job: Run = { ...state.job, state: 'cancelled', endedAt: now.toISOString() }
  await writeState(tx, twin.id, { ...state, job })
  return twin.id
}

/** Notes that a reset begins; the work itself is `runReset`. */
export async function beginReset(
  tx: Db,
  now: Date,
  workspaceId: string,
): Promise<{ twinId: string; runId: string }> {
  const twin = await twinOf(tx, workspaceId)
  const state = await lockState(tx, twin.id)
  await refuseWhileRunning(tx, twin.id, state.job, now)
  await refuseWhileImporting(tx, twin.id)
  const job = newRun('reset', 1, now)
  await writeState(tx, twin.id, { ...state, job })
  return { twinId: twin.id, runId: job.runId }
}

function seededOf(wish: DemoWish, now: Date): Seeded {
  const { seed, leads, days, events } = wish
  const endOn = wish.endOn ?? now.toISOString().slice(0, 10)
  const way = wish.way ?? (events >= ROWS_FROM_EVENTS ? 'rows' : 'inbox')
  return { seed, leads, days, events, endOn, way, seededAt: now.toISOString() }
}

// The run of the same demo that ended before its end; who names no last day means the one that it had.
function resumable({ seeded, job }: DemoState, asked: Seeded, { endOn }: DemoWish): Run | undefined {
  if (!seeded || job?.kind !== 'seed' || job.state === 'done') return undefined
  const isSame = (['seed', 'leads', 'days', 'events', 'way'] as const).every(
    (name) => seeded[name] === asked[name],
  )
  return isSame && (endOn === undefined || endOn === seeded.endOn) ? job : undefined
}

// Rows are written past everything that would tell who is who, so nobody may be there yet.
async function refuseUnlessEmpty(tx: Db, twinId: string): Promise<void> {
  await refuseWhileImporting(tx, twinId)
  if (!(await holdsPeople(tx, twinId)) && (await waitingMessages(tx, twinId, 1)) === 0) return
  throw new Refusal(
    'twin_not_empty',
    409,
    'The test twin holds leads already, and a demo of this size goes into an empty one. Empty the test twin first, or ask for fewer events.',
  )
}

async function refuseWhileImporting(tx: Db, twinId: string): Promise<void> {
  if (!(await isImporting(tx, twinId))) return
  throw new Refusal(
    'import_running',
    409,
    'A file is being imported into the test twin. Wait until it is done, or cancel it, then try again.',
  )
}

/**
 * Whether a process that lives is at work on a twin: it holds the twin as long as it lives, and after a minute of silence it
 * counts as dead all the same.
 */
export async function isAtWork(db: Db, twinId: string, job: Run, now: Date): Promise<boolean> {
  if (job.turn === undefined || isSilent(job, now)) return false
  return isHeld(db, twinId)
}

// What was stopped may have its last part in work; what begins only now has no process yet.
async function refuseWhileRunning(tx: Db, twinId: string, job: Run | null, now: Date): Promise<void> {
  if (job?.state !== 'running' && job?.state !== 'cancelled') return
  const isBeginning = job.state === 'running' && job.turn === undefined && !isSilent(job, now)
  if (!isBeginning && !(await isAtWork(tx, twinId, job, now))) return
  const doing = job.kind === 'seed' ? 'being loaded into the test twin' : 'being emptied out of the test twin'
  throw new Refusal('demo_busy', 409, `Demo data is ${doing} right now. Wait until that is done.`)
}

function isSilent({ beatAt }: Run, now: Date): boolean {
  return now.getTime() - Date.parse(beatAt) > SILENCE_MS
}

const SILENCE_MS = 60_000

function newRun(kind: Run['kind'], total: number, now: Date): Run {
  return {
    kind,
    state: 'running',
    done: 0,
    total,
    startedAt: now.toISOString(),
    endedAt: null,
    problem: null,
    runId: newId(),
    beatAt: now.toISOString(),
  }
}
