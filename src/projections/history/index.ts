// The verbs of histories: load them, wait until the log is whole, keep what was understood of them.
import { readFactParts } from '../../leads/index.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Db } from '../../platform/postgres.ts'
import type { EventNeed, LeadHistory, ManualMove } from '../contract.ts'
import { readEvents } from './store/events.ts'
import { readFamilies, readOpenBatches, readOrders, readPlace } from './store/records.ts'

export { assetSql, dayColumn, momentSql } from './columns.ts'
export { needsOf } from './needs.ts'
export { forgetInLog } from './store/forget.ts'
export {
  adoptRules,
  dropDraft,
  readDraft,
  readRuleSets,
  readRulesInForce,
  saveDraft,
} from './store/rule-sets.ts'
export { deleteStates as forgetStates, mergeScored, readStates, writeStates } from './store/states.ts'
export { readPlace } from './store/records.ts'

/** Histories of a turn, and which of its leads have none: part of another now, or no more. */
export interface LoadedHistories {
  histories: LeadHistory[]
  gone: string[]
}

/**
 * Loads histories in sets; of a lead that was merged, that of the lead which it is part of.
 * @param readMoves the stages that people set, by the ids of a family
 */
export async function loadHistories(
  { db, clickhouse }: { db: Db; clickhouse: ClickHouse },
  workspaceId: string,
  leadIds: string[],
  needs: readonly EventNeed[],
  readMoves: (ids: string[]) => Promise<Map<string, ManualMove[]>> = () => Promise.resolve(new Map()),
): Promise<LoadedHistories> {
  const rootOf = await readFamilies(db, workspaceId, leadIds)
  const roots = [...new Set(rootOf.values())].sort()
  const { timeZone } = await readPlace(db, workspaceId)
  const [{ parts }, events, orders, moves] = await Promise.all([
    readFactParts(db, workspaceId, roots),
    readEvents(clickhouse, { workspaceId, timeZone }, rootOf, needs),
    readOrders(db, workspaceId, rootOf),
    readMoves([...rootOf.keys()]),
  ])
  const histories = parts.map((subject) => {
    const { id, created_at } = subject.record
    const own = events.get(id) ?? []
    return {
      leadId: id,
      workspaceId,
      createdAt: Math.min(Date.parse(created_at), own[0]?.at ?? Infinity),
      subject,
      events: own,
      orders: orders.get(id) ?? [],
      moves: familyMoves(moves, rootOf, id),
    }
  })
  return { histories, gone: leadIds.filter((id) => rootOf.get(id) !== id) }
}

/**
 * Waits until what was decided by now is in the log.
 * @param isWithBulk whether what imports and bulk work logged is waited for too
 * @returns false where that takes too long: ClickHouse is away, or far behind
 */
export async function waitForLog(db: Db, isWithBulk: boolean, attempts = 100): Promise<boolean> {
  const waiting = new Set(await readOpenBatches(db, isWithBulk))
  for (let attempt = 0; waiting.size > 0; attempt++) {
    if (attempt === attempts) return false
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    const open = new Set(await readOpenBatches(db, isWithBulk))
    for (const id of waiting) if (!open.has(id)) waiting.delete(id)
  }
  return true
}

const PAUSE_MS = 20

function familyMoves(
  moves: ReadonlyMap<string, ManualMove[]>,
  rootOf: ReadonlyMap<string, string>,
  leadId: string,
): ManualMove[] {
  if (moves.size === 0) return []
  const own = [...moves].flatMap(([id, list]) => (rootOf.get(id) === leadId ? list : []))
  return own.sort((a, b) => a.at - b.at || (a.moveId < b.moveId ? -1 : 1))
}
