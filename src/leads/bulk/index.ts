// Begins, shows and stops work on many leads at once; work.ts does it.
import { record } from '../../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import { leadFieldsSchema } from '../contract.ts'
import type { LeadFields } from '../contract.ts'
import type { World } from '../deed.ts'
import { settledWish } from '../fields/incoming.ts'
import { readGiven } from '../given.ts'
import { countLeads, fixLeads } from '../selection.ts'
import type { SelectionWorld } from '../selection.ts'
import { isMember } from '../store/detail.ts'
import type * as contract from './contract.ts'
import type { BulkAction, BulkJob, Selection } from './contract.ts'
import { queueBulkWork } from './jobs.ts'
import { endJob, insertChunks, insertJob, readJob, readJobs } from './store.ts'
import type { JobRow } from './store.ts'

/** How many leads a selection is. */
export async function countSelection(
  world: SelectionWorld,
  workspaceId: string,
  { selection, status }: BodyOf<typeof contract.countSelection>,
): Promise<ReplyOf<typeof contract.countSelection>> {
  return { total: await countLeads(world, { workspaceId, selection, status }) }
}

/**
 * Fixes the selected leads and puts the work on the queue. Refuses (409 `selection_grown`) where the selection has clearly
 * more leads than the caller believes, what the action itself refuses (400), and what `fixLeads` refuses.
 */
export async function beginBulkWork(
  world: SelectionWorld,
  caller: Caller,
  asked: { selection: Selection; action: BulkAction; expected?: number | undefined },
): Promise<BulkJob> {
  const action = await checkedAction(world.db, caller, asked.action)
  const status = action.kind === 'restore' ? 'binned' : 'active'
  const { workspaceId, teamId } = caller
  const leads = await fixLeads(world, { workspaceId, selection: asked.selection, status })
  refuseGrown(leads.count, asked.expected)
  const id = newId()
  return inTransaction(world.db, async (tx) => {
    await insertJob(tx, {
      id,
      workspaceId,
      teamId,
      action,
      selection: 'ids' in asked.selection ? { named: asked.selection.ids.length } : asked.selection,
      total: leads.count,
      createdBy: caller.actor,
      createdAt: world.clock(),
    })
    await insertChunks(tx, id, leads)
    await record(tx, {
      caller,
      action: 'leads_bulk_begun',
      subject: `bulk_job:${id}`,
      after: { ...auditedAction(action), leads: leads.count },
    })
    await queueBulkWork(tx, id)
    return presentJob(await theJob(tx, caller.workspaceId, id))
  })
}

/** Bulk work that runs and the last that ended. */
export async function listBulkJobs(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listBulkJobs>> {
  return { items: (await readJobs(db, workspaceId)).map(presentJob) }
}

export async function getBulkJob(db: Db, workspaceId: string, id: string): Promise<BulkJob> {
  return presentJob(await theJob(db, workspaceId, id))
}

/** Stops bulk work after the leads in hand; one that has ended stays as it is. */
export async function cancelBulkJob(world: World, caller: Caller, id: string): Promise<BulkJob> {
  return inTransaction(world.db, async (tx) => {
    await theJob(tx, caller.workspaceId, id)
    if (await endJob(tx, id, 'cancelled', world.clock())) {
      await record(tx, { caller, action: 'leads_bulk_cancelled', subject: `bulk_job:${id}` })
    }
    return presentJob(await theJob(tx, caller.workspaceId, id))
  })
}

/** What of an action the audit log keeps: it can never be changed, so no value that may be a person's stands in it. */
export function auditedAction(action: BulkAction): Record<string, unknown> {
  if (action.kind === 'set') return { kind: action.kind, field: action.field }
  if (action.kind === 'consent') return { kind: action.kind, purpose: action.purpose, state: action.state }
  return { ...action }
}

async function theJob(db: Db, workspaceId: string, id: string): Promise<JobRow> {
  const job = await readJob(db, id, { workspaceId })
  if (!job) throw missing('bulk_job', id)
  return job
}

// Leads come and go while somebody reads the question; a hundredth more is still what was agreed to.
function refuseGrown(total: number, expected: number | undefined): void {
  if (total === 0) {
    throw new Refusal('selection_empty', 409, 'No lead fits the selection any more; nothing was begun.')
  }
  if (expected === undefined || total <= expected + Math.max(10, expected / 100)) return
  throw new Refusal(
    'selection_grown',
    409,
    `The selection has ${total} leads by now, not ${expected}. Look at the number again, then confirm.`,
    { details: { total } },
  )
}

async function checkedAction(db: Db, caller: Caller, action: BulkAction): Promise<BulkAction> {
  switch (action.kind) {
    case 'tag':
    case 'untag':
      return { ...action, tags: [...new Set(action.tags)] }
    case 'assign':
      if (action.ownerId !== null && !(await isMember(db, caller.workspaceId, action.ownerId))) {
        throw new Refusal('owner_unknown', 400, 'The owner of leads must be a member of the team.')
      }
      return action
    case 'set':
      return settledWish(db, caller.workspaceId, checkedField(action))
    default:
      return action
  }
}

function checkedField(action: Extract<BulkAction, { kind: 'set' }>): typeof action {
  const { field, value } = action
  if (field.startsWith('fields.')) {
    const { custom } = readGiven({ fields: { [field.slice('fields.'.length)]: value } })
    const [key, read] = Object.entries(custom)[0]!
    return { ...action, field: `fields.${key}`, value: read }
  }
  const parsed = leadFieldsSchema.partial().safeParse({ [field]: value === '' ? null : value })
  if (!parsed.success) {
    const problem = parsed.error.issues[0]?.message ?? 'cannot be taken'
    throw new Refusal('value_unfit', 400, `The value does not fit the field: ${problem}.`)
  }
  const read = readGiven(parsed.data).fields[field as keyof LeadFields]
  return { ...action, value: read ?? null }
}

function presentJob(job: JobRow): BulkJob {
  return {
    id: job.id,
    action: job.action,
    status: job.status,
    total: job.total,
    done: job.done,
    changed: job.changed,
    gone: job.gone,
    error: job.error,
    createdBy: job.createdBy,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  }
}
