// Keeps ClickHouse's copy of the leads true: sends what changes owe it, and fills it anew where it must be.
import type { ClickHouse } from '../platform/clickhouse.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import { factsLine, goneLine } from './fact-row.ts'
import type { FactParts } from './fact-row.ts'
import { readFactParts } from './store/fact-parts.ts'
import {
  clearOwed,
  eraseFacts,
  highestVersion,
  holdFeed,
  holdOffFeed,
  insertFacts,
  insertGone,
  isAnythingOwed,
  leadIdsAfter,
  nextVersion,
  noteRefilled,
  raiseVersion,
  readOwedLeads,
  readOwedOf,
  readOwedWorkspace,
  readStaleIds,
} from './store/lead-facts.ts'
import type { FeedLane, OwedWorkspace } from './store/lead-facts.ts'

export {
  clearOwnOwed,
  holdOffFeed,
  leadIdsAfter,
  markBulk,
  oweNewcomers,
  oweWorkspace,
  owedState,
} from './store/lead-facts.ts'

interface Stores {
  db: Db
  clickhouse: ClickHouse
}

/**
 * Has what is understood of leads made anew, of those merged and gone too, before their rows are: handed in, since modules above
 * know how. It writes in the transaction; the feed has one writer at a time.
 * @returns false where the log does not have every event yet: what is owed stays owed
 */
export type Understand = (tx: Tx, workspaceId: string, leadIds: string[], lane: FeedLane) => Promise<boolean>

/**
 * Leads of a turn: while they are read and sent, what people just did waits. ClickHouse writes a part for each insert and
 * merges parts later: of 10,000 rows at once each costs it 24 microseconds, of 2,000 36.
 */
const TURN = { live: 2_000, bulk: 10_000 } satisfies Record<FeedLane, number>
/** What is owed names a lead as often as it was touched: so many times in all are read to find those of a turn. */
const READ_LIMIT = 20_000
/** Leads read at once, so that the thread is free every few hundredths of a second. */
const READ_AT_ONCE = 2_000

/**
 * Sends some of what is owed. In the lane `live` that is what people did; in `bulk` what imports and bulk work changed, then the
 * next part of a workspace that is filled anew. Throws where either store is away; what is owed stays owed.
 * @param turn leads of this turn at most, about
 * @returns whether there is more to be sent at once; false too where another process is at it
 */
export async function feedLeadFacts(
  { db, clickhouse }: Stores,
  lane: FeedLane,
  understand: Understand = () => Promise.resolve(true),
  turn: number = TURN[lane],
): Promise<boolean> {
  if (!(await isAnythingOwed(db))) return false
  return inTransaction(db, async (tx) => {
    if (!(await holdFeed(tx))) return false
    const owed = await readOwedLeads(tx, READ_LIMIT, lane)
    if (owed.length === 0) {
      if (lane === 'live') return false
      const workspace = await readOwedWorkspace(tx)
      return workspace !== undefined && refill({ db: tx, clickhouse }, workspace, understand, turn)
    }
    const byWorkspace = new Map<string, Set<string>>()
    let read = 0
    let distinct = 0
    while (read < owed.length && distinct < turn) {
      const { workspaceId, leadIds } = owed[read++]!
      const ids = byWorkspace.get(workspaceId) ?? new Set()
      byWorkspace.set(workspaceId, ids)
      distinct -= ids.size
      for (const id of leadIds) ids.add(id)
      distinct += ids.size
    }
    for (const [workspaceId, ids] of byWorkspace) {
      const all = [...ids]
      for (let at = 0; at < all.length; at += TURN.bulk) {
        const some = all.slice(at, at + TURN.bulk)
        if (!(await understand(tx, workspaceId, some, lane))) return false
        await sendFacts({ db: tx, clickhouse }, workspaceId, some)
      }
    }
    await clearOwed(
      tx,
      owed.slice(0, read).map(({ id }) => id),
    )
    return distinct >= turn
  })
}

/**
 * Sends leads as they are now, so that whoever changed them finds them so in the list at once. Where that takes longer than
 * the limit or ClickHouse is away, the worker does it, since they are owed.
 */
export async function showLeads(
  { db, clickhouse }: Stores,
  workspaceId: string,
  leadIds: string[],
  timeoutMs = 500,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs)
  const late = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  const sent = sendFacts({ db, clickhouse }, workspaceId, leadIds, signal).then(
    () => undefined,
    () => undefined,
  )
  await Promise.race([sent, late])
}

/** Leads that somebody waits for at most: two seconds of sending. */
const WAITED_FOR = 20_000

/**
 * Sends what a workspace owes by now, so that a question asked of the copy afterwards goes by what was written before. It stays
 * owed: the feed has these leads understood anew.
 * @returns 0, or how many leads are owed where they are too many to wait for; none is sent then
 */
export async function catchUp({ db, clickhouse }: Stores, workspaceId: string): Promise<number> {
  if (!(await isAnythingOwed(db))) return 0
  return inTransaction(db, async (tx) => {
    await holdOffFeed(tx)
    const { leads, leadIds } = await readOwedOf(tx, workspaceId, WAITED_FOR)
    if (leads > WAITED_FOR) return leads
    for (let at = 0; at < leadIds.length; at += TURN.bulk)
      await sendFacts({ db: tx, clickhouse }, workspaceId, leadIds.slice(at, at + TURN.bulk))
    return 0
  })
}

/**
 * Sends rows of leads that the caller has at hand, since nobody else knows of them yet, and that of none is owed any more by
 * the transaction which makes them. Sent before that commits, so that a crash leaves nothing untold; sending again changes nothing.
 */
export async function tellFacts(
  { db, clickhouse }: Stores,
  workspaceId: string,
  parts: FactParts[],
  gone: string[],
): Promise<void> {
  const version = await nextVersion(db)
  await insertFacts(
    clickhouse,
    parts.map((part) => factsLine(part, version)),
  )
  await insertGone(
    clickhouse,
    gone.map((id) => goneLine(workspaceId, id, version)),
  )
}

/**
 * Sends leads as they are now. The version is taken before they are read: whoever takes a later one reads them later, so the
 * newest row wins.
 */
export async function sendFacts(
  { db, clickhouse }: Stores,
  workspaceId: string,
  leadIds: string[],
  signal?: AbortSignal,
): Promise<void> {
  const version = await nextVersion(db)
  const lines: string[] = []
  const gone: string[] = []
  let isAnyErased = false
  for (let at = 0; at < leadIds.length; at += READ_AT_ONCE) {
    const read = await readFactParts(db, workspaceId, leadIds.slice(at, at + READ_AT_ONCE))
    for (const part of read.parts) lines.push(factsLine(part, version))
    for (const id of [...read.merged, ...read.missing]) gone.push(goneLine(workspaceId, id, version))
    isAnyErased ||= read.missing.length > 0
  }
  await insertFacts(clickhouse, lines, signal)
  await insertGone(clickhouse, gone)
  if (isAnyErased) await eraseFacts(clickhouse, workspaceId, version)
}

// Leads in the order of their ids; at the end those that the copy still holds and PostgreSQL no more.
async function refill(
  { db, clickhouse }: { db: Tx; clickhouse: ClickHouse },
  workspace: OwedWorkspace,
  understand: Understand,
  turn: number,
): Promise<boolean> {
  const { workspaceId } = workspace
  const sinceVersion = workspace.sinceVersion ?? (await versionAboveAll({ db, clickhouse }, workspaceId))
  const ids = await leadIdsAfter(db, workspaceId, workspace.afterId, turn)
  if (ids.length > 0) {
    if (!(await understand(db, workspaceId, ids, 'bulk'))) return false
    await sendFacts({ db, clickhouse }, workspaceId, ids)
    await noteRefilled(db, { ...workspace, afterId: ids.at(-1)!, sinceVersion })
    return true
  }
  const stale = await readStaleIds(clickhouse, workspaceId, sinceVersion, turn)
  if (stale.length > 0) await sendFacts({ db, clickhouse }, workspaceId, stale)
  else await clearOwed(db, [workspace.id])
  return true
}

// A PostgreSQL that was restored from a backup counts from where it was, and its rows would lose to those of later.
async function versionAboveAll({ db, clickhouse }: Stores, workspaceId: string): Promise<number> {
  await raiseVersion(db, await highestVersion(clickhouse, workspaceId))
  return nextVersion(db)
}
