// Takes the orders of an import that was taken back out of the event log, once the log has them all.
import { forgetToldOrders, isLogWhole } from '../events/index.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import type { UndoReactions } from './undo-work.ts'
import { deleteTraces, readTraceRest } from './store/traces.ts'
import { storeClock } from './store/undo.ts'

/** Leads that are folded anew in one job. */
const FOLD_AT_ONCE = 500

/**
 * Sets the sums right and deletes the events; then what the leads did is folded anew. Done once more it finds nothing to do.
 * @param until batches opened by then must be in the log; now, where the caller does not know
 * @returns the instant to come back with while the log lacks some of them; undefined when done
 */
export async function clearOrders(
  { db, clickhouse }: Pick<Services, 'db' | 'clickhouse'>,
  reactions: UndoReactions,
  importId: string,
  until: Date | undefined,
): Promise<Date | undefined> {
  const rest = await readTraceRest(db, importId)
  if (!rest) return undefined
  const wholeAt = until ?? (await storeClock(db))
  if (!(await isLogWhole(db, wholeAt))) return wholeAt
  const { workspaceId, orderLeads, keptOrders } = rest
  await forgetToldOrders(clickhouse, workspaceId, {
    importId,
    from: rest.from,
    until: rest.until,
    kept: keptOrders,
  })
  await inTransaction(db, async (tx) => {
    for (let at = 0; at < orderLeads.length; at += FOLD_AT_ONCE)
      await reactions.relogged(tx, orderLeads.slice(at, at + FOLD_AT_ONCE), workspaceId)
    await deleteTraces(tx, importId)
  })
  return undefined
}
