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
import { forgetReasons } from './store/members.ts'

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
    await record(tx, { caller, action: 'segment_made', subject: `segment:${id}`, after: { version: 1 } })
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
      before: { version: before.version },
      after: { version: after.version },
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
      before: { version: segment.version },
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

/**
 * Writes "erased" wherever segments name an erased person, in all their versions and in the reasons told of moves; none gets
 * another version by it, since whoever it named is no more.
 * @param names addresses, numbers and ids that were theirs
 */
export async function forgetInSegments(tx: Db, workspaceId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const clear = clearing(names)
  for (const segment of await store.lockSegments(tx, workspaceId)) {
    const versions = await store.readVersions(tx, segment.id)
    const cleared = versions.map(({ version, condition }) => ({
      version,
      before: JSON.stringify(condition),
      after: JSON.stringify(withValues(condition, clear)),
    }))
    const changed = cleared.filter(({ before, after }) => before !== after)
    const [name, description] = [clear(segment.name), clear(segment.description)]
    if (changed.length === 0 && name === segment.name && description === segment.description) continue
    await store.writeCleared(tx, { ...segment, name, description }, changed)
    await forgetReasons(tx, segment.id)
  }
}

function clearing(names: readonly string[]): (text: string) => string {
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  const pattern = longestFirst.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  return (text) => text.replaceAll(new RegExp(pattern, 'gi'), 'erased')
}

// Only what is compared with: facts, events and operators may be spelled like somebody's id.
function withValues(condition: Condition, clear: (text: string) => string): unknown {
  const cleared = (value: unknown) => (typeof value === 'string' ? clear(value) : value)
  return JSON.parse(JSON.stringify(condition), (key, value: unknown) => {
    if (key !== 'value') return value
    return Array.isArray(value) ? value.map(cleared) : cleared(value)
  })
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
