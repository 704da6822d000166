// Whether tracking calls arrive: what the snippet page waits for.
import { instantToLocal, localToInstant } from '../lib/instant.ts'
import { readArrivals } from './store/arrivals.ts'
import { readLastArrival } from './store/view.ts'
import type { Services } from '../platform/services.ts'

export interface TrackingSeen {
  firstPageViewAt: string | null
  lastEventAt: string | null
  /** since midnight of the workspace's zone */
  eventsToday: number
}

/** Throws `log_unreachable` (503) while ClickHouse is away, rather than say that nothing came. */
export async function trackingStatus(
  services: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: string,
  timeZone: string,
): Promise<TrackingSeen> {
  const now = services.clock().getTime()
  const { year, month, day } = instantToLocal(now, timeZone)
  const midnight = localToInstant(year, month, day, 0, 0, 0, timeZone) ?? now
  const [lastArrival, logged] = await Promise.all([
    readLastArrival(services.db, workspaceId),
    readArrivals(services.clickhouse, workspaceId, new Date(midnight)),
  ])
  return {
    firstPageViewAt: logged.firstPageViewAt?.toISOString() ?? null,
    lastEventAt: (lastArrival ?? logged.lastEventAt)?.toISOString() ?? null,
    eventsToday: logged.eventsToday,
  }
}
