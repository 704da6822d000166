// Works bulk jobs chunk by chunk: the leads, their events and the progress commit together, so a killed worker's job goes on.
import { record } from '../../accounts/index.ts'
import { logEvents, logForEach, systemEvent } from '../../events/index.ts'
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { inTransaction, isPostgresUnreachable } from '../../platform/postgres.ts'
import type { Tx } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { writePeople } from '../people.ts'
import { CUSTOM_LIMIT, RANK } from '../record.ts'
import { declareFields } from '../store.ts'
import { markBulk } from '../store/lead-facts.ts'
import { fieldType } from '../traits.ts'
import type { BulkAction } from './contract.ts'
import * as store from './store.ts'
import type { JobRow } from './store.ts'

export type Worker = Pick<Services, 'db' | 'clock' | 'log'>

/** A chunk that fails this often in a row ends its job. */
const TRIES = 3
/** Between chunks, as a share of what the last one took: live calls get at least this much of the time. */
const PAUSE_SHARE = 0.1

/**
 * Works a job for some seconds.
 * @returns whether something is left to do
 */
export async function workBulkJob(worker: Worker, jobId: string, budgetMs: number): Promise<boolean> {
  const startedAt = performance.now()
  for (;;) {
    const chunkStartedAt = performance.now()
    if (!(await workChunk(worker, jobId))) return false
    const tookMs = performance.now() - chunkStartedAt
    if (performance.now() - startedAt > budgetMs) return true
    await pause(tookMs * PAUSE_SHARE)
  }
}

function pause(timeoutMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeoutMs))
}

/** Works the next chunk of a job. @returns whether there may be another */
export async function workChunk(worker: Worker, jobId: string): Promise<boolean> {
  try {
    return await inTransaction(worker.db, async (tx) => {
      const job = await store.readJob(tx, jobId, { lock: true })
      if (job?.status !== 'running') return false
      await markBulk(tx)
      const ids = await store.readChunk(tx, jobId, job.nextSeq)
      const now = worker.clock()
      if (!ids) {
        await end(tx, job, 'done', now)
        return false
      }
      const { changed, gone } = await changeLeads(tx, job, ids, now)
      await store.noteProgress(tx, jobId, { done: ids.length, changed, gone })
      return true
    })
  } catch (error) {
    if (isPostgresUnreachable(error)) throw error
    const failures = await store.noteFailure(worker.db, jobId)
    if (failures < TRIES) throw error
    worker.log.error({ err: error, bulkJob: jobId }, 'bulk work failed and was ended')
    await inTransaction(worker.db, async (tx) => {
      const job = await store.readJob(tx, jobId, { lock: true })
      if (job?.status === 'running') await end(tx, job, 'failed', worker.clock(), FAILED)
    })
    return false
  }
}

const FAILED = 'It stopped on an error of ours; the log has it. What was changed before stays changed.'

// Decides per lead on what PostgreSQL holds now: who left since the selection, or is so already, is passed over.
async function changeLeads(
  tx: Tx,
  job: JobRow,
  ids: string[],
  now: Date,
): Promise<{ changed: number; gone: number }> {
  const { action, workspaceId } = job
  const status = action.kind === 'restore' ? 'binned' : 'active'
  const there = await store.lockWanted(tx, workspaceId, ids, status)
  const gone = ids.length - there.length
  if (action.kind === 'consent') return { changed: await recordConsents(tx, job, there, action, now), gone }
  const changed = await apply(tx, there, action, now)
  if (action.kind === 'set' && action.field.startsWith('fields.') && action.value !== null)
    await declareFields(tx, [fieldOf(workspaceId, action.field, action.value)])
  const { name, properties } = told(action)
  await logForEach(tx, {
    workspaceId,
    leadIds: changed,
    event: systemEvent({
      eventId: newId(),
      at: now,
      name,
      category: 'record',
      call: 'system',
      source: sourceOf(job),
      actor: job.createdBy,
      properties: { ...properties, bulkJobId: job.id },
    }),
  })
  return { changed: changed.length, gone }
}

function apply(
  tx: Tx,
  ids: string[],
  action: Exclude<BulkAction, { kind: 'consent' }>,
  now: Date,
): Promise<string[]> {
  switch (action.kind) {
    case 'tag':
      return store.addTags(tx, ids, action.tags, now)
    case 'untag':
      return store.removeTags(tx, ids, action.tags, now)
    case 'assign':
      return store.assignOwner(tx, ids, action.ownerId, now)
    case 'set':
      return store.setField(tx, ids, action.field, action.value, {
        rank: RANK.told,
        now,
        customLimit: CUSTOM_LIMIT,
      })
    case 'bin':
      return store.binLeads(tx, ids, now)
    case 'restore':
      return store.unbinLeads(tx, ids, now)
  }
}

async function recordConsents(
  tx: Tx,
  job: JobRow,
  ids: string[],
  action: Extract<BulkAction, { kind: 'consent' }>,
  now: Date,
): Promise<number> {
  const act = {
    purpose: action.purpose,
    state: action.state,
    actedAt: action.actedAt === undefined ? null : new Date(action.actedAt).toISOString(),
    source: sourceOf(job),
    proof: { statement: action.proof, bulkJobId: job.id },
  }
  const report = await writePeople(
    tx,
    {
      newLeads: [],
      becameKnown: [],
      merges: [],
      sayings: ids.map((leadId) => ({ leadId, workspaceId: job.workspaceId, consents: [act] })),
      actor: job.createdBy,
    },
    now,
  )
  await logEvents(tx, report.events, newId(), true)
  return report.consents.filter((effects) => effects.length > 0).length
}

function told(action: Exclude<BulkAction, { kind: 'consent' }>): {
  name: string
  properties: Record<string, unknown>
} {
  switch (action.kind) {
    case 'tag':
      return { name: 'lead_updated', properties: { changed: ['tags'], added: action.tags } }
    case 'untag':
      return { name: 'lead_updated', properties: { changed: ['tags'], removed: action.tags } }
    case 'assign':
      return {
        name: 'lead_updated',
        properties: { changed: ['ownerId'], after: { ownerId: action.ownerId } },
      }
    case 'set':
      return {
        name: 'lead_updated',
        properties: { changed: [action.field], after: { [action.field]: action.value } },
      }
    case 'bin':
      return { name: 'lead_binned', properties: {} }
    case 'restore':
      return { name: 'lead_restored', properties: {} }
  }
}

async function end(tx: Tx, job: JobRow, status: 'done' | 'failed', now: Date, error?: string): Promise<void> {
  await store.endJob(tx, job.id, status, now, error)
  await record(tx, {
    caller: {
      actor: job.createdBy,
      teamId: job.teamId,
      workspaceId: job.workspaceId as WorkspaceId,
    },
    action: 'leads_bulk_ended',
    subject: `bulk_job:${job.id}`,
    after: {
      kind: job.action.kind,
      status,
      leads: job.total,
      looked: job.done,
      changed: job.changed,
      gone: job.gone,
    },
  })
}

function fieldOf(workspaceId: string, field: string, value: string | number | boolean) {
  const key = field.slice('fields.'.length)
  const label = key.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())
  return { workspaceId, key, label, type: fieldType(value) }
}

function sourceOf(job: JobRow): 'user' | 'api' {
  return job.createdBy.startsWith('user:') ? 'user' : 'api'
}
