// Identifiers that a lead gets or lets go outside of messages and files: by an edit, an import taken back, an erasure.
import type { RawBuilder } from 'kysely'
import { firstRow, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { KIND } from '../contract.ts'
import type { IdentifierKind } from '../contract.ts'
import { IdentityRace } from '../store.ts'

/** The lead that a value speaks for, if any; the value is normalised for matching. */
export async function ownerOf(
  tx: Db,
  workspaceId: string,
  kind: IdentifierKind,
  value: string,
): Promise<{ leadId: string; leadCount: number } | undefined> {
  return firstRow(
    tx,
    sql`select lead_id as "leadId", lead_count as "leadCount" from identifiers
        where workspace_id = ${workspaceId} and kind = ${KIND[kind]} and value = ${value}`,
  )
}

/**
 * Lets a value speak for a lead. One that speaks for another lead already is noted as shared and stays with that one.
 * @throws IdentityRace where another transaction attached it meanwhile
 */
export async function attachIdentifier(
  tx: Db,
  workspaceId: string,
  leadId: string,
  kind: IdentifierKind,
  value: string,
  now: Date,
): Promise<void> {
  const owner = await ownerOf(tx, workspaceId, kind, value)
  if (owner?.leadId === leadId) return
  if (!owner) {
    const written = await run(
      tx,
      sql`insert into identifiers (workspace_id, kind, value, lead_id, seen_at)
          values (${workspaceId}, ${KIND[kind]}, ${value}, ${leadId}, ${now}) on conflict do nothing`,
    )
    if (written === 0) throw new IdentityRace('an identifier was attached by another transaction meanwhile')
    return
  }
  const shared = await run(
    tx,
    sql`insert into identifier_shares (workspace_id, kind, value, lead_id, seen_at)
        values (${workspaceId}, ${KIND[kind]}, ${value}, ${leadId}, ${now}) on conflict do nothing`,
  )
  if (shared === 0) return
  await run(
    tx,
    sql`update identifiers set lead_count = least(lead_count + 1, 32000)
        where workspace_id = ${workspaceId} and kind = ${KIND[kind]} and value = ${value}`,
  )
}

/** Takes a value from a lead; where others share it, it speaks for the one that had it first from now on. */
export async function detachIdentifier(
  tx: Db,
  workspaceId: string,
  leadId: string,
  kind: IdentifierKind,
  value: string,
): Promise<void> {
  await detach(tx, workspaceId, sql`(select ${leadId}::uuid, ${KIND[kind]}::smallint, ${value}::text)`)
}

/** Takes values from their leads, as `detachIdentifier` does, as far as they were first seen on them at one of these instants. */
export async function detachSeenAt(
  tx: Db,
  workspaceId: string,
  given: { leadId: string; kind: IdentifierKind; value: string }[],
  instants: Date[],
): Promise<void> {
  if (given.length === 0) return
  const isOf = sql`workspace_id = ${workspaceId} and kind = w.kind and value = w.value and lead_id = w.lead_id
    and seen_at = any(${instants}::timestamptz[])`
  await detach(
    tx,
    workspaceId,
    sql`(select w.lead_id, w.kind, w.value
         from unnest(${given.map(({ leadId }) => leadId)}::uuid[], ${given.map(({ kind }) => KIND[kind])}::smallint[],
           ${given.map(({ value }) => value)}::text[]) as w(lead_id, kind, value)
         where exists (select from identifiers where ${isOf}) or exists (select from identifier_shares where ${isOf}))`,
  )
}

/** Takes all their values from leads that are no more; where others share one, it speaks for the one that had it first. */
export async function releaseIdentifiers(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  if (leadIds.length === 0) return
  const theirs = sql`workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`
  await detach(
    tx,
    workspaceId,
    sql`(select lead_id, kind, value from identifiers where ${theirs}
         union select lead_id, kind, value from identifier_shares where ${theirs})`,
  )
}

/** @param given a table of lead, kind and value */
async function detach(tx: Db, workspaceId: string, given: RawBuilder<unknown>): Promise<void> {
  const these = sql`${given} as g(lead_id, kind, value)`
  await run(
    tx,
    sql`with gone as (
          delete from identifier_shares s using ${these}
          where s.workspace_id = ${workspaceId} and s.kind = g.kind and s.value = g.value and s.lead_id = g.lead_id
          returning s.kind, s.value, s.lead_id
        ), fewer as (
          select i.kind, i.value, count(*)::int as leads from gone
          join identifiers i on i.workspace_id = ${workspaceId} and i.kind = gone.kind and i.value = gone.value
          where i.lead_id <> gone.lead_id group by i.kind, i.value
        )
        update identifiers i set lead_count = greatest(i.lead_count - f.leads, 1) from fewer f
        where i.workspace_id = ${workspaceId} and i.kind = f.kind and i.value = f.value`,
  )
  await run(
    tx,
    sql`with heirs as (
          select distinct on (s.kind, s.value) s.kind, s.value, s.lead_id from ${these}
          join identifiers o on o.workspace_id = ${workspaceId} and o.kind = g.kind and o.value = g.value and o.lead_id = g.lead_id
          join identifier_shares s on s.workspace_id = ${workspaceId} and s.kind = g.kind and s.value = g.value
          order by s.kind, s.value, s.seen_at, s.lead_id
        ), handed as (
          update identifiers i set lead_id = h.lead_id, lead_count = greatest(i.lead_count - 1, 1) from heirs h
          where i.workspace_id = ${workspaceId} and i.kind = h.kind and i.value = h.value
        )
        delete from identifier_shares s using heirs h
        where s.workspace_id = ${workspaceId} and s.kind = h.kind and s.value = h.value and s.lead_id = h.lead_id`,
  )
  await run(
    tx,
    sql`delete from identifiers i using ${these}
        where i.workspace_id = ${workspaceId} and i.kind = g.kind and i.value = g.value and i.lead_id = g.lead_id`,
  )
}
