// The inbox in PostgreSQL: one statement to accept, one to take, one to settle.
import { hash } from 'node:crypto'
import { rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Arrival, Message, Origin } from './contract.ts'
import { emptyMessages } from './store/forget.ts'

/** A checked message on its way into the inbox. */
export interface InboxRow {
  id: string
  receivedAt: Date
  workspaceId: string
  lane: 'live' | 'bulk'
  /** what message ids are unique in: `tracking`, or a connection */
  connection: string
  source: string
  messageId: string
  /** the sender's own identifier: one person's messages share a shard */
  sender: string
  origin: Origin
  text: string
  /** set where the message ends at the door */
  ended?: { status: 'dropped' | 'refused'; reason: string; detail?: string }
}

export const SHARDS = 16
export const STATUS = { waiting: 0, logged: 1, dropped: 2, parked: 3, refused: 4 } as const

/**
 * Writes keys and, where they are new, the messages, in one statement: all of it is committed or none.
 * @returns how many were new; the rest came before and are already kept
 */
export async function insertMessages(db: Db, messages: InboxRow[]): Promise<number> {
  const unique = new Map<string, InboxRow>()
  for (const message of messages) {
    const key = messageKey(message)
    if (!unique.has(key)) unique.set(key, message)
  }
  // One order of keys for everybody, so that two statements meeting at the same keys wait instead of deadlocking.
  const keyed = [...unique].sort(([a], [b]) => (a < b ? -1 : 1))
  const list = keyed.map(([, message]) => message)
  const texts = packTexts(list.flatMap((message) => [message.text, JSON.stringify(message.origin)]))
  const inserted = await rows<{ count: number }>(
    db,
    sql`with sent as (select ${texts.bytes}::bytea as bytes), fresh as (
          insert into inbox_keys (hash, seen_on)
          select hash, received_on from unnest(${keyed.map(([key]) => key)}::uuid[], ${list.map(dayOf)}::date[]) as k(hash, received_on)
          on conflict do nothing
          returning hash
        ), written as (
          insert into inbox (id, received_on, received_at, workspace_id, lane, shard, source, message_id, origin, payload, status, reason, trace)
          select m.id, m.received_on, m.received_at, m.workspace_id, m.lane, m.shard, m.source, m.message_id,
            convert_from(substring(sent.bytes from m.origin_at for m.origin_bytes), 'UTF8'),
            convert_from(substring(sent.bytes from m.payload_at for m.payload_bytes), 'UTF8'),
            m.status, m.reason, m.trace
          from sent, unnest(
            ${keyed.map(([key]) => key)}::uuid[],
            ${list.map((m) => m.id)}::uuid[],
            ${list.map(dayOf)}::date[],
            ${list.map((m) => m.receivedAt.toISOString())}::timestamptz[],
            ${list.map((m) => m.workspaceId)}::uuid[],
            ${list.map((m) => (m.lane === 'live' ? 0 : 1))}::smallint[],
            ${list.map((m) => shardOf(m.workspaceId, m.sender))}::smallint[],
            ${list.map((m) => m.source)}::text[],
            ${list.map((m) => m.messageId)}::text[],
            ${list.map((_, i) => texts.at[2 * i])}::int[],
            ${list.map((_, i) => texts.lengths[2 * i])}::int[],
            ${list.map((_, i) => texts.at[2 * i + 1])}::int[],
            ${list.map((_, i) => texts.lengths[2 * i + 1])}::int[],
            ${list.map((m) => (m.ended ? STATUS[m.ended.status] : STATUS.waiting))}::smallint[],
            ${list.map((m) => m.ended?.reason ?? null)}::text[],
            ${list.map((m) => (m.ended?.detail ? JSON.stringify({ error: m.ended.detail }) : null))}::text[]
          ) as m(hash, id, received_on, received_at, workspace_id, lane, shard, source, message_id,
            payload_at, payload_bytes, origin_at, origin_bytes, status, reason, trace)
          join fresh using (hash)
          order by m.id
          returning 1
        ) select count(*)::int as count from written`,
  )
  return inserted[0]?.count ?? 0
}

/**
 * Waiting messages of the held shards in order of arrival, up to `limit` and to some 8 MB, since a batch is in memory several
 * times over. Status decides, never a range of ids: a lower id may commit later.
 */
export async function takeWaiting(
  db: Db,
  lane: 'live' | 'bulk',
  shards: number[],
  limit: number,
): Promise<Arrival[]> {
  const taken = await rows<{
    id: string
    received_on: string
    received_ms: number
    workspace_id: string
    source: string
    origin: string
    payload: string
  }>(
    db,
    sql`select id, received_on, (extract(epoch from received_at) * 1000)::bigint as received_ms, workspace_id, source, origin, payload
        from (
          select *, sum(octet_length(payload)) over (order by id) - octet_length(payload) as bytes_before
          from (
            select id, received_on, received_at, workspace_id, source, origin, payload
            from inbox
            where status = 0 and lane = ${lane === 'live' ? 0 : 1} and shard = any(${shards}::smallint[])
            order by id
            limit ${limit}
          ) first
        ) bounded
        where bytes_before < ${BATCH_BYTES}
        order by id`,
  )
  return taken.map((row) => ({
    id: row.id,
    receivedOn: row.received_on,
    receivedAt: new Date(row.received_ms),
    workspaceId: row.workspace_id,
    source: row.source,
    lane,
    message: JSON.parse(row.payload) as Message,
    origin: JSON.parse(row.origin) as Origin,
  }))
}

const BATCH_BYTES = 8 * 1024 * 1024

/** What became of a taken message. */
export interface Settled {
  id: string
  receivedOn: string
  status: keyof typeof STATUS
  reason: string | null
  leadId: string | null
  batchId: string | null
  trace: string | null
}

/** A worker lost its shards without noticing: what it decided is void, the messages are another worker's now. */
export class TakenTwice extends Error {}

/**
 * Writes what became of the messages, in the transaction that decided it.
 * @throws TakenTwice where one of them is not waiting any more; the transaction must then be given up
 */
export async function settleMessages(tx: Db, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return
  const written = await run(
    tx,
    sql`update inbox set status = s.status, reason = s.reason, lead_id = s.lead_id, batch_id = s.batch_id, trace = s.trace
        from unnest(
          ${settled.map((s) => s.id)}::uuid[],
          ${settled.map((s) => s.receivedOn)}::date[],
          ${settled.map((s) => STATUS[s.status])}::smallint[],
          ${settled.map((s) => s.reason)}::text[],
          ${settled.map((s) => s.leadId)}::uuid[],
          ${settled.map((s) => s.batchId)}::uuid[],
          ${settled.map((s) => s.trace)}::text[]
        ) as s(id, received_on, status, reason, lead_id, batch_id, trace)
        where inbox.id = s.id and inbox.received_on = s.received_on and inbox.status = 0`,
  )
  if (written !== settled.length)
    throw new TakenTwice('another worker settled some of these messages meanwhile')
  const erased = settled.filter(({ reason }) => reason === 'lead_erased')
  if (erased.length > 0) await emptyMessages(tx, erased)
}

/** Makes the partitions of the days around `now`, and drops those past keeping; also forgets keys past keeping. */
export async function turnInboxDays(
  db: Db,
  now: Date,
  keep: { payloadDays: number; keyDays: number },
): Promise<void> {
  for (let ahead = -1; ahead <= 7; ahead++) {
    const day = new Date(now.getTime() + ahead * DAY_MS).toISOString().slice(0, 10)
    const next = new Date(now.getTime() + (ahead + 1) * DAY_MS).toISOString().slice(0, 10)
    await run(
      db,
      sql.raw(
        `create table if not exists inbox_${day.replaceAll('-', '')} partition of inbox for values from ('${day}') to ('${next}')`,
      ),
    )
  }
  const oldest = new Date(now.getTime() - keep.payloadDays * DAY_MS)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '')
  const old = await rows<{ name: string }>(
    db,
    sql`select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'inbox'::regclass and c.relname < ${`inbox_${oldest}`}`,
  )
  for (const { name } of old) {
    const waiting = await rows(db, sql`select 1 from ${sql.table(name)} where status = 0 limit 1`)
    if (waiting.length === 0) await run(db, sql`drop table ${sql.table(name)}`)
  }
  const oldestKey = new Date(now.getTime() - keep.keyDays * DAY_MS).toISOString().slice(0, 10)
  await run(db, sql`delete from inbox_keys where seen_on < ${oldestKey}::date`)
}

/** Tries to hold shards for as long as the session lives; a crash frees them. */
export async function holdShards(session: Db, wanted: number[]): Promise<number[]> {
  const held = await rows<{ shard: number; held: boolean }>(
    session,
    sql`select shard, pg_try_advisory_lock(7302, shard) as held from unnest(${wanted}::int[]) as shard`,
  )
  return held.filter((row) => row.held).map((row) => row.shard)
}

/** How much waits, and since when. */
export async function inboxBacklog(db: Db): Promise<{ waiting: number; oldestAt: Date | null }> {
  const [row] = await rows<{ waiting: number; oldest_at: Date | null }>(
    db,
    sql`select (select count(*)::int from (select 1 from inbox where status = 0 limit 100000) w) as waiting,
               (select min(received_at) from (select received_at from inbox where status = 0 order by lane, id limit 1) o) as oldest_at`,
  )
  return { waiting: row?.waiting ?? 0, oldestAt: row?.oldest_at ?? null }
}

const DAY_MS = 86_400_000

// The day of the partition is when it was taken in, which the time-ordered id tells; a backdated arrival stays backdated.
function dayOf(message: InboxRow): string {
  return new Date(parseInt(message.id.slice(0, 8) + message.id.slice(9, 13), 16)).toISOString().slice(0, 10)
}

// A hash as a UUID: 16 bytes are enough (a collision among 10^12 messages has odds of 10^-15), and PostgreSQL has the type.
function messageKey(message: InboxRow): string {
  return hash('md5', `${message.workspaceId}\n${message.connection}\n${message.messageId}`, 'hex')
}

function shardOf(workspaceId: string, sender: string): number {
  return parseInt(hash('md5', `${workspaceId}\n${sender}`, 'hex').slice(0, 2), 16) % SHARDS
}

// One parameter of bytes, which the driver sends as it is: an array of texts would be escaped character by character (a sixth
// of the time at the door).
function packTexts(texts: string[]): { bytes: Buffer; at: number[]; lengths: number[] } {
  const parts = texts.map((text) => Buffer.from(text))
  const lengths = parts.map((part) => part.length)
  let next = 1
  const at = lengths.map((length) => (next += length) - length)
  return { bytes: Buffer.concat(parts), at, lengths }
}
