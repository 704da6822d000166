// The outbox in PostgreSQL: items put in with what causes them, claimed, settled, sent again and forgotten.
import type { ConnectionRow } from '../connectors/index.ts'
import { newId } from '../lib/ids.ts'
import { firstRow, rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Attempt, DeliveryFilter, DeliveryReason, DeliveryStatus } from './contract.ts'
import type { Leaving } from './shipper.ts'

/** An item that is to leave. */
export interface Outgoing {
  workspaceId: string
  connectionId: string
  kind: string
  key: string
  leadId: string | null
  event: string
  occurredAt: string
  item: Record<string, unknown>
}

/** Puts items in; one whose key is there already is left as it is. @returns how many were new */
export async function insertDeliveries(tx: Db, items: readonly Outgoing[], now: Date): Promise<number> {
  if (items.length === 0) return 0
  const list = [...items]
    .sort((a, b) => (a.connectionId + a.key < b.connectionId + b.key ? -1 : 1))
    .map((one) => ({
      id: newId(),
      workspace_id: one.workspaceId,
      connection_id: one.connectionId,
      kind: one.kind,
      key: one.key,
      lead_id: one.leadId,
      event: one.event,
      occurred_at: one.occurredAt,
      item: one.item,
    }))
  return run(
    tx,
    sql`insert into deliveries (id, workspace_id, connection_id, kind, key, lead_id, event, occurred_at, item, next_at,
          waiting_since, created_at)
        select id, workspace_id, connection_id, kind, key, lead_id, event, occurred_at, item, ${now}, ${now}, ${now}
        from json_populate_recordset(null::deliveries, ${JSON.stringify(list)}::json)
        on conflict (connection_id, key) do nothing`,
  )
}

type Over = Pick<ConnectionRow, 'workspaceId' | 'id'>
type Claim = Date | 'ended'

const leaving = sql`id, workspace_id as "workspaceId", key, lead_id as "leadId", event, occurred_at as "occurredAt", item, payload,
  left_at as "leftAt", attempt_count as "attemptCount", waiting_since as "waitingSince",
  exists (select 1 from jsonb_array_elements(attempts) a
    where a ->> 'kind' = 'unknown' and (a ->> 'at')::timestamptz >= waiting_since) as "mayHaveArrived"`

/** Claims items that are due, the oldest first. What others hold is passed over. */
export async function claim(
  db: Db,
  { workspaceId, id }: Over,
  kind: string,
  limit: number,
  now: Date,
  until: Date,
): Promise<Leaving[]> {
  const found = await rows<Leaving>(
    db,
    sql`update deliveries set status = 'sending', claimed_until = ${until}, attempt_count = attempt_count + 1
        where id in (
          select id from deliveries
          where workspace_id = ${workspaceId} and connection_id = ${id} and kind = ${kind} and status = 'waiting' and next_at <= ${now}
          order by id limit ${limit} for update skip locked)
        returning ${leaving}`,
  )
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * That items leave now, in this form: from here on they may have arrived.
 * @returns the ids of those that are still held by the claim until `until`; nobody else may leave
 */
export async function markLeaving(
  db: Db,
  items: readonly { id: string; payload: Record<string, unknown> }[],
  until: Date,
  now: Date,
): Promise<Set<string>> {
  if (items.length === 0) return new Set()
  const held = await rows<{ id: string }>(
    db,
    sql`update deliveries d set payload = r.payload, is_leaving = true, left_at = coalesce(d.left_at, ${now})
        from unnest(${items.map(({ id }) => id)}::uuid[], ${items.map(({ payload }) => JSON.stringify(payload))}::jsonb[])
          as r(id, payload)
        where d.id = r.id and d.status = 'sending' and d.claimed_until = ${until}
        returning d.id`,
  )
  return new Set(held.map(({ id }) => id))
}

export interface Settled {
  id: string
  status: DeliveryStatus
  reason: DeliveryReason | null
  words: string
  nextAt: Date
  attempt: Attempt | null
}

/** What became of items of the claim that ends at `until`, or of claims that have ended; what is another's by now is left. */
export async function settle(db: Db, items: readonly Settled[], until: Claim, now: Date): Promise<void> {
  if (items.length === 0) return
  const list = items.map(({ nextAt, attempt, ...one }) => {
    return { ...one, next_at: nextAt, attempts: attempt === null ? [] : [attempt] }
  })
  await run(
    db,
    sql`update deliveries d set status = r.status, reason = r.reason, words = r.words, next_at = r.next_at,
          item = case when r.status = 'sent' and d.lead_id is null then d.item - 'person' - 'browser' else d.item end,
          attempts = d.attempts || r.attempts, claimed_until = null, is_leaving = false,
          settled_at = case when r.status = 'waiting' then null else ${now}::timestamptz end
        from json_populate_recordset(null::deliveries, ${JSON.stringify(list)}::json) r
        where d.id = r.id and d.status = 'sending'
          and ${until === 'ended' ? sql`d.claimed_until < ${now}` : sql`d.claimed_until = ${until}`}`,
  )
}

export type Abandoned = Leaving & { kind: string; isLeaving: boolean; connector: string | null }

/** Items whose holder is gone: it died, or the machine slept. */
export async function readAbandoned(db: Db, now: Date, limit: number): Promise<Abandoned[]> {
  return rows(
    db,
    sql`select ${leaving}, kind, is_leaving as "isLeaving",
          (select c.connector from connections c where c.id = connection_id) as connector
        from deliveries where status = 'sending' and claimed_until < ${now} order by id limit ${limit}`,
  )
}

/** Connections that have something due. */
export async function readDue(db: Db, now: Date): Promise<{ connectionId: string; workspaceId: string }[]> {
  return rows(
    db,
    sql`select d.connection_id as "connectionId", d.workspace_id as "workspaceId"
        from deliveries d join connections c on c.id = d.connection_id
        where d.status = 'waiting' and d.next_at <= ${now} and c.status in ('connected', 'failing')
          and (c.paused_until is null or c.paused_until <= ${now})
        group by 1, 2`,
  )
}

/** When the next item of a connection is due; null where nothing waits. */
export async function nextDue(db: Db, { workspaceId, id }: Over): Promise<Date | null> {
  const found = await firstRow<{ at: Date | null }>(
    db,
    sql`select min(next_at) as at from deliveries
        where workspace_id = ${workspaceId} and connection_id = ${id} and status = 'waiting'`,
  )
  return found?.at ?? null
}

export interface DeliveryRow {
  id: string
  connectionId: string
  connectionName: string | null
  connector: string | null
  kind: string
  leadId: string | null
  event: string
  occurredAt: Date
  status: DeliveryStatus
  reason: DeliveryReason | null
  words: string | null
  attempts: number
  nextAt: Date
  settledAt: Date | null
  createdAt: Date
}

const shown = sql`d.id, d.connection_id as "connectionId", c.name as "connectionName", c.connector, d.kind, d.lead_id as "leadId",
  d.event, d.occurred_at as "occurredAt", d.status, d.reason, d.words, d.attempt_count as attempts, d.next_at as "nextAt",
  d.settled_at as "settledAt", d.created_at as "createdAt"`

export async function readDeliveries(
  db: Db,
  workspaceId: string,
  filter: DeliveryFilter,
  page: { after: string | null; limit: number },
): Promise<DeliveryRow[]> {
  return rows(
    db,
    sql`select ${shown} from deliveries d left join connections c on c.id = d.connection_id
        where ${conditions(workspaceId, filter)} ${page.after === null ? sql`` : sql`and d.id < ${page.after}::uuid`}
        order by d.id desc limit ${page.limit}`,
  )
}

export async function countDeliveries(
  db: Db,
  workspaceId: string,
  filter: DeliveryFilter,
): Promise<{ status: DeliveryStatus; count: number }[]> {
  return rows(
    db,
    sql`select d.status, count(*)::int as count from deliveries d
        where ${conditions(workspaceId, { ...filter, status: undefined })} group by 1`,
  )
}

export async function readDelivery(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<
  | (DeliveryRow & {
      item: Record<string, unknown>
      payload: Record<string, unknown> | null
      answers: Attempt[]
    })
  | undefined
> {
  return firstRow(
    db,
    sql`select ${shown}, d.item, d.payload, d.attempts as answers
        from deliveries d left join connections c on c.id = d.connection_id
        where d.workspace_id = ${workspaceId} and d.id = ${id}`,
  )
}

/** The id of an item by its key. */
export async function findByKey(db: Db, { workspaceId, id }: Over, key: string): Promise<string | null> {
  const found = await firstRow<{ id: string }>(
    db,
    sql`select id from deliveries where workspace_id = ${workspaceId} and connection_id = ${id} and key = ${key}`,
  )
  return found?.id ?? null
}

/** Lets items wait to be sent once more, the oldest attempts kept. @returns the connections that have something to do again */
export async function replay(
  tx: Db,
  workspaceId: string,
  asked: { ids?: readonly string[]; filter?: DeliveryFilter },
  statuses: readonly DeliveryStatus[],
  now: Date,
): Promise<{ connectionId: string; count: number }[]> {
  return rows(
    tx,
    sql`with again as (
          update deliveries d set status = 'waiting', reason = null, next_at = ${now}, settled_at = null, waiting_since = ${now}
          where ${conditions(workspaceId, asked.filter ?? {})} and d.status = any(${statuses}::text[])
            ${asked.ids ? sql`and d.id = any(${asked.ids}::uuid[])` : sql``}
            and exists (select 1 from connections c where c.id = d.connection_id)
            and d.item <> '{}'::jsonb
          returning d.connection_id)
        select connection_id as "connectionId", count(*)::int as count from again group by 1`,
  )
}

/** Withholds what waits for a connection that is given up. */
export async function withholdWaiting(
  tx: Db,
  workspaceId: string,
  connectionId: string,
  words: string,
): Promise<void> {
  await run(
    tx,
    sql`update deliveries set status = 'withheld', reason = 'disconnected', words = ${words}, settled_at = now()
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and status = 'waiting'`,
  )
}

/** Takes every word about leads out of the outbox; that something happened, and what became of it, stays for the counts. */
export async function forgetLeads(tx: Db, workspaceId: string, leadIds: readonly string[]): Promise<void> {
  await run(
    tx,
    sql`update deliveries set lead_id = null, key = 'erased:' || id, item = '{}', payload = null, attempts = '[]', words = null,
          status = case when status in ('waiting', 'sending') then 'withheld' else status end,
          reason = case when status in ('waiting', 'sending') then 'lead_gone' else reason end,
          settled_at = coalesce(settled_at, now())
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
}

/** Takes what was said of people who are no lead out of the outbox, where it holds one of these addresses, numbers or ids. */
export async function forgetNamed(tx: Db, workspaceId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const small = names.map((name) => name.toLowerCase())
  await run(
    tx,
    sql`update deliveries set key = 'erased:' || id, item = '{}', payload = null, attempts = '[]', words = null,
          status = case when status in ('waiting', 'sending') then 'withheld' else status end,
          reason = case when status in ('waiting', 'sending') then 'lead_gone' else reason end,
          settled_at = coalesce(settled_at, now())
        where workspace_id = ${workspaceId} and lead_id is null and item ? 'person'
          and (lower(item -> 'person' ->> 'email') = any(${small}::text[])
            or item -> 'person' ->> 'phone' = any(${[...names]}::text[]) or item -> 'person' ->> 'userId' = any(${[...names]}::text[]))`,
  )
}

/** Withholds what came back to wait for a connection that was given up while it was under way. */
export async function withholdOrphans(db: Db, now: Date): Promise<number> {
  return run(
    db,
    sql`update deliveries d set status = 'withheld', reason = 'disconnected', settled_at = ${now},
          words = 'The connection was given up before it could leave.'
        where status = 'waiting' and not exists (select 1 from connections c where c.id = d.connection_id)`,
  )
}

/** Forgets what was said of people who are no lead, of items settled before an instant. */
export async function forgetStrangers(db: Db, before: Date): Promise<number> {
  return run(
    db,
    sql`update deliveries set item = item - 'person' - 'browser'
        where lead_id is null and settled_at < ${before} and item ? 'person'`,
  )
}

/** Forgets settled items past keeping. */
export async function forgetOld(db: Db, before: Date): Promise<number> {
  return run(db, sql`delete from deliveries where settled_at < ${before}`)
}

function conditions(workspaceId: string, filter: DeliveryFilter) {
  const parts = [sql`d.workspace_id = ${workspaceId}`]
  if (filter.connectionId) parts.push(sql`d.connection_id = ${filter.connectionId}`)
  if (filter.connector)
    parts.push(
      sql`d.connection_id in (select id from connections where workspace_id = ${workspaceId} and connector = ${filter.connector})`,
    )
  if (filter.status) parts.push(sql`d.status = ${filter.status}`)
  if (filter.reason) parts.push(sql`d.reason = ${filter.reason}`)
  if (filter.event) parts.push(sql`d.event = ${filter.event}`)
  if (filter.leadId) parts.push(sql`d.lead_id = ${filter.leadId}`)
  return sql.join(parts, sql` and `)
}
