// The verbs of the demo: fill a test twin, empty it, say how it stands.
import { setTimeout as pause } from 'node:timers/promises'
import { findWorkspace } from '../accounts/index.ts'
import { emptyWorkspace } from '../emptying/index.ts'
import { openDoor } from '../ingest/index.ts'
import type { InboxRow } from '../ingest/index.ts'
import { oweNewcomers } from '../leads/index.ts'
import { newId } from '../lib/ids.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { beginReset, beginSeed, isAtWork, twinOf } from './begin.ts'
import type { DemoCall } from './calls.ts'
import type { Demo, DemoJob, DemoWish } from './contract.ts'
import { queueDemoLearning } from './learning.ts'
import {
  countTwin,
  holdingTwin,
  lockState,
  readState,
  takeTurn,
  waitingMessages,
  writeProgress,
  writeState,
} from './store.ts'
import type { Run, Seeded } from './store.ts'
import { demoCalls } from './stream.ts'
import { writeDemo } from './write.ts'

export { beginReset, beginSeed, cancelSeed, twinOf } from './begin.ts'
export { demoDocument, truthTable } from './document.ts'
export { journeysOf, simulate, trueEffects } from './simulate.ts'
export { demoCalls } from './stream.ts'

export type OnProgress = (job: DemoJob) => void

/** Calls accepted in one statement. */
const BATCH = 1000
/** A larger demo learns at night as every workspace: it takes minutes. */
const LEARNT_AT_ONCE = 20_000
/** Calls that may wait for the worker before more are made. */
const AHEAD = 20_000

/** How the demo of a workspace's twin stands. */
export async function demoOf(db: Db, workspaceId: string): Promise<Demo> {
  const twin = await twinOf(db, workspaceId)
  const [{ seeded, job }, counts] = await Promise.all([readState(db, twin.id), countTwin(db, twin.id)])
  return { workspaceId: twin.id, workspaceSlug: twin.slug, seeded, counts, job: job && shown(job) }
}

/**
 * Fills the twin of a workspace and waits until all of it is taken in; a demo that comes through the inbox needs a worker,
 * which must run somewhere. One that failed or was cancelled goes on where the same is asked for again. Refuses where the
 * twin holds a demo already (`demo_seeded`), is being worked on (`demo_busy`), or holds people where rows are to be written
 * (`twin_not_empty`).
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

/** Brings in the calls of a begun seed, or the rows that they come to. Repeating it after a crash adds only what is missing. */
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
    if (seeded.way === 'rows') await writeDemo(services, twinId, seeded, currency, work, tell)
    else await sendCalls(services, twinId, seeded, currency, work, tell)
    work.total = work.done
    if (seeded.leads <= LEARNT_AT_ONCE) await queueDemoLearning(services.db, twinId, services.clock())
  })
}

async function sendCalls(
  services: Services,
  twinId: string,
  seeded: Seeded,
  currency: string,
  work: Run,
  tell: () => Promise<boolean>,
): Promise<void> {
  const door = openDoor(services.db)
  const until = seeded.seededAt
  let batch: DemoCall[] = []
  work.done = 0
  const send = async (): Promise<boolean> => {
    const receivedAt = services.clock()
    await door.accept(batch.map((call) => inboxRow(twinId, work.runId, receivedAt, call)))
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
  while ((await waitingMessages(services.db, twinId, 1)) > 0) await pause(200)
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

// Runs begun work, tells its progress, and how it ended; a run that another has replaced, or is at, does nothing.
async function working(
  services: Services,
  twinId: string,
  runId: string,
  onProgress: OnProgress,
  act: (work: Run, tell: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const { job } = await readState(services.db, twinId)
  if (!job || (await isAtWork(services.db, twinId, job, services.clock()))) return
  await holdingTwin(services.db, twinId, async () => {
    const work = await takeTurn(services.db, twinId, runId, newId())
    if (!work) return
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
  })
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
