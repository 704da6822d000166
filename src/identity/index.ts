// The verbs of identity: whose is it, and who is part of whom.
import { newId } from '../lib/ids.ts'
import type { Db } from '../platform/postgres.ts'
import type { Claims, Identified } from './contract.ts'
import { claimed, resolveBatch } from './resolve.ts'
import type { IdentityChanges, Known } from './resolve.ts'
import { loadKnown, writeIdentity } from './store.ts'

export { EVIDENCE_LIMIT, KIND } from './contract.ts'
export type { Claims, Identified, IdentifierKind, KnownLead } from './contract.ts'
export type { Identifier, IdentityChanges, Known } from './resolve.ts'
export { feedAliases } from './store/aliases.ts'
export { resolveBatch, winnerFirst } from './resolve.ts'
export {
  IdentityRace,
  identifiersOf,
  leadFamily,
  lockLeads,
  moveIdentifiers,
  returnIdentifiers,
} from './store.ts'
export { insertIdentity } from './store/insert.ts'
export type { NewIdentity } from './store/insert.ts'
export { keepApart, letTogether, returnApart } from './store/apart.ts'
export {
  attachIdentifier,
  detachIdentifier,
  detachSeenAt,
  ownerOf,
  releaseIdentifiers,
} from './store/replace.ts'
export { settleProposals } from './duplicates/store.ts'
export { holdErasure } from './store/suppressions.ts'
export { erasedAmong, forgetIdentifiers, liftSuppression } from './suppression.ts'

/**
 * Decides whose each item is and writes the identifiers; leads themselves are made and merged by the caller from `changes`.
 * @returns per item its lead or null where it names nobody; the leads involved, locked
 * @throws IdentityRace where another worker attached one of the values meanwhile: decide the batch again
 */
export async function identify(
  tx: Db,
  items: Claims[],
  now: Date,
): Promise<{ decided: (Identified | null)[]; changes: IdentityChanges; known: Known }> {
  const claimedBy = items.map(claimed)
  const known = await loadKnown(tx, items, claimedBy)
  const { decided, changes } = resolveBatch(items, known, newId, claimedBy)
  await writeIdentity(tx, changes, now)
  return { decided, changes, known }
}
