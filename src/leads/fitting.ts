// Holds all leads of a workspace against conditions at once, for whoever keeps an answer: and says which leads changed since.
import type { Condition } from '../conditions/contract.ts'
import { Refusal } from '../lib/refusal.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import { copyFilterOf } from './list.ts'
import { holdOffFeed, isCopyWhole, nextVersion } from './store/lead-facts.ts'
import { packInCopy } from './store/selection.ts'

export { oweLeads, changedSince } from './store/lead-facts.ts'
export { catchUp } from './fact-feed.ts'
export { countPacked, packedDifference, unpacked } from './packed-ids.ts'

interface Stores {
  db: Db
  clickhouse: ClickHouse
}

/**
 * The active leads that a condition fits, in the order of their ids, 16 bytes each. Throws a Refusal: 400 where the condition
 * asks for what is not there, 503 while the copy is away (`log_unreachable`) or filled (`leads_filling`).
 */
export async function packFitting(
  { db, clickhouse }: Stores,
  workspaceId: string,
  condition: Condition,
  now: Date,
): Promise<Buffer> {
  if (!(await isCopyWhole(db, workspaceId))) {
    throw new Refusal('leads_filling', 503, 'The copy of the leads is being filled. Try again soon.', {
      retryAfterSeconds: 10,
    })
  }
  const filter = await copyFilterOf(db, workspaceId, { filter: condition }, now)
  return packInCopy(clickhouse, {
    workspaceId,
    status: 'active',
    audience: 'all',
    search: undefined,
    filter,
  })
}

/**
 * Waits for the leads that are being understood just now.
 * @returns a version: every row of the copy that is sent from now on has a higher one, see `changedSince`
 */
export async function versionNow(db: Db): Promise<number> {
  return inTransaction(db, async (tx) => {
    await holdOffFeed(tx)
    return nextVersion(tx)
  })
}
