// The verbs of the projection `activity`.
import { leadFamily, lockLeads } from '../../identity/index.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { ActivityState } from './contract.ts'
import { combine, foldActivity } from './fold.ts'
import type { ActivityEvent } from './fold.ts'
import {
  deleteStates,
  leadsAfter,
  openBatchIds,
  readActivityEvents,
  readStates,
  writeStates,
} from './store.ts'

export { combine, foldActivity } from './fold.ts'
export { insertStates } from './store.ts'

/** Adds a batch's events to the states of their leads; the leads must be locked. */
export async function projectActivity(
  tx: Db,
  entries: { leadId: string; workspaceId: string; event: ActivityEvent }[],
  merged: { winnerId: string; loserId: string; workspaceId: string }[],
  options: { isNew?: (leadId: string) => boolean } = {},
): Promise<void> {
  const touched = new Map<string, { workspaceId: string; added: ActivityState | null }>()
  for (const { leadId, workspaceId, event } of entries) {
    const entry = touched.get(leadId) ?? { workspaceId, added: null }
    entry.added = foldActivity(entry.added, [event])
    touched.set(leadId, entry)
  }
  const ids = new Set(touched.keys())
  for (const { winnerId, loserId } of merged) ids.add(winnerId).add(loserId)
  const states = await readStates(
    tx,
    [...ids].filter((id) => !options.isNew?.(id)),
  )
  for (const { winnerId, loserId, workspaceId } of merged) {
    const own = touched.get(loserId)?.added ?? null
    const whole = combine(states.get(loserId) ?? null, own)
    touched.delete(loserId)
    if (!whole) continue
    states.set(loserId, whole)
    const winner = touched.get(winnerId) ?? { workspaceId, added: null }
    winner.added = combine(winner.added, whole)
    touched.set(winnerId, winner)
  }
  await writeStates(
    tx,
    [...touched].flatMap(([leadId, { workspaceId, added }]) => {
      const state = added && combine(states.get(leadId) ?? null, added)
      return state ? [{ leadId, workspaceId, state }] : []
    }),
  )
  if (merged.length > 0)
    await deleteStates(
      tx,
      merged.map((pair) => pair.loserId),
    )
}

/**
 * Folds leads anew from the log, each over its own events and those of the leads merged into it. One that is part of another
 * has no state of its own: the lead that it is part of is folded instead.
 * @returns false where batches still wait for ClickHouse, so that the log is not whole: try again later
 */
export async function refoldActivity(
  db: Db,
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
): Promise<boolean> {
  // Most of the waiting is done before anything is locked: while ClickHouse is away, nobody else has to wait for it.
  if (!(await waitUntilClosed(db, await openBatchIds(db)))) return false
  return inTransaction(db, async (tx) => {
    // Then the locks: whatever touched these leads before is committed, and its batch is among those that are open.
    const locked = await lockLeads(tx, leadIds)
    if (!(await waitUntilClosed(db, await openBatchIds(tx)))) return false
    const roots = [...locked.values()]
      .filter((lead) => lead.workspaceId === workspaceId)
      .map((lead) => lead.id)
    const families = new Map<string, string[]>()
    for (const id of [...new Set(roots)].sort()) families.set(id, await leadFamily(tx, workspaceId, id))
    const events = await readActivityEvents(clickhouse, workspaceId, [...families.values()].flat())
    const states: { leadId: string; workspaceId: string; state: ActivityState }[] = []
    for (const [leadId, family] of families) {
      let state: ActivityState | null = null
      for (const id of family) state = combine(state, foldActivity(null, events.get(id) ?? []))
      if (state) states.push({ leadId, workspaceId, state })
    }
    const folded = new Set(states.map((one) => one.leadId))
    const stateless = [...leadIds, ...families.keys()].filter((id) => !folded.has(id))
    await writeStates(tx, states)
    await deleteStates(tx, stateless)
    return true
  })
}

/** Forgets what leads did that are erased or purged. */
export async function forgetActivity(tx: Db, leadIds: string[]): Promise<void> {
  await deleteStates(tx, leadIds)
}

/** Leads folded in one transaction, which holds their locks meanwhile. */
const CHUNK = 100

/** Folds every lead of a workspace anew, in chunks. */
export async function rebuildActivity(
  db: Db,
  clickhouse: ClickHouse,
  workspaceId: string,
  onProgress: (leads: number) => void = () => undefined,
): Promise<number> {
  let after: string | null = null
  let done = 0
  for (;;) {
    const ids: string[] = await leadsAfter(db, workspaceId, after, CHUNK)
    if (ids.length === 0) return done
    while (!(await refoldActivity(db, clickhouse, workspaceId, ids))) {
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    after = ids.at(-1) ?? null
    done += ids.length
    onProgress(done)
  }
}

// Batches close within a tenth of a second while ClickHouse is there; while it is away the caller comes back later.
async function waitUntilClosed(db: Db, ids: string[], attempts = 40): Promise<boolean> {
  if (ids.length === 0) return true
  for (let attempt = 0; attempt < attempts; attempt++) {
    const open = new Set(await openBatchIds(db))
    if (!ids.some((id) => open.has(id))) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}
