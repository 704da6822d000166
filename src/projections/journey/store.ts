// What journeys are learned from and kept as: the orders of buyers, the days of visitors, and the models of each night.
import { actsSql } from '../../events/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { JourneyModel } from './fitted.ts'
import type { HealthVerdict } from './health.ts'
import type { OrderFacts } from './orders.ts'

export interface StoredModel {
  model: JourneyModel
  fittedAt: Date
}

/** How health did on the workspace's own past; why that cannot be said yet. */
export type JudgedHealth =
  { asOfDay: number; horizonDays: number; verdict: HealthVerdict } | { reason: string }

/** The newest model; undefined where nothing was learned yet. */
export async function readModel(db: Db, workspaceId: string): Promise<StoredModel | undefined> {
  return firstRow(
    db,
    sql`select model, fitted_at as "fittedAt" from journey_models where workspace_id = ${workspaceId}
        order by fitted_at desc limit 1`,
  )
}

/** Keeps a model, and those of the last 30 days beside it. */
export async function insertModel(
  tx: Db,
  workspaceId: string,
  { model, fittedAt }: StoredModel,
): Promise<void> {
  await run(
    tx,
    sql`insert into journey_models (workspace_id, fitted_at, as_of_day, model)
        values (${workspaceId}, ${fittedAt}, ${model.asOfDay}, ${JSON.stringify(model)}::jsonb)
        on conflict (workspace_id, fitted_at) do update set model = excluded.model, as_of_day = excluded.as_of_day`,
  )
  await run(
    tx,
    sql`delete from journey_models where workspace_id = ${workspaceId} and fitted_at < ${fittedAt}::timestamptz - interval '30 days'`,
  )
}

/** Keeps with the newest model how health did. */
export async function writeJudgedHealth(db: Db, workspaceId: string, judged: JudgedHealth): Promise<void> {
  await run(
    db,
    sql`update journey_models set health = ${JSON.stringify(judged)}::jsonb
        where workspace_id = ${workspaceId}
          and fitted_at = (select max(fitted_at) from journey_models where workspace_id = ${workspaceId})`,
  )
}

/** What was said last; undefined where nothing was yet. */
export async function readJudgedHealth(db: Db, workspaceId: string): Promise<JudgedHealth | undefined> {
  const found = await firstRow<{ health: JudgedHealth }>(
    db,
    sql`select health from journey_models where workspace_id = ${workspaceId} and health is not null
        order by fitted_at desc limit 1`,
  )
  return found?.health
}

export async function readWorkspaces(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(db, sql`select id from workspaces order by id`)
  return found.map(({ id }) => id)
}

/** An order with the lead that it counts for now. */
export type LearnedOrder = OrderFacts & { leadId: string }

/**
 * All orders of some buyers, chosen by chance that is the same every time: by the last bytes of the lead's id.
 * @param limit buyers at most, about
 */
export async function readSampledOrders(db: Db, workspaceId: string, limit: number): Promise<LearnedOrder[]> {
  const counted = await firstRow<{ buyers: number }>(
    db,
    sql`select count(distinct lead_id)::int as buyers from orders where workspace_id = ${workspaceId} and not is_test`,
  )
  const share = Math.min(1, limit / Math.max(1, counted?.buyers ?? 0))
  const found = await rows<
    Omit<LearnedOrder, 'placedAt' | 'cancelledAt'> & { placedAt: Date; cancelledAt: Date | null }
  >(
    db,
    sql`with recursive buyers as (
          select o.lead_id as id, o.lead_id as root, 0 as depth from orders o
          where o.workspace_id = ${workspaceId} and not o.is_test group by o.lead_id
          union all
          select b.id, l.merged_into, b.depth + 1 from buyers b join leads l on l.id = b.root
          where l.status = 'merged' and b.depth < 50
        ),
        roots as (select distinct on (id) id, root from buyers order by id, depth desc)
        select r.root as "leadId", o.placed_at as "placedAt", o.cancelled_at as "cancelledAt", o.is_test as "isTest", o.currency,
               o.total_minor as "totalMinor", o.shipping_minor as "shippingMinor", o.tax_minor as "taxMinor",
               o.refunded_minor as "refundedMinor"
        from orders o join roots r on r.id = o.lead_id
        where o.workspace_id = ${workspaceId} and not o.is_test
          and ('x' || right(r.root::text, 6))::bit(24)::int < ${Math.ceil(share * 2 ** 24)}
        order by o.placed_at, o.id`,
  )
  return found.map(({ placedAt, cancelledAt, ...order }) => ({
    ...order,
    placedAt: placedAt.getTime(),
    cancelledAt: cancelledAt?.getTime() ?? null,
  }))
}

/** Days since 1970 with an act, of some leads by chance that is the same every time; and those with a click in an e-mail. */
export async function readSampledDays(
  clickhouse: ClickHouse,
  workspaceId: string,
  timeZone: string,
  { limit, only }: { limit: number; only?: readonly string[] },
): Promise<{ leadId: string; activeDays: number[]; clickDays: number[] }[]> {
  const counted = only
    ? []
    : await ask<{ leads: number }>(
        clickhouse,
        'select uniq(lead_id) as leads from events where workspace_id = {workspace:UUID}',
        { workspace: workspaceId },
        { maxSeconds: 60 },
      )
  const parts = Math.max(1, Math.ceil((counted[0]?.leads ?? 0) / limit))
  const found = await ask<{ lead_id: string; active: number[]; clicks: number[] }>(
    clickhouse,
    `select dictGetOrDefault('lead_alias', 'target_id', tuple(lead_id), lead_id) as lead_id,
            arraySort(groupUniqArrayIf(toInt32(toDate32(occurred_at, {zone:String})), ${actsSql})) as active,
            arraySort(groupUniqArrayIf(toInt32(toDate32(occurred_at, {zone:String})), name = 'email_link_clicked')) as clicks
     from events
     where workspace_id = {workspace:UUID} and is_bot = 0
       and ${only ? "dictGetOrDefault('lead_alias', 'target_id', tuple(lead_id), lead_id) in {leads:Array(UUID)}" : "cityHash64(dictGetOrDefault('lead_alias', 'target_id', tuple(lead_id), lead_id)) % {parts:UInt32} = 0"}
     group by lead_id having notEmpty(active)`,
    { workspace: workspaceId, zone: timeZone, parts, ...(only ? { leads: [...only] } : {}) },
    { maxSeconds: 120 },
  )
  return found.map(({ lead_id, active, clicks }) => ({
    leadId: lead_id,
    activeDays: active,
    clickDays: clicks,
  }))
}

/** First order days of leads that have any, by the lead that they count for: placed at, in ms. */
export async function readFirstOrders(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, number>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<{ leadId: string; at: Date }>(
    db,
    sql`with recursive family as (
          select id as root, id, 0 as depth from unnest(${leadIds}::uuid[]) as asked (id)
          union all
          select f.root, l.id, f.depth + 1 from family f join leads l on l.merged_into = f.id
          where l.status = 'merged' and f.depth < 50
        )
        select f.root as "leadId", min(o.placed_at) as at from family f join orders o on o.lead_id = f.id
        where o.workspace_id = ${workspaceId} and o.cancelled_at is null and not o.is_test group by f.root`,
  )
  return new Map(found.map(({ leadId, at }) => [leadId, at.getTime()]))
}
