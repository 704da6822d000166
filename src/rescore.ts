// Scores many leads anew, a part at a time, so that live changes get their turn in between.
import { feedAliases } from './identity/index.ts'
import { holdOffFeed, leadIdsAfter, sendFacts } from './leads/index.ts'
import { inTransaction } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { readPlace, readRulesInForce, waitForLog } from './projections/history/index.ts'
import { rescoreNext } from './projections/score/index.ts'
import type { ScoreMany } from './projections/score/index.ts'
import { understand } from './understand.ts'

/** Leads understood in one transaction, which holds the feed meanwhile. */
const PART = 2_000

/** Scores a part of a run: the leads named, or the next of the workspace in the order of their ids. */
export function scoringMany(services: Services): ScoreMany {
  const { db, clickhouse, clock } = services
  return async (workspaceId, part) => {
    if ('afterId' in part) await feedAliases(db, clickhouse, clock())
    return inTransaction(db, async (tx) => {
      await holdOffFeed(tx)
      if ('afterId' in part && !(await isAskedByLifecycle())) {
        if (!(await waitForLog(tx, true))) return undefined
        const { timeZone } = await readPlace(tx, workspaceId)
        const worked = await rescoreNext(
          { tx, clickhouse, workspaceId, timeZone, now: clock() },
          part.afterId,
        )
        if (worked !== undefined) return worked
      }
      const ids = 'leadIds' in part ? part.leadIds : await leadIdsAfter(tx, workspaceId, part.afterId, PART)
      const last = ids.at(-1)
      if (last === undefined) return null
      if (!(await understand(services, tx, workspaceId, ids, 'bulk'))) return undefined
      await sendFacts({ db: tx, clickhouse }, workspaceId, ids)
      return { afterId: last, done: ids.length }
    })

    // Where stages go by the score, they are worked out anew with it, lead by lead.
    async function isAskedByLifecycle(): Promise<boolean> {
      const lifecycle = await readRulesInForce(db, workspaceId, 'lifecycle')
      return /"fact":\s*"(score|grade|temperature)/.test(JSON.stringify(lifecycle?.rules ?? {}))
    }
  }
}
