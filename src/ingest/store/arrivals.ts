// What the log tells of tracking: the first page view, the last event, and today's count.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'

export interface LoggedArrivals {
  firstPageViewAt: Date | null
  lastEventAt: Date | null
  eventsToday: number
}

/** @param today when the day began */
export async function readArrivals(
  clickhouse: ClickHouse,
  workspaceId: string,
  today: Date,
): Promise<LoggedArrivals> {
  const tracked = `call in ('page', 'track', 'identify', 'screen', 'group', 'alias')`
  const [[seen], [counted]] = await Promise.all([
    ask<{ pages: number; first_ms: number; events: number; last_ms: number }>(
      clickhouse,
      `select countIf(name = 'page_viewed') as pages,
              toUnixTimestamp64Milli(minIf(received_at, name = 'page_viewed')) as first_ms,
              count() as events, toUnixTimestamp64Milli(max(received_at)) as last_ms
       from events where workspace_id = {workspace:UUID} and ${tracked}`,
      { workspace: workspaceId },
    ),
    ask<{ events: number }>(
      clickhouse,
      `select count() as events from events
       where workspace_id = {workspace:UUID} and received_at >= fromUnixTimestamp64Milli({today:Int64}) and ${tracked}`,
      { workspace: workspaceId, today: String(today.getTime()) },
    ),
  ])
  return {
    firstPageViewAt: seen && Number(seen.pages) > 0 ? new Date(Number(seen.first_ms)) : null,
    lastEventAt: seen && Number(seen.events) > 0 ? new Date(Number(seen.last_ms)) : null,
    eventsToday: Number(counted?.events ?? 0),
  }
}
