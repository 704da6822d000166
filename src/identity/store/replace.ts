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
