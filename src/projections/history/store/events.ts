// Reads what leads did from the log, all leads of a turn in one query, each event under the lead that it counts for now.
import type { ClickHouse } from '../../../platform/clickhouse.ts'
import type { EventNeed, HistoryEvent, HistoryScope } from '../../contract.ts'
import { assetSql, dayColumn, momentSql } from '../columns.ts'

const LONG_COLUMNS = {
  pageUrl: 'page_url',
  pageTitle: 'page_title',
  referrer: 'referrer',
  properties: 'properties',
}

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
  const scope = { workspace: workspaceId, leads: [...rootOf.keys()] }
  const long = [...new Set(needs.filter((need) => typeof need === 'string'))]
  const told = long.includes('properties')
    ? []
    : [...new Set(needs.flatMap((need) => (typeof need === 'string' ? [] : [need.propertiesOf])))]
  const [found, properties] = await Promise.all([
    answer<Row>(
      clickhouse,
      `select lead_id, event_id, toUnixTimestamp64Milli(${momentSql}) as at, toUnixTimestamp64Milli(received_at),
              ${dayColumn}, name, category, call, is_bot, channel, source, utm_source, utm_medium, utm_campaign,
              session_start, page_path, device, country, value_minor, currency, ${assetSql}
              ${long.map((need) => `, ${LONG_COLUMNS[need]}`).join('')}
       from events where ${OF_LEADS} and category != 'record' order by at, event_id`,
      { ...scope, zone: timeZone },
    ),
    readProperties(clickhouse, scope, told),
  ])
  for (const row of found) {
    const event = eventOf(row, long)
    const text = properties.get(event.eventId)
    if (text !== undefined) event.properties = JSON.parse(text) as Record<string, unknown>
    const lead = rootOf.get(row[0])!
    const events = byLead.get(lead)
    if (events) events.push(event)
    else byLead.set(lead, [event])
  }
  return byLead
}

// No range of ids: ClickHouse orders UUIDs by their second half.
const OF_LEADS = 'workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}'

// Apart from the columns: they are long, and few events are asked for theirs.
async function readProperties(
  clickhouse: ClickHouse,
  scope: Record<string, unknown>,
  names: string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const found = await answer<[string, string]>(
    clickhouse,
    `select event_id, properties from events prewhere ${OF_LEADS} and name in {names:Array(String)}`,
    { ...scope, names },
  )
  return new Map(found)
}

async function answer<Line>(
  clickhouse: ClickHouse,
  query: string,
  params: Record<string, unknown>,
): Promise<Line[]> {
  const reply = await clickhouse.query({
    query,
    query_params: params,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { max_execution_time: 60 },
  })
  return reply.json<Line>()
}

const FIRST_LONG = 21

function eventOf(row: Row, long: readonly (keyof typeof LONG_COLUMNS)[]): HistoryEvent {
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
  long.forEach((need, place) => {
    const text = String(row[FIRST_LONG + place] ?? '')
    if (need === 'properties') event.properties = JSON.parse(text) as Record<string, unknown>
    else event[need] = text
  })
  return event
}
