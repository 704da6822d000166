// Takes back what a batch of an import did to leads, as far as nothing has touched them since, and says what stays and why.
import { logEvents, systemEvent } from '../events/index.ts'
import type { LogEntry } from '../events/index.ts'
import { detachIdentifiers, lockLeads, releaseIdentifiers } from '../identity/index.ts'
import { normaliseEmail } from '../lib/email.ts'
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import { binLeads } from './bulk/store.ts'
import { takeBack } from './changes.ts'
import type { RecordChange } from './changes.ts'
import type { LeadRow } from './record.ts'
import { readLeadRows, updateLeadRows } from './store.ts'
import { busyLeads, takeBackConsents } from './store/take-back.ts'

/** What is to be taken back. */
export interface Undoing {
  workspaceId: string
  /** leads that were made */
  made: string[]
  /** how others were changed, in order */
  changes: RecordChange[]
  /** the instants at which the import wrote, and the one of taking it back: a lead last changed then was touched by nobody else */
  ownInstants: Date[]
  /** one and the same for all batches of an import */
  at: Date
  importId: string
  actor: string
  /** where the import told of orders, which are taken back already: its start */
  ordersUntil?: Date | undefined
}

/** Why a lead, or a part of it, stays: it was merged, lies in the bin, was changed or did something since. */
export type KeptReason = 'merged_since' | 'binned_since' | 'changed_since' | 'active_since'

export interface TakenBack {
  binned: number
  /** leads of which something went back to what it was */
  restored: number
  kept: { leadId: string; reason: KeptReason }[]
}

/** Takes back in the transaction `tx`. Done once more it finds nothing left to do. */
export async function takeBackLeads(tx: Db, undoing: Undoing): Promise<TakenBack> {
  const { made, changes } = undoing
  const ids = [...new Set([...made, ...changes.map(({ leadId }) => leadId)])]
  await lockLeads(tx, ids)
  const rows = await readLeadRows(tx, ids)
  const result: TakenBack = { binned: 0, restored: 0, kept: [] }
  const restored = await restoreChanged(tx, undoing, rows, result)
  const binned = await binMade(tx, undoing, rows, result)
  result.restored = restored.size
  result.binned = binned.length
  await logEvents(tx, [
    ...[...restored].map(([leadId, changed]) => told(undoing, leadId, 'lead_updated', { changed })),
    ...binned.map((leadId) => told(undoing, leadId, 'lead_binned', {})),
  ])
  return result
}

async function restoreChanged(
  tx: Db,
  undoing: Undoing,
  rows: Map<string, LeadRow>,
  result: TakenBack,
): Promise<Map<string, string[]>> {
  const restored = new Map<string, string[]>()
  const dirty = new Set<LeadRow>()
  const gone: ReturnType<typeof identifierAt> = []
  for (const change of undoing.changes.toReversed()) {
    const row = rows.get(change.leadId)
    const obstacle = obstacleOf(row)
    if (!row || obstacle) {
      result.kept.push({ leadId: change.leadId, reason: obstacle ?? 'binned_since' })
      continue
    }
    const { back, kept } = takeBack(row, change)
    for (const place of back) gone.push(...identifierAt(change, place))
    if (back.length > 0) {
      dirty.add(row)
      restored.set(row.id, [...(restored.get(row.id) ?? []), ...back])
    }
    if (kept.length > 0) result.kept.push({ leadId: row.id, reason: 'changed_since' })
  }
  await detachIdentifiers(tx, undoing.workspaceId, gone)
  for (const row of dirty) row.updated_at = undoing.at.toISOString()
  await updateLeadRows(
    tx,
    [...dirty].sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
  const withConsents = undoing.changes.filter(({ hasConsents }) => hasConsents).map(({ leadId }) => leadId)
  for (const { leadId, purpose } of await takeBackConsents(tx, undoing, withConsents)) {
    restored.set(leadId, [...(restored.get(leadId) ?? []), `consent.${purpose}`])
  }
  return restored
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
  const busy = await busyLeads(tx, undoing.made, undoing.ordersUntil)
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
): LogEntry {
  return {
    workspaceId,
    leadId,
    event: systemEvent({
      eventId: newId(),
      at,
      name,
      category: 'record',
      call: 'system',
      source: actor.startsWith('user:') ? 'user' : 'api',
      actor,
      properties: { ...properties, takenBackImportId: importId },
    }),
  }
}
