// What is owed to shops, in PostgreSQL: customers whose lead changed here, and what became of writing it.
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { ShopConflict } from '../contract.ts'

/** What lead and shop last agreed on. */
export interface Agreed {
  /** of the lead, before the first change that is owed */
  tags?: string[]
  /** custom fields as they were last written or taken */
  fields?: Record<string, string>
  /** notes until this instant are in the shop */
  notedThrough?: string
}

/** A customer whose lead was changed here. */
export interface OwedCustomer {
  workspaceId: string
  connectionId: string
  customerId: string
  leadId: string
  tags: string[]
  emailConsent: string | null
  emailConsentAt: Date | null
  smsConsent: string | null
  smsConsentAt: Date | null
  agreed: Agreed
  conflicts: ShopConflict[]
  owedSince: Date
  leadTags: string[]
  leadEmail: string | null
  leadPhone: string | null
  leadFields: Record<string, unknown>
  consents: { purpose: string; state: 'granted' | 'denied'; source: string; at: string }[]
  notes: { body: string; at: string }[]
}

/** Customers that are owed something, locked, the oldest first; those that another worker has are passed over. */
export async function takeOwed(tx: Db, limit: number): Promise<OwedCustomer[]> {
  return rows(
    tx,
    sql`with owed as (
          select * from shop_customers where owed_since is not null order by owed_since limit ${limit} for update skip locked
        )
        select c.workspace_id as "workspaceId", c.connection_id as "connectionId", c.customer_id as "customerId", l.id as "leadId",
               c.tags, c.email_consent as "emailConsent", c.email_consent_at as "emailConsentAt", c.sms_consent as "smsConsent",
               c.sms_consent_at as "smsConsentAt", c.agreed, c.conflicts, c.owed_since as "owedSince", l.tags as "leadTags",
               l.email as "leadEmail", l.phone as "leadPhone", l.fields as "leadFields",
               coalesce((select json_agg(json_build_object('purpose', purpose, 'state', state, 'source', source,
                   'at', to_char(coalesce(acted_at, recorded_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
                 from consents where lead_id = l.id and workspace_id = l.workspace_id
                   and purpose in ('email_marketing', 'sms_marketing')), '[]') as consents,
               coalesce((select json_agg(json_build_object('body', body,
                   'at', to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by created_at)
                 from notes n where n.lead_id = l.id and n.workspace_id = l.workspace_id
                   and n.created_at > coalesce((c.agreed->>'notedThrough')::timestamptz, c.owed_since - interval '1 second')), '[]') as notes
        from owed c join leads l on l.id = c.lead_id and l.workspace_id = c.workspace_id
        where l.status = 'active'`,
  )
}

export interface OwedEnd {
  workspaceId: string
  connectionId: string
  customerId: string
  agreed: Agreed
  isWaiting: boolean
}

/** Says that what was owed is on its way, or was nothing. */
export async function endOwed(tx: Db, ends: readonly OwedEnd[]): Promise<void> {
  if (ends.length === 0) return
  await run(
    tx,
    sql`update shop_customers c set owed_since = null, agreed = r.agreed,
          sync_status = case when r.is_waiting then 'waiting' when c.conflicts <> '[]' then 'conflict' else 'synced' end
        from json_to_recordset(${JSON.stringify(
          ends.map((end) => ({
            workspace_id: end.workspaceId,
            connection_id: end.connectionId,
            customer_id: end.customerId,
            agreed: end.agreed,
            is_waiting: end.isWaiting,
          })),
        )}::json) as r(workspace_id uuid, connection_id uuid, customer_id text, agreed jsonb, is_waiting boolean)
        where c.workspace_id = r.workspace_id and c.connection_id = r.connection_id and c.customer_id = r.customer_id`,
  )
}

/** Customers whose lead is gone into another, or into the bin, owe nothing any more. */
export async function dropOwed(tx: Db): Promise<void> {
  await run(
    tx,
    sql`update shop_customers c set owed_since = null, agreed = c.agreed - 'tags', sync_status = 'synced'
        where owed_since is not null and not exists (
          select 1 from leads l where l.id = c.lead_id and l.workspace_id = c.workspace_id and l.status = 'active')`,
  )
}

/** What became of a change that left. */
export interface WriteEnd {
  workspaceId: string
  connectionId: string
  customerId: string
  /** in words where the shop refused; null where it has the change */
  problem: string | null
  note?: string | null
  fields?: Record<string, string>
  conflicts: ShopConflict[]
}

/** Writes down what became of a change: what both have now, and what somebody else changed meanwhile. */
export async function settleWrite(db: Db, end: WriteEnd): Promise<void> {
  const named = end.conflicts.map(({ field }) => field)
  await run(
    db,
    sql`update shop_customers c set
          note = ${end.note === undefined ? sql`note` : sql`${end.note}`},
          agreed = jsonb_set(c.agreed, '{fields}', coalesce(c.agreed->'fields', '{}') || ${JSON.stringify(end.fields ?? {})}::jsonb),
          conflicts = kept.list || ${JSON.stringify(end.conflicts)}::jsonb,
          sync_status = case when ${end.problem}::text is not null then 'failed'
            when kept.list || ${JSON.stringify(end.conflicts)}::jsonb <> '[]' then 'conflict'
            when c.owed_since is not null then 'waiting' else 'synced' end,
          sync_problem = ${end.problem}
        from (select customer_id, coalesce(jsonb_agg(one) filter (where one is not null and not one->>'field' = any(${[...named, ...Object.keys(end.fields ?? {})]}::text[])), '[]') as list
              from shop_customers left join lateral jsonb_array_elements(conflicts) as one on true
              where workspace_id = ${end.workspaceId} and connection_id = ${end.connectionId} and customer_id = ${end.customerId}
              group by customer_id) kept
        where c.workspace_id = ${end.workspaceId} and c.connection_id = ${end.connectionId} and c.customer_id = kept.customer_id`,
  )
}
