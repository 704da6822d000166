// Leads that a person said are two people: kept apart from every evidence, through merges of either, until a person merges them.
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { pairKey } from '../resolve.ts'

/** Keeps two leads apart from now on. */
export async function keepApart(
  tx: Db,
  workspaceId: string,
  one: string,
  other: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into kept_apart (workspace_id, lead_a, lead_b, kept_at)
        values (${workspaceId}, least(${one}::uuid, ${other}::uuid), greatest(${one}::uuid, ${other}::uuid), ${now})
        on conflict (lead_a, lead_b) do update set through = null, kept_at = excluded.kept_at`,
  )
}

/** Takes it back: a person says that the two are one. */
export async function letTogether(tx: Db, one: string, other: string): Promise<void> {
  await run(
    tx,
    sql`delete from kept_apart where lead_a = least(${one}::uuid, ${other}::uuid) and lead_b = greatest(${one}::uuid, ${other}::uuid)`,
  )
}

/** Whom a merged lead is kept apart from, its winner is, too. */
export async function inheritApart(tx: Db, merges: { winnerId: string; loserId: string }[]): Promise<void> {
  await run(
    tx,
    sql`insert into kept_apart (workspace_id, lead_a, lead_b, through, kept_at)
        select k.workspace_id, least(p.winner_id, o.id), greatest(p.winner_id, o.id), p.loser_id, k.kept_at
        from unnest(${merges.map((m) => m.winnerId)}::uuid[], ${merges.map((m) => m.loserId)}::uuid[]) as p(winner_id, loser_id)
        join kept_apart k on k.lead_a = p.loser_id or k.lead_b = p.loser_id
        cross join lateral (select case when k.lead_a = p.loser_id then k.lead_b else k.lead_a end as id) o
        where o.id <> p.winner_id
        on conflict do nothing`,
  )
}

/** Gives a lead that is parted from another its own: what came over with it goes. */
export async function returnApart(tx: Db, winnerId: string, loserId: string): Promise<void> {
  await run(
    tx,
    sql`delete from kept_apart where through = ${loserId} and (lead_a = ${winnerId} or lead_b = ${winnerId})`,
  )
}

/** The pairs among these leads that are kept apart, by `pairKey`. */
export async function readApart(tx: Db, leadIds: string[]): Promise<Set<string>> {
  if (leadIds.length < 2) return new Set()
  const found = await rows<{ lead_a: string; lead_b: string }>(
    tx,
    sql`select lead_a, lead_b from kept_apart where lead_a = any(${leadIds}::uuid[]) and lead_b = any(${leadIds}::uuid[])`,
  )
  return new Set(found.map((pair) => pairKey(pair.lead_a, pair.lead_b)))
}
