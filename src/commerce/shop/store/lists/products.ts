// Products of shops by title with what was sold of each, for pages.
import { rows, sql } from '../../../../platform/postgres.ts'
import type { Db } from '../../../../platform/postgres.ts'
import { all, paged, readCursor } from './page.ts'
import { beginning } from './page.ts'
import type { Page } from './page.ts'

export interface ProductRecord {
  id: string
  connectionId: string
  shopName: string
  title: string
  handle: string
  vendor: string
  kind: string
  status: string
  tags: string[]
  currency: string
  lowMinor: number
  highMinor: number
  variants: { id: string; title: string; sku: string | null; priceMinor: number }[]
  unitsSold: number
  revenueMinor: number
  orderCount: number
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/** Products by title, with what was sold of those on the page. */
export async function listProducts(
  db: Db,
  workspaceId: string,
  asked: {
    connectionId?: string
    search?: string
    status?: string
    id?: string
    cursor?: string
    limit: number
  },
): Promise<Page<ProductRecord>> {
  const after = readCursor(asked.cursor, 'text', 'text')
  const conditions = [sql`p.workspace_id = ${workspaceId}`]
  if (asked.connectionId) conditions.push(sql`p.connection_id = ${asked.connectionId}`)
  if (asked.id) conditions.push(sql`p.product_id = ${asked.id}`)
  else conditions.push(sql`p.deleted_at is null`)
  if (asked.status) conditions.push(sql`p.status = ${asked.status}`)
  if (asked.search) conditions.push(sql`lower(p.title) like ${`%${beginning(asked.search)}`}`)
  if (after) conditions.push(sql`(lower(p.title), p.product_id) > (${after[0]}, ${after[1]})`)
  const found = await rows<ProductRecord & { sorted: string }>(
    db,
    sql`select p.product_id as id, p.connection_id as "connectionId", s.name as "shopName", p.title, p.handle, p.vendor, p.kind,
               p.status, p.tags, p.currency, p.low_minor as "lowMinor", p.high_minor as "highMinor", p.variants,
               coalesce(sold.units, 0)::int as "unitsSold", coalesce(sold.revenue, 0)::bigint as "revenueMinor",
               coalesce(sold.orders, 0)::int as "orderCount", p.created_at as "createdAt", p.updated_at as "updatedAt",
               p.deleted_at as "deletedAt", lower(p.title) as sorted
        from (select * from shop_products p where ${all(conditions)} order by lower(title), product_id limit ${asked.limit + 1}) p
        join shops s on s.connection_id = p.connection_id
        left join lateral (
          select sum(i.current_quantity) as units, count(distinct i.order_id) as orders,
                 sum(case when i.quantity = 0 then 0
                     else round((i.price_minor * i.quantity - i.discount_minor)::numeric * i.current_quantity / i.quantity) end) as revenue
          from order_lines i join orders o on o.id = i.order_id
          where i.workspace_id = p.workspace_id and i.product_id = p.product_id and o.connection_id = p.connection_id
            and o.cancelled_at is null and not o.is_test
        ) sold on true
        order by lower(p.title), p.product_id`,
  )
  return paged(found, asked.limit, ({ sorted, id }) => [sorted, id])
}
