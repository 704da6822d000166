// Writes who is who for people that nothing stored is about.
import { copyRows } from '../../platform/copy.ts'
import type { CopyColumn } from '../../platform/copy.ts'
import type { Db } from '../../platform/postgres.ts'
import { KIND } from '../contract.ts'
import type { Identifier, IdentityChanges } from '../resolve.ts'
import { writeIdentity } from '../store.ts'

export interface NewIdentity {
  /** values that nobody has, each with its owner */
  identifiers: Identifier[]
  /** other leads on which a value was seen */
  shares: { identifier: Identifier; leadId: string }[]
  proposals: IdentityChanges['proposals']
}

/** Writes all of it. @throws IdentityRace where somebody has one of the values */
export async function insertIdentity(tx: Db, made: NewIdentity, now: Date): Promise<void> {
  const { identifiers: attached, shares, proposals } = made
  const none = { newLeads: [], moved: [], shared: [], merges: [], becameKnown: [] }
  await writeIdentity(tx, { ...none, attached, proposals }, now)
  const seenAt = now.toISOString()
  const once = new Map(
    shares.map((share) => {
      const { workspaceId, kind, value } = share.identifier
      return [`${workspaceId}|${kind}|${share.leadId}|${value}`, share]
    }),
  )
  await copyRows(tx, 'identifier_shares', SHARE_COLUMNS, [...once.values()], ({ identifier, leadId }) => [
    identifier.workspaceId,
    KIND[identifier.kind],
    identifier.value,
    leadId,
    seenAt,
  ])
}

const SHARE_COLUMNS: CopyColumn[] = [
  ['workspace_id', 'plain'],
  ['kind', 'plain'],
  ['value', 'plain'],
  ['lead_id', 'plain'],
  ['seen_at', 'plain'],
]
