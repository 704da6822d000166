// Erased people stay away: their identifiers are kept as hashes, and what speaks of them is known by these alone.
import type { Db } from '../platform/postgres.ts'
import { KIND } from './contract.ts'
import type { Claims, IdentifierKind } from './contract.ts'
import { claimed } from './resolve.ts'
import { releaseIdentifiers } from './store/replace.ts'
import {
  deletePairs,
  deleteSuppression,
  erasureKeys,
  insertSuppressions,
  makeErasureKey,
  ownIdentifiers,
  suppressedAmong,
} from './store/suppressions.ts'
import type { Keyed } from './store/suppressions.ts'

/**
 * Which items speak of an erased person. Call it first in a transaction: until that ends nobody else is erased. One query,
 * where nobody was erased; one more otherwise.
 * A login or an address decides before a browser or a phone does: the same browser may be somebody else's by now.
 */
export async function erasedAmong(tx: Db, items: Claims[]): Promise<boolean[]> {
  const keys = await erasureKeys(
    tx,
    items.map((item) => item.workspaceId),
  )
  if (keys.size === 0) return items.map(() => false)
  const asked: { item: number; value: Keyed }[] = []
  items.forEach((claims, item) => {
    const key = keys.get(claims.workspaceId)
    if (key === undefined) return
    for (const { kind, value } of decisive(claims))
      asked.push({ item, value: { workspaceId: claims.workspaceId, kind, value, key } })
  })
  const suppressed = await suppressedAmong(
    tx,
    asked.map(({ value }) => value),
  )
  const erased = new Set(asked.filter((_, i) => suppressed[i]).map(({ item }) => item))
  return items.map((_, item) => erased.has(item))
}

/** Forgets the identifiers of leads, and keeps those that were theirs alone as hashes where they shall stay away. */
export async function forgetIdentifiers(
  tx: Db,
  workspaceId: string,
  leadIds: string[],
  at: Date,
  options: { stayAway: boolean },
): Promise<void> {
  if (options.stayAway) {
    const key = await makeErasureKey(tx, workspaceId)
    const own = (await ownIdentifiers(tx, workspaceId, leadIds)).filter(({ leadCount }) => leadCount === 1)
    await insertSuppressions(
      tx,
      own.flatMap(({ kind, value }) => {
        const name = kinds.get(kind)
        return name ? [{ workspaceId, kind: name, value, key }] : []
      }),
      at,
    )
  }
  await releaseIdentifiers(tx, workspaceId, leadIds)
  await deletePairs(tx, workspaceId, leadIds)
}

/** Lets a person come back who asked for it. @returns whether the value was kept away */
export async function liftSuppression(
  tx: Db,
  workspaceId: string,
  kind: IdentifierKind,
  value: string,
): Promise<boolean> {
  const key = (await erasureKeys(tx, [workspaceId])).get(workspaceId)
  return key !== undefined && deleteSuppression(tx, { workspaceId, kind, value, key })
}

const kinds = new Map(
  Object.entries(KIND).map(([name, number]) => [number as number, name as IdentifierKind]),
)

const STRONG: readonly IdentifierKind[] = ['user_id', 'vendor_customer_id', 'email']

function decisive(claims: Claims): { kind: IdentifierKind; value: string }[] {
  const all = claimed(claims)
  const strong = all.filter(({ kind }) => STRONG.includes(kind))
  return strong.length > 0 ? strong : all
}
