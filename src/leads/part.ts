// Takes one merge back out of a record, though others came after it: what those found there, they find as if it never was.
import { unmergeRecord } from './record.ts'
import type { LeadRow, MergeTrace } from './record.ts'

/** A merge into the same winner that came later and stands. */
export interface StandingMerge {
  trace: MergeTrace
  loser: LeadRow
}

/**
 * Changes the winner, and the traces of the later merges, in place.
 * @param later oldest first
 */
export function partRecord(winner: LeadRow, trace: MergeTrace, later: StandingMerge[]): void {
  const values: MergeTrace['values'] = {}
  for (const [place, value] of Object.entries(trace.values)) {
    const heir = later.find((merge) => merge.trace.values[place]?.before === value.after)?.trace.values[place]
    if (heir) {
      heir.before = value.before
      heir.provenance = value.provenance
    } else values[place] = value
  }
  const tagsAdded: string[] = []
  for (const tag of trace.tagsAdded) {
    const heir = later.find((merge) => merge.loser.tags.includes(tag))
    if (heir) heir.trace.tagsAdded.push(tag)
    else tagsAdded.push(tag)
  }
  const owner = trace.ownerTaken
  const chosenLater = later.find((merge) => owner !== undefined && merge.trace.ownerBefore === owner)
  const nextOwned = later.find((merge) => merge.loser.owner_id !== null)
  if (chosenLater) {
    if (trace.ownerBefore === undefined) delete chosenLater.trace.ownerBefore
    else chosenLater.trace.ownerBefore = trace.ownerBefore
  } else if (owner !== undefined && winner.owner_id === owner) {
    if (trace.ownerBefore === undefined && nextOwned?.loser.owner_id)
      nextOwned.trace.ownerTaken = nextOwned.loser.owner_id
    winner.owner_id = trace.ownerBefore ?? nextOwned?.loser.owner_id ?? null
  }
  const standing = { ...trace.winner }
  for (const merge of later) {
    merge.trace.winner = { ...standing }
    if (merge.loser.created_at < standing.created_at) standing.created_at = merge.loser.created_at
    standing.is_known ||= merge.loser.is_known
  }
  unmergeRecord(winner, { winner: standing, values, tagsAdded })
}
