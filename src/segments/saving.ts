// Makes, changes and removes segments; a new condition is a new version, and all leads are held against it in the background.
import { record } from '../accounts/index.ts'
import { customFactName, customFieldKeys, renameFact } from '../conditions/contract.ts'
import type { Condition } from '../conditions/contract.ts'
import { factsOfWorkspace } from '../leads/index.ts'
import type { BodyOf } from '../lib/endpoint.ts'
import { newId } from '../lib/ids.ts'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import type { Services } from '../platform/services.ts'
import type * as contract from './contract.ts'
import { dependentsOf, refuseTangled } from './definitions.ts'
import type { Defined } from './definitions.ts'
import { queueFilling } from './jobs.ts'
import { checkSegmentCondition } from './known.ts'
import * as store from './store/definitions.ts'
import type { SegmentRow } from './store/definitions.ts'

type World = Pick<Services, 'db' | 'clock'>

/** Segments of a workspace at most: every lead that changes is held against all of them. */
const LIMIT = 500

/** @returns the id of the new segment */
export async function createSegment(
  world: World,
  caller: Caller,
  { name, description, condition }: BodyOf<typeof contract.createSegment>,
): Promise<string> {
  const id = newId()
  const { workspaceId } = caller
  await inTransaction(world.db, async (tx) => {
    const all = await store.lockSegments(tx, workspaceId)
    if (all.length >= LIMIT)
      throw new Refusal(
        'segment_limit',
        409,
        `A workspace has at most ${LIMIT} segments; remove one that is not used.`,
      )
    refuseTaken(name, id, all)
    await refuseUnfit(tx, workspaceId, { id, name, condition }, all)
    const segment = { id, workspaceId, name, description, condition, createdBy: caller.actor }
    await store.insertSegment(tx, segment, world.clock())
    await record(tx, { caller, action: 'segment_made', subject: `segment:${id}`, after: { name, condition } })
    await queueFilling(tx, { workspaceId, segmentId: id, version: 1 })
  })
  return id
}

/** Changes what is sent and nothing else. Segments that name this one are filled anew with it. */
export async function updateSegment(
  world: World,
  caller: Caller,
  id: string,
  body: BodyOf<typeof contract.updateSegment>,
): Promise<void> {
  const { workspaceId } = caller
  await inTransaction(world.db, async (tx) => {
    const all = await store.lockSegments(tx, workspaceId)
    const before = all.find((segment) => segment.id === id)
    if (!before) throw missing('segment', id)
    const isNewVersion = body.condition !== undefined && !isSame(body.condition, before.condition)
    const after: SegmentRow = {
      ...before,
      name: body.name ?? before.name,
      description: body.description ?? before.description,
      condition: body.condition ?? before.condition,
      version: before.version + (isNewVersion ? 1 : 0),
    }
    refuseTaken(after.name, id, all)
    if (body.condition !== undefined) await refuseUnfit(tx, workspaceId, after, all)
    await store.writeSegment(tx, after, { actor: caller.actor, now: world.clock(), isNewVersion })
    await record(tx, {
      caller,
      action: 'segment_changed',
      subject: `segment:${id}`,
      before: { name: before.name, ...(isNewVersion ? { condition: before.condition } : {}) },
      after: { name: after.name, ...(isNewVersion ? { condition: after.condition } : {}) },
    })
    if (isNewVersion) await fillAnew(tx, workspaceId, id, withOne(all, after))
  })
}

/** Removes a segment with its members and history. Refuses (409 `segment_used`) while something else names it. */
export async function removeSegment(world: World, caller: Caller, id: string): Promise<void> {
  const { workspaceId } = caller
  await inTransaction(world.db, async (tx) => {
    const all = await store.lockSegments(tx, workspaceId)
    const segment = all.find((one) => one.id === id)
    if (!segment) throw missing('segment', id)
    const users = [
      ...dependentsOf(id, all).map(({ name }) => `the segment ${name}`),
      ...(await store.viewsNaming(tx, workspaceId, id)).map((name) => `the view ${name}`),
    ]
    if (users.length > 0)
      throw new Refusal(
        'segment_used',
        409,
        `${segment.name} is used by ${users.join(', ')}. Take it out there first.`,
        { details: { usedBy: users } },
      )
    await store.deleteSegment(tx, id)
    await record(tx, {
      caller,
      action: 'segment_removed',
      subject: `segment:${id}`,
      before: { name: segment.name, condition: segment.condition },
    })
  })
}

/** Has a segment and all that name it held against every lead again, those that are named first. */
export async function fillAnew(
  tx: Db,
  workspaceId: string,
  id: string,
  all: readonly SegmentRow[],
): Promise<void> {
  const stale = [...all.filter((segment) => segment.id === id), ...dependentsOf(id, all)]
  await store.writeFilling(
    tx,
    stale.map((segment) => segment.id),
  )
  for (const { id: segmentId, version } of stale) await queueFilling(tx, { workspaceId, segmentId, version })
}

/** Lets segments that ask for a custom field ask for the one that it became. */
export async function renameSegmentField(
  tx: Db,
  { workspaceId, from, into, now }: { workspaceId: string; from: string; into: string; now: Date },
): Promise<void> {
  const all = await store.lockSegments(tx, workspaceId)
  for (const segment of all) {
    const { condition } = segment
    if (!customFieldKeys(condition).includes(from)) continue
    const renamed = renameFact(condition, customFactName(from), customFactName(into))
    const after = { ...segment, condition: renamed, version: segment.version + 1 }
    await store.writeSegment(tx, after, { actor: 'product', now, isNewVersion: true })
    await fillAnew(tx, workspaceId, segment.id, withOne(all, after))
  }
}

async function refuseUnfit(
  db: Db,
  workspaceId: string,
  segment: Defined,
  all: readonly SegmentRow[],
): Promise<void> {
  const { facts } = await factsOfWorkspace(db, workspaceId)
  checkSegmentCondition(segment.condition, facts)
  refuseTangled(segment, withOne<Defined>(all, segment))
}

function withOne<Segment extends { id: string }>(all: readonly Segment[], one: Segment): Segment[] {
  return [...all.filter(({ id }) => id !== one.id), one]
}

function refuseTaken(name: string, id: string, all: readonly SegmentRow[]): void {
  const taken = all.find((one) => one.id !== id && one.name.toLowerCase() === name.toLowerCase())
  if (!taken) return
  throw new Refusal(
    'segment_name_taken',
    409,
    `There is a segment ${taken.name} already; choose another name.`,
  )
}

function isSame(a: Condition, b: Condition): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
