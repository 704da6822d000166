// The verbs of the demo: fill a test twin, empty it, say how it stands.
import { setTimeout as pause } from 'node:timers/promises'
import { findWorkspace, listWorkspaces } from '../accounts/index.ts'
import type { WorkspaceProfile } from '../accounts/index.ts'
import { emptyWorkspace } from '../emptying/index.ts'
import { openDoor } from '../ingest/index.ts'
import type { InboxRow } from '../ingest/index.ts'
import { oweNewcomers } from '../leads/index.ts'
import { newId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { DemoCall } from './calls.ts'
import type { Demo, DemoJob, DemoWish } from './contract.ts'
import {
  countTwin,
  isImporting,
  lockState,
  readState,
  waitingMessages,
  writeProgress,
  writeState,
} from './store.ts'
import type { Run } from './store.ts'
import { demoCalls } from './stream.ts'

export { demoDocument, truthTable } from './document.ts'
export { journeysOf, simulate, trueEffects } from './simulate.ts'
export { demoCalls } from './stream.ts'

export type OnProgress = (job: DemoJob) => void

/** Calls accepted in one statement. */
const BATCH = 1000
/** Calls that may wait for the worker before more are made. */
const AHEAD = 20_000

/** The test twin of a workspace: itself where it is one. */
export async function twinOf(db: Db, workspaceId: string): Promise<WorkspaceProfile> {
  const asked = await findWorkspace(db, workspaceId)
  if (asked.mode === 'test') return asked
  const twin = (await listWorkspaces(db)).find((one) => one.teamId === asked.teamId && one.mode === 'test')
  if (!twin) throw new Error(`workspace ${workspaceId} has no test twin`)
  return twin
}

/** How the demo of a workspace's twin stands. */
export async function demoOf(db: Db, workspaceId: string): Promise<Demo> {
  const twin = await twinOf(db, workspaceId)
  const [{ seeded, job }, counts] = await Promise.all([readState(db, twin.id), countTwin(db, twin.id)])
  return { workspaceId: twin.id, workspaceSlug: twin.slug, seeded, counts, job: job && shown(job) }
}

/**
 * Fills the twin of a workspace and waits until the worker, which must run somewhere, has taken all of it in.
 * Refuses where the twin holds a demo already (`demo_seeded`) or is being worked on (`demo_busy`).
 */
export async function seedDemo(
  services: Services,
  workspaceId: string,
  wish: DemoWish,
  onProgress: OnProgress = () => undefined,
): Promise<Demo> {
  const { twinId, runId } = await inTransaction(services.db, (tx) =>
    beginSeed(tx, services.clock(), workspaceId, wish),
  )
  await runSeed(services, twinId, runId, onProgress)
  return demoOf(services.db, workspaceId)
}

/** Empties the twin of a workspace. Refuses while something is being written into it. */
export async function resetDemo(
  services: Services,
  workspaceId: string,
  onProgress: OnProgress = () => undefined,
): Promise<Demo> {
  const { twinId, runId } = await inTransaction(services.db, (tx) =>
    beginReset(tx, services.clock(), workspaceId),
  )
  await runReset(services, twinId, runId, onProgress)
  return demoOf(services.db, workspaceId)
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
  refuseWhileRunning(state.job, now)
  if (state.seeded) {
    throw new Refusal(
      'demo_seeded',
      409,
      'The test twin holds demo data already. Reset it first, then load the new one.',
    )
  }
  const { seed, leads, days, events } = wish
  const endOn = wish.endOn ?? now.toISOString().slice(0, 10)
  const seeded = { seed, leads, days, events, endOn, seededAt: now.toISOString() }
  const job = newRun('seed', events, now)
  await writeState(tx, twin.id, { seeded, job })
  return { twinId: twin.id, runId: job.runId }
}

/** Notes that a reset begins; the work itself is `runReset`. */
export async function beginReset(
  tx: Db,
  now: Date,
  workspaceId: string,
): Promise<{ twinId: string; runId: string }> {
  const twin = await twinOf(tx, workspaceId)
  const state = await lockState(tx, twin.id)
  refuseWhileRunning(state.job, now)
  if (await isImporting(tx, twin.id)) {
    throw new Refusal(
      'import_running',
      409,
      'A file is being imported into the test twin. Wait until it is done, or cancel it, then reset.',
    )
  }
  const job = newRun('reset', 1, now)
  await writeState(tx, twin.id, { ...state, job })
  return { twinId: twin.id, runId: job.runId }
}

/** Makes the calls of a begun seed and hands them to the inbox. Repeating it after a crash adds only what is missing. */
export async function runSeed(
  services: Services,
  twinId: string,
  runId: string,
  onProgress: OnProgress = () => undefined,
): Promise<void> {
  await working(services, twinId, runId, onProgress, async (work, tell) => {
    const { seeded } = await readState(services.db, twinId)
    if (!seeded) return
    const { currency } = await findWorkspace(services.db, twinId)
    const door = openDoor(services.db)
    const until = seeded.seededAt
    let batch: DemoCall[] = []
    const send = async (): Promise<boolean> => {
      const receivedAt = services.clock()
      await door.accept(batch.map((call) => inboxRow(twinId, runId, receivedAt, call)))
      work.done += batch.length
      batch = []
      while ((await waitingMessages(services.db, twinId, AHEAD)) >= AHEAD) await pause(200)
      return tell()
    }
    for (const call of demoCalls({ ...seeded, currency })) {
      // What has not happened yet is left out.
      if (call.message.timestamp > until) break
      if (batch.push(call) === BATCH && !(await send())) return
    }
    if (!(await send())) return
    work.total = work.done
    while ((await waitingMessages(services.db, twinId, 1)) > 0) await pause(200)
  })
}

/** Empties the twin of a begun reset: PostgreSQL, then what was on its way to the log, then the log. Repeatable. */
export async function runReset(
  services: Services,
  twinId: string,
  runId: string,
  onProgress: OnProgress = () => undefined,
): Promise<void> {
  await working(services, twinId, runId, onProgress, async (work, tell) => {
    const { db } = services
    await emptyWorkspace(services, twinId, async (done, of) => {
      work.done = done
      work.total = of
      await tell()
    })
    await oweNewcomers(db, twinId)
    work.done = work.total
    await inTransaction(db, async (tx) => {
      const state = await lockState(tx, twinId)
      await writeState(tx, twinId, { ...state, seeded: null })
    })
  })
}

// Runs begun work, tells its progress, and how it ended; a run that another has replaced does nothing.
async function working(
  services: Services,
  twinId: string,
  runId: string,
  onProgress: OnProgress,
  act: (work: Run, tell: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const { job } = await readState(services.db, twinId)
  if (job?.runId !== runId || job.state !== 'running') return
  const work: Run = { ...job, done: 0 }
  const tell = async (): Promise<boolean> => {
    work.beatAt = services.clock().toISOString()
    onProgress(shown(work))
    return writeProgress(services.db, twinId, work)
  }
  const heart = setInterval(() => void tell().catch(() => undefined), 5_000)
  try {
    await act(work, tell)
    work.state = 'done'
  } catch (error) {
    work.state = 'failed'
    work.problem = error instanceof Error ? error.message.slice(0, 500) : String(error)
    throw error
  } finally {
    clearInterval(heart)
    work.endedAt = services.clock().toISOString()
    await tell()
  }
}

// Work whose process died unnoticed stands still; after a minute of that, new work may take its place.
function refuseWhileRunning(job: Run | null, now: Date): void {
  if (job?.state !== 'running' || now.getTime() - Date.parse(job.beatAt) > 60_000) return
  const doing = job.kind === 'seed' ? 'being loaded into the test twin' : 'being emptied out of the test twin'
  throw new Refusal('demo_busy', 409, `Demo data is ${doing} right now. Wait until that is done.`)
}

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

function shown({ kind, state, done, total, startedAt, endedAt, problem }: Run): DemoJob {
  return { kind, state, done, total, startedAt, endedAt, problem }
}

function inboxRow(
  workspaceId: string,
  runId: string,
  receivedAt: Date,
  { actor, via, message }: DemoCall,
): InboxRow {
  return {
    id: newId(),
    receivedAt,
    workspaceId,
    lane: 'bulk',
    // After a reset the same seed gives the same message ids, which must count as new.
    connection: `demo:${runId}`,
    source: 'demo',
    messageId: message.messageId,
    // All calls of a person in one shard, whatever browser or server sent them: in order.
    sender: `demo:${actor}`,
    origin: via === 'server' ? { trusted: true } : {},
    text: JSON.stringify(message),
  }
}
