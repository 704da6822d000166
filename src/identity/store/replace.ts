// One identifier of one lead replaced by another: what an edit of an e-mail address or a phone number means for matching.
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
  const these = sql`workspace_id = ${workspaceId} and kind = ${KIND[kind]} and value = ${value}`
  await run(tx, sql`delete from identifier_shares where ${these} and lead_id = ${leadId}`)
  const heir = await firstRow<{ leadId: string }>(
    tx,
    sql`select lead_id as "leadId" from identifier_shares where ${these} order by seen_at, lead_id limit 1`,
  )
  if (!heir) {
    await run(tx, sql`delete from identifiers where ${these} and lead_id = ${leadId}`)
    return
  }
  const handed = await run(
    tx,
    sql`update identifiers set lead_id = ${heir.leadId} where ${these} and lead_id = ${leadId}`,
  )
  if (handed > 0)
    await run(tx, sql`delete from identifier_shares where ${these} and lead_id = ${heir.leadId}`)
}

/** Takes all their values from leads that are no more; where others share one, it speaks for the one that had it first. */
export async function releaseIdentifiers(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  if (leadIds.length === 0) return
  const these = sql`workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`
  await run(tx, sql`delete from identifier_shares where ${these}`)
  await run(
    tx,
    sql`update identifiers i set lead_id = heir.lead_id from (
          select distinct on (s.kind, s.value) s.kind, s.value, s.lead_id from identifier_shares s
          join identifiers o on o.workspace_id = s.workspace_id and o.kind = s.kind and o.value = s.value
          where o.workspace_id = ${workspaceId} and o.lead_id = any(${leadIds}::uuid[])
          order by s.kind, s.value, s.seen_at, s.lead_id
        ) heir
        where i.workspace_id = ${workspaceId} and i.kind = heir.kind and i.value = heir.value`,
  )
  await run(
    tx,
    sql`delete from identifier_shares s using identifiers i
        where s.workspace_id = ${workspaceId} and i.workspace_id = s.workspace_id and i.kind = s.kind and i.value = s.value
          and i.lead_id = s.lead_id`,
  )
  await run(tx, sql`delete from identifiers where ${these}`)
}

/** Takes each value from its lead, as `detachIdentifier` does, many at once. */
export async function detachIdentifiers(
  tx: Db,
  workspaceId: string,
  given: { leadId: string; kind: IdentifierKind; value: string }[],
): Promise<void> {
  if (given.length === 0) return
  const these = sql`unnest(${given.map(({ leadId }) => leadId)}::uuid[], ${given.map(({ kind }) => KIND[kind])}::smallint[],
    ${given.map(({ value }) => value)}::text[]) as g(lead_id, kind, value)`
  await run(
    tx,
    sql`delete from identifier_shares s using ${these}
        where s.workspace_id = ${workspaceId} and s.kind = g.kind and s.value = g.value and s.lead_id = g.lead_id`,
  )
  await run(
    tx,
    sql`update identifiers i set lead_id = heir.lead_id from (
          select distinct on (s.kind, s.value) s.kind, s.value, s.lead_id from ${these}
          join identifiers o on o.workspace_id = ${workspaceId} and o.kind = g.kind and o.value = g.value and o.lead_id = g.lead_id
          join identifier_shares s on s.workspace_id = ${workspaceId} and s.kind = g.kind and s.value = g.value
          order by s.kind, s.value, s.seen_at, s.lead_id
        ) heir
        where i.workspace_id = ${workspaceId} and i.kind = heir.kind and i.value = heir.value`,
  )
  await run(
    tx,
    sql`delete from identifier_shares s using identifiers i, ${these}
        where s.workspace_id = ${workspaceId} and s.kind = g.kind and s.value = g.value and i.workspace_id = ${workspaceId}
          and i.kind = s.kind and i.value = s.value and i.lead_id = s.lead_id`,
  )
  await run(
    tx,
    sql`delete from identifiers i using ${these}
        where i.workspace_id = ${workspaceId} and i.kind = g.kind and i.value = g.value and i.lead_id = g.lead_id`,
  )
}
