// The look at carts in PostgreSQL: which order each became, and which lay too long.
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { OrderLine } from '../../contract.ts'
import type { CartSettings } from '../contract.ts'

/** Older carts are what they are. */
const LOOK_BACK = sql`interval '97 days'`

/** Workspaces in which something may have become of a cart. */
export async function readCartWorkspaces(db: Db, now: Date): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select distinct workspace_id as id from carts where order_id is null and changed_at >= ${now}::timestamptz - ${LOOK_BACK}
        union
        select distinct workspace_id from shop_checkouts where updated_at >= ${now}::timestamptz - ${LOOK_BACK}`,
  )
  return found.map(({ id }) => id)
}

/** Takes over the checkouts of connected shops that changed since they were last looked at. */
export async function takeCheckouts(tx: Db, workspaceId: string, now: Date): Promise<void> {
  await run(
    tx,
    sql`insert into carts as c (id, workspace_id, lead_id, source, external_id, currency, total_minor, lines, recovery_url,
          started_at, changed_at, closed_at, updated_at)
        select gen_random_uuid(), k.workspace_id, k.lead_id, 'shop:' || k.connection_id, k.token, k.currency, k.total_minor,
          k.lines, k.recovery_url, k.started_at, k.updated_at, least(k.completed_at, k.deleted_at), ${now}
        from shop_checkouts k
        left join carts known on known.workspace_id = k.workspace_id and known.source = 'shop:' || k.connection_id
          and known.external_id = k.token
        where k.workspace_id = ${workspaceId} and k.lead_id is not null
          and k.updated_at >= ${now}::timestamptz - ${LOOK_BACK}
          and (known.id is null or known.lead_id <> k.lead_id
            or known.closed_at is distinct from least(k.completed_at, k.deleted_at)
            or (known.closed_at is null and (known.changed_at < k.updated_at
              or known.recovery_url is distinct from k.recovery_url)))
        on conflict (workspace_id, source, external_id) do update set
          lead_id = excluded.lead_id, currency = excluded.currency, total_minor = excluded.total_minor,
          lines = excluded.lines, recovery_url = excluded.recovery_url, started_at = excluded.started_at,
          changed_at = case when excluded.closed_at is null then excluded.changed_at else c.changed_at end,
          closed_at = excluded.closed_at, updated_at = excluded.updated_at`,
  )
}

/**
 * Finds the order that each cart became: the one that bears its token, else the first that its person placed after it was begun
 * and within the days of the settings. A cart whose order came before it had lain long enough was never abandoned.
 * @returns how many
 */
export async function matchOrders(
  tx: Db,
  workspaceId: string,
  { abandonedAfterMinutes, recoveredWithinDays }: CartSettings,
  now: Date,
): Promise<{ recovered: number; bought: number }> {
  await run(
    tx,
    sql`update carts set order_id = null, bought_at = null
        where workspace_id = ${workspaceId} and order_id is not null and changed_at >= ${now}::timestamptz - ${LOOK_BACK}
          and not exists (select 1 from orders o where o.id = carts.order_id)`,
  )
  const matched = await rows<{ isRecovered: boolean }>(
    tx,
    sql`with recursive lying as (
          select id, lead_id, source, external_id, started_at, changed_at, abandoned_at from carts
          where workspace_id = ${workspaceId} and order_id is null and changed_at >= ${now}::timestamptz - ${LOOK_BACK}
        ),
        up as (
          select distinct lead_id as asked, lead_id as id, 0 as depth from lying
          union all
          select u.asked, l.merged_into, u.depth + 1 from up u join leads l on l.id = u.id
          where l.merged_into is not null and u.depth < 50
        ),
        roots as (select distinct on (asked) asked, id as root from up order by asked, depth desc),
        family as (
          select asked, root as id, 0 as depth from roots
          union all
          select f.asked, l.id, f.depth + 1 from family f join leads l on l.merged_into = f.id where f.depth < 50
        ),
        named as (
          select c.id, o.id as order_id, o.placed_at from lying c
          join orders o on o.workspace_id = ${workspaceId} and o.source = c.source and o.cart_token = c.external_id
          where not o.is_test
        ),
        placed as (
          select distinct on (c.id) c.id, o.id as order_id, o.placed_at from lying c
          join family f on f.asked = c.lead_id
          join orders o on o.lead_id = f.id and o.workspace_id = ${workspaceId}
          where not o.is_test and o.placed_at >= c.started_at
            and o.placed_at <= coalesce(c.abandoned_at, c.changed_at) + make_interval(days => ${recoveredWithinDays})
          order by c.id, o.placed_at, o.id
        ),
        found as (
          select id, order_id, placed_at from named
          union all
          select id, order_id, placed_at from placed where id not in (select id from named)
        )
        update carts c set order_id = f.order_id, bought_at = f.placed_at, updated_at = ${now},
          abandoned_at = case
            when f.placed_at > coalesce(c.abandoned_at, c.changed_at + make_interval(mins => ${abandonedAfterMinutes}))
            then coalesce(c.abandoned_at, c.changed_at + make_interval(mins => ${abandonedAfterMinutes})) end
        from found f, (select id from carts where id in (select id from found) order by id for update) as locked
        where c.id = f.id and locked.id = f.id
        returning c.abandoned_at is not null as "isRecovered"`,
  )
  const recovered = matched.filter(({ isRecovered }) => isRecovered).length
  return { recovered, bought: matched.length - recovered }
}

/** A cart that has just lain long enough. */
export interface AbandonedCart {
  id: string
  leadId: string
  source: string
  externalId: string
  currency: string
  totalMinor: number
  lines: OrderLine[]
  recoveryUrl: string | null
  abandonedAt: Date
}

/**
 * Marks carts that nobody touched for as long as the settings say. A cart that tracking tells of is left out where a connected
 * shop tells of the same person's cart at the time: it is the same.
 */
export async function markAbandoned(
  tx: Db,
  workspaceId: string,
  { abandonedAfterMinutes }: CartSettings,
  now: Date,
): Promise<AbandonedCart[]> {
  const after = sql`make_interval(mins => ${abandonedAfterMinutes})`
  return rows(
    tx,
    sql`update carts c set abandoned_at = c.changed_at + ${after}, updated_at = ${now}
        from (
          select id from carts t
          where t.workspace_id = ${workspaceId} and t.order_id is null and t.abandoned_at is null and t.closed_at is null
            and t.changed_at + ${after} <= ${now} and t.changed_at >= ${now}::timestamptz - ${LOOK_BACK}
            and t.lines <> '[]'
            and not (t.source = 'tracking' and exists (
              select 1 from carts s where s.lead_id = t.lead_id and s.workspace_id = t.workspace_id and s.source <> t.source
                and s.started_at <= t.changed_at + interval '1 hour' and s.changed_at >= t.started_at - interval '1 hour'))
          order by id for update
        ) as due
        where c.id = due.id
        returning c.id, c.lead_id as "leadId", c.source, c.external_id as "externalId", c.currency,
          c.total_minor as "totalMinor", c.lines, c.recovery_url as "recoveryUrl", c.abandoned_at as "abandonedAt"`,
  )
}
