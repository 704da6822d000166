// Orders of shops as lists and details, for pages.
import { firstRow, rows, sql } from '../../../../platform/postgres.ts'
import type { Db } from '../../../../platform/postgres.ts'
import { ROOT, all, beginning, paged, readCursor } from './page.ts'
import type { Page } from './page.ts'

export interface OrderRecord {
  id: string
  externalId: string
  number: string
  connectionId: string
  shopName: string
  leadId: string
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  customerId: string | null
  status: string
  fulfilment: string | null
  isEdited: boolean
  isTest: boolean
  currency: string
  totalMinor: number
  refundedMinor: number
  itemCount: number
  discountCodes: string[]
  tags: string[]
  placedAt: Date
  cancelledAt: Date | null
  changedAt: Date | null
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  note: string | null
}

export interface OrdersAsked {
  connectionId?: string
  customer?: { connectionId: string; id: string }
  status?: string
  search?: string
  productId?: string
  from?: string
  to?: string
  cursor?: string
  limit: number
}

const ORDER = sql`c.id, c.external_id as "externalId", coalesce(c.number, c.external_id) as number, c.connection_id as "connectionId",
  s.name as "shopName", coalesce(root.id, c.lead_id) as "leadId", l.first_name as "firstName", l.last_name as "lastName", l.email,
  l.phone, c.customer_id as "customerId", c.status, c.fulfilment, c.is_edited as "isEdited", c.is_test as "isTest", c.currency,
  c.total_minor as "totalMinor", c.refunded_minor as "refundedMinor",
  (select coalesce(sum(quantity), 0)::int from order_lines where order_id = c.id) as "itemCount",
  c.discount_codes as "discountCodes", c.tags, c.placed_at as "placedAt", c.cancelled_at as "cancelledAt",
  c.changed_at as "changedAt", c.subtotal_minor as "subtotalMinor", c.shipping_minor as "shippingMinor", c.tax_minor as "taxMinor",
  c.note`

/** Orders of shops, the newest first. */
export async function listShopOrders(
  db: Db,
  workspaceId: string,
  asked: OrdersAsked,
): Promise<Page<OrderRecord>> {
  const after = readCursor(asked.cursor, 'instant', 'id')
  const conditions = [sql`c.workspace_id = ${workspaceId}`, sql`c.connection_id is not null`]
  if (asked.connectionId) conditions.push(sql`c.connection_id = ${asked.connectionId}`)
  if (asked.customer)
    conditions.push(
      sql`c.connection_id = ${asked.customer.connectionId} and c.customer_id = ${asked.customer.id}`,
    )
  if (asked.status) conditions.push(sql`c.status = ${asked.status}`)
  if (asked.search)
    conditions.push(
      sql`(lower(c.number) like ${beginning(asked.search)} or lower(c.number) like ${`#${beginning(asked.search)}`} or c.external_id = ${asked.search})`,
    )
  if (asked.productId)
    conditions.push(
      sql`c.id in (select order_id from order_lines where workspace_id = ${workspaceId} and product_id = ${asked.productId})`,
    )
  if (asked.from) conditions.push(sql`c.placed_at >= ${asked.from}::timestamptz`)
  if (asked.to) conditions.push(sql`c.placed_at < ${asked.to}::timestamptz`)
  if (after) conditions.push(sql`(c.placed_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`)
  const found = await rows<OrderRecord & { sorted: string }>(
    db,
    sql`select ${ORDER}, c.placed_at::text as sorted from (
          select * from orders c where ${all(conditions)} order by placed_at desc, id desc limit ${asked.limit + 1}
        ) c join shops s on s.connection_id = c.connection_id ${ROOT}
        order by c.placed_at desc, c.id desc`,
  )
  return paged(found, asked.limit, ({ sorted, id }) => [sorted, id])
}

/** One order by our id or the shop's number. */
export async function findShopOrder(
  db: Db,
  workspaceId: string,
  id: string,
  connectionId: string | undefined,
): Promise<OrderRecord | undefined> {
  const which = /^[0-9a-f-]{36}$/i.test(id) ? sql`c.id = ${id}` : sql`c.external_id = ${id}`
  return firstRow(
    db,
    sql`select ${ORDER} from orders c join shops s on s.connection_id = c.connection_id ${ROOT}
        where c.workspace_id = ${workspaceId} and ${which} ${connectionId ? sql`and c.connection_id = ${connectionId}` : sql``}
        limit 1`,
  )
}

/** The lines and refunds of an order. */
export async function readOrderParts(db: Db, workspaceId: string, id: string) {
  const [lines, refunds] = await Promise.all([
    rows<{
      productId: string | null
      variantId: string | null
      name: string
      variant: string | null
      sku: string | null
      quantity: number
      currentQuantity: number
      priceMinor: number
      discountMinor: number
    }>(
      db,
      sql`select product_id as "productId", variant_id as "variantId", name, variant, sku, quantity,
                 current_quantity as "currentQuantity", price_minor as "priceMinor", discount_minor as "discountMinor"
          from order_lines where workspace_id = ${workspaceId} and order_id = ${id} order by place`,
    ),
    rows<{ id: string; minor: number; refundedAt: Date }>(
      db,
      sql`select r.refund_id as id, r.minor, r.refunded_at as "refundedAt"
          from orders o join order_refunds r using (workspace_id, source, external_id)
          where o.workspace_id = ${workspaceId} and o.id = ${id} order by r.refunded_at, r.refund_id`,
    ),
  ])
  return { lines, refunds }
}
