// Proposed merges in PostgreSQL, each shown under the leads that its two are part of now.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

export interface ProposalRow {
  id: string
  reason: string
  proposedAt: Date
  /** as they stand now, whatever was merged since; `leadA` is the smaller id */
  leadA: string
  leadB: string
}

/**
 * Proposed merges that wait for a person, newest first, one for each pair. One whose two leads became one, or one of
 * whose leads is in the bin, or whose pair is kept apart, waits for nobody.
 */
export async function readProposals(db: Db, workspaceId: string): Promise<ProposalRow[]> {
  return rows(
    db,
    sql`${waiting(workspaceId)}
        select * from (
          select distinct on ("leadA", "leadB") id, reason, proposed_at as "proposedAt", "leadA", "leadB"
          from open order by "leadA", "leadB", proposed_at desc
        ) pairs order by "proposedAt" desc, id limit 200`,
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
        select id, reason, proposed_at as "proposedAt", "leadA", "leadB" from open where id = ${id}`,
  )
}

/** Notes what became of the proposals of a pair, under whatever ids they were made. */
export async function resolveProposals(
  tx: Db,
  workspaceId: string,
  one: string,
  other: string,
  resolution: 'merged' | 'dismissed',
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`${waiting(workspaceId)}
        update merge_proposals p set resolved_at = ${now}, resolution = ${resolution}
        from open where open.id = p.id
          and open."leadA" = least(${one}::uuid, ${other}::uuid) and open."leadB" = greatest(${one}::uuid, ${other}::uuid)`,
  )
}

// A merged lead is followed to the one it is part of, through any number of merges.
function waiting(workspaceId: string) {
  return sql`with recursive proposed as (
      select id, reason, proposed_at, lead_a, lead_b from merge_proposals
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
      select p.id, p.reason, p.proposed_at, least(a.id, b.id) as "leadA", greatest(a.id, b.id) as "leadB"
      from proposed p join roots a on a.start = p.lead_a join roots b on b.start = p.lead_b
      where a.id <> b.id and not exists (
        select 1 from kept_apart k where k.lead_a = least(a.id, b.id) and k.lead_b = greatest(a.id, b.id))
    )`
}
