// The dashboard's questions to the event log: events and sessions by day and channel, bots and our own record keeping left out.
import { ask } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { ReportRange } from './range.ts'

export interface LogSums {
  days: { on: string; channel: string; events: number; sessions: number }[]
  before: { events: number; sessions: number }
}

/**
 * Throws `log_unreachable` (503) while ClickHouse is away. Roll-ups are by quarter hour: the last one counts whole.
 * @param hasBin whether leads lie in the bin: what they did is in the roll-ups and taken off
 */
export async function readLogSums(
  clickhouse: ClickHouse,
  workspaceId: string,
  range: ReportRange,
  hasBin: boolean,
): Promise<LogSums> {
  const counted = `workspace_id = {workspace:UUID} and is_bot = 0 and category != 'record'
    and name not in ('lead_merged', 'lead_unmerged')
    and quarter >= fromUnixTimestamp({from:Int64}) and quarter <= fromUnixTimestamp({to:Int64})`
  const summed = hasBin ? `(${rollUps} union all ${binnedEvents})` : 'event_quarters'
  const span = ({ from, to }: { from: number; to: number }) => ({
    workspace: workspaceId,
    from: Math.floor(from / 1000),
    to: Math.floor(to / 1000),
  })
  const [days, [before]] = await Promise.all([
    ask<LogSums['days'][number]>(
      clickhouse,
      `select toString(toDate(toTimeZone(quarter, {zone:String}))) as on, channel, sum(events) as events, sum(sessions) as sessions
       from ${summed} where ${counted} group by on, channel`,
      { ...span(range.now), zone: range.timeZone },
    ),
    ask<LogSums['before']>(
      clickhouse,
      `select sum(events) as events, sum(sessions) as sessions from ${summed} where ${counted}`,
      span(range.before),
    ),
  ])
  return {
    days: days.map((row) => ({ ...row, events: Number(row.events), sessions: Number(row.sessions) })),
    before: { events: Number(before?.events ?? 0), sessions: Number(before?.sessions ?? 0) },
  }
}

const rollUps =
  'select workspace_id, quarter, name, category, channel, is_bot, events, sessions from event_quarters where workspace_id = {workspace:UUID}'

// Of leads in the bin and of those that are part of them; few as a rule, and found by the log's own order.
const binned = `select lead_id from lead_facts final where workspace_id = {workspace:UUID} and state = 'binned'`
const binnedEvents = `select workspace_id, toStartOfFifteenMinutes(toDateTime(occurred_at, 'UTC')) as quarter, name, category, channel, is_bot,
    toInt64(-1) as events, -toInt64(session_start) as sessions
  from events where workspace_id = {workspace:UUID}
    and lead_id in (${binned} union all select lead_id from lead_aliases final where is_removed = 0 and target_id in (${binned}))`
