// The log: batches stored with the decision that made them.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { newId } from '../lib/ids.ts'
import { Lines } from '../lib/lines.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { LoggedEvent } from './contract.ts'

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
