// Takes back what a batch of an import did to leads, as far as nothing has touched them since, and says what stays and why.
import { logEvents, systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import type { Category } from '../events/contract.ts'
import { detachSeenAt, lockLeads, releaseIdentifiers } from '../identity/index.ts'
import { normaliseEmail } from '../lib/email.ts'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { binLeads } from './bulk/store.ts'
import { takeBack } from './changes.ts'
import type { AsKeptNow, LeadChange, RecordChange } from './changes.ts'
import type { FieldType } from './fields/contract.ts'
import { settledValue } from './fields/convert.ts'
import { readSettledFields } from './fields/store/fields.ts'
import { partLeads } from './parting.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows, readMerge, updateLeadRows } from './store.ts'
import { busyLeads, isBusySince, mergedLeads, takeBackConsents } from './store/take-back.ts'

/** What is to be taken back. */
export interface Undoing {
  workspaceId: string
  /** leads that were made */
  made: string[]
  /** how others were changed and merged, in order */
  changes: LeadChange[]
  /** the instants at which the import wrote, and the one of taking it back: a lead last changed then was touched by nobody else */
  ownInstants: Date[]
  /** one and the same for all batches of an import */
  at: Date
  importId: string
  actor: string
  /** where the import told of orders, which are taken back already: its start */
  ordersUntil?: Date | undefined
}

/**
 * Why a lead, or a part of it, stays: it was merged, lies in the bin, was changed or did something since. Of a merge: one of
 * these is true of what came of it, so that nobody but a person can say what of it is whose.
 */
export type KeptReason =
  'merged_since' | 'binned_since' | 'changed_since' | 'active_since' | 'merge_touched_since'

export interface TakenBack {
  binned: number
  /** leads of which something went back to what it was */
  restored: number
  /** merges that are undone, each with the leads that are two again */
  parted: { mergeId: string; winnerId: string; loserId: string }[]
  kept: { leadId: string; reason: KeptReason }[]
}

/** Takes back in the transaction `tx`. Done once more it finds nothing left to do. */
export async function takeBackLeads(tx: Db, undoing: Undoing): Promise<TakenBack> {
  const { made, changes } = undoing
  const result: TakenBack = { binned: 0, restored: 0, parted: [], kept: [] }
  const restored = new Map<string, string[]>()
  const touched = changes.flatMap((change) => ('leadId' in change ? [change.leadId] : []))
  const mergeIds = changes.flatMap((change) => ('mergeId' in change ? [change.mergeId] : []))
  await lockLeads(tx, [...new Set([...made, ...touched, ...(await mergedLeads(tx, mergeIds))])])
  for (const step of backwards(changes)) {
    if ('mergeId' in step) await part(tx, undoing, step.mergeId, result)
    else await restoreChanged(tx, undoing, step.changes, { restored, result })
  }
  const binned = await binMade(tx, undoing, await readLeadRows(tx, made), result)
  result.restored = restored.size
  result.binned = binned.length
  await logEvents(tx, [
    ...result.parted.flatMap(({ mergeId, winnerId, loserId }) => [
      told(undoing, winnerId, 'lead_unmerged', { mergeId, partedLead: loserId }, 'identity'),
      told(undoing, loserId, 'lead_unmerged', { mergeId, partedLead: winnerId }, 'identity'),
    ]),
    ...[...restored].map(([leadId, changed]) => told(undoing, leadId, 'lead_updated', { changed })),
    ...binned.map((leadId) => told(undoing, leadId, 'lead_binned', {})),
  ])
  return result
}

// From the end: what lies between two merges is taken back together.
function backwards(changes: LeadChange[]): ({ mergeId: string } | { changes: RecordChange[] })[] {
  const steps: ({ mergeId: string } | { changes: RecordChange[] })[] = []
  for (const change of changes.toReversed()) {
    const last = steps.at(-1)
    if ('mergeId' in change) steps.push(change)
    else if (last && 'changes' in last) last.changes.push(change)
    else steps.push({ changes: [change] })
  }
  return steps
}

// Both leads are as the merge left them, or as the rows of this import after it, which are taken back by now.
async function part(tx: Db, undoing: Undoing, mergeId: string, result: TakenBack): Promise<void> {
  const merge = await readMerge(tx, undoing.workspaceId, mergeId)
  if (!merge || merge.undoneAt) return
  const rows = await readLeadRows(tx, [merge.winnerId, merge.loserId])
  const winner = rows.get(merge.winnerId)
  const loser = rows.get(merge.loserId)
  if (!winner || !loser) return
  const isTouched =
    winner.status !== 'active' ||
    loser.merged_into !== winner.id ||
    !undoing.ownInstants.some((at) => at.getTime() === Date.parse(winner.updated_at)) ||
    (await isBusySince(tx, winner.id, new Date(merge.mergedAt), undoing.ownInstants))
  if (isTouched) {
    result.kept.push({ leadId: winner.id, reason: 'merge_touched_since' })
    return
  }
  await partLeads(tx, merge, { winner, loser }, { actor: undoing.actor, at: undoing.at })
  result.parted.push({ mergeId, winnerId: winner.id, loserId: loser.id })
}

/** @param changes from the last to the first */
async function restoreChanged(
  tx: Db,
  undoing: Undoing,
  changes: RecordChange[],
  { restored, result }: { restored: Map<string, string[]>; result: TakenBack },
): Promise<void> {
  const [rows, asKeptNow] = await Promise.all([
    readLeadRows(tx, [...new Set(changes.map(({ leadId }) => leadId))]),
    readAsKeptNow(tx, undoing.workspaceId),
  ])
  const dirty = new Set<LeadRow>()
  const gone: ReturnType<typeof identifierAt> = []
  for (const change of changes) {
    const row = rows.get(change.leadId)
    const obstacle = obstacleOf(row)
    if (!row || obstacle) {
      result.kept.push({ leadId: change.leadId, reason: obstacle ?? 'binned_since' })
      continue
    }
    const { back, kept } = takeBack(row, change, asKeptNow)
    for (const place of back) gone.push(...identifierAt(change, place))
    if (back.length > 0) {
      dirty.add(row)
      restored.set(row.id, [...(restored.get(row.id) ?? []), ...back])
    }
    if (kept.length > 0) result.kept.push({ leadId: row.id, reason: 'changed_since' })
  }
  await detachSeenAt(tx, undoing.workspaceId, gone, undoing.ownInstants)
  for (const row of dirty) row.updated_at = undoing.at.toISOString()
  await updateLeadRows(
    tx,
    [...dirty].sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  const withConsents = changes.filter(({ hasConsents }) => hasConsents).map(({ leadId }) => leadId)
  for (const { leadId, purpose } of await takeBackConsents(tx, undoing, withConsents)) {
    restored.set(leadId, [...(restored.get(leadId) ?? []), `consent.${purpose}`])
  }
}

// What a field's new type can be read as in one way only was converted so.
async function readAsKeptNow(tx: Db, workspaceId: string): Promise<AsKeptNow> {
  const fields = await readSettledFields(tx, [workspaceId])
  const types = new Map<string, FieldType>(
    fields.flatMap(({ key, into, type }) => (into === key && type ? [[`fields.${key}`, type] as const] : [])),
  )
  return (place, value) => {
    const type = types.get(place)
    const isValue = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    return type && isValue ? settledValue(value, type) : value
  }
}

// An address or number that goes back no longer speaks for the lead either.
function identifierAt(
  { leadId, values }: RecordChange,
  place: string,
): { leadId: string; kind: 'email' | 'phone'; value: string }[] {
  const after = values[place]?.after
  if (typeof after !== 'string' || (place !== 'email' && place !== 'phone')) return []
  if (place === 'phone') return [{ leadId, kind: place, value: after }]
  const read = normaliseEmail(after)
  return [{ leadId, kind: place, value: 'matchKey' in read ? read.matchKey : after }]
}

async function binMade(
  tx: Db,
  undoing: Undoing,
  rows: Map<string, LeadRow>,
  result: TakenBack,
): Promise<string[]> {
  const begunAt = new Date(Math.min(...undoing.ownInstants.map((at) => at.getTime())))
  // What a lead did that was part of one of these is folded out of it a little later.
  const parted = result.parted.map(({ winnerId }) => winnerId)
  const busy = await busyLeads(tx, undoing.made, { pastOrders: undoing.ordersUntil, parted, begunAt })
  const own = new Set(undoing.ownInstants.map((at) => at.getTime()))
  const free = undoing.made.filter((leadId) => {
    const row = rows.get(leadId)
    const reason =
      obstacleOf(row) ??
      (busy.has(leadId) ? 'active_since' : undefined) ??
      (row && own.has(Date.parse(row.updated_at)) ? undefined : 'changed_since')
    if (reason && !(reason === 'binned_since' && row?.updated_at === undoing.at.toISOString()))
      result.kept.push({ leadId, reason })
    return reason === undefined
  })
  if (free.length === 0) return free
  await releaseIdentifiers(tx, undoing.workspaceId, free)
  return binLeads(tx, free, undoing.at)
}

function obstacleOf(row: LeadRow | undefined): KeptReason | undefined {
  if (!row || row.status === 'binned') return 'binned_since'
  return row.status === 'merged' ? 'merged_since' : undefined
}

function told(
  { workspaceId, importId, actor, at }: Undoing,
  leadId: string,
  name: string,
  properties: Record<string, unknown>,
  category: Category = 'record',
): LogEntry {
  return {
    workspaceId,
    leadId,
    event: systemEvent({
      eventId: newId(),
      at,
      name,
      category,
      call: 'system',
      source: actor.startsWith('user:') ? 'user' : 'api',
      actor,
      properties: { ...properties, takenBackImportId: importId },
    }),
  }
}
