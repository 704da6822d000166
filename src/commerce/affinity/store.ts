// Counts products and pairs of them over baskets, in PostgreSQL.
import { firstRow, rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { BasketKind } from './contract.ts'
import type { CountedPair, CountedProduct } from './measures.ts'

export interface BasketQuestion {
  workspaceId: string
  basket: BasketKind
  since: Date
  /** pairs and products in fewer baskets are left out */
  fewest: number
}

/** The newest orders that are counted, and the most products of one basket: one with more is a wholesaler's. */
const MOST_ORDERS = 200_000
const MOST_PRODUCTS = 60
const MOST_PAIRS = 2_000

export interface CountedBaskets {
  baskets: number
  mixedBaskets: number
  products: CountedProduct[]
  pairs: CountedPair[]
}

/** Counts baskets, products and pairs; test and cancelled orders and those given back whole are left out. */
export async function countBaskets(db: Db, asked: BasketQuestion): Promise<CountedBaskets> {
  const found = await firstRow<CountedBaskets>(
    db,
    sql`with recursive ${countedItems(asked)},
        baskets as (
          select basket, count(*) as size from items group by basket
        ),
        -- A basket of fifty products makes 1,225 pairs.
        fitting as (
          select i.basket, i.product, i.name from items i join baskets b on b.basket = i.basket
          where b.size <= ${MOST_PRODUCTS}
        ),
        products as (
          select product as key, max(name) as name, count(*)::int as baskets from fitting group by product
          having count(*) >= ${asked.fewest}
        ),
        kept as materialized (
          select f.basket, f.product from fitting f join products p on p.key = f.product
        ),
        pairs as (
          select a.product as first, b.product as second, count(*)::int as both
          from kept a join kept b on b.basket = a.basket and a.product < b.product
          group by 1, 2 having count(*) >= ${asked.fewest}
          order by 3 desc, 1, 2 limit ${MOST_PAIRS}
        )
        select (select count(*)::int from baskets where size <= ${MOST_PRODUCTS}) as baskets,
               (select count(*)::int from baskets where size between 2 and ${MOST_PRODUCTS}) as "mixedBaskets",
               coalesce((select json_agg(products) from products), '[]') as products,
               coalesce((select json_agg(pairs) from pairs), '[]') as pairs`,
  )
  return found ?? { baskets: 0, mixedBaskets: 0, products: [], pairs: [] }
}

export interface BoughtProduct {
  key: string
  name: string
  orders: number
  quantity: number
  lastBoughtAt: Date
}

/** What a person bought, with what the leads bought that were merged into theirs; what they bought most often first. */
export async function readBought(db: Db, workspaceId: string, leadId: string): Promise<BoughtProduct[]> {
  return rows(
    db,
    sql`with recursive family as (
          select id, 0 as depth from leads where workspace_id = ${workspaceId} and id = ${leadId}
          union all
          select l.id, f.depth + 1 from family f join leads l on l.merged_into = f.id where f.depth < 50
        ),
        mine as (
          select o.id, o.lines, o.connection_id, o.placed_at from family f join orders o on o.lead_id = f.id
          where o.workspace_id = ${workspaceId} and ${counts}
        ),
        items as (
          select m.id, m.placed_at, ${lineKey} as key, l.name, l.current_quantity::numeric as quantity
          from mine m join order_lines l on l.order_id = m.id where m.connection_id is not null and l.current_quantity > 0
          union all
          select m.id, m.placed_at, ${wordKey}, x ->> 'name', (x ->> 'quantity')::numeric
          from mine m cross join jsonb_array_elements(m.lines) as x where m.connection_id is null
        )
        select key, (array_agg(name order by placed_at desc))[1] as name, count(distinct id)::int as orders,
               sum(quantity)::float8 as quantity, max(placed_at) as "lastBoughtAt"
        from items where key is not null group by key order by 3 desc, 4 desc, 1 limit 200`,
  )
}

/** The lead that a customer of a connected shop became, by the shop's number; of several shops the one heard of last. */
export async function readCustomerLead(
  db: Db,
  workspaceId: string,
  customerId: string,
  connectionId: string | undefined,
): Promise<string | undefined> {
  const found = await firstRow<{ leadId: string }>(
    db,
    sql`select lead_id as "leadId" from shop_customers
        where workspace_id = ${workspaceId} and customer_id = ${customerId}
          and (${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null})
        order by synced_at desc limit 1`,
  )
  return found?.leadId
}

const counts = sql`not o.is_test and o.cancelled_at is null and (o.refunded_minor < o.total_minor or o.total_minor = 0)`
const lineKey = sql`coalesce(l.product_id, nullif(l.sku, ''), l.name)`
const wordKey = sql`coalesce(nullif(x ->> 'sku', ''), x ->> 'name')`

// Each product of a basket once. A person is the lead that theirs was merged into.
function countedItems({ workspaceId, basket, since }: BasketQuestion) {
  const isPerson = basket === 'person'
  return sql`merged as (
      select id, merged_into as root, 0 as depth from leads
      where ${isPerson} and workspace_id = ${workspaceId} and merged_into is not null
      union all
      select m.id, l.merged_into, m.depth + 1 from merged m join leads l on l.id = m.root
      where l.merged_into is not null and m.depth < 50
    ),
    roots as (select distinct on (id) id, root from merged order by id, depth desc),
    counted as (
      select o.id, o.lines, o.connection_id, o.lead_id from orders o
      where o.workspace_id = ${workspaceId} and o.placed_at >= ${since} and ${counts}
      order by o.placed_at desc limit ${MOST_ORDERS}
    ),
    told as (
      select c.id, c.lead_id, ${lineKey} as product, l.name from counted c
      join order_lines l on l.order_id = c.id where c.connection_id is not null and l.current_quantity > 0
      union all
      select c.id, c.lead_id, ${wordKey}, x ->> 'name' from counted c
      cross join jsonb_array_elements(c.lines) as x where c.connection_id is null
    ),
    items as (
      select ${isPerson ? sql`coalesce(r.root, t.lead_id)` : sql`t.id`} as basket, t.product, max(t.name) as name
      from told t ${isPerson ? sql`left join roots r on r.id = t.lead_id` : sql``}
      where t.product is not null group by 1, 2
    )`
}
