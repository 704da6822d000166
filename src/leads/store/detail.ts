// What stands around one lead in PostgreSQL: which lead an id means now, its activity, its orders, its owner.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { LeadActivity } from '../presenter.ts'
import type { ConsentTrace } from '../part-consents.ts'
import type { MergeTrace } from '../record.ts'

/** The lead that an id stands for now: a merged one stands for the lead it is part of. Undefined in another workspace. */
export async function leadNow(db: Db, workspaceId: string, id: string): Promise<string | undefined> {
  const found = await firstRow<{ id: string }>(
    db,
    sql`with recursive chain as (
          select id, status, merged_into, 0 as depth from leads where id = ${id} and workspace_id = ${workspaceId}
          union all
          select l.id, l.status, l.merged_into, c.depth + 1 from chain c join leads l on l.id = c.merged_into
          where c.status = 'merged' and c.depth < 50
        ) select id from chain order by depth desc limit 1`,
  )
  return found?.id
}

/** What `activity` keeps of leads; the whole state on request. */
export type ActivityRow = LeadActivity & { state: Record<string, unknown> }

export async function readActivity(db: Db, leadIds: string[]): Promise<Map<string, ActivityRow>> {
  if (leadIds.length === 0) return new Map()
  const found = await rows<{
    lead_id: string
    first_seen_at: Date
    last_seen_at: Date
    event_count: number
    session_count: number
    first_channel: string | null
    last_channel: string | null
    state: Record<string, unknown>
  }>(
    db,
    sql`select lead_id, first_seen_at, last_seen_at, event_count, session_count, first_channel, last_channel, state
        from lead_activity where lead_id = any(${leadIds}::uuid[])`,
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

/** Orders that count: neither cancelled nor a shop's test; revenue is net of refunds, in minor units. */
export async function readOrderSums(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<{ count: number; revenue: { currency: string; minor: number }[] }> {
  const sums = await rows<{ currency: string; orders: number; minor: number }>(
    db,
    sql`select currency, count(*)::int as orders, sum(total_minor - least(refunded_minor, total_minor))::bigint as minor from orders
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]) and cancelled_at is null and not is_test
        group by currency order by minor desc, currency`,
  )
  return {
    count: sums.reduce((total, row) => total + row.orders, 0),
    revenue: sums.map(({ currency, minor }) => ({ currency, minor })),
  }
}

/** Notes on any of these leads. */
export async function countNotes(db: Db, workspaceId: string, leadIds: string[]): Promise<number> {
  const counted = await firstRow<{ notes: number }>(
    db,
    sql`select count(*)::int as notes from notes
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
  return counted?.notes ?? 0
}

/** Whether a user is a member of the workspace's team, so that a lead can be theirs. */
export async function isMember(db: Db, workspaceId: string, userId: string): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from members m join workspaces w on w.team_id = m.team_id
        where w.id = ${workspaceId} and m.user_id::text = ${userId}`,
  )
  return found !== undefined
}

/** A merge into a lead that stands, as far as undoing an earlier one must change it. */
export interface LaterMerge {
  id: string
  loserId: string
  mergedAt: string
  before: { record: MergeTrace } & ConsentTrace
}

/** Merges into a lead after another one, oldest first. */
export async function mergesAfter(tx: Db, winnerId: string, mergeId: string): Promise<LaterMerge[]> {
  return rows(
    tx,
    sql`select m.id, m.loser_id as "loserId", m.before,
          to_char(m.merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "mergedAt"
        from merges m, merges one
        where one.id = ${mergeId} and m.winner_id = ${winnerId} and m.undone_at is null
          and (m.merged_at, m.id) > (one.merged_at, one.id)
        order by m.merged_at, m.id for update of m`,
  )
}

/** Identifiers that merges into any of these leads moved. */
export async function movedIdentifiers(
  tx: Db,
  winnerIds: string[],
): Promise<{ kind: number; value: string }[]> {
  return rows(
    tx,
    sql`select distinct (i->>'kind')::smallint as kind, i->>'value' as value
        from merges m cross join lateral jsonb_array_elements(m.before->'identifiers') i
        where m.winner_id = any(${winnerIds}::uuid[]) and m.undone_at is null`,
  )
}

export async function saveTraces(tx: Db, merges: LaterMerge[]): Promise<void> {
  for (const { id, before } of merges) {
    await run(tx, sql`update merges set before = ${JSON.stringify(before)}::jsonb where id = ${id}`)
  }
}
