// Webhooks of shops as they came in, and how much is here of each shop, for pages.
import { rows, sql } from '../../../../platform/postgres.ts'
import type { Db } from '../../../../platform/postgres.ts'
import { all, paged, readCursor } from './page.ts'
import type { Page } from './page.ts'

export interface WebhookRecord {
  deliveryId: string
  connectionId: string
  shopName: string
  topic: string
  subject: string | null
  status: 'waiting' | 'applied' | 'stale' | 'ignored' | 'refused' | 'failed'
  problem: string | null
  deliveries: number
  triggeredAt: Date | null
  receivedAt: Date
  appliedAt: Date | null
}

/** Webhooks as they came in, the newest first. */
export async function listWebhooks(
  db: Db,
  workspaceId: string,
  asked: { connectionId?: string; topic?: string; status?: string; cursor?: string; limit: number },
): Promise<Page<WebhookRecord>> {
  const after = readCursor(asked.cursor, 'instant', 'text')
  const conditions = [sql`w.workspace_id = ${workspaceId}`]
  if (asked.connectionId) conditions.push(sql`w.connection_id = ${asked.connectionId}`)
  if (asked.topic) conditions.push(sql`w.topic = ${asked.topic}`)
  if (asked.status) conditions.push(sql`w.status = ${asked.status}`)
  if (after) conditions.push(sql`(w.received_at, w.delivery_id) < (${after[0]}::timestamptz, ${after[1]})`)
  const found = await rows<WebhookRecord & { sorted: string }>(
    db,
    sql`select w.delivery_id as "deliveryId", w.connection_id as "connectionId", coalesce(s.name, '') as "shopName", w.topic, w.subject,
               w.status, w.problem, w.deliveries, w.triggered_at as "triggeredAt", w.received_at as "receivedAt",
               w.applied_at as "appliedAt", w.received_at::text as sorted
        from shop_webhooks w left join shops s on s.connection_id = w.connection_id
        where ${all(conditions)} order by w.received_at desc, w.delivery_id desc limit ${asked.limit + 1}`,
  )
  return paged(found, asked.limit, ({ sorted, deliveryId }) => [sorted, deliveryId])
}

/** What came in since an instant, by topic. */
export async function countWebhooks(
  db: Db,
  workspaceId: string,
  connectionId: string | undefined,
  since: Date,
) {
  return rows<{
    topic: string
    received: number
    repeats: number
    waiting: number
    applied: number
    stale: number
    troubled: number
    p99Ms: number | null
  }>(
    db,
    sql`select topic, count(*)::int as received, sum(greatest(deliveries - 1, 0))::int as repeats,
               count(*) filter (where status = 'waiting')::int as waiting,
               count(*) filter (where status = 'applied')::int as applied,
               count(*) filter (where status in ('stale', 'ignored'))::int as stale,
               count(*) filter (where status in ('refused', 'failed'))::int as troubled,
               round(percentile_disc(0.99) within group (order by extract(epoch from applied_at - received_at) * 1000))::int as "p99Ms"
        from shop_webhooks where workspace_id = ${workspaceId} and received_at >= ${since}
          ${connectionId ? sql`and connection_id = ${connectionId}` : sql``}
        group by topic order by topic`,
  )
}

/** How much is here of each shop, how its customers fare, and when it was last heard. */
export async function countShops(db: Db, workspaceId: string) {
  const [counts, statuses] = await Promise.all([
    rows<{
      connectionId: string
      orders: number
      products: number
      checkouts: number
      lastWebhookAt: Date | null
    }>(
      db,
      sql`select s.connection_id as "connectionId",
                 (select count(*)::int from orders o where o.workspace_id = s.workspace_id and o.connection_id = s.connection_id) as orders,
                 (select count(*)::int from shop_products p where p.connection_id = s.connection_id and p.deleted_at is null) as products,
                 (select count(*)::int from shop_checkouts c where c.connection_id = s.connection_id) as checkouts,
                 (select max(received_at) from shop_webhooks w where w.workspace_id = s.workspace_id
                    and w.connection_id = s.connection_id and w.status <> 'refused') as "lastWebhookAt"
          from shops s where s.workspace_id = ${workspaceId}`,
    ),
    rows<{ connectionId: string; status: 'synced' | 'waiting' | 'conflict' | 'failed'; count: number }>(
      db,
      sql`select connection_id as "connectionId", sync_status as status, count(*)::int as count from shop_customers
          where workspace_id = ${workspaceId} and deleted_at is null group by 1, 2`,
    ),
  ])
  return { counts, statuses }
}
