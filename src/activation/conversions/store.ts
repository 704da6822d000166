// Conversions in both stores: destinations, what is known of people at the door, events of the log, and the counts of a report.
import type { EventMapping } from '../../connectors/index.ts'
import type { LoggedEvent } from '../../events/contract.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { KnownPerson } from './item.ts'
import { ORDER_IDS } from './sources.ts'

export interface DestinationRow {
  connectionId: string
  workspaceId: string
  connector: string
  forwards: boolean
  forwardsFrom: Date | null
  mappings: EventMapping[]
}

const columns = sql`c.id as "connectionId", c.workspace_id as "workspaceId", c.connector,
  coalesce(d.forwards, false) as forwards, d.forwards_from as "forwardsFrom", coalesce(d.mappings, '[]') as mappings`

/** The settings of connections, those that nobody changed included. */
export async function readDestinations(db: Db, workspaceId: string): Promise<DestinationRow[]> {
  return rows(
    db,
    sql`select ${columns} from connections c left join conversion_destinations d on d.connection_id = c.id
        where c.workspace_id = ${workspaceId} order by c.created_at, c.id`,
  )
}

/** Destinations that events are forwarded to. */
export async function readForwarding(db: Db, workspaceIds: readonly string[]): Promise<DestinationRow[]> {
  return rows(
    db,
    sql`select ${columns} from conversion_destinations d join connections c on c.id = d.connection_id
        where d.forwards and d.workspace_id = any(${workspaceIds}::uuid[])`,
  )
}

export async function readMappings(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<EventMapping[]> {
  const found = await firstRow<{ mappings: EventMapping[] }>(
    db,
    sql`select mappings from conversion_destinations
        where workspace_id = ${workspaceId} and connection_id = ${connectionId}`,
  )
  return found?.mappings ?? []
}

export async function saveMappings(
  tx: Db,
  { workspaceId, connectionId }: Pick<DestinationRow, 'workspaceId' | 'connectionId'>,
  mappings: readonly EventMapping[],
  actor: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into conversion_destinations (connection_id, workspace_id, mappings, updated_by, updated_at)
        values (${connectionId}, ${workspaceId}, ${JSON.stringify(mappings)}::jsonb, ${actor}, ${now})
        on conflict (connection_id) do update set mappings = excluded.mappings, updated_by = excluded.updated_by,
          updated_at = excluded.updated_at`,
  )
}

/** Switches forwarding; from when it counts is set once. */
export async function saveForwarding(
  tx: Db,
  { workspaceId, connectionId }: Pick<DestinationRow, 'workspaceId' | 'connectionId'>,
  isOn: boolean,
  from: Date | null,
  actor: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into conversion_destinations as d (connection_id, workspace_id, forwards, forwards_from, updated_by, updated_at)
        values (${connectionId}, ${workspaceId}, ${isOn}, ${from}, ${actor}, ${now})
        on conflict (connection_id) do update set forwards = excluded.forwards,
          forwards_from = coalesce(d.forwards_from, excluded.forwards_from), updated_by = excluded.updated_by,
          updated_at = excluded.updated_at`,
  )
}

export async function deleteDestination(tx: Db, workspaceId: string, connectionId: string): Promise<void> {
  await run(
    tx,
    sql`delete from conversion_destinations where connection_id = ${connectionId} and workspace_id = ${workspaceId}`,
  )
}

export type PersonRow = KnownPerson & {
  /** the lead that was asked for */
  askedId: string
  consents: Partial<Record<string, 'granted' | 'denied'>>
}

/** What is known of leads now; of one that was merged, of the lead that it is part of. */
export async function readPeople(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, PersonRow>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<
    Omit<PersonRow, 'browser' | 'clicks'> & {
      context: KnownPerson['browser']
      clicks: KnownPerson['clicks'] | null
    }
  >(
    db,
    sql`with recursive chain as (
          select id as asked, id, merged_into from leads where workspace_id = ${workspaceId} and id = any(${leadIds}::uuid[])
          union all
          select c.asked, l.id, l.merged_into from chain c join leads l on l.id = c.merged_into
        )
        select c.asked as "askedId", l.id as "leadId", l.status, l.fields, l.email, l.phone, l.first_name as "firstName",
          l.last_name as "lastName", l.city, l.country,
          (select i.value from identifiers i where i.lead_id = l.id and i.kind = 1 order by i.seen_at desc limit 1) as "userId",
          coalesce((select jsonb_object_agg(s.purpose, s.state) from consents s where s.lead_id = l.id), '{}') as consents,
          a.state -> 'context' as context, a.state -> 'clickIds' as clicks
        from chain c join leads l on l.id = c.id left join lead_activity a on a.lead_id = l.id
        where c.merged_into is null`,
  )
  return new Map(
    found.map(({ context, clicks, ...row }) => [
      row.askedId,
      { ...row, browser: context, clicks: clicks ?? {} },
    ]),
  )
}

/** The lead that an identifier speaks for; kinds as in `identifiers`. */
export async function findLeadBy(
  db: Db,
  workspaceId: string,
  wanted: readonly { kind: number; value: string }[],
): Promise<string | null> {
  for (const { kind, value } of wanted) {
    const found = await firstRow<{ id: string }>(
      db,
      sql`select lead_id as id from identifiers
          where workspace_id = ${workspaceId} and kind = ${kind} and value = ${value} and lead_count = 1`,
    )
    if (found) return found.id
  }
  return null
}

/** All leads that share one of the identifiers: whom one of them speaks for cannot be said, but what each refused can. */
export async function findLeadsBy(
  db: Db,
  workspaceId: string,
  wanted: readonly { kind: number; value: string }[],
): Promise<string[]> {
  if (wanted.length === 0) return []
  const asked = sql`unnest(${wanted.map(({ kind }) => kind)}::smallint[], ${wanted.map(({ value }) => value)}::text[]) as w(kind, value)`
  const found = await rows<{ id: string }>(
    db,
    sql`select i.lead_id as id from ${asked} join identifiers i on i.workspace_id = ${workspaceId} and i.kind = w.kind and i.value = w.value
        union
        select s.lead_id from ${asked}
          join identifier_shares s on s.workspace_id = ${workspaceId} and s.kind = w.kind and s.value = w.value`,
  )
  return found.map(({ id }) => id)
}

export interface LoggedConversion {
  leadId: string
  event: LoggedEvent
}

/**
 * Events of the log by name, the oldest first, that people did: no machines, no imports.
 * @param after the instant and id of the last one read
 */
export async function readLogged(
  clickhouse: ClickHouse,
  workspaceId: string,
  names: readonly string[],
  between: { from: Date; until: Date },
  after: { at: number; id: string } | null,
  limit: number,
): Promise<LoggedConversion[]> {
  const found = await ask<LoggedRow>(
    clickhouse,
    `select ${LOGGED} from events
     where workspace_id = {workspace:UUID} and name in {names:Array(String)} and is_bot = 0 and call != 'import'
       and occurred_at >= fromUnixTimestamp64Milli({from:Int64}) and occurred_at < fromUnixTimestamp64Milli({until:Int64})
       and (occurred_at, event_id) > (fromUnixTimestamp64Milli({at:Int64}), {id:UUID})
     order by occurred_at, event_id limit {limit:UInt32}`,
    {
      workspace: workspaceId,
      names: [...names],
      from: between.from.getTime(),
      until: between.until.getTime(),
      at: after?.at ?? 0,
      id: after?.id ?? '00000000-0000-0000-0000-000000000000',
      limit,
    },
    { maxSeconds: 60 },
  )
  return found.map(loggedOf)
}

/** The newest event of a name; null where none came in. */
export async function readNewest(
  clickhouse: ClickHouse,
  workspaceId: string,
  name: string,
): Promise<LoggedConversion | null> {
  const [found] = await ask<LoggedRow>(
    clickhouse,
    `select ${LOGGED} from events where workspace_id = {workspace:UUID} and name = {name:String} and is_bot = 0
     order by occurred_at desc limit 1`,
    { workspace: workspaceId, name },
  )
  return found ? loggedOf(found) : null
}

/**
 * Conversions that happened, by event: an order that several events tell of counts once, and is known by its id as `orderIdOf`
 * reads it.
 */
export async function countLogged(
  clickhouse: ClickHouse,
  workspaceId: string,
  names: readonly string[],
  between: { from: Date; until: Date },
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const found = await ask<{ name: string; happened: string }>(
    clickhouse,
    `select name, uniqExact(if(name = 'order_completed' and order_id != '', concat('order:', order_id), toString(event_id))) as happened
     from (
       select name, event_id, coalesce(${ORDER_IDS.map(orderIdSql).join(', ')}, '') as order_id from events
       where workspace_id = {workspace:UUID} and name in {names:Array(String)} and is_bot = 0 and call != 'import'
         and occurred_at >= fromUnixTimestamp64Milli({from:Int64}) and occurred_at < fromUnixTimestamp64Milli({until:Int64})
     ) group by name`,
    {
      workspace: workspaceId,
      names: [...names],
      from: between.from.getTime(),
      until: between.until.getTime(),
    },
    { maxSeconds: 60 },
  )
  return new Map(found.map(({ name, happened }) => [name, Number(happened)]))
}

// A number, or a text that is not empty.
function orderIdSql(name: string): string {
  const raw = `JSONExtractRaw(properties, '${name}')`
  const text = `if(JSONType(properties, '${name}') = 'String', trimBoth(JSONExtractString(properties, '${name}')), ${raw})`
  return `nullIf(if(JSONType(properties, '${name}') in ('String', 'Int64', 'UInt64', 'Double'), ${text}, ''), '')`
}

export interface DeliveryCount {
  kind: string
  event: string
  status: string
  reason: string | null
  count: number
}

/** What became of the conversions of a connection that happened in a time. */
export async function countDelivered(
  db: Db,
  workspaceId: string,
  connectionId: string,
  between: { from: Date; until: Date },
): Promise<DeliveryCount[]> {
  return rows(
    db,
    sql`select kind, event, status, reason, count(*)::int as count from deliveries
        where workspace_id = ${workspaceId} and connection_id = ${connectionId}
          and occurred_at >= ${between.from} and occurred_at < ${between.until}
        group by 1, 2, 3, 4`,
  )
}

export interface SentRow {
  leadId: string | null
  occurredAt: Date
  status: string
  payload: Record<string, unknown>
}

/** What left over a connection since an instant, the newest first. */
export async function readSent(
  db: Db,
  workspaceId: string,
  connectionId: string,
  since: Date,
  limit: number,
): Promise<SentRow[]> {
  return rows(
    db,
    sql`select lead_id as "leadId", occurred_at as "occurredAt", status, payload from deliveries
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and occurred_at >= ${since} and payload is not null
        order by occurred_at desc limit ${limit}`,
  )
}

const LOGGED = `lead_id, event_id, toUnixTimestamp64Milli(occurred_at) as occurred_ms, name, category, call, source, session_id,
  page_url, page_title, referrer, value_minor, currency, properties`

interface LoggedRow {
  lead_id: string
  event_id: string
  occurred_ms: number
  name: string
  category: LoggedEvent['category']
  call: string
  source: string
  session_id: string
  page_url: string
  page_title: string
  referrer: string
  value_minor: number
  currency: string
  properties: string
}

function loggedOf(row: LoggedRow): LoggedConversion {
  const at = new Date(Number(row.occurred_ms)).toISOString()
  return {
    leadId: row.lead_id,
    event: {
      eventId: row.event_id,
      occurredAt: at,
      receivedAt: at,
      name: row.name,
      category: row.category,
      call: row.call,
      source: row.source,
      anonymousId: '',
      sessionId: row.session_id,
      sessionStart: false,
      channel: '',
      utmSource: '',
      utmMedium: '',
      utmCampaign: '',
      utmTerm: '',
      utmContent: '',
      pageUrl: row.page_url,
      pagePath: '',
      pageTitle: row.page_title,
      referrer: row.referrer,
      device: '',
      os: '',
      browser: '',
      country: '',
      countrySource: '',
      isBot: false,
      valueMinor: Number(row.value_minor),
      currency: row.currency,
      actor: '',
      properties: JSON.parse(row.properties) as Record<string, unknown>,
    },
  }
}
