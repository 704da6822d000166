// What the log has to offer to conditions: event names, a sample of events, values of a property. Bounded reads all of them.
import { ask } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { eventDetails } from './details.ts'
import { chSql, param, written } from './fragment.ts'
import type { Fragment } from './fragment.ts'
import { foldSql } from './sql-value.ts'
import { fold } from './text.ts'

/** Names of events with how many there are, the most frequent first; machines left out. */
export async function readEventNames(
  clickhouse: ClickHouse,
  workspaceId: string,
): Promise<{ name: string; count: number }[]> {
  const found = await ask<{ name: string; count: number }>(
    clickhouse,
    `select name, sum(events) as count from event_quarters
     where workspace_id = {workspace:UUID} and is_bot = 0 group by name having count > 0 order by count desc, name limit 300`,
    { workspace: workspaceId },
  )
  return found.map(({ name, count }) => ({ name, count: Number(count) }))
}

/** An event as far as suggestions look at it: its details by name, and its properties as JSON. */
export interface SampledEvent {
  details: Record<string, string>
  properties: string
}

/** Some events of a name, of the last 90 days where there are any. */
export async function sampleEvents(
  clickhouse: ClickHouse,
  workspaceId: string,
  event: string,
  now: Date,
): Promise<SampledEvent[]> {
  const sample = (since: number) =>
    ask<Record<string, string>>(
      clickhouse,
      `select properties, ${eventDetails.map(({ column }) => column).join(', ')} from events
       where workspace_id = {workspace:UUID} and name = {event:String} and is_bot = 0
         and received_at >= fromUnixTimestamp64Milli({since:Int64}) limit ${SAMPLE}`,
      { workspace: workspaceId, event, since },
    )
  const recent = await sample(now.getTime() - 90 * 86_400_000)
  const found = recent.length > 0 ? recent : await sample(0)
  return found.map((row) => ({
    details: Object.fromEntries(eventDetails.map(({ name, column }) => [name, row[column] ?? ''])),
    properties: row.properties ?? '{}',
  }))
}

/**
 * Values of a text that hold `search`, the most frequent first, among some tens of thousands of events.
 * @param values over `events`: an Array(String)
 */
export async function readPropertyValues(
  clickhouse: ClickHouse,
  workspaceId: string,
  event: string,
  values: Fragment,
  search: string,
): Promise<string[]> {
  const { text, params } = written(
    chSql`select value, count() as n from (
        select arrayJoin(${values}) as value from (
          select * from events where workspace_id = ${param('UUID', workspaceId)} and name = ${param('String', event)} and is_bot = 0
          limit 50000))
      where value != '' and length(value) <= 200
        and position(${foldSql(chSql`value`)}, ${param('String', fold(search))}) > 0
      group by value order by n desc, value limit 20`,
  )
  const found = await ask<{ value: string }>(clickhouse, text, params, { maxSeconds: 5 })
  return found.map((row) => row.value)
}

const SAMPLE = 500
