// Shops themselves in PostgreSQL, the webhooks that came in from them, and what the law has them ask.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'

export interface ShopRow {
  connectionId: string
  workspaceId: string
  domain: string
  name: string
  currency: string
  timeZone: string
  plan: string | null
  /** the address of this installation that it tells */
  baseUrl: string | null
  subscribedAt: Date | null
  uninstalledAt: Date | null
}

const columns = sql`connection_id as "connectionId", workspace_id as "workspaceId", domain, name, currency, time_zone as "timeZone",
  plan, base_url as "baseUrl", subscribed_at as "subscribedAt", uninstalled_at as "uninstalledAt"`

/** What the shop says of itself; a shop that is known again is installed again. @returns whether it was not known */
export async function saveShop(
  db: Db,
  shop: Pick<
    ShopRow,
    'connectionId' | 'workspaceId' | 'domain' | 'name' | 'currency' | 'timeZone' | 'plan' | 'baseUrl'
  >,
  now: Date,
): Promise<boolean> {
  const saved = await firstRow<{ isNew: boolean }>(
    db,
    sql`insert into shops as s (connection_id, workspace_id, domain, name, currency, time_zone, plan, base_url, created_at, updated_at)
        values (${shop.connectionId}, ${shop.workspaceId}, ${shop.domain}, ${shop.name}, ${shop.currency}, ${shop.timeZone},
          ${shop.plan}, ${shop.baseUrl}, ${now}, ${now})
        on conflict (connection_id) do update set domain = excluded.domain, name = excluded.name, currency = excluded.currency,
          time_zone = excluded.time_zone, plan = excluded.plan, base_url = excluded.base_url, uninstalled_at = null, updated_at = excluded.updated_at
        where s.workspace_id = excluded.workspace_id
        returning xmax = 0 as "isNew"`,
  )
  return saved?.isNew ?? false
}

/** A shop that was connected before goes on under its new connection, with all that is known of it. */
export async function adoptShop(
  tx: Db,
  workspaceId: string,
  domain: string,
  connectionId: string,
): Promise<void> {
  const before = await rows<{ id: string }>(
    tx,
    sql`select connection_id as id from shops s where workspace_id = ${workspaceId} and domain = ${domain}
          and connection_id <> ${connectionId}
          and not exists (select 1 from connections c where c.id = s.connection_id and c.workspace_id = s.workspace_id)
          and not exists (select 1 from shops n where n.connection_id = ${connectionId})`,
  )
  for (const { id } of before)
    for (const table of TABLES)
      await run(
        tx,
        sql`update ${sql.table(table)} set connection_id = ${connectionId}
            where workspace_id = ${workspaceId} and connection_id = ${id}`,
      )
}

const TABLES = [
  'shops',
  'shop_customers',
  'orders',
  'shop_products',
  'shop_checkouts',
  'shop_syncs',
  'shop_webhooks',
  'shop_requests',
]

export async function readShop(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<ShopRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from shops where workspace_id = ${workspaceId} and connection_id = ${connectionId}`,
  )
}

/** Where a shop is connected, in every workspace, for webhooks that name nothing but the shop. */
export async function findShops(
  db: Db,
  domain: string,
): Promise<Pick<ShopRow, 'connectionId' | 'workspaceId'>[]> {
  return rows(
    db,
    sql`select connection_id as "connectionId", workspace_id as "workspaceId" from shops where domain = ${domain} order by connection_id`,
  )
}

export async function readShops(db: Db, workspaceId: string): Promise<ShopRow[]> {
  return rows(
    db,
    sql`select ${columns} from shops where workspace_id = ${workspaceId} order by created_at, connection_id`,
  )
}

/** Shops of every workspace that are installed, for what is done once a day. */
export async function readInstalledShops(db: Db): Promise<Pick<ShopRow, 'connectionId' | 'workspaceId'>[]> {
  return rows(
    db,
    sql`select connection_id as "connectionId", workspace_id as "workspaceId" from shops
        where uninstalled_at is null order by connection_id`,
  )
}

export async function noteSubscribed(
  db: Db,
  workspaceId: string,
  connectionId: string,
  at: Date | null,
): Promise<void> {
  await run(
    db,
    sql`update shops set subscribed_at = ${at} where workspace_id = ${workspaceId} and connection_id = ${connectionId}`,
  )
}

export async function noteUninstalled(
  db: Db,
  workspaceId: string,
  connectionId: string,
  at: Date,
): Promise<void> {
  await run(
    db,
    sql`update shops set uninstalled_at = ${at}, subscribed_at = null
        where workspace_id = ${workspaceId} and connection_id = ${connectionId}`,
  )
}

/** A webhook that came in. */
export interface WebhookNote {
  workspaceId: string
  connectionId: string
  deliveryId: string
  topic: string
  status: 'waiting' | 'refused'
  problem: string | null
  triggeredAt: string | null
}

/** Notes a webhook; one that comes again is counted, and stands as it stood. */
export async function noteWebhook(db: Db, note: WebhookNote, now: Date): Promise<void> {
  await run(
    db,
    sql`insert into shop_webhooks as w (workspace_id, connection_id, delivery_id, topic, status, problem, triggered_at, received_at)
        values (${note.workspaceId}, ${note.connectionId}, ${note.deliveryId}, ${note.topic}, ${note.status}, ${note.problem},
          ${note.triggeredAt || null}, ${now})
        on conflict (connection_id, delivery_id) do update set deliveries = w.deliveries + 1,
          triggered_at = coalesce(w.triggered_at, excluded.triggered_at)`,
  )
}

/** What became of a webhook. */
export interface WebhookEnd {
  workspaceId: string
  connectionId: string
  deliveryId: string
  topic: string
  subject: string | null
  status: 'applied' | 'stale' | 'ignored' | 'failed'
  problem: string | null
  receivedAt: Date
}

/** Settles webhooks; the note of one may not be there yet. */
export async function settleWebhooks(tx: Db, ends: readonly WebhookEnd[], now: Date): Promise<void> {
  if (ends.length === 0) return
  const list = [...new Map(ends.map((end) => [`${end.connectionId}|${end.deliveryId}`, end])).values()]
    .map((end) => ({
      workspace_id: end.workspaceId,
      connection_id: end.connectionId,
      delivery_id: end.deliveryId,
      topic: end.topic,
      subject: end.subject,
      status: end.status,
      problem: end.problem,
      received_at: end.receivedAt,
    }))
    .sort((a, b) => (a.connection_id + a.delivery_id < b.connection_id + b.delivery_id ? -1 : 1))
  await run(
    tx,
    sql`insert into shop_webhooks as w (workspace_id, connection_id, delivery_id, topic, subject, status, problem, received_at,
          applied_at, deliveries)
        select workspace_id, connection_id, delivery_id, topic, subject, status, problem, received_at, ${now}, 0
        from json_to_recordset(${JSON.stringify(list)}::json) as r(workspace_id uuid, connection_id uuid, delivery_id text, topic text,
          subject text, status text, problem text, received_at timestamptz)
        on conflict (connection_id, delivery_id) do update set subject = excluded.subject, status = excluded.status,
          problem = excluded.problem, applied_at = excluded.applied_at
        where w.workspace_id = excluded.workspace_id`,
  )
}

/** Forgets webhooks that came before an instant. */
export async function forgetWebhooks(db: Db, before: Date): Promise<void> {
  await run(db, sql`delete from shop_webhooks where received_at < ${before}`)
}
