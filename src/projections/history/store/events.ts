// Reads what leads did from the log, all leads of a turn in one query, each event under the lead that it counts for now.
import type { ClickHouse } from '../../../platform/clickhouse.ts'
import type { EventNeed, HistoryEvent, HistoryScope } from '../../contract.ts'
import { assetSql, dayColumn, momentSql } from '../columns.ts'

const NEED_COLUMNS = {
  properties: 'properties',
  pageUrl: 'page_url',
  pageTitle: 'page_title',
  referrer: 'referrer',
} satisfies Record<EventNeed, string>

type Row = [
  lead: string,
  eventId: string,
  at: number,
  receivedAt: number,
  day: number,
  name: string,
  category: HistoryEvent['category'],
  call: string,
  isBot: number,
  channel: string,
  source: string,
  utmSource: string,
  utmMedium: string,
  utmCampaign: string,
  sessionStart: number,
  pagePath: string,
  device: string,
  country: string,
  valueMinor: number,
  currency: string,
  asset: string,
  ...needed: string[],
]

/**
 * Events of leads but for edits of the record, in the order of (at, eventId).
 * @param rootOf each id that events may bear, with the lead that it is part of
 */
export async function readEvents(
  clickhouse: ClickHouse,
  { workspaceId, timeZone }: HistoryScope,
  rootOf: ReadonlyMap<string, string>,
  needs: readonly EventNeed[],
): Promise<Map<string, HistoryEvent[]>> {
  const byLead = new Map<string, HistoryEvent[]>()
  if (rootOf.size === 0) return byLead
  const ids = [...rootOf.keys()].sort()
  const needed = needs.map((need) => `, ${NEED_COLUMNS[need]}`).join('')
  const reply = await clickhouse.query({
    query: `select lead_id, event_id, toUnixTimestamp64Milli(${momentSql}) as at, toUnixTimestamp64Milli(received_at),
                   ${dayColumn}, name, category, call, is_bot, channel, source, utm_source, utm_medium, utm_campaign,
                   session_start, page_path, device, country, value_minor, currency, ${assetSql}${needed}
            from events
            where workspace_id = {workspace:UUID} and lead_id between {first:UUID} and {last:UUID}
              and lead_id in {leads:Array(UUID)} and category != 'record'
            order by at, event_id`,
    query_params: { workspace: workspaceId, zone: timeZone, leads: ids, first: ids[0], last: ids.at(-1) },
    format: 'JSONCompactEachRow',
    clickhouse_settings: { max_execution_time: 60 },
  })
  for (const row of await reply.json<Row>()) {
    const event = eventOf(row, needs)
    const lead = rootOf.get(row[0])!
    const events = byLead.get(lead)
    if (events) events.push(event)
    else byLead.set(lead, [event])
  }
  return byLead
}

const FIRST_NEEDED = 21

function eventOf(row: Row, needs: readonly EventNeed[]): HistoryEvent {
  const event: HistoryEvent = {
    eventId: row[1],
    at: Number(row[2]),
    receivedAt: Number(row[3]),
    day: row[4],
    name: row[5],
    category: row[6],
    call: row[7],
    isBot: row[8] === 1,
    channel: row[9],
    source: row[10],
    utmSource: row[11],
    utmMedium: row[12],
    utmCampaign: row[13],
    sessionStart: row[14] === 1,
    pagePath: row[15],
    device: row[16],
    country: row[17],
    valueMinor: Number(row[18]),
    currency: row[19],
    asset: row[20],
  }
  needs.forEach((need, place) => {
    const text = String(row[FIRST_NEEDED + place] ?? '')
    if (need === 'properties') event.properties = JSON.parse(text) as Record<string, unknown>
    else event[need] = text
  })
  return event
}
