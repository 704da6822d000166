// What the law has shops ask, in PostgreSQL, and forgetting what a shop told of people or altogether.
import type { RequestWord } from '../../../connectors/index.ts'
import { newId } from '../../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { ShopRequest } from '../contract.ts'

export interface RequestRow {
  id: string
  workspaceId: string
  connectionId: string
  kind: ShopRequest['kind']
  requestId: string
  customerId: string | null
  status: ShopRequest['status']
  hasExport: boolean
  leadCount: number
  orderCount: number
  receivedAt: Date
  dueAt: Date
  doneAt: Date | null
}

const columns = sql`id, workspace_id as "workspaceId", connection_id as "connectionId", kind, request_id as "requestId",
  customer_id as "customerId", status, export is not null as "hasExport", lead_count as "leadCount", order_count as "orderCount",
  received_at as "receivedAt", due_at as "dueAt", done_at as "doneAt"`

/** Keeps a request. @returns its id; null where it came before */
export async function insertRequest(
  tx: Db,
  asked: { workspaceId: string; connectionId: string; word: RequestWord; receivedAt: Date; dueAt: Date },
): Promise<string | null> {
  const { word } = asked
  const made = await firstRow<{ id: string }>(
    tx,
    sql`insert into shop_requests (id, workspace_id, connection_id, kind, request_id, customer_id, status, received_at, due_at)
        values (${newId()}, ${asked.workspaceId}, ${asked.connectionId}, ${word.asks}, ${word.requestId}, ${word.customerId}, 'waiting',
          ${asked.receivedAt}, ${asked.dueAt})
        on conflict (connection_id, kind, request_id) do nothing returning id`,
  )
  return made?.id ?? null
}

export async function readRequest(db: Db, workspaceId: string, id: string): Promise<RequestRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from shop_requests where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

export async function readRequests(
  db: Db,
  workspaceId: string,
  connectionId: string | undefined,
): Promise<RequestRow[]> {
  return rows(
    db,
    sql`select ${columns} from shop_requests where workspace_id = ${workspaceId}
          ${connectionId ? sql`and connection_id = ${connectionId}` : sql``} order by received_at desc, id desc limit 500`,
  )
}

export async function readExport(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const found = await firstRow<{ export: Record<string, unknown> | null }>(
    db,
    sql`select export from shop_requests where workspace_id = ${workspaceId} and id = ${id}`,
  )
  return found?.export ?? undefined
}

export async function endRequest(
  db: Db,
  { workspaceId, id }: Pick<RequestRow, 'workspaceId' | 'id'>,
  done: { export?: Record<string, unknown>; leadCount: number; orderCount: number; at: Date },
): Promise<void> {
  await run(
    db,
    sql`update shop_requests set status = 'done', export = ${done.export ? JSON.stringify(done.export) : null}::jsonb,
          lead_count = ${done.leadCount}, order_count = ${done.orderCount}, done_at = ${done.at}
        where workspace_id = ${workspaceId} and id = ${id}`,
  )
}

/** The leads that a customer of a shop is, or was when it was told. */
export async function leadsOfCustomer(
  db: Db,
  workspaceId: string,
  connectionId: string,
  customerId: string,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select lead_id as id from shop_customers
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and customer_id = ${customerId}
        union select lead_id from orders
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and customer_id = ${customerId}`,
  )
  return found.map(({ id }) => id)
}

/** Leads that the shop told of, in pieces of `limit`, after an id. */
export async function leadsOfShop(
  db: Db,
  workspaceId: string,
  connectionId: string,
  limit: number,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select lead_id as id from shop_customers where workspace_id = ${workspaceId} and connection_id = ${connectionId}
        union select lead_id from orders where workspace_id = ${workspaceId} and connection_id = ${connectionId}
        limit ${limit}`,
  )
  return found.map(({ id }) => id)
}

/** Everything that shops told of these leads, as it stands, for a person to hand over. */
export async function shopDataOf(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<{ customers: unknown[]; orders: unknown[]; checkouts: unknown[] }> {
  const list = [...leadIds]
  const told = (table: ReturnType<typeof sql.raw>, order: ReturnType<typeof sql.raw>) =>
    rows<{ row: unknown }>(
      db,
      sql`select to_jsonb(t) - 'workspace_id' - 'tag_acts' - 'said_at' - 'agreed' - 'last_word' as row from ${table} t
          where workspace_id = ${workspaceId} and lead_id = any(${list}::uuid[]) order by ${order}`,
    ).then((found) => found.map(({ row }) => row))
  const [customers, orders, checkouts] = await Promise.all([
    told(sql.raw('shop_customers'), sql.raw('customer_id')),
    told(sql.raw('orders'), sql.raw('placed_at')),
    told(sql.raw('shop_checkouts'), sql.raw('started_at')),
  ])
  return { customers, orders, checkouts }
}

/** Forgets what shops told of leads that are gone; their orders go by themselves. */
export async function forgetInShops(tx: Db, workspaceId: string, leadIds: readonly string[]): Promise<void> {
  const list = [...leadIds]
  await run(
    tx,
    sql`delete from order_refunds r using orders o where o.workspace_id = ${workspaceId} and o.lead_id = any(${list}::uuid[])
          and r.workspace_id = o.workspace_id and r.source = o.source and r.external_id = o.external_id`,
  )
  for (const table of ['shop_customers', 'shop_checkouts'])
    await run(
      tx,
      sql`delete from ${sql.table(table)} where workspace_id = ${workspaceId} and lead_id = any(${list}::uuid[])`,
    )
  await run(
    tx,
    sql`update shop_requests set export = null where workspace_id = ${workspaceId} and export is not null
          and export->'leadIds' ?| ${list}::text[]`,
  )
}

/** Forgets what is left of a shop whose people are gone. */
export async function forgetShop(tx: Db, workspaceId: string, connectionId: string): Promise<void> {
  const of = sql`workspace_id = ${workspaceId} and connection_id = ${connectionId}`
  await run(tx, sql`delete from shop_products where ${of}`)
  await run(tx, sql`delete from shop_checkouts where ${of}`)
  await run(tx, sql`delete from shop_customers where ${of}`)
  await run(tx, sql`delete from shop_webhooks where ${of}`)
  await run(tx, sql`delete from shop_syncs where ${of} and status not in ('queued', 'preparing', 'reading')`)
}

/** Says that what this transaction changes of leads is the shop's own word, which is not written back to it. */
export async function markShopSaid(tx: Db): Promise<void> {
  await run(tx, sql`select set_config('throughline.shop_said', '1', true)`)
}
