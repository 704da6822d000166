// Counts of consents: of leads from ClickHouse's copy of them, of the acts that stand from PostgreSQL.
import { chSql, joinedBy, param, written } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { firstRow, rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { KIND } from '../../identity/index.ts'
import type { IdentifierKind, Purpose } from '../contract.ts'
import type { StandingConsent } from '../consent.ts'

/** How many active leads there are, how many lie in the bin, and for how many of the active each condition holds. */
export async function countGroups(
  clickhouse: ClickHouse,
  workspaceId: string,
  conditions: Fragment[],
): Promise<{ leads: number; binned: number; counts: number[] }> {
  const counted = conditions.map((condition) => chSql`countIf(state = 'active' and (${condition}))`)
  const { text, params } = written(
    chSql`select countIf(state = 'active') as leads, countIf(state = 'binned') as binned,
        [${joinedBy(',', counted)}] as counts
      from lead_facts final where workspace_id = ${param('UUID', workspaceId)}`,
  )
  const [found] = await ask<{ leads: number; binned: number; counts: number[] }>(clickhouse, text, params)
  return found ?? { leads: 0, binned: 0, counts: conditions.map(() => 0) }
}

/** Countries of the active leads for whom a condition holds, with how many; the most first, '' where it is not known. */
export async function countByCountry(
  clickhouse: ClickHouse,
  workspaceId: string,
  condition: Fragment,
): Promise<{ country: string; count: number }[]> {
  const { text, params } = written(
    chSql`select country, count() as count from lead_facts final
      where workspace_id = ${param('UUID', workspaceId)} and state = 'active' and (${condition})
      group by country order by count desc, country limit 400`,
  )
  return ask(clickhouse, text, params)
}

/** How many values of these kinds, all where none is named, are kept away since the people behind them were erased. */
export async function countSuppressed(db: Db, workspaceId: string, kinds: IdentifierKind[]): Promise<number> {
  const counted = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from suppressions where workspace_id = ${workspaceId}
          ${kinds.length === 0 ? sql`` : sql`and kind = any(${kinds.map((kind) => KIND[kind])}::smallint[])`}`,
  )
  return counted?.count ?? 0
}

/** Where the consents of a purpose that stand come from, those of active leads. */
export async function countSources(
  db: Db,
  workspaceId: string,
  purpose: Purpose,
): Promise<{ source: string; via: 'choice' | 'event' | null; granted: number; denied: number }[]> {
  return rows(
    db,
    sql`select case when c.source = 'merge' then coalesce(c.proof->>'originalSource', c.source) else c.source end as source,
          case when c.proof ? 'event' then 'event' when c.proof ? 'call' then 'choice' end as via,
          count(*) filter (where c.state = 'granted')::int as granted,
          count(*) filter (where c.state = 'denied')::int as denied
        from consents c where ${standingOf(workspaceId, purpose)}
        group by 1, 2 order by count(*) desc, 1, 2 limit 50`,
  )
}

export interface StandingAct extends StandingConsent {
  leadId: string
  actor: string | null
}

/** The consents of a purpose that were recorded last and stand, each with who recorded it. */
export async function readNewest(
  db: Db,
  workspaceId: string,
  purpose: Purpose,
  limit: number,
): Promise<StandingAct[]> {
  const found = await rows<
    Omit<StandingAct, 'actedAt' | 'recordedAt'> & { actedAt: Date | null; recordedAt: Date }
  >(
    db,
    sql`select n.*, (
          select h.actor from consent_history h
          where h.lead_id = n."leadId" and h.purpose = n.purpose and h.recorded_at = n."recordedAt" limit 1
        ) as actor
        from (
          select c.lead_id as "leadId", c.purpose, c.state, c.source, c.proof, c.acted_at as "actedAt",
            c.recorded_at as "recordedAt"
          from consents c where ${standingOf(workspaceId, purpose)}
          order by c.recorded_at desc, c.lead_id desc limit ${limit}
        ) n order by n."recordedAt" desc, n."leadId" desc`,
  )
  return found.map((row) => ({
    ...row,
    actedAt: row.actedAt?.toISOString() ?? null,
    recordedAt: row.recordedAt.toISOString(),
  }))
}

// Leads that are part of another and those in the bin keep their consents; both are few and have an index of their own.
function standingOf(workspaceId: string, purpose: Purpose) {
  return sql`c.workspace_id = ${workspaceId} and c.purpose = ${purpose}
    and not exists (select from leads g where g.id = c.lead_id and g.merged_into is not null)
    and not exists (select from leads g where g.id = c.lead_id and g.status = 'binned')`
}
