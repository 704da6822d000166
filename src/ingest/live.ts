// What comes in while somebody watches: one poller per workspace tells all of its listeners what is new and what changed.
import type { InboxItem } from '../events/contract.ts'
import type { Db } from '../platform/postgres.ts'
import { isPostgresUnreachable } from '../platform/postgres.ts'
import { STATUS } from './store.ts'
import { readNewest, readStates, readWhole } from './store/view.ts'
import type { MessageState } from './store/view.ts'
import { presentMessage } from './view.ts'

/** Whoever watches. The calls must not throw. */
export interface Listener {
  item(item: InboxItem): void
  change(item: InboxItem): void
  /** so many came, at least, that were not told one by one */
  more(count: number): void
}

export interface LiveFeeds {
  /**
   * Tells a listener what comes in from now on; first, where it names one, what came after the message it saw last.
   * Resolves with the function that ends it, once nothing can be missed any more.
   */
  listen(workspaceId: string, listener: Listener, lastSeenId?: string): Promise<() => void>
}

/** Told one by one in a tick; what is beyond is counted. */
export const ITEMS_A_TICK = 200
const LOOKED_AT = 2_000
const REMEMBERED = 5_000
const FOLLOWED = 1_000
// A lower id may commit later than a higher one: so far back every tick looks for messages it has not seen.
const OVERLAP_MS = 3_000
// What was waiting this long before the first listener came is still followed until it is in the log.
const START_MS = 60_000

interface Feed {
  listeners: Set<Listener>
  seen: Map<string, MessageState>
  started: Promise<void>
  timer: NodeJS.Timeout | undefined
}

/**
 * Opens the feeds of a process; a workspace is asked for only while somebody listens to it.
 * @param options.failed told what went wrong in a look into the inbox; the next one is tried all the same
 */
export function openLiveFeeds(
  db: Db,
  options: { clock: () => Date; everyMs?: number; failed: (error: unknown) => void },
): LiveFeeds {
  const { clock, everyMs = 400, failed } = options
  const feeds = new Map<string, Feed>()

  async function start(workspaceId: string, feed: Feed): Promise<void> {
    const recent = await readNewest(db, workspaceId, since(clock().getTime() - START_MS), LOOKED_AT)
    for (const state of recent.reverse()) feed.seen.set(state.id, state)
    schedule(workspaceId, feed)
  }

  function schedule(workspaceId: string, feed: Feed): void {
    if (feed.listeners.size === 0) return
    feed.timer = setTimeout(() => {
      tick(workspaceId, feed)
        .catch((error: unknown) => {
          // While PostgreSQL is away there is nothing to tell; what came is told when it is back.
          if (!isPostgresUnreachable(error)) failed(error)
        })
        .finally(() => schedule(workspaceId, feed))
    }, everyMs)
  }

  async function tick(workspaceId: string, feed: Feed): Promise<void> {
    const newest = await readNewest(db, workspaceId, since(clock().getTime() - OVERLAP_MS), LOOKED_AT)
    const there = new Set(newest.map((state) => state.id))
    const followed = [...feed.seen.values()]
      .filter((state) => !isSettled(state) && !there.has(state.id))
      .slice(-FOLLOWED)
    const states = [...(await readStates(db, workspaceId, followed)), ...newest.reverse()]
    const fresh = states.filter((state) => !feed.seen.has(state.id))
    const changed = states.filter((state) => isChanged(feed.seen.get(state.id), state))
    for (const state of states) feed.seen.set(state.id, state)
    for (const id of feed.seen.keys()) {
      if (feed.seen.size <= REMEMBERED) break
      feed.seen.delete(id)
    }
    const told = fresh.slice(-ITEMS_A_TICK)
    const isFresh = new Set(told.map((state) => state.id))
    const whole = await readWhole(db, workspaceId, [...told, ...changed.slice(-ITEMS_A_TICK)])
    const items = whole.map(presentMessage)
    for (const listener of feed.listeners) {
      if (fresh.length > told.length) listener.more(fresh.length - told.length)
      for (const item of items) {
        if (isFresh.has(item.id)) listener.item(item)
        else listener.change(item)
      }
    }
  }

  async function catchUp(workspaceId: string, listener: Listener, lastSeenId: string): Promise<void> {
    const missed = await readNewest(db, workspaceId, since(timeOf(lastSeenId) - OVERLAP_MS), ITEMS_A_TICK + 1)
    if (missed.length > ITEMS_A_TICK) listener.more(1)
    const whole = await readWhole(db, workspaceId, missed.slice(0, ITEMS_A_TICK))
    for (const row of whole) listener.item(presentMessage(row))
  }

  return {
    async listen(workspaceId, listener, lastSeenId) {
      let feed = feeds.get(workspaceId)
      if (!feed) {
        const opened: Feed = {
          listeners: new Set(),
          seen: new Map(),
          started: Promise.resolve(),
          timer: undefined,
        }
        opened.listeners.add(listener)
        feeds.set(workspaceId, opened)
        opened.started = start(workspaceId, opened)
        feed = opened
      }
      const { listeners } = feed
      listeners.add(listener)
      const stop = () => {
        listeners.delete(listener)
        if (listeners.size > 0 || feeds.get(workspaceId) !== feed) return
        clearTimeout(feed.timer)
        feeds.delete(workspaceId)
      }
      try {
        await feed.started
        if (lastSeenId !== undefined) await catchUp(workspaceId, listener, lastSeenId)
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },
  }
}

function isSettled(state: MessageState): boolean {
  return state.status !== STATUS.waiting && (state.status !== STATUS.logged || state.stored)
}

function isChanged(before: MessageState | undefined, now: MessageState): boolean {
  return before !== undefined && (before.status !== now.status || before.stored !== now.stored)
}

// Ids are UUIDs of version 7: their first 48 bits are the milliseconds since 1970.
function since(at: number): { id: string; receivedOn: string } {
  const hex = Math.max(0, at).toString(16).padStart(12, '0')
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`,
    receivedOn: new Date(at - 1000).toISOString().slice(0, 10),
  }
}

function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}
