// What the facts of leads are made of, read from PostgreSQL in sets.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Purpose } from '../contract.ts'
import type { FactOrders, FactParts, FactRecord, FactState } from '../fact-row.ts'

/** What the rows of leads are made of, and which of the leads have none. */
export interface ReadFacts {
  parts: FactParts[]
  /** part of another lead now */
  merged: string[]
  /** no more */
  missing: string[]
}

/** Reads leads as they are now; of one that was merged, the lead that it is part of comes too. */
export async function readFactParts(db: Db, workspaceId: string, leadIds: string[]): Promise<ReadFacts> {
  const records = await readRecords(db, workspaceId, leadIds)
  const missing = leadIds.filter((id) => !records.has(id))
  const merged = [...records.values()].filter((row) => row.status === 'merged').map((row) => row.id)
  if (merged.length > 0) {
    const roots = (await rootsOf(db, workspaceId, merged)).filter((id) => !records.has(id))
    for (const [id, row] of await readRecords(db, workspaceId, roots)) records.set(id, row)
  }
  const ids = [...records.values()].filter((row) => row.status !== 'merged').map((row) => row.id)
  const [consents, activity, orders, states] = await Promise.all([
    readConsents(db, workspaceId, ids),
    readSeen(db, workspaceId, ids),
    readOrders(db, workspaceId, ids),
    readFactStates(db, workspaceId, ids),
  ])
  return {
    parts: ids.map((id) => ({
      record: records.get(id)!,
      consents: consents.get(id) ?? {},
      activity: activity.get(id),
      orders: orders.get(id),
      state: states.get(id),
    })),
    merged,
    missing,
  }
}

type Stored = Omit<FactRecord, 'created_at' | 'updated_at' | 'binned_at'> & {
  created_at: Date
  updated_at: Date
  binned_at: Date | null
}

async function readRecords(db: Db, workspaceId: string, ids: string[]): Promise<Map<string, FactRecord>> {
  if (ids.length === 0) return new Map()
  const found = await rows<Stored>(
    db,
    sql`select id, workspace_id, status, binned_at, is_known, email, phone, first_name, last_name, company, job_title, city,
               country, language, time_zone, source, owner_id, tags, fields, created_at, updated_at
        from leads where workspace_id = ${workspaceId} and id = any(${ids}::uuid[])`,
  )
  return new Map(
    found.map((row) => [
      row.id,
      {
        ...row,
        created_at: row.created_at.toISOString(),
        updated_at: row.updated_at.toISOString(),
        binned_at: row.binned_at?.toISOString() ?? null,
      },
    ]),
  )
}

async function rootsOf(db: Db, workspaceId: string, ids: string[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`with recursive up as (
          select merged_into as id, 0 as depth from leads where workspace_id = ${workspaceId} and id = any(${ids}::uuid[])
          union
          select l.merged_into, u.depth + 1 from up u join leads l on l.id = u.id where l.status = 'merged' and u.depth < 50
        ) select distinct l.id from up u join leads l on l.id = u.id where l.status <> 'merged'`,
  )
  return found.map((row) => row.id)
}

async function readConsents(
  db: Db,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, FactParts['consents']>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ lead_id: string; purpose: Purpose; state: 'granted' | 'denied' }>(
    db,
    sql`select lead_id, purpose, state from consents
        where workspace_id = ${workspaceId} and lead_id = any(${ids}::uuid[])`,
  )
  const byLead = new Map<string, FactParts['consents']>()
  for (const { lead_id, purpose, state } of found) {
    const states = byLead.get(lead_id)
    if (states) states[purpose] = state
    else byLead.set(lead_id, { [purpose]: state })
  }
  return byLead
}

/** What is understood of leads, as it is stored. */
export async function readFactStates(
  db: Db,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, FactState>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{ lead_id: string; facts: FactState }>(
    db,
    sql`select lead_id, facts from lead_states where workspace_id = ${workspaceId} and lead_id = any(${ids}::uuid[])`,
  )
  return new Map(found.map((row) => [row.lead_id, row.facts]))
}

async function readSeen(
  db: Db,
  workspaceId: string,
  ids: string[],
): Promise<Map<string, FactParts['activity']>> {
  if (ids.length === 0) return new Map()
  const found = await rows<
    Omit<NonNullable<FactParts['activity']>, 'first_seen_at' | 'last_seen_at'> & {
      lead_id: string
      first_seen_at: Date
      last_seen_at: Date
    }
  >(
    db,
    sql`select lead_id, first_seen_at, last_seen_at, event_count, session_count,
               coalesce((state->>'pageCount')::int, 0) as page_count, first_channel, last_channel
        from lead_activity where workspace_id = ${workspaceId} and lead_id = any(${ids}::uuid[])`,
  )
  return new Map(
    found.map(({ lead_id, ...row }) => [
      lead_id,
      {
        ...row,
        first_seen_at: row.first_seen_at.toISOString(),
        last_seen_at: row.last_seen_at.toISOString(),
      },
    ]),
  )
}

// Orders keep the lead that they were placed under; those of merged leads count for the one that they are part of.
async function readOrders(db: Db, workspaceId: string, ids: string[]): Promise<Map<string, FactOrders>> {
  if (ids.length === 0) return new Map()
  const found = await rows<{
    lead_id: string
    currency: string
    orders: number
    minor: number
    first_at: Date
    last_at: Date
  }>(
    db,
    sql`with recursive family as (
          select id as lead_id, id, 0 as depth from unnest(${ids}::uuid[]) as asked(id)
          union all
          select f.lead_id, l.id, f.depth + 1 from family f join leads l on l.merged_into = f.id
          where l.status = 'merged' and f.depth < 50
        )
        select f.lead_id, o.currency, count(*)::int as orders,
               sum(o.total_minor - least(o.refunded_minor, o.total_minor))::bigint as minor,
               min(o.placed_at) as first_at, max(o.placed_at) as last_at
        from family f join orders o on o.lead_id = f.id
        where o.workspace_id = ${workspaceId} and o.cancelled_at is null and not o.is_test
        group by f.lead_id, o.currency order by f.lead_id, o.currency`,
  )
  const byLead = new Map<string, FactOrders>()
  for (const row of found) {
    const [firstAt, lastAt] = [row.first_at.toISOString(), row.last_at.toISOString()]
    const known = byLead.get(row.lead_id)
    if (!known) {
      byLead.set(row.lead_id, { count: row.orders, revenue: { [row.currency]: row.minor }, firstAt, lastAt })
      continue
    }
    known.count += row.orders
    known.revenue[row.currency] = row.minor
    if (firstAt < known.firstAt) known.firstAt = firstAt
    if (lastAt > known.lastAt) known.lastAt = lastAt
  }
  return byLead
}
