// Begins to change the type of a custom field, to merge it into another or to remove it; work.ts does it.
import { record, workspaceSettings } from '../../accounts/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { World } from '../deed.ts'
import type * as contract from './contract.ts'
import type { FieldJob, FieldType, FieldWork } from './contract.ts'
import { fieldOf, pairOf, refuseBusy } from './index.ts'
import { queueFieldWork } from './jobs.ts'
import { readingFor } from './preview.ts'
import * as store from './store/fields.ts'
import type { FieldRow } from './store/fields.ts'
import { countHolders } from './store/values.ts'
import {
  endFieldJob,
  insertFieldJob,
  readFieldJob,
  readFieldJobs,
  restartFieldJob,
  reviveFieldJob,
} from './store/work.ts'
import type { FieldJobRow } from './store/work.ts'
import { viewRenamed } from './uses.ts'

/** What a merge of fields causes beyond leads, in the transaction that begins it. */
export interface FieldReactions {
  /** what fills the one field fills the other from now on */
  fieldMerged(
    tx: Db,
    merged: { workspaceId: string; from: string; into: { key: string; label: string; type: FieldType } },
  ): Promise<void>
}

/** Changes the type at once, for what comes in, and puts the work on what is there on the queue. */
export async function changeFieldType(
  world: World,
  caller: Caller,
  key: string,
  { type, reading: asked }: BodyOf<typeof contract.changeFieldType>,
): Promise<FieldJob> {
  const { workspaceId } = caller
  const reading = { ...(await readingFor(world.db, workspaceId, key, type)), ...asked }
  const { timeZone } = await workspaceSettings(world.db, workspaceId)
  return inTransaction(world.db, async (tx) => {
    const field = fieldOf(await store.lockFields(tx, workspaceId), key)
    await refuseBusy(tx, workspaceId, [field])
    await store.writeField(tx, workspaceId, { ...field, type, isTypeChosen: true })
    const total = await countHolders(tx, workspaceId, key)
    await record(tx, {
      caller,
      action: 'field_retyped',
      subject: `field:${key}`,
      before: { type: field.type },
      after: { type, ...reading, leads: total },
    })
    return begin(world, tx, caller, field, { kind: 'retype', type, reading, timeZone }, total)
  })
}

/**
 * Merges a field into another: views, files that wait and what comes in name the other from now on; the values of the leads
 * follow on the queue. Refuses (409 `field_grown`) where clearly more leads have a value than the caller believes.
 */
export async function mergeFields(
  world: World,
  caller: Caller,
  key: string,
  { into: intoKey, wins, expected }: BodyOf<typeof contract.mergeFields>,
  reactions: FieldReactions,
): Promise<FieldJob> {
  const { workspaceId } = caller
  const { timeZone } = await workspaceSettings(world.db, workspaceId)
  return inTransaction(world.db, async (tx) => {
    const { from, into } = pairOf(await store.lockFields(tx, workspaceId), key, intoKey)
    await refuseBusy(tx, workspaceId, [from, into])
    const total = await countHolders(tx, workspaceId, key)
    refuseGrown(from, total, expected)
    const views = (await store.readViewNames(tx, workspaceId, { lock: true })).flatMap(
      (view) => viewRenamed(view, key, intoKey) ?? [],
    )
    for (const view of views) await store.writeViewNames(tx, view)
    await store.redirectFormer(tx, workspaceId, key, intoKey)
    await store.writeField(tx, workspaceId, { ...from, mergedInto: intoKey })
    await store.writeField(tx, workspaceId, { ...into, isTypeChosen: true })
    await store.renameInMerges(tx, workspaceId, key, intoKey)
    await reactions.fieldMerged(tx, { workspaceId, from: key, into })
    await record(tx, {
      caller,
      action: 'field_merged',
      subject: `field:${key}`,
      before: { label: from.label, type: from.type },
      after: { into: intoKey, label: into.label, type: into.type, wins, leads: total, views: views.length },
    })
    const work: FieldWork = {
      kind: 'merge',
      into: intoKey,
      intoLabel: into.label,
      type: into.type,
      wins,
      timeZone,
    }
    return begin(world, tx, caller, from, work, total)
  })
}

/** Removes an archived field and its values. Refuses (409) one that is still in the choices. */
export async function removeField(
  world: World,
  caller: Caller,
  key: string,
  expected: number,
): Promise<FieldJob> {
  const { workspaceId } = caller
  return inTransaction(world.db, async (tx) => {
    const field = fieldOf(await store.lockFields(tx, workspaceId), key)
    if (field.archivedAt === null) {
      throw new Refusal('field_offered', 409, `${field.label} is in use. Archive it first, then remove it.`)
    }
    await refuseBusy(tx, workspaceId, [field])
    const total = await countHolders(tx, workspaceId, key)
    refuseGrown(field, total, expected)
    await store.writeField(tx, workspaceId, { ...field, isLeaving: true })
    await record(tx, {
      caller,
      action: 'field_removed',
      subject: `field:${key}`,
      before: { label: field.label, type: field.type, leads: total },
    })
    return begin(world, tx, caller, field, { kind: 'remove' }, total)
  })
}

/** Work on fields that runs and that ended lately. */
export async function listFieldJobs(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.listFieldJobs>> {
  return { items: (await readFieldJobs(db, workspaceId)).map(presentJob) }
}

/** Lets work that failed go on where it stopped, and work that a person stopped begin anew. */
export async function retryFieldJob(world: World, caller: Caller, id: string): Promise<FieldJob> {
  return inTransaction(world.db, async (tx) => {
    const fields = await store.lockFields(tx, caller.workspaceId)
    const job = await readFieldJob(tx, id, { lock: true })
    if (job?.workspaceId !== caller.workspaceId) throw missing('field_job', id)
    if (job.status === 'failed' || job.status === 'cancelled') {
      if (job.status === 'failed') await reviveFieldJob(tx, id)
      else await beginAnew(tx, caller, job, fields)
      await record(tx, { caller, action: 'field_work_retried', subject: `field:${job.key}` })
      await queueFieldWork(tx, id)
    }
    return presentJob((await readFieldJob(tx, id))!)
  })
}

/**
 * Stops work that runs. What it changed stays changed; a field that was to go is one again, with the values that were not
 * reached.
 */
export async function cancelFieldJob(world: World, caller: Caller, id: string): Promise<FieldJob> {
  return inTransaction(world.db, async (tx) => {
    const fields = await store.lockFields(tx, caller.workspaceId)
    const job = await readFieldJob(tx, id, { lock: true })
    if (job?.workspaceId !== caller.workspaceId) throw missing('field_job', id)
    if (job.status === 'running') {
      await endFieldJob(tx, id, 'cancelled', world.clock(), null)
      const field = fields.find(({ key }) => key === job.key)
      if (field && job.work.kind !== 'retype')
        await store.writeField(tx, caller.workspaceId, { ...field, mergedInto: null, isLeaving: false })
      await record(tx, {
        caller,
        action: 'field_work_cancelled',
        subject: `field:${job.key}`,
        after: { kind: job.work.kind, leads: job.done, changed: job.changed },
      })
    }
    return presentJob((await readFieldJob(tx, id))!)
  })
}

// What was true when it was begun must be true still.
async function beginAnew(
  tx: Tx,
  caller: Caller,
  { id, key, work }: FieldJobRow,
  fields: readonly FieldRow[],
): Promise<void> {
  const { workspaceId } = caller
  const field = fieldOf(fields, key)
  await refuseBusy(tx, workspaceId, [field])
  if (work.kind === 'merge') {
    const { into } = pairOf(fields, key, work.into)
    await refuseBusy(tx, workspaceId, [into])
    if (into.type !== work.type) throw changedSince(into)
    await store.writeField(tx, workspaceId, { ...field, mergedInto: work.into })
  } else if (work.kind === 'remove') {
    if (field.archivedAt === null) throw changedSince(field)
    await store.writeField(tx, workspaceId, { ...field, isLeaving: true })
  } else if (field.type !== work.type) throw changedSince(field)
  await restartFieldJob(tx, id, await countHolders(tx, workspaceId, key))
}

function changedSince({ label }: FieldRow): Refusal {
  return new Refusal(
    'field_changed',
    409,
    `${label} was changed since this work was stopped. Begin it anew from the list of fields.`,
  )
}

async function begin(
  world: World,
  tx: Tx,
  caller: Caller,
  { key, label }: FieldRow,
  work: FieldWork,
  total: number,
): Promise<FieldJob> {
  const id = newId()
  const { workspaceId, teamId, actor: createdBy } = caller
  await insertFieldJob(tx, {
    id,
    workspaceId,
    teamId,
    key,
    label,
    work,
    total,
    createdBy,
    createdAt: world.clock(),
  })
  await queueFieldWork(tx, id)
  return presentJob((await readFieldJob(tx, id))!)
}

// A hundredth more is still what was agreed to: leads come and go while somebody reads the question.
function refuseGrown({ label }: FieldRow, total: number, expected: number): void {
  if (total <= expected + Math.max(10, expected / 100)) return
  throw new Refusal(
    'field_grown',
    409,
    `${total} leads have a value of ${label} by now, not ${expected}. Look at the number again, then confirm.`,
    { details: { total } },
  )
}

function presentJob(job: FieldJobRow): FieldJob {
  return {
    id: job.id,
    key: job.key,
    label: job.label,
    work: job.work,
    status: job.status,
    total: job.total,
    done: job.done,
    changed: job.changed,
    unfit: job.unfit,
    error: job.error,
    createdBy: job.createdBy,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  }
}
