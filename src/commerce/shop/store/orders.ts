// Orders of shops in PostgreSQL with their lines and refunds, read and written in sets.
import { copyRows } from '../../../platform/copy.ts'
import type { CopyColumn } from '../../../platform/copy.ts'
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { ShopLine, ShopRefund } from '../../../connectors/index.ts'
import type { ShopOrderRow } from '../order-row.ts'

/** Orders of one source, by the shop's id. */
export interface OrdersOf {
  workspaceId: string
  source: string
}

/** The rows of orders, locked in one order for everybody; those that are not known are absent. */
export async function lockOrders(
  tx: Db,
  { workspaceId, source }: OrdersOf,
  ids: readonly string[],
): Promise<Map<string, ShopOrderRow>> {
  if (ids.length === 0) return new Map()
  const found = await rows<Stored>(
    tx,
    sql`select id, workspace_id, lead_id, source, external_id, number, status, currency, total_minor, subtotal_minor, shipping_minor,
               tax_minor, refunded_minor, placed_at, cancelled_at, is_test, lines, updated_at, last_word, connection_id, customer_id,
               fulfilment, is_edited, cart_token, discount_codes, tags, note, said_at, changed_at
        from orders where workspace_id = ${workspaceId} and source = ${source} and external_id = any(${[...ids]}::text[])
        order by external_id for update`,
  )
  return new Map(found.map((row) => [row.external_id, inTexts(row)]))
}

/**
 * Keeps refunds, each once.
 * @returns which were new, and of each order all refunds that are known
 */
export async function keepRefunds(
  tx: Db,
  { workspaceId, source }: OrdersOf,
  told: readonly { orderId: string; refund: ShopRefund }[],
  orderIds: readonly string[],
): Promise<{ fresh: Set<string>; byOrder: Map<string, ShopRefund[]> }> {
  const unique = new Map(told.map((one) => [`${one.orderId}|${one.refund.id}`, one]))
  const list = [...unique.values()].sort((a, b) => (a.refund.id < b.refund.id ? -1 : 1))
  const inserted =
    list.length === 0
      ? []
      : await rows<{ key: string }>(
          tx,
          sql`insert into order_refunds (workspace_id, source, external_id, refund_id, minor, refunded_at)
              select ${workspaceId}, ${source}, * from unnest(${list.map((one) => one.orderId)}::text[],
                ${list.map((one) => one.refund.id)}::text[], ${list.map((one) => one.refund.minor)}::bigint[],
                ${list.map((one) => one.refund.at)}::timestamptz[])
              on conflict do nothing
              returning external_id || '|' || refund_id as key`,
        )
  const byOrder = new Map<string, ShopRefund[]>()
  if (orderIds.length > 0) {
    const all = await rows<{ orderId: string; id: string; minor: number; at: Date }>(
      tx,
      sql`select external_id as "orderId", refund_id as id, minor, refunded_at as at from order_refunds
          where workspace_id = ${workspaceId} and source = ${source} and external_id = any(${[...orderIds]}::text[])
          order by refund_id`,
    )
    for (const { orderId, id, minor, at } of all) {
      const known = byOrder.get(orderId)
      const refund = { id, minor, at: at.toISOString() }
      if (known) known.push(refund)
      else byOrder.set(orderId, [refund])
    }
  }
  return { fresh: new Set(inserted.map(({ key }) => key)), byOrder }
}

/** Writes orders that nobody knew; one that is there by now fails with 23505. */
export async function insertShopOrders(tx: Db, list: readonly ShopOrderRow[]): Promise<void> {
  await copyRows(tx, 'orders', COLUMNS, [...list], (row) =>
    COLUMNS.map(([name]) => row[name as keyof ShopOrderRow]),
  )
}

export async function updateShopOrders(tx: Db, list: readonly ShopOrderRow[]): Promise<void> {
  if (list.length === 0) return
  await run(
    tx,
    sql`update orders o set lead_id = r.lead_id, number = r.number, status = r.status, currency = r.currency,
          total_minor = r.total_minor, subtotal_minor = r.subtotal_minor, shipping_minor = r.shipping_minor,
          tax_minor = r.tax_minor, refunded_minor = r.refunded_minor, placed_at = r.placed_at, cancelled_at = r.cancelled_at,
          is_test = r.is_test, lines = r.lines, updated_at = r.updated_at, last_word = r.last_word,
          customer_id = r.customer_id, fulfilment = r.fulfilment, is_edited = r.is_edited, cart_token = r.cart_token,
          discount_codes = array(select jsonb_array_elements_text(r.discount_codes)),
          tags = array(select jsonb_array_elements_text(r.tags)), note = r.note, said_at = r.said_at, changed_at = r.changed_at
        from json_to_recordset(${JSON.stringify(list)}::json) as r(id uuid, workspace_id uuid, lead_id uuid, number text, status text,
          currency text, total_minor bigint, subtotal_minor bigint, shipping_minor bigint, tax_minor bigint,
          refunded_minor bigint, placed_at timestamptz, cancelled_at timestamptz, is_test boolean, lines jsonb,
          updated_at timestamptz, last_word text, customer_id text, fulfilment text, is_edited boolean, cart_token text,
          discount_codes jsonb, tags jsonb, note text, said_at text, changed_at timestamptz)
        where o.id = r.id and o.workspace_id = r.workspace_id`,
  )
}

/** Writes the lines of orders anew. @param known whether some of them had lines before */
export async function writeLines(
  tx: Db,
  workspaceId: string,
  orders: readonly { id: string; lines: readonly ShopLine[]; isNew: boolean }[],
): Promise<void> {
  const known = orders.filter(({ isNew }) => !isNew).map(({ id }) => id)
  if (known.length > 0)
    await run(
      tx,
      sql`delete from order_lines where workspace_id = ${workspaceId} and order_id = any(${known}::uuid[])`,
    )
  const list = orders.flatMap(({ id, lines }) =>
    lines.slice(0, 1_000).map((line, place) => ({ id, line, place })),
  )
  await copyRows(tx, 'order_lines', LINE_COLUMNS, list, ({ id, line, place }) => [
    workspaceId,
    id,
    place,
    line.id,
    line.productId,
    line.variantId,
    line.name,
    line.variant,
    line.sku,
    line.quantity,
    line.currentQuantity,
    line.priceMinor,
    line.discountMinor,
  ])
}

/** Forgets refunds of orders that are gone, by order. */
export async function forgetOrphanRefunds(tx: Db, workspaceId: string): Promise<void> {
  await run(
    tx,
    sql`delete from order_refunds r where workspace_id = ${workspaceId} and not exists (
          select 1 from orders o where o.workspace_id = r.workspace_id and o.source = r.source and o.external_id = r.external_id)`,
  )
}

const COLUMNS: CopyColumn[] = [
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
  ['connection_id', 'plain'],
  ['customer_id', 'plain'],
  ['fulfilment', 'plain'],
  ['is_edited', 'plain'],
  ['cart_token', 'plain'],
  ['discount_codes', 'texts'],
  ['tags', 'texts'],
  ['note', 'plain'],
  ['said_at', 'plain'],
  ['changed_at', 'plain'],
]

const LINE_COLUMNS: CopyColumn[] = [
  ['workspace_id', 'plain'],
  ['order_id', 'plain'],
  ['place', 'plain'],
  ['line_id', 'plain'],
  ['product_id', 'plain'],
  ['variant_id', 'plain'],
  ['name', 'plain'],
  ['variant', 'plain'],
  ['sku', 'plain'],
  ['quantity', 'plain'],
  ['current_quantity', 'plain'],
  ['price_minor', 'plain'],
  ['discount_minor', 'plain'],
]

type Instants = 'placed_at' | 'cancelled_at' | 'updated_at' | 'changed_at'
type Stored = Omit<ShopOrderRow, Instants> & Record<Instants, Date | null>

function inTexts(row: Stored): ShopOrderRow {
  return {
    ...row,
    placed_at: row.placed_at?.toISOString() ?? '',
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
    updated_at: row.updated_at?.toISOString() ?? '',
    changed_at: row.changed_at?.toISOString() ?? null,
  }
}
