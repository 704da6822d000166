// The dashboard's questions to the event log: events and sessions by day and channel, bots and our own record keeping left out.
import { ask } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { ReportRange } from './range.ts'

export interface LogSums {
  days: { on: string; channel: string; events: number; sessions: number }[]
  before: { events: number; sessions: number }
}

/** Throws `log_unreachable` (503) while ClickHouse is away. Roll-ups are by quarter hour: the last one counts whole. */
export async function readLogSums(
  clickhouse: ClickHouse,
  workspaceId: string,
  range: ReportRange,
): Promise<LogSums> {
  const counted = `workspace_id = {workspace:UUID} and is_bot = 0 and category != 'record'
    and name not in ('lead_merged', 'lead_unmerged')
    and quarter >= fromUnixTimestamp({from:Int64}) and quarter <= fromUnixTimestamp({to:Int64})`
  const span = ({ from, to }: { from: number; to: number }) => ({
    workspace: workspaceId,
    from: Math.floor(from / 1000),
    to: Math.floor(to / 1000),
  })
  const [days, [before]] = await Promise.all([
    ask<LogSums['days'][number]>(
      clickhouse,
      `select toString(toDate(toTimeZone(quarter, {zone:String}))) as on, channel, sum(events) as events, sum(sessions) as sessions
       from event_quarters where ${counted} group by on, channel`,
      { ...span(range.now), zone: range.timeZone },
    ),
    ask<LogSums['before']>(
      clickhouse,
      `select sum(events) as events, sum(sessions) as sessions from event_quarters where ${counted}`,
      span(range.before),
    ),
  ])
  return {
    days: days.map((row) => ({ ...row, events: Number(row.events), sessions: Number(row.sessions) })),
    before: { events: Number(before?.events ?? 0), sessions: Number(before?.sessions ?? 0) },
  }
}
