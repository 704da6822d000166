// Works on a field slice by slice: the leads and the progress commit together, so a killed worker's job goes on where it was.
import { record } from '../../accounts/index.ts'
import { logEvents, systemEvent } from '../../events/index.ts'
import type { LogEntry } from '../../events/index.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { inTransaction, isPostgresUnreachable } from '../../platform/postgres.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import type { FieldWork } from './contract.ts'
import { convertValue, isOfType } from './convert.ts'
import { mergePair } from './merge.ts'
import { deleteField } from './store/fields.ts'
import { endOfSlice } from './store/values.ts'
import * as store from './store/work.ts'
import type { FieldJobRow } from './store/work.ts'

type Worker = Pick<Services, 'db' | 'clock' | 'log'>

/** Leads that one transaction looks at: 5,000 are rewritten in a quarter of a second, which is how long live calls may wait. */
const SLICE = 5_000
/** A slice that fails this often in a row ends its job. */
const TRIES = 3
/** A transaction that runs this long when a job begins is none of those that the job waits for: they take seconds. */
const WAIT_LIMIT_MS = 30_000

/** What there is to do next: more leads at once, or to look again soon since others have to end first. */
export type Next = 'more' | 'wait' | 'ended'

/** Works the next slice of a job. */
export async function workFieldSlice(worker: Worker, jobId: string): Promise<Next> {
  try {
    return await inTransaction(worker.db, (tx) => workSlice(tx, jobId, worker.clock()))
  } catch (error) {
    if (isPostgresUnreachable(error)) throw error
    const failures = await store.noteFieldFailure(worker.db, jobId)
    if (failures < TRIES) throw error
    worker.log.error({ err: error, fieldJob: jobId }, 'work on a field failed and was ended')
    await inTransaction(worker.db, async (tx) => {
      const job = await store.readFieldJob(tx, jobId, { lock: true })
      if (job?.status === 'running') await end(tx, job, 'failed', worker.clock())
    })
    return 'ended'
  }
}

async function workSlice(tx: Tx, jobId: string, now: Date): Promise<Next> {
  const job = await store.readFieldJob(tx, jobId, { lock: true })
  if (job?.status !== 'running') return 'ended'
  if (job.afterId === null && now.getTime() - job.createdAt.getTime() < WAIT_LIMIT_MS) {
    if (!(await store.othersHaveEnded(tx, jobId))) return 'wait'
  }
  const toId = await endOfSlice(tx, job.workspaceId, job.afterId, SLICE)
  if (toId === undefined) {
    if (job.work.kind === 'remove') await deleteField(tx, job.workspaceId, job.key)
    await end(tx, job, 'done', now)
    return 'ended'
  }
  const slice = { afterId: job.afterId, toId }
  const { work } = job
  const step =
    work.kind === 'retype'
      ? await retype(tx, job, work, slice)
      : work.kind === 'merge'
        ? await merge(tx, job, work, slice, now)
        : await remove(tx, job, slice, now)
  await store.noteFieldProgress(tx, jobId, { ...step, afterId: toId })
  return 'more'
}

interface Slice {
  afterId: string | null
  toId: string
}
interface Step {
  done: number
  changed: number
  unfit: number
}

async function retype(
  tx: Tx,
  job: FieldJobRow,
  { type, reading, timeZone }: Extract<FieldWork, { kind: 'retype' }>,
  slice: Slice,
): Promise<Step> {
  const held = await store.lockValues(tx, job.workspaceId, job.key, slice)
  const step: Step = { done: 0, changed: 0, unfit: 0 }
  const converted: { id: string; value: unknown }[] = []
  for (const { id, isMerged, value } of held) {
    if (!isMerged) step.done++
    if (isOfType(value, type)) continue
    const read = convertValue(value, type, reading, timeZone)
    if (read !== null) converted.push({ id, value: read })
    if (isMerged) continue
    if (read === null) step.unfit++
    else step.changed++
  }
  await store.writeValues(tx, job.key, converted)
  return step
}

async function merge(
  tx: Tx,
  job: FieldJobRow,
  work: Extract<FieldWork, { kind: 'merge' }>,
  slice: Slice,
  now: Date,
): Promise<Step> {
  const keys = { from: job.key, into: work.into }
  const held = await store.lockPairs(tx, job.workspaceId, keys, slice)
  const merged = held.map((pair) => mergePair(pair, work))
  await store.writePairs(tx, keys, merged, now)
  const step: Step = { done: 0, changed: 0, unfit: 0 }
  const entries: LogEntry[] = []
  for (const [nth, pair] of held.entries()) {
    if (pair.isMerged || pair.from === undefined) continue
    const { takes, isLost } = merged[nth]!
    step.done++
    if (takes) step.changed++
    if (takes && !isOfType(takes.value, work.type)) step.unfit++
    // The value that goes is kept in the lead's own story.
    if (isLost) entries.push(lostValue(job, pair.id, now, keys, pair, takes ? takes.value : pair.into))
  }
  await logEvents(tx, entries, newId(), true)
  return step
}

async function remove(tx: Tx, job: FieldJobRow, slice: Slice, now: Date): Promise<Step> {
  const dropped = await store.dropValues(tx, job.workspaceId, job.key, slice, now)
  return { done: dropped, changed: dropped, unfit: 0 }
}

function lostValue(
  job: FieldJobRow,
  leadId: string,
  now: Date,
  keys: { from: string; into: string },
  before: { from: unknown; into: unknown },
  after: unknown,
): LogEntry {
  const [from, into] = [`fields.${keys.from}`, `fields.${keys.into}`]
  return {
    workspaceId: job.workspaceId,
    leadId,
    event: systemEvent({
      eventId: newId(),
      at: now,
      name: 'lead_updated',
      category: 'record',
      call: 'system',
      source: job.createdBy.startsWith('user:') ? 'user' : 'api',
      actor: job.createdBy,
      properties: {
        changed: [from, into],
        before: { [from]: before.from, [into]: before.into },
        after: { [from]: null, [into]: after },
        fieldJobId: job.id,
      },
    }),
  }
}

const FAILED =
  'It stopped on an error of ours; the log has it. What was changed before stays changed. Let it go on when that is mended.'

async function end(tx: Tx, job: FieldJobRow, status: 'done' | 'failed', now: Date): Promise<void> {
  await store.endFieldJob(tx, job.id, status, now, status === 'failed' ? FAILED : null)
  const { kind } = job.work
  await record(tx, {
    caller: { actor: job.createdBy, teamId: job.teamId, workspaceId: job.workspaceId as WorkspaceId },
    action:
      kind === 'retype'
        ? 'field_retype_ended'
        : kind === 'merge'
          ? 'field_merge_ended'
          : 'field_removal_ended',
    subject: `field:${job.key}`,
    after: { status, leads: job.done, changed: job.changed, unfit: job.unfit },
  })
}
