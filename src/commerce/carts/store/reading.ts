// Reads carts from PostgreSQL: a page of them, and their sums.
import { firstRow, rows, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { OrderLine } from '../../contract.ts'
import type { CartSettings, CartState } from '../contract.ts'

export interface CartQuestion {
  workspaceId: string
  state?: CartState
  /** only people whose address, number or login is known */
  isKnown: boolean
  now: Date
  settings: CartSettings
}

export interface FoundCart {
  id: string
  /** the lead that the person is part of now */
  leadId: string
  shopName: string | null
  state: CartState
  currency: string
  totalMinor: number
  lines: OrderLine[]
  recoveryUrl: string | null
  startedAt: Date
  changedAt: Date
  abandonedAt: Date | null
  orderId: string | null
  orderNumber: string | null
  placedAt: Date | null
  orderCurrency: string | null
  netMinor: number | null
}

const state = sql`case
  when c.abandoned_at is not null and c.order_id is not null then 'recovered'
  when c.abandoned_at is not null and c.closed_at is null then 'abandoned'
  when c.order_id is not null or c.closed_at is not null then 'bought'
  else 'open' end`

const net = sql`case when o.cancelled_at is null then greatest(o.total_minor - o.refunded_minor, 0) else 0 end`

/** Carts, those that changed last first. @param after where the page before ended */
export async function readCarts(
  db: Db,
  { workspaceId, state: wanted, isKnown, now, settings }: CartQuestion,
  after: { changedAt: string; id: string } | null,
  limit: number,
): Promise<FoundCart[]> {
  const young = sql`make_interval(mins => ${settings.abandonedAfterMinutes})`
  return rows(
    db,
    sql`select c.id, l.id as "leadId", coalesce(s.name, n.name) as "shopName",
               ${state} as state, c.currency, c.total_minor as "totalMinor", c.lines, c.recovery_url as "recoveryUrl",
               c.started_at as "startedAt", c.changed_at as "changedAt", c.abandoned_at as "abandonedAt", o.id as "orderId",
               o.number as "orderNumber", o.placed_at as "placedAt", o.currency as "orderCurrency", ${net} as "netMinor"
        from carts c
        join lateral (
          with recursive up as (
            select id, merged_into, 0 as depth from leads where id = c.lead_id and workspace_id = c.workspace_id
            union all
            select p.id, p.merged_into, u.depth + 1 from up u join leads p on p.id = u.merged_into where u.depth < 50
          )
          select leads.* from up join leads on leads.id = up.id where up.merged_into is null limit 1
        ) l on l.status = 'active'
        left join orders o on o.id = c.order_id
        left join shops s on c.source = 'shop:' || s.connection_id and s.workspace_id = c.workspace_id
        left join connections n on c.source = 'shop:' || n.id and n.workspace_id = c.workspace_id
        where c.workspace_id = ${workspaceId}
          and (${wanted ?? null}::text is null or ${state} = ${wanted ?? null})
          and (${state} <> 'open' or c.changed_at + ${young} > ${now})
          and (not ${isKnown} or l.is_known)
          and (${after === null} or (c.changed_at, c.id) < (${after?.changedAt ?? null}::timestamptz, ${after?.id ?? null}::uuid))
        order by c.changed_at desc, c.id desc limit ${limit}`,
  )
}

export interface FoundSums {
  abandoned: number
  recovered: number
  lying: { currency: string; minor: number }[]
  recoveredRevenue: { currency: string; minor: number }[]
}

/** Of carts that were abandoned since an instant. */
export async function readCartSums(
  db: Db,
  workspaceId: string,
  since: Date,
  isKnown: boolean,
): Promise<FoundSums> {
  const found = await firstRow<FoundSums>(
    db,
    sql`with these as (
          select c.currency, c.total_minor, c.order_id, c.closed_at, o.currency as paid_in, ${net} as net,
                 row_number() over (partition by c.order_id order by c.changed_at desc, c.id) as nth
          from carts c
          join leads l on l.id = c.lead_id and l.workspace_id = c.workspace_id
          left join orders o on o.id = c.order_id
          where c.workspace_id = ${workspaceId} and c.abandoned_at >= ${since} and (not ${isKnown} or l.is_known)
            and l.status <> 'binned' and (c.order_id is not null or c.closed_at is null)
        )
        select count(*) filter (where order_id is null or nth = 1)::int as abandoned,
               count(*) filter (where order_id is not null and nth = 1)::int as recovered,
               coalesce((select json_agg(json_build_object('currency', currency, 'minor', minor) order by minor desc) from (
                 select currency, sum(total_minor)::bigint as minor from these where order_id is null group by currency) a),
                 '[]') as lying,
               coalesce((select json_agg(json_build_object('currency', paid_in, 'minor', minor) order by minor desc) from (
                 select paid_in, sum(net)::bigint as minor from these where order_id is not null and nth = 1 group by paid_in) b),
                 '[]') as "recoveredRevenue"
        from these`,
  )
  return found ?? { abandoned: 0, recovered: 0, lying: [], recoveredRevenue: [] }
}
