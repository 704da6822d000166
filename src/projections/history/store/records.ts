// Reads from PostgreSQL what histories need beside events: who belongs to whom, orders, and the workspace's zone.
import { firstRow, rows, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { HistoryOrder } from '../../contract.ts'

/**
 * The families of leads: each id, with the lead that it is part of now. Of a merged lead the whole family comes; an id that no
 * lead has is absent.
 */
export async function readFamilies(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, string>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<{ id: string; root: string }>(
    db,
    sql`with recursive up as (
          select id, merged_into, status, 0 as depth from leads
          where workspace_id = ${workspaceId} and id = any(${leadIds}::uuid[])
          union all
          select l.id, l.merged_into, l.status, u.depth + 1 from up u join leads l on l.id = u.merged_into
          where u.status = 'merged' and u.depth < 50
        ),
        family as (
          select distinct id as root, id, 0 as depth from up where status <> 'merged'
          union all
          select f.root, l.id, f.depth + 1 from family f join leads l on l.merged_into = f.id
          where l.status = 'merged' and f.depth < 50
        )
        select id, root from family`,
  )
  return new Map(found.map(({ id, root }) => [id, root]))
}

/** Orders by the lead that they count for now, in the order of (placedAt, orderId). */
export async function readOrders(
  db: Db,
  workspaceId: string,
  rootOf: ReadonlyMap<string, string>,
): Promise<Map<string, HistoryOrder[]>> {
  const byLead = new Map<string, HistoryOrder[]>()
  if (rootOf.size === 0) return byLead
  const found = await rows<
    Omit<HistoryOrder, 'placedAt' | 'cancelledAt'> & {
      leadId: string
      placedAt: Date
      cancelledAt: Date | null
    }
  >(
    db,
    sql`select lead_id as "leadId", id as "orderId", external_id as "externalId", placed_at as "placedAt",
               cancelled_at as "cancelledAt", is_test as "isTest", status, currency, total_minor as "totalMinor",
               subtotal_minor as "subtotalMinor", shipping_minor as "shippingMinor", tax_minor as "taxMinor",
               refunded_minor as "refundedMinor"
        from orders where workspace_id = ${workspaceId} and lead_id = any(${[...rootOf.keys()]}::uuid[])
        order by placed_at, id`,
  )
  for (const { leadId, placedAt, cancelledAt, ...order } of found) {
    const lead = rootOf.get(leadId)!
    const whole = { ...order, placedAt: placedAt.getTime(), cancelledAt: cancelledAt?.getTime() ?? null }
    const orders = byLead.get(lead)
    if (orders) orders.push(whole)
    else byLead.set(lead, [whole])
  }
  return byLead
}

/** The workspace's time zone (IANA) and currency (ISO 4217). */
export async function readPlace(
  db: Db,
  workspaceId: string,
): Promise<{ timeZone: string; currency: string }> {
  const found = await firstRow<{ timeZone: string; currency: string }>(
    db,
    sql`select time_zone as "timeZone", currency from workspaces where id = ${workspaceId}`,
  )
  return found ?? { timeZone: 'UTC', currency: 'EUR' }
}

/** Batches that wait for ClickHouse: their events are decided, but not in the log yet. @param isWithBulk those of imports too */
export async function readOpenBatches(db: Db, isWithBulk: boolean): Promise<string[]> {
  const open = await rows<{ id: string }>(
    db,
    sql`select id from batches where closed_at is null ${isWithBulk ? sql`` : sql`and not is_bulk`}`,
  )
  return open.map((row) => row.id)
}
