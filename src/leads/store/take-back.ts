// What taking an import back asks of leads and consents, in sets.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Purpose } from '../contract.ts'

/** The leads that merges made one. */
export async function mergedLeads(db: Db, mergeIds: string[]): Promise<string[]> {
  if (mergeIds.length === 0) return []
  const found = await rows<{ id: string }>(
    db,
    sql`select unnest(array[winner_id, loser_id]) as id from merges where id = any(${mergeIds}::uuid[])`,
  )
  return found.map(({ id }) => id)
}

/** What of a lead's activity is not counted as its own. */
export interface NotCounted {
  /** what they did outside visits before this instant: orders of the past that were told with them */
  pastOrders: Date | undefined
  /** leads from which others were parted just now: what those did before `begunAt` stands with them until it is folded anew */
  parted: string[]
  begunAt: Date
}

/** Of these leads those that did something, have an order or a note, or took another lead in. */
export async function busyLeads(
  db: Db,
  leadIds: string[],
  { pastOrders, parted, begunAt }: NotCounted,
): Promise<Set<string>> {
  if (leadIds.length === 0) return new Set()
  const found = await rows<{ id: string }>(
    db,
    sql`select l.id from unnest(${leadIds}::uuid[]) as l(id)
        where exists (
            select from lead_activity a where a.lead_id = l.id
              and not (a.session_count = 0 and a.last_seen_at <= coalesce(${pastOrders ?? null}::timestamptz, '-infinity'))
              and not (l.id = any(${parted}::uuid[]) and a.last_seen_at < ${begunAt}::timestamptz)
          )
          or exists (select from orders o where o.lead_id = l.id)
          or exists (select from notes n where n.lead_id = l.id)
          or exists (select from merges m where m.winner_id = l.id and m.undone_at is null)`,
  )
  return new Set(found.map(({ id }) => id))
}

/**
 * Whether a lead did something, got a note or was told of an order since an instant.
 * @param own instants at which orders were told that do not count
 */
export async function isBusySince(db: Db, leadId: string, since: Date, own: Date[]): Promise<boolean> {
  const [found] = await rows<{ busy: boolean }>(
    db,
    sql`select exists (select from lead_activity a where a.lead_id = ${leadId} and a.last_seen_at > ${since})
          or exists (select from notes n where n.lead_id = ${leadId} and n.created_at > ${since})
          or exists (
            select from orders o where o.lead_id = ${leadId} and o.updated_at > ${since}
              and o.updated_at <> all(${own}::timestamptz[])
          ) as busy`,
  )
  return found?.busy ?? false
}

/**
 * Puts back the consents that an import's rows set and nothing changed since: to what stood before by the history, or to
 * nothing. @returns which
 */
export async function takeBackConsents(
  tx: Db,
  { workspaceId, importId }: { workspaceId: string; importId: string },
  leadIds: string[],
): Promise<{ leadId: string; purpose: Purpose }[]> {
  if (leadIds.length === 0) return []
  return rows(
    tx,
    sql`with gone as (
          delete from consents where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])
            and source = 'import' and proof->>'importId' = ${importId}::text
          returning lead_id, purpose
        ), back as (
          insert into consents (workspace_id, lead_id, purpose, state, source, proof, acted_at, recorded_at)
          select h.workspace_id, h.lead_id, h.purpose, h.state, h.source, h.proof, h.acted_at, h.recorded_at
          from gone g cross join lateral (
            select * from consent_history h where h.lead_id = g.lead_id and h.purpose = g.purpose and h.took_effect
              and h.proof->>'importId' is distinct from ${importId}::text
              and not (h.source = 'merge' and exists (
                select from merges m where m.winner_id = h.lead_id and m.loser_id::text = h.proof->>'mergedFrom'
                  and m.merged_at = h.recorded_at and m.undone_at is not null
              ))
            order by h.recorded_at desc, h.id desc limit 1
          ) h
          returning lead_id
        )
        select lead_id as "leadId", purpose from gone`,
  )
}
