// Sends what changes owe to ClickHouse's copy of the leads, as long as the worker works.
import './facts.ts'
import { feedLeadFacts, isBulkAtWork } from './leads/index.ts'
import type { Understand } from './leads/index.ts'
import { isClickHouseUnreachable } from './platform/clickhouse.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { understanding } from './understand.ts'

/**
 * Between two looks at what is owed. Changes of so long go together: a lead that is touched ten times is sent once, and
 * ClickHouse takes a thousand rows at little more than the price of one.
 */
const PAUSE_MS = 300
/**
 * What changed many leads at once is sent for half of the time, and while much comes in or bulk work is at it for a fiftieth: a
 * visitor who is seen every second is sent once, and tracking, imports and bulk work go first. 5,000 events a second come so to
 * some 1,000 leads.
 */
const SHARE = 2
const BUSY_SHARE = 50
const BUSY_PAUSE_MS = 1_000
/**
 * What people do waits for a turn of the bulk lane, which takes half a millisecond to a whole one for each lead. So turns are
 * short while people are about or work is at it; where many are about, shorter still and for a quarter of the time.
 */
const SHORT_TURN = 2_000
const SHORTEST_TURN = 500
const MANY_SHARE = 4
/** A turn of so long is one of many people; who was not seen for so long has gone. */
const MANY_TAKE_MS = 150
const GONE_AFTER_MS = 3_000
/** What people do keeps a quarter of the thread in which messages are decided, however much comes in. */
const LIVE_SHARE = 4
const LONGEST_PAUSE_MS = 2_000

/**
 * Feeds until stopped, through any outage of either store.
 * @param isBusy whether much comes in just now
 */
export function startFactWork(services: Services, isBusy: () => boolean): { stop(): Promise<void> } {
  const understandLane = understanding(services)
  let stopping = false
  let peopleAt = -Infinity
  let areMany = false
  let bulkAt = -Infinity
  let wake: () => void = () => undefined
  const understand: Understand = (tx, workspaceId, leadIds, lane) => {
    if (lane === 'live') peopleAt = performance.now()
    return understandLane(tx, workspaceId, leadIds, lane)
  }
  const feeding = feedForever()

  async function feedForever(): Promise<void> {
    while (!stopping) {
      let waitMs = PAUSE_MS
      try {
        const liveAt = performance.now()
        const hasLive = await feedLeadFacts(services, 'live', understand)
        const startedAt = performance.now()
        if (hasLive)
          waitMs = isBusy() ? Math.min(LONGEST_PAUSE_MS, (startedAt - liveAt) * (LIVE_SHARE - 1)) : 0
        if (peopleAt >= liveAt) areMany = startedAt - liveAt > MANY_TAKE_MS
        const arePeople = startedAt - peopleAt < GONE_AFTER_MS
        const isSlow = isBusy() || (await isBulkAtWork(services.db))
        if (startedAt > bulkAt || !(isSlow || (arePeople && areMany))) {
          const turn = arePeople && areMany ? SHORTEST_TURN : arePeople || isSlow ? SHORT_TURN : undefined
          const hasMore = await feedLeadFacts(services, 'bulk', understand, turn)
          const endedAt = performance.now()
          const tookMs = endedAt - startedAt
          if (hasMore && !isSlow) waitMs = Math.min(waitMs, tookMs * (SHARE - 1))
          bulkAt =
            endedAt +
            (isSlow ? Math.max(BUSY_PAUSE_MS, tookMs * (BUSY_SHARE - 1)) : tookMs * (MANY_SHARE - 1))
        }
      } catch (error) {
        waitMs = 1_000
        if (!isPostgresUnreachable(error) && !isClickHouseUnreachable(error))
          services.log.error({ err: error }, 'facts of leads could not be sent; they are tried again')
      }
      if (!stopping) await pause(waitMs)
    }
  }

  async function pause(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    async stop() {
      stopping = true
      wake()
      await feeding
    },
  }
}
