// The log: batches stored with the decision that made them, and the timeline read back.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { newId } from '../lib/ids.ts'
import { Lines } from '../lib/lines.ts'
import { ask } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Category, LoggedEvent, TimelineItem } from './contract.ts'

/** An event with the lead that it is written under, for good. */
export interface LogEntry {
  workspaceId: string
  leadId: string
  event: LoggedEvent
}

/**
 * Stores events as an open batch in the transaction that decided them; the worker sends it after the commit.
 * @param isBulk true for what an import or bulk work did: it is sent after what people just did
 * @returns the batch id, or null where there was nothing to log
 */
export async function logEvents(
  tx: Db,
  entries: LogEntry[],
  batchId: string = newId(),
  isBulk = false,
): Promise<string | null> {
  if (entries.length === 0) return null
  const lines = new Lines(entries.length * EXPECTED_BYTES)
  for (const entry of entries) lines.add(logLine(entry, batchId))
  await storeBatch(tx, batchId, { count: entries.length, lines }, isBulk)
  return batchId
}

/**
 * Stores one event for each of many leads that bulk work did the same to; their ids alone differ. The line is made once:
 * 5,000 of them take a third of the time.
 */
export async function logForEach(
  tx: Db,
  { workspaceId, leadIds, event }: { workspaceId: string; leadIds: string[]; event: LoggedEvent },
): Promise<void> {
  if (leadIds.length === 0) return
  const batchId = newId()
  const [lead, id] = [newId(), newId()]
  const line = logLine({ workspaceId, leadId: lead, event: { ...event, eventId: id } }, batchId)
  const [head = '', rest = ''] = line.split(lead)
  const [middle = '', tail = ''] = rest.split(id)
  const lines = new Lines(leadIds.length * EXPECTED_BYTES)
  for (const leadId of leadIds) lines.add(head + leadId + middle + newId() + tail)
  await storeBatch(tx, batchId, { count: leadIds.length, lines }, true)
}

async function storeBatch(
  tx: Db,
  batchId: string,
  { count, lines }: { count: number; lines: Lines },
  isBulk: boolean,
): Promise<void> {
  // On another thread, so that the next batch is decided meanwhile; lines stand between ends, not before them.
  const bytes = await compress(lines.bytes().subarray(0, -1), { level: 1 })
  await run(
    tx,
    sql`insert into batches (id, row_count, rows, is_bulk) values (${batchId}::uuid, ${count}, ${bytes}, ${isBulk})`,
  )
}

const compress = promisify(gzip)
/** Of a line of the log: what a call of the tracker takes, about. */
const EXPECTED_BYTES = 1024

/** Batches that wait for ClickHouse, and since when. */
export async function openBatchState(db: Db): Promise<{ count: number; oldestAt: Date | null }> {
  const [row] = await rows<{ count: number; oldest_at: Date | null }>(
    db,
    sql`select count(*)::int as count, min(opened_at) as oldest_at from batches where closed_at is null`,
  )
  return { count: row?.count ?? 0, oldestAt: row?.oldest_at ?? null }
}

/** Forgets closed batches past keeping; their events are in the log. */
export async function forgetClosedBatches(db: Db, days: number): Promise<number> {
  return run(db, sql`delete from batches where closed_at < now() - make_interval(days => ${days})`)
}

export interface TimelinePage {
  items: TimelineItem[]
  nextCursor: string | null
  counts: Partial<Record<Category, number>>
}

/**
 * The events of one lead, newest first.
 * @param leadIds the lead and all that were merged into it
 * @param cursor where the last page ended
 */
export async function readTimeline(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
  page: { category?: Category; cursor?: string; limit: number },
): Promise<TimelinePage> {
  const after = page.cursor ? decodeCursor(page.cursor) : undefined
  const scope = 'workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}'
  const [found, counted] = await Promise.all([
    ask<TimelineRow>(
      clickhouse,
      `select event_id, lead_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms,
              toUnixTimestamp64Milli(received_at) as received_ms, name, category, call, source, channel, utm_campaign,
              page_url, page_title, referrer, device, country, session_id, is_bot, value_minor, currency, actor, properties
       from events
       where ${scope}
         ${page.category ? 'and category = {category:String}' : ''}
         ${after ? 'and (occurred_at, event_id) < (fromUnixTimestamp64Milli({at:Int64}), {event:UUID})' : ''}
       order by occurred_at desc, event_id desc
       limit {limit:UInt32}`,
      {
        workspace: workspaceId,
        leads: leadIds,
        limit: page.limit + 1,
        ...(page.category ? { category: page.category } : {}),
        ...(after ? { at: after.at, event: after.event } : {}),
      },
    ),
    page.cursor
      ? Promise.resolve([])
      : ask<{ category: Category; events: number }>(
          clickhouse,
          `select category, count() as events from events where ${scope} group by category`,
          { workspace: workspaceId, leads: leadIds },
        ),
  ])
  const shown = found.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => timelineItem(row, leadIds[0]!)),
    nextCursor: found.length > page.limit && last ? encodeCursor(last.occurred_ms, last.event_id) : null,
    counts: Object.fromEntries(counted.map((row) => [row.category, Number(row.events)])),
  }
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

function timelineItem(row: TimelineRow, leadId: string): TimelineItem {
  return {
    id: row.event_id,
    occurredAt: new Date(Number(row.occurred_ms)).toISOString(),
    receivedAt: new Date(Number(row.received_ms)).toISOString(),
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
    mergedFrom: row.lead_id === leadId ? null : row.lead_id,
    properties: JSON.parse(row.properties) as Record<string, unknown>,
  }
}

/** The row of an event as a line of JSONCompactEachRow over `logColumns`. */
export function logLine({ workspaceId, leadId, event }: LogEntry, batchId: string): string {
  return JSON.stringify([
    workspaceId,
    leadId,
    event.occurredAt,
    event.eventId,
    batchId,
    event.receivedAt,
    event.name,
    event.category,
    event.call,
    event.source,
    event.anonymousId,
    event.sessionId,
    event.sessionStart ? 1 : 0,
    event.channel,
    event.utmSource,
    event.utmMedium,
    event.utmCampaign,
    event.utmTerm,
    event.utmContent,
    event.pageUrl,
    event.pagePath,
    event.pageTitle,
    event.referrer,
    event.device,
    event.os,
    event.browser,
    event.country,
    event.countrySource,
    event.isBot ? 1 : 0,
    event.valueMinor,
    event.currency,
    event.actor,
    JSON.stringify(event.properties),
  ])
}

function encodeCursor(at: number, event: string): string {
  return Buffer.from(`${at}.${event}`).toString('base64url')
}

function decodeCursor(cursor: string): { at: string; event: string } | undefined {
  const match = /^(-?\d{1,16})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString())
  return match ? { at: match[1]!, event: match[2]! } : undefined
}
