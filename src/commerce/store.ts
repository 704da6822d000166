// Orders in PostgreSQL, one row per order and source, written in sets.
import { newId } from '../lib/ids.ts'
import { copyRows } from '../platform/copy.ts'
import type { CopyColumn } from '../platform/copy.ts'
import { rows, run, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { OrderWord } from './contract.ts'
import { forgetCartsOf } from './carts/store/carts.ts'
import type { OrderRow } from './order-row.ts'

/**
 * Writes words about orders, in their order. A refund or cancellation that comes before its order makes the row; the order
 * then fills in the rest and keeps what was refunded. Only a word about the whole order says whose it is: a refund may come
 * from a till that knows nobody.
 * @returns for each word whether it made the order
 */
export async function writeOrders(tx: Db, words: OrderWord[], now: Date): Promise<boolean[]> {
  const isNew = words.map(() => false)
  for (const round of rounds(words)) {
    const list = round.map(({ word }) => ({
      id: newId(),
      workspace_id: word.workspaceId,
      lead_id: word.leadId,
      source: word.source,
      external_id: word.externalId,
      number: word.number ?? null,
      status: word.status,
      currency: word.currency,
      total_minor: word.kind === 'order' ? word.totalMinor : 0,
      subtotal_minor: word.kind === 'order' ? word.subtotalMinor : 0,
      shipping_minor: word.kind === 'order' ? word.shippingMinor : 0,
      tax_minor: word.kind === 'order' ? word.taxMinor : 0,
      refunded_minor: word.refund.minor,
      placed_at: word.placedAt,
      cancelled_at: word.cancelledAt,
      is_test: word.isTest,
      lines: word.lines,
      updated_at: now.toISOString(),
      kind: word.kind,
      refund_mode: word.refund.mode,
    }))
    const written = await rows<{ id: string; is_new: boolean }>(
      tx,
      sql`insert into orders as o (id, workspace_id, lead_id, source, external_id, number, status, currency, total_minor,
            subtotal_minor, shipping_minor, tax_minor, refunded_minor, placed_at, cancelled_at, is_test, lines, updated_at, last_word)
          select id, workspace_id, lead_id, source, external_id, number, status, currency, total_minor, subtotal_minor,
            shipping_minor, tax_minor, refunded_minor, placed_at, cancelled_at, is_test, lines, updated_at, kind || '/' || refund_mode
          from json_to_recordset(${JSON.stringify(list)}::json) as r(id uuid, workspace_id uuid, lead_id uuid, source text,
            external_id text, number text, status text, currency text, total_minor bigint, subtotal_minor bigint,
            shipping_minor bigint, tax_minor bigint, refunded_minor bigint, placed_at timestamptz, cancelled_at timestamptz,
            is_test boolean, lines jsonb, updated_at timestamptz, kind text, refund_mode text)
          on conflict (workspace_id, source, external_id) do update set
            lead_id = case when excluded.last_word like 'order/%' then excluded.lead_id else o.lead_id end,
            number = coalesce(excluded.number, o.number),
            status = case
              when excluded.last_word = 'order/add' and o.status in ('refunded', 'cancelled') then o.status
              else excluded.status end,
            currency = case when excluded.last_word like 'order/%' then excluded.currency else o.currency end,
            total_minor = case when excluded.last_word like 'order/%' then excluded.total_minor else o.total_minor end,
            subtotal_minor = case when excluded.last_word like 'order/%' then excluded.subtotal_minor else o.subtotal_minor end,
            shipping_minor = case when excluded.last_word like 'order/%' then excluded.shipping_minor else o.shipping_minor end,
            tax_minor = case when excluded.last_word like 'order/%' then excluded.tax_minor else o.tax_minor end,
            refunded_minor = case
              when excluded.last_word like '%/set' then excluded.refunded_minor
              when excluded.last_word = 'refund/all' then greatest(o.refunded_minor, o.total_minor)
              when excluded.last_word = 'order/add' and o.last_word = 'refund/all' and o.total_minor = 0 then excluded.total_minor
              else o.refunded_minor + excluded.refunded_minor end,
            placed_at = case when excluded.last_word like 'order/%' then least(excluded.placed_at, o.placed_at) else o.placed_at end,
            cancelled_at = coalesce(excluded.cancelled_at, o.cancelled_at),
            is_test = excluded.is_test or o.is_test,
            lines = case when excluded.last_word like 'order/%' and excluded.lines <> '[]' then excluded.lines else o.lines end,
            updated_at = excluded.updated_at,
            last_word = excluded.last_word
          returning id, xmax = 0 as is_new`,
    )
    const made = new Set(written.filter((row) => row.is_new).map((row) => row.id))
    round.forEach(({ at }, i) => {
      isNew[at] = made.has(list[i]!.id)
    })
  }
  return isNew
}

/** Writes rows of orders that nobody has spoken of before; one that is there already fails with 23505. */
export async function insertOrders(tx: Db, orders: OrderRow[]): Promise<void> {
  await copyRows(tx, 'orders', ORDER_COLUMNS, orders, (order) => [
    order.id,
    order.workspace_id,
    order.lead_id,
    order.source,
    order.external_id,
    order.number,
    order.status,
    order.currency,
    order.total_minor,
    order.subtotal_minor,
    order.shipping_minor,
    order.tax_minor,
    order.refunded_minor,
    order.placed_at,
    order.cancelled_at,
    order.is_test,
    order.lines,
    order.updated_at,
    order.last_word,
  ])
}

/** Count and net revenue (total less refunds, without cancelled and test orders) per currency. */
export async function ordersOf(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<{ count: number; revenue: { currency: string; minor: number }[] }> {
  const found = await rows<{ currency: string; count: number; minor: number }>(
    db,
    sql`select currency, count(*)::int as count, sum(total_minor - least(refunded_minor, total_minor))::bigint as minor
        from orders
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]) and cancelled_at is null and not is_test
        group by currency order by currency`,
  )
  return {
    count: found.reduce((sum, row) => sum + row.count, 0),
    revenue: found.map((row) => ({ currency: row.currency, minor: row.minor })),
  }
}

const ORDER_COLUMNS: CopyColumn[] = [
  ['id', 'plain'],
  ['workspace_id', 'plain'],
  ['lead_id', 'plain'],
  ['source', 'plain'],
  ['external_id', 'plain'],
  ['number', 'plain'],
  ['status', 'plain'],
  ['currency', 'plain'],
  ['total_minor', 'plain'],
  ['subtotal_minor', 'plain'],
  ['shipping_minor', 'plain'],
  ['tax_minor', 'plain'],
  ['refunded_minor', 'plain'],
  ['placed_at', 'plain'],
  ['cancelled_at', 'plain'],
  ['is_test', 'plain'],
  ['lines', 'json'],
  ['updated_at', 'plain'],
  ['last_word', 'plain'],
]

// One statement cannot touch a row twice, so a second word about an order goes into the next round.
function rounds(words: OrderWord[]): { word: OrderWord; at: number }[][] {
  const result: { word: OrderWord; at: number; key: string }[][] = []
  const seen = new Map<string, number>()
  words.forEach((word, at) => {
    const key = `${word.workspaceId}|${word.source}|${word.externalId}`
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    ;(result[round] ??= []).push({ word, at, key })
  })
  return result.map((round) => round.sort((a, b) => (a.key < b.key ? -1 : 1)))
}

/**
 * Takes out orders that one source told and that nothing touched since: whose last word came at one of these instants.
 * @returns what they were, and whose
 */
export async function takeOutOrders(
  tx: Db,
  orders: { workspaceId: string; source: string; externalIds: string[] },
  toldAt: Date[],
): Promise<Pick<OrderWord, 'externalId' | 'leadId' | 'totalMinor' | 'currency'>[]> {
  if (orders.externalIds.length === 0) return []
  return rows(
    tx,
    sql`delete from orders where workspace_id = ${orders.workspaceId} and source = ${orders.source}
          and external_id = any(${orders.externalIds}::text[]) and updated_at = any(${toldAt}::timestamptz[])
        returning external_id as "externalId", lead_id as "leadId", total_minor as "totalMinor", currency`,
  )
}

/** Forgets the orders and carts of leads that are erased or purged. */
export async function forgetOrdersOf(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  await run(
    tx,
    sql`delete from orders where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
  await forgetCartsOf(tx, workspaceId, leadIds)
}
