// News for webhooks in PostgreSQL, who wants them, and what they say of leads, orders and segments.
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

/** Something that webhooks are told of. */
export interface News {
  workspaceId: string
  type: string
  /** told twice under the same key, it leaves once */
  key: string
  leadId: string | null
  happenedAt: Date
  details: Record<string, unknown>
}

/** What a webhook wants. */
export interface Subscription {
  id: string
  workspaceId: string
  types: string[]
  segmentIds: string[]
  scoreFrom: number
}

export async function insertNews(tx: Db, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const list = news.map((one) => ({
    workspace_id: one.workspaceId,
    type: one.type,
    key: one.key,
    lead_id: one.leadId,
    happened_at: one.happenedAt,
    details: one.details,
  }))
  await run(
    tx,
    sql`insert into webhook_news (workspace_id, type, key, lead_id, happened_at, details)
        select workspace_id, type, key, lead_id, happened_at, details
        from json_to_recordset(${JSON.stringify(list)}::json)
          as r(workspace_id uuid, type text, key text, lead_id uuid, happened_at timestamptz, details jsonb)`,
  )
}

/** Takes news, the oldest first; what others are at is passed over. */
export async function takeNews(tx: Db, limit: number): Promise<News[]> {
  return rows(
    tx,
    sql`delete from webhook_news where id in (
          select id from webhook_news order by id limit ${limit} for update skip locked)
        returning workspace_id as "workspaceId", type, key, lead_id as "leadId", happened_at as "happenedAt", details`,
  )
}

/** Webhooks of workspaces that are on. */
export async function readSubscriptions(db: Db, workspaceIds: readonly string[]): Promise<Subscription[]> {
  return rows(
    db,
    sql`select id, workspace_id as "workspaceId",
          array(select jsonb_array_elements_text(settings -> 'types')) as types,
          array(select jsonb_array_elements_text(coalesce(settings -> 'segmentIds', '[]'))) as "segmentIds",
          (settings ->> 'scoreFrom')::float8 as "scoreFrom"
        from connections
        where connector = 'webhook' and workspace_id = any(${[...workspaceIds]}::uuid[]) and status = 'connected'
        order by created_at, id`,
  )
}

/** Workspaces with a webhook that wants one of these types. */
export async function readListening(db: Db, types: readonly string[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select distinct workspace_id as id from connections
        where connector = 'webhook' and status = 'connected' and settings -> 'types' ?| ${[...types]}::text[]`,
  )
  return found.map(({ id }) => id)
}

/** A lead as a webhook tells of it: thin, with its consents, so that its receiver can honour them. */
export interface ToldLead {
  id: string
  email: string | null
  phone: string | null
  firstName: string | null
  lastName: string | null
  company: string | null
  country: string | null
  stage: string
  consents: Record<string, 'granted' | 'denied'>
}

/** Leads by the id that was asked for; of one that was merged, the lead that it is part of; only those that are there. */
export async function readToldLeads(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, ToldLead>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<ToldLead & { askedId: string }>(
    db,
    sql`with recursive chain as (
          select id as asked, id, merged_into from leads where workspace_id = ${workspaceId} and id = any(${[...leadIds]}::uuid[])
          union all
          select c.asked, l.id, l.merged_into from chain c join leads l on l.id = c.merged_into
        )
        select c.asked as "askedId", l.id, l.email, l.phone, l.first_name as "firstName", l.last_name as "lastName", l.company,
          l.country, coalesce(s.stage, 'new') as stage,
          coalesce((select jsonb_object_agg(k.purpose, k.state) from consents k where k.lead_id = l.id), '{}') as consents
        from chain c join leads l on l.id = c.id left join lead_states s on s.lead_id = l.id
        where c.merged_into is null and l.status = 'active'`,
  )
  return new Map(found.map(({ askedId, ...lead }) => [askedId, lead]))
}

export async function readToldOrders(
  db: Db,
  workspaceIds: readonly string[],
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map()
  const found = await rows<Record<string, unknown> & { orderId: string }>(
    db,
    sql`select id as "orderId", external_id as id, source, number, status, currency, total_minor as "totalMinor",
          refunded_minor as "refundedMinor", placed_at as "placedAt"
        from orders where workspace_id = any(${[...workspaceIds]}::uuid[]) and id = any(${[...ids]}::uuid[])`,
  )
  return new Map(found.map(({ orderId, ...order }) => [orderId, order]))
}

export async function readSegmentNames(
  db: Db,
  workspaceIds: readonly string[],
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ id: string; name: string }>(
    db,
    sql`select id, name from segments where workspace_id = any(${[...workspaceIds]}::uuid[]) and id = any(${[...ids]}::uuid[])`,
  )
  return new Map(found.map(({ id, name }) => [id, name]))
}
