// The timeline of one lead: its events, and between them how its stage and score moved by rules.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Category, TimelineCategory, TimelineItem } from '../contract.ts'
import { OURS, instant, readStanding } from './standing.ts'
import type { Place, Scope } from './standing.ts'

export interface TimelinePage {
  items: TimelineItem[]
  nextCursor: string | null
  counts: Partial<Record<TimelineCategory, number>>
}

interface Asked {
  category?: TimelineCategory
  cursor?: string
  limit: number
}

/**
 * What happened to one lead, newest first; of the same instant, what it came to stands before what happened.
 * @param leadIds the lead and all that were merged into it
 */
export async function readTimeline(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  page: Asked,
): Promise<TimelinePage> {
  const after = page.cursor ? decodeCursor(page.cursor) : undefined
  const scope = { workspace: workspaceId, leads: leadIds }
  const [events, standing, counts] = await Promise.all([
    page.category === 'standing' ? [] : readEvents(clickhouse, scope, page, after),
    page.category === undefined || page.category === 'standing'
      ? readStanding(clickhouse, scope, page.limit, after)
      : [],
    after ? {} : readCounts(clickhouse, scope),
  ])
  // Events come in the order of the log, which knows its ids better.
  const merged: TimelineItem[] = []
  for (const event of events) {
    while (standing[0] && standing[0].occurredAt >= event.occurredAt) merged.push(standing.shift()!)
    merged.push(event)
  }
  merged.push(...standing)
  const items = merged.slice(0, page.limit)
  const last = items.at(-1)
  return {
    items: items.map((item) => ({
      ...item,
      mergedFrom: item.mergedFrom === leadIds[0] ? null : item.mergedFrom,
    })),
    nextCursor: merged.length > page.limit && last ? encodeCursor(last) : null,
    counts,
  }
}

async function readEvents(
  clickhouse: ClickHouse,
  scope: Scope,
  { category, limit }: Asked,
  after: Place | undefined,
): Promise<TimelineItem[]> {
  // After an item of the standing, all events of its instant are still to come.
  const until = !after
    ? ''
    : after.isEvent
      ? 'and (occurred_at, event_id) < (fromUnixTimestamp64Milli({at:Int64}), {event:UUID})'
      : 'and occurred_at <= fromUnixTimestamp64Milli({at:Int64})'
  const found = await ask<TimelineRow>(
    clickhouse,
    `select event_id, lead_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms,
            toUnixTimestamp64Milli(received_at) as received_ms, name, category, call, source, channel, utm_campaign,
            page_url, page_title, referrer, device, country, session_id, is_bot, value_minor, currency, actor, properties
     from events
     where ${OURS} ${category ? 'and category = {category:String}' : ''} ${until}
     order by occurred_at desc, event_id desc
     limit {limit:UInt32}`,
    {
      ...scope,
      limit: limit + 1,
      ...(category ? { category } : {}),
      ...(after ? { at: after.at } : {}),
      ...(after?.isEvent ? { event: after.id } : {}),
    },
  )
  return found.map(eventItem)
}

async function readCounts(
  clickhouse: ClickHouse,
  scope: Scope,
): Promise<Partial<Record<TimelineCategory, number>>> {
  const counted = await ask<{ category: TimelineCategory; events: number | string }>(
    clickhouse,
    `select toString(category) as category, count() as events from events where ${OURS} group by category
     union all select 'standing', count() as events from stage_moves final where ${OURS} and is_removed = 0 and kind = 'automatic'
     union all select 'standing', count() as events from score_history where ${OURS}`,
    scope,
  )
  const counts: Partial<Record<TimelineCategory, number>> = {}
  for (const { category, events } of counted)
    if (Number(events) > 0) counts[category] = (counts[category] ?? 0) + Number(events)
  return counts
}

interface TimelineRow {
  event_id: string
  lead_id: string
  occurred_ms: number
  received_ms: number
  name: string
  category: Category
  call: string
  source: string
  channel: string
  utm_campaign: string
  page_url: string
  page_title: string
  referrer: string
  device: string
  country: string
  session_id: string
  is_bot: number
  value_minor: number
  currency: string
  actor: string
  properties: string
}

function eventItem(row: TimelineRow): TimelineItem {
  return {
    id: row.event_id,
    occurredAt: instant(row.occurred_ms),
    receivedAt: instant(row.received_ms),
    name: row.name,
    category: row.category,
    call: row.call,
    source: row.source,
    channel: row.channel,
    campaign: row.utm_campaign,
    pageUrl: row.page_url,
    pageTitle: row.page_title,
    referrer: row.referrer,
    device: row.device,
    country: row.country,
    sessionId: row.session_id,
    isBot: row.is_bot === 1,
    valueMinor: row.currency === '' ? null : Number(row.value_minor),
    currency: row.currency,
    actor: row.actor,
    mergedFrom: row.lead_id,
    properties: JSON.parse(row.properties) as Record<string, unknown>,
  }
}

function encodeCursor({ occurredAt, id }: TimelineItem): string {
  return Buffer.from(`${Date.parse(occurredAt)}.${id}`).toString('base64url')
}

function decodeCursor(cursor: string): Place | undefined {
  const match = /^(-?\d{1,16})\.((?:stage:|score:)?[0-9a-f-]{36}(?::\d{1,16})?)$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  )
  return match ? { at: match[1]!, id: match[2]!, isEvent: !match[2]!.includes(':') } : undefined
}
