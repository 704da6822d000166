// Parts two leads that were merged, in a transaction: record, identifiers and consents are again what they were.
import { identifiersOf, leadFamily, returnApart, returnIdentifiers } from '../identity/index.ts'
import type { Db } from '../platform/postgres.ts'
import { partConsents } from './part-consents.ts'
import { partRecord } from './part.ts'
import type { LeadRow } from './record.ts'
import { markUndone, readLeadRows, updateLeadRows } from './store.ts'
import type { MergeRecord } from './store.ts'
import { consentsOf, readConsents, restoreConsents } from './store/consents.ts'
import { mergesAfter, movedIdentifiers, saveTraces } from './store/detail.ts'
import type { LaterMerge } from './store/detail.ts'

/**
 * Undoes a merge whose two leads are locked; both rows are changed in place and written. What was written since by others
 * stays; events stay with the lead that they came to, so that both must be folded anew.
 */
export async function partLeads(
  tx: Db,
  merge: MergeRecord,
  { winner, loser }: { winner: LeadRow; loser: LeadRow },
  done: { actor: string; at: Date },
): Promise<void> {
  const laterMerges = await mergesAfter(tx, winner.id, merge.id)
  const laterLosers = await readLeadRows(
    tx,
    laterMerges.map((later) => later.loserId),
  )
  partRecord(
    winner,
    merge.before.record,
    laterMerges.flatMap(({ before, loserId }) => {
      const laterLoser = laterLosers.get(loserId)
      return laterLoser ? [{ trace: before.record, loser: laterLoser }] : []
    }),
  )
  await returnConsents(tx, merge, laterMerges)
  await saveTraces(tx, laterMerges)
  loser.status = loser.binned_at === null ? 'active' : 'binned'
  loser.merged_into = null
  await returnTo(tx, merge, winner, loser)
  await returnApart(tx, winner.id, loser.id)
  winner.is_known ||= await hasName(tx, merge.workspaceId, winner.id)
  for (const row of [winner, loser]) row.updated_at = done.at.toISOString()
  await updateLeadRows(tx, [winner, loser])
  await markUndone(tx, merge.id, done.actor, done.at)
}

// With the loser go the identifiers of all that are part of it; those that moved on to somebody else stay there.
async function returnTo(tx: Db, merge: MergeRecord, winner: LeadRow, loser: LeadRow): Promise<void> {
  const family = await leadFamily(tx, merge.workspaceId, loser.id)
  const moved = [...merge.before.identifiers, ...(await movedIdentifiers(tx, family))]
  await returnIdentifiers(tx, merge.workspaceId, winner.id, loser.id, moved)
}

async function hasName(tx: Db, workspaceId: string, leadId: string): Promise<boolean> {
  const identifiers = await identifiersOf(tx, workspaceId, leadId)
  return identifiers.some((identifier) => identifier.kind !== 'anonymous_id')
}

async function returnConsents(tx: Db, merge: MergeRecord, laterMerges: LaterMerge[]): Promise<void> {
  const consents = await readConsents(tx, [merge.winnerId, ...laterMerges.map(({ loserId }) => loserId)])
  const changes = partConsents(
    merge.before,
    laterMerges.map(({ before, loserId, mergedAt }) => ({
      trace: before,
      loser: consentsOf(consents, loserId),
      mergedAt,
    })),
    consentsOf(consents, merge.winnerId),
  )
  const returned = [...changes.values()].filter((consent) => consent !== undefined)
  await restoreConsents(tx, merge.workspaceId, merge.winnerId, returned, [...changes.keys()])
}
