// The projection `activity` in PostgreSQL: read, combined and written in sets; refolded from the log where it must be.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { copyRows } from '../../platform/copy.ts'
import type { CopyColumn } from '../../platform/copy.ts'
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { ACTIVITY_VERSION } from './contract.ts'
import type { ActivityState } from './contract.ts'
import type { ActivityEvent } from './fold.ts'

export async function readStates(db: Db, leadIds: string[]): Promise<Map<string, ActivityState>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<{ lead_id: string; state: ActivityState }>(
    db,
    sql`select lead_id, state from lead_activity where lead_id = any(${leadIds}::uuid[])`,
  )
  return new Map(found.map((row) => [row.lead_id, row.state]))
}

export async function writeStates(
  tx: Db,
  states: { leadId: string; workspaceId: string; state: ActivityState }[],
): Promise<void> {
  if (states.length === 0) return
  const sorted = [...states].sort((a, b) => (a.leadId < b.leadId ? -1 : 1))
  await run(
    tx,
    sql`insert into lead_activity (lead_id, workspace_id, version, first_seen_at, last_seen_at, event_count, session_count, state)
        select *  from unnest(
          ${sorted.map((s) => s.leadId)}::uuid[], ${sorted.map((s) => s.workspaceId)}::uuid[],
          ${sorted.map(() => ACTIVITY_VERSION)}::smallint[],
          ${sorted.map((s) => s.state.firstSeenAt)}::timestamptz[], ${sorted.map((s) => s.state.lastSeenAt)}::timestamptz[],
          ${sorted.map((s) => s.state.eventCount)}::int[], ${sorted.map((s) => s.state.sessionCount)}::int[],
          ${sorted.map((s) => JSON.stringify(s.state))}::jsonb[])
        on conflict (lead_id) do update set version = excluded.version, first_seen_at = excluded.first_seen_at,
          last_seen_at = excluded.last_seen_at, event_count = excluded.event_count, session_count = excluded.session_count,
          state = excluded.state`,
  )
}

/** Writes the states of leads that have none yet. */
export async function insertStates(
  tx: Db,
  states: { leadId: string; workspaceId: string; state: ActivityState }[],
): Promise<void> {
  await copyRows(tx, 'lead_activity', STATE_COLUMNS, states, ({ leadId, workspaceId, state }) => [
    leadId,
    workspaceId,
    ACTIVITY_VERSION,
    state.firstSeenAt,
    state.lastSeenAt,
    state.eventCount,
    state.sessionCount,
    state,
  ])
}

const STATE_COLUMNS: CopyColumn[] = [
  ['lead_id', 'plain'],
  ['workspace_id', 'plain'],
  ['version', 'plain'],
  ['first_seen_at', 'plain'],
  ['last_seen_at', 'plain'],
  ['event_count', 'plain'],
  ['session_count', 'plain'],
  ['state', 'json'],
]

export async function deleteStates(tx: Db, leadIds: string[]): Promise<void> {
  await run(tx, sql`delete from lead_activity where lead_id = any(${leadIds}::uuid[])`)
}

/** What the fold reads, from the log, in order of time; a merged lead's events stand under its own id. */
export async function readActivityEvents(
  clickhouse: ClickHouse,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, ActivityEvent[]>> {
  if (leadIds.length === 0) return new Map()
  const found = await ask<{
    lead_id: string
    event_id: string
    occurred_ms: number
    category: ActivityEvent['category']
    call: string
    session_start: number
    is_bot: number
    channel: string
    utm_source: string
    utm_medium: string
    utm_campaign: string
    page_url: string
    referrer: string
    properties: string
  }>(
    clickhouse,
    `select lead_id, event_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms, category, call, session_start, is_bot,
            channel, utm_source, utm_medium, utm_campaign, page_url, referrer, properties
     from events where workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}
     order by lead_id, occurred_at, event_id`,
    { workspace: workspaceId, leads: leadIds },
    { maxSeconds: 60 },
  )
  const byLead = new Map<string, ActivityEvent[]>()
  for (const row of found) {
    const event: ActivityEvent = {
      eventId: row.event_id,
      occurredAt: new Date(Number(row.occurred_ms)).toISOString(),
      category: row.category,
      call: row.call,
      sessionStart: row.session_start === 1,
      isBot: row.is_bot === 1,
      channel: row.channel,
      utmSource: row.utm_source,
      utmMedium: row.utm_medium,
      utmCampaign: row.utm_campaign,
      pageUrl: row.page_url,
      referrer: row.referrer,
      properties: JSON.parse(row.properties) as Record<string, unknown>,
    }
    const list = byLead.get(row.lead_id)
    if (list) list.push(event)
    else byLead.set(row.lead_id, [event])
  }
  return byLead
}

/** Leads that have a state or should have one (a merged one has none), in order of their ids, for a rebuild in chunks. */
export async function leadsAfter(
  db: Db,
  workspaceId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select id from leads where workspace_id = ${workspaceId} and status <> 'merged' ${after ? sql`and id > ${after}` : sql``} order by id limit ${limit}`,
  )
  return found.map((row) => row.id)
}

/** Batches that wait for ClickHouse: their events are decided, but not in the log yet. */
export async function openBatchIds(db: Db): Promise<string[]> {
  const open = await rows<{ id: string }>(db, sql`select id from batches where closed_at is null`)
  return open.map((row) => row.id)
}
