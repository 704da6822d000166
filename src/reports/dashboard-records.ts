// The dashboard's questions to PostgreSQL: leads, orders, and what needs a person.
import { countProposals } from '../leads/index.ts'
import { firstRow, rows, sql } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Dashboard } from './contract.ts'
import type { ReportRange, Span } from './range.ts'

export interface NewLeads {
  days: { on: string; channel: string; leads: number }[]
  before: number
}

/** Known active leads by the day on which they first came and their first channel. */
export async function readNewLeads(db: Db, workspaceId: string, range: ReportRange): Promise<NewLeads> {
  const known = sql`l.workspace_id = ${workspaceId} and l.status = 'active' and l.is_known`
  const [days, before] = await Promise.all([
    rows<NewLeads['days'][number]>(
      db,
      sql`select to_char(l.created_at at time zone ${range.timeZone}, 'YYYY-MM-DD') as on,
                 coalesce(a.first_channel, '') as channel, count(*)::int as leads
          from leads l left join lead_activity a on a.lead_id = l.id
          where ${known} and ${within(sql`l.created_at`, range.now)} group by 1, 2`,
    ),
    firstRow<{ leads: number }>(
      db,
      sql`select count(*)::int as leads from leads l where ${known} and ${within(sql`l.created_at`, range.before)}`,
    ),
  ])
  return { days, before: before?.leads ?? 0 }
}

/** Active leads that are known, and all. */
export async function countLeads(db: Db, workspaceId: string): Promise<{ known: number; total: number }> {
  const counted = await firstRow<{ known: number; total: number }>(
    db,
    sql`select count(*) filter (where is_known)::int as known, count(*)::int as total
        from leads where workspace_id = ${workspaceId} and status = 'active'`,
  )
  return counted ?? { known: 0, total: 0 }
}

export interface OrderSum {
  on: string
  channel: string
  currency: string
  orders: number
  minor: number
}

/** Whether leads lie in the bin. */
export async function hasBinnedLeads(db: Db, workspaceId: string): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from leads where workspace_id = ${workspaceId} and status = 'binned' limit 1`,
  )
  return found !== undefined
}

/**
 * Orders that count (neither cancelled nor a shop's test, nor of somebody in the bin), net of refunds, by day and by their lead's
 * last channel.
 */
export async function readOrders(
  db: Db,
  workspaceId: string,
  range: ReportRange,
): Promise<{ days: OrderSum[]; before: { currency: string; orders: number; minor: number }[] }> {
  const counts = sql`o.workspace_id = ${workspaceId} and o.cancelled_at is null and not o.is_test and whole.status <> 'binned'`
  const ofLead = sql`join leads l on l.id = o.lead_id join leads whole on whole.id = coalesce(l.merged_into, l.id)`
  const sums = sql`count(*)::int as orders, sum(o.total_minor - least(o.refunded_minor, o.total_minor))::bigint as minor`
  const [days, before] = await Promise.all([
    rows<OrderSum>(
      db,
      sql`select to_char(o.placed_at at time zone ${range.timeZone}, 'YYYY-MM-DD') as on,
                 coalesce(a.last_channel, '') as channel, o.currency, ${sums}
          from orders o ${ofLead} left join lead_activity a on a.lead_id = whole.id
          where ${counts} and ${within(sql`o.placed_at`, range.now)} group by 1, 2, 3`,
    ),
    rows<{ currency: string; orders: number; minor: number }>(
      db,
      sql`select o.currency, ${sums} from orders o ${ofLead}
          where ${counts} and ${within(sql`o.placed_at`, range.before)} group by 1`,
    ),
  ])
  return { days, before }
}

/** The newest known leads. */
export async function readLatestLeads(db: Db, workspaceId: string): Promise<Dashboard['latestLeads']> {
  const latest = await rows<Omit<Dashboard['latestLeads'][number], 'createdAt'> & { createdAt: Date }>(
    db,
    sql`select l.id, l.email, l.company, l.source, l.created_at as "createdAt", a.first_channel as "firstChannel",
               coalesce(nullif(btrim(coalesce(l.first_name, '') || ' ' || coalesce(l.last_name, '')), ''), l.email, l.phone,
                        'Lead ' || right(l.id::text, 6)) as label
        from leads l left join lead_activity a on a.lead_id = l.id
        where l.workspace_id = ${workspaceId} and l.status = 'active' and l.is_known
        order by l.created_at desc, l.id desc limit 8`,
  )
  return latest.map((lead) => ({ ...lead, createdAt: lead.createdAt.toISOString() }))
}

/** What waits for a person. Batches and jobs are the installation's: one may serve several workspaces. */
export async function readAttention(db: Db, workspaceId: string, now: Date): Promise<Dashboard['attention']> {
  const proposedMerges = await countProposals(db, workspaceId)
  const waiting = await firstRow<Omit<Dashboard['attention'], 'proposedMerges'>>(
    db,
    sql`select
          (select count(*)::int from inbox where workspace_id = ${workspaceId} and status = 3 and status >= 2) as "parkedMessages",
          (select count(*)::int from batches where closed_at is null and opened_at < ${now}::timestamptz - interval '1 minute') as "openBatches",
          (select count(*)::int from refused_events where workspace_id = ${workspaceId}) as "refusedEvents",
          (select count(*)::int from graphile_worker.jobs where attempts >= max_attempts and locked_at is null) as "failedJobs"`,
  )
  if (!waiting) throw new Error('a select without from gave no row')
  return { ...waiting, proposedMerges }
}

function within(instant: ReturnType<typeof sql>, { from, to }: Span) {
  return sql`${instant} >= ${new Date(from)} and ${instant} < ${new Date(to)}`
}
