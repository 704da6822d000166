// Reads what leads did from the log; a lead's events and those of the leads merged into it.
import { actsSql } from '../../events/index.ts'
import type { Category } from '../../events/contract.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** Of which acts is asked. Instants are ms since 1970, `to` without. */
export interface Stretch {
  from?: number
  to?: number
}

export interface EngagementRow {
  event_id: string
  occurred_ms: number
  name: string
  category: Category
  channel: string
  source: string
  utm_campaign: string
  device: string
  country: string
  page_url: string
  value_minor: number
  currency: string
  actor: string
  properties: string
}

/** The acts of a lead, newest first; one more than `limit` where there are more. */
export async function readEngagement(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  asked: Stretch & {
    eventName?: string
    channel?: string
    after?: { at: number; eventId: string }
    limit: number
  },
): Promise<EngagementRow[]> {
  const { eventName, channel, after } = asked
  return ask<EngagementRow>(
    clickhouse,
    `select event_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms, name, category, channel, source, utm_campaign, device,
            country, page_url, value_minor, currency, actor, properties
     from events
     where ${scope(asked)} and is_bot = 0 and ${actsSql}
       ${eventName === undefined ? '' : 'and name = {name:String}'}
       ${channel === undefined ? '' : 'and channel = {channel:String}'}
       ${after ? 'and (occurred_at, event_id) < (fromUnixTimestamp64Milli({at:Int64}), {event:UUID})' : ''}
     order by occurred_at desc, event_id desc
     limit {limit:UInt32}`,
    {
      ...scopeParams(workspaceId, leadIds, asked),
      limit: asked.limit + 1,
      ...(eventName === undefined ? {} : { name: eventName }),
      ...(channel === undefined ? {} : { channel }),
      ...(after ? { at: after.at, event: after.eventId } : {}),
    },
  )
}

export interface EngagementSums {
  events: number
  active_days: number
  sessions: number
  first_ms: number
  last_ms: number
  machines: number
}

/** A share of a lead's acts: `dimension` says by what, `name` which. */
export interface EngagementShare {
  dimension: 'type' | 'channel' | 'source' | 'device' | 'country' | 'city' | 'all'
  name: string
  category: Category
  currency: string
  events: number
  value_minor: number
  last_ms: number
}

/** Sums over a lead's acts, whole and by each dimension and currency. */
export async function readEngagementSums(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  timeZone: string,
  asked: Stretch,
): Promise<{ whole: EngagementSums; shares: EngagementShare[] }> {
  const params = { ...scopeParams(workspaceId, leadIds, asked), zone: timeZone }
  const [sums, shares] = await Promise.all([
    ask<EngagementSums>(
      clickhouse,
      `select countIf(is_act) as events, uniqExactIf(toDate32(occurred_at, {zone:String}), is_act) as active_days,
              sumIf(session_start, is_act) as sessions,
              toUnixTimestamp64Milli(minIf(occurred_at, is_act)) as first_ms,
              toUnixTimestamp64Milli(maxIf(occurred_at, is_act)) as last_ms, countIf(is_bot = 1) as machines
       from (select occurred_at, session_start, is_bot, is_bot = 0 and ${actsSql} as is_act from events where ${scope(asked)})`,
      params,
    ),
    ask<EngagementShare>(
      clickhouse,
      `select pair.1 as dimension, pair.2 as name, any(category) as category, currency, count() as events,
              sum(value_minor) as value_minor, toUnixTimestamp64Milli(max(occurred_at)) as last_ms
       from (
         select occurred_at, category, value_minor, if(value_minor = 0, '', currency) as currency,
                arrayJoin([('all', ''), ('type', toString(name)), ('channel', toString(channel)), ('source', toString(source)),
                  ('device', toString(device)), ('country', toString(country)),
                  ('city', JSONExtractString(properties, 'city'))]) as pair
         from events where ${scope(asked)} and is_bot = 0 and ${actsSql}
       )
       where dimension = 'all' or name != ''
       group by dimension, name, currency
       order by events desc, dimension, name, currency
       limit 5000`,
      params,
    ),
  ])
  return { whole: sums[0]!, shares }
}

/** The workspace's time zone, IANA. */
export async function readTimeZone(db: Db, workspaceId: string): Promise<string> {
  const found = await firstRow<{ timeZone: string }>(
    db,
    sql`select time_zone as "timeZone" from workspaces where id = ${workspaceId}`,
  )
  return found?.timeZone ?? 'UTC'
}

function scope({ from, to }: Stretch): string {
  return `workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}
    ${from === undefined ? '' : 'and occurred_at >= fromUnixTimestamp64Milli({from:Int64})'}
    ${to === undefined ? '' : 'and occurred_at < fromUnixTimestamp64Milli({to:Int64})'}`
}

function scopeParams(workspaceId: string, leadIds: string[], { from, to }: Stretch): Record<string, unknown> {
  return {
    workspace: workspaceId,
    leads: leadIds,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}
