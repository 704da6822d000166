// Customers of shops as lists and details, for pages.
import { firstRow, rows, sql } from '../../../../platform/postgres.ts'
import type { Db } from '../../../../platform/postgres.ts'
import { ROOT, all, beginning, paged, readCursor } from './page.ts'
import type { Fragment, Page } from './page.ts'

export interface CustomerRecord {
  id: string
  connectionId: string
  shopName: string
  leadId: string
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  tags: string[]
  orderCount: number
  spentMinor: number
  revenueMinor: number
  currency: string
  firstOrderAt: Date | null
  lastOrderAt: Date | null
  syncStatus: 'synced' | 'waiting' | 'conflict' | 'failed'
  syncProblem: string | null
  createdAt: Date
  updatedAt: Date
  syncedAt: Date
  deletedAt: Date | null
  note: string | null
  locale: string | null
  emailConsent: string | null
  emailConsentAt: Date | null
  smsConsent: string | null
  smsConsentAt: Date | null
  conflicts: { field: string; lead: string; shop: string; foundAt: string }[]
}

export interface CustomersAsked {
  connectionId?: string
  search?: string
  syncStatus?: string
  sort: 'created' | 'spent' | 'orders'
  cursor?: string
  limit: number
}

// A lead that was merged counts as the one that it is part of; chains are short.
const SOLD = sql`left join lateral (
    select coalesce(sum(o.total_minor - least(o.refunded_minor, o.total_minor)) filter (where o.cancelled_at is null and not o.is_test), 0)::bigint as revenue,
           min(o.placed_at) filter (where not o.is_test) as first_at, max(o.placed_at) filter (where not o.is_test) as last_at
    from orders o where o.connection_id = c.connection_id and o.customer_id = c.customer_id and o.workspace_id = c.workspace_id
  ) sold on true`

const CUSTOMER = sql`c.customer_id as id, c.connection_id as "connectionId", s.name as "shopName", coalesce(root.id, c.lead_id) as "leadId",
  l.first_name as "firstName", l.last_name as "lastName", l.email, l.phone, c.tags, c.order_count as "orderCount",
  c.spent_minor as "spentMinor", sold.revenue as "revenueMinor", c.currency, sold.first_at as "firstOrderAt",
  sold.last_at as "lastOrderAt", c.sync_status as "syncStatus", c.sync_problem as "syncProblem", c.created_at as "createdAt",
  c.updated_at as "updatedAt", c.synced_at as "syncedAt", c.deleted_at as "deletedAt", c.note, c.locale,
  c.email_consent as "emailConsent", c.email_consent_at as "emailConsentAt", c.sms_consent as "smsConsent",
  c.sms_consent_at as "smsConsentAt", c.conflicts`

const SORTS = {
  created: sql`c.created_at`,
  spent: sql`c.spent_minor`,
  orders: sql`c.order_count`,
} as const
const CASTS = {
  created: sql.raw('timestamptz'),
  spent: sql.raw('bigint'),
  orders: sql.raw('integer'),
} as const

/** Customers, by the asked order, the largest or newest first. */
export async function listCustomers(
  db: Db,
  workspaceId: string,
  asked: CustomersAsked,
): Promise<Page<CustomerRecord>> {
  const by = SORTS[asked.sort]
  const after = readCursor(asked.cursor, asked.sort === 'created' ? 'instant' : 'number', 'text')
  const conditions = [sql`c.workspace_id = ${workspaceId}`]
  if (asked.connectionId) conditions.push(sql`c.connection_id = ${asked.connectionId}`)
  if (asked.syncStatus) conditions.push(sql`c.sync_status = ${asked.syncStatus}`)
  if (asked.search) conditions.push(searched(workspaceId, asked.search))
  if (after) conditions.push(sql`(${by}, c.customer_id) < (${after[0]}::${CASTS[asked.sort]}, ${after[1]})`)
  const found = await rows<CustomerRecord & { sorted: string }>(
    db,
    sql`select ${CUSTOMER}, c.sorted from (
          select c.*, (${by})::text as sorted from shop_customers c where ${all(conditions)}
          order by ${by} desc, c.customer_id desc limit ${asked.limit + 1}
        ) c join shops s on s.connection_id = c.connection_id ${ROOT} ${SOLD}
        order by ${by} desc, c.customer_id desc`,
  )
  return paged(found, asked.limit, ({ sorted, id }) => [sorted, id])
}

// Names and addresses stand with the leads.
function searched(workspaceId: string, search: string): Fragment {
  const start = beginning(search)
  return sql`(c.customer_id = ${search} or c.lead_id in (
    select id from leads where workspace_id = ${workspaceId}
      and (lower(email) like ${start} or lower(first_name) like ${start} or lower(last_name) like ${start}
        or lower(first_name || ' ' || last_name) like ${start})))`
}

/** One customer by the shop's number, or by a lead and those merged into it. */
export async function findCustomer(
  db: Db,
  workspaceId: string,
  id: string,
  connectionId: string | undefined,
): Promise<CustomerRecord | undefined> {
  const isLead = /^[0-9a-f-]{36}$/i.test(id)
  const who = isLead
    ? sql`c.lead_id in (
        with recursive family as (
          select id, 0 as depth from leads where id = ${id} and workspace_id = ${workspaceId}
          union all
          select l.id, f.depth + 1 from leads l join family f on l.merged_into = f.id where l.status = 'merged' and f.depth < 50
        ) select id from family)`
    : sql`c.customer_id = ${id}`
  return firstRow(
    db,
    sql`select ${CUSTOMER} from shop_customers c join shops s on s.connection_id = c.connection_id ${ROOT} ${SOLD}
        where c.workspace_id = ${workspaceId} and ${who} ${connectionId ? sql`and c.connection_id = ${connectionId}` : sql``}
        order by c.deleted_at is not null, c.updated_at desc limit 1`,
  )
}
