// Scores many leads anew, a part at a time, so that live changes get their turn in between.
import { holdOffFeed, leadIdsAfter, sendFacts } from './leads/index.ts'
import { inTransaction } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import type { ScoreMany } from './projections/score/index.ts'
import { understand } from './understand.ts'

/** Leads understood in one transaction, which holds the feed meanwhile. */
const PART = 2_000

/** Scores a part of a run: the leads named, or the next of the workspace in the order of their ids. */
export function scoringMany(services: Services): ScoreMany {
  const { db, clickhouse } = services
  return (workspaceId, part) =>
    inTransaction(db, async (tx) => {
      await holdOffFeed(tx)
      const ids = 'leadIds' in part ? part.leadIds : await leadIdsAfter(tx, workspaceId, part.afterId, PART)
      const last = ids.at(-1)
      if (last === undefined) return null
      if (!(await understand(services, tx, workspaceId, ids, 'bulk'))) return undefined
      await sendFacts({ db: tx, clickhouse }, workspaceId, ids)
      return { afterId: last, done: ids.length }
    })
}
