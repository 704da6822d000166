// Proposed merges in PostgreSQL, each shown under the leads that its two are part of now.
import { firstRow, rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

export interface ProposalRow {
  id: string
  reason: string
  /** what a look for duplicates found: `probability`, `needsPerson` and `because`; else what was shared */
  evidence: Record<string, unknown>
  proposedAt: Date
  /** as they stand now, whatever was merged since; `leadA` is the smaller id */
  leadA: string
  leadB: string
}

/**
 * Proposed merges that wait for a person, the likeliest first and then the newest, one for each pair. One whose two leads became one, or one of
 * whose leads is in the bin, or whose pair is kept apart, waits for nobody.
 */
export async function readProposals(db: Db, workspaceId: string): Promise<ProposalRow[]> {
  return rows(
    db,
    sql`${waiting(workspaceId)}
        select * from (
          select distinct on ("leadA", "leadB") id, reason, evidence, proposed_at as "proposedAt", "leadA", "leadB"
          from open order by "leadA", "leadB", (evidence -> 'probability') is null, proposed_at desc
        ) pairs order by (evidence ->> 'probability')::float8 desc nulls last, "proposedAt" desc, id limit 200`,
  )
}

/** How many pairs wait for a person. */
export async function countProposals(db: Db, workspaceId: string): Promise<number> {
  const counted = await firstRow<{ pairs: number }>(
    db,
    sql`${waiting(workspaceId)} select count(distinct ("leadA", "leadB"))::int as pairs from open`,
  )
  return counted?.pairs ?? 0
}

/** The leads of one proposal as they stand now; undefined where it waits for nobody. */
export async function findProposal(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<ProposalRow | undefined> {
  return firstRow(
    db,
    sql`${waiting(workspaceId)}
        select id, reason, evidence, proposed_at as "proposedAt", "leadA", "leadB" from open where id = ${id}`,
  )
}

/** The proposals of a pair that wait for a person, under whatever ids they were made. */
export async function proposalsOf(
  db: Db,
  workspaceId: string,
  one: string,
  other: string,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`${waiting(workspaceId)}
        select id from open where "leadA" = least(${one}::uuid, ${other}::uuid) and "leadB" = greatest(${one}::uuid, ${other}::uuid)`,
  )
  return found.map(({ id }) => id)
}

// A merged lead is followed to the one it is part of, through any number of merges.
function waiting(workspaceId: string) {
  return sql`with recursive proposed as (
      select id, reason, evidence, proposed_at, lead_a, lead_b from merge_proposals
      where workspace_id = ${workspaceId} and resolved_at is null
    ), up as (
      select s.id as start, s.id from (select lead_a as id from proposed union select lead_b from proposed) s
      union all
      select up.start, l.merged_into from up join leads l on l.id = up.id
      where l.status = 'merged' and l.merged_into is not null
    ), roots as (
      select up.start, l.id from up join leads l on l.id = up.id
      where l.status = 'active' and l.workspace_id = ${workspaceId}
    ), open as (
      select p.id, p.reason, p.evidence, p.proposed_at, least(a.id, b.id) as "leadA", greatest(a.id, b.id) as "leadB"
      from proposed p join roots a on a.start = p.lead_a join roots b on b.start = p.lead_b
      where a.id <> b.id and not exists (
        select 1 from kept_apart k where k.lead_a = least(a.id, b.id) and k.lead_b = greatest(a.id, b.id))
    )`
}
