// Values of erased people in PostgreSQL, as hashes, and identifiers that are forgotten with their leads.
import { hash } from 'node:crypto'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { KIND } from '../contract.ts'
import type { IdentifierKind } from '../contract.ts'

/** A value with its workspace's key. */
export interface Keyed {
  workspaceId: string
  kind: IdentifierKind
  value: string
  key: string
}

/**
 * The keys of those workspaces in which somebody was erased. From here to the end of the transaction nobody is erased in any
 * of them: whoever is in work is waited for.
 */
export async function erasureKeys(tx: Db, workspaceIds: string[]): Promise<Map<string, string>> {
  const found = await rows<{ workspace: string; key: string }>(
    tx,
    sql`select workspace, key from erasure_keys_of(${[...new Set(workspaceIds)]}::uuid[])`,
  )
  return new Map(found.map((row) => [row.workspace, row.key]))
}

/** Waits for every batch of the workspace that is in work, and keeps others waiting until the transaction ends. */
export async function holdErasure(tx: Db, workspaceId: string): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(7310, hashtext(${workspaceId}::uuid::text))`)
}

/** The workspace's key, made where it has none yet. */
export async function makeErasureKey(tx: Db, workspaceId: string): Promise<string> {
  await run(
    tx,
    sql`insert into erasure_keys (workspace_id, key)
        values (${workspaceId}, gen_random_uuid()::text || gen_random_uuid()::text) on conflict do nothing`,
  )
  const found = await firstRow<{ key: string }>(
    tx,
    sql`select key from erasure_keys where workspace_id = ${workspaceId}`,
  )
  if (!found) throw new Error('an erasure key was not written')
  return found.key
}

/** Which of the values are those of erased people. */
export async function suppressedAmong(tx: Db, values: Keyed[]): Promise<boolean[]> {
  if (values.length === 0) return []
  const hashes = values.map(hashOf)
  const found = await rows<{ nth: number }>(
    tx,
    sql`select w.nth::int as nth
        from unnest(${values.map((v) => v.workspaceId)}::uuid[], ${hashes}::uuid[], ${values.map((v) => KIND[v.kind])}::smallint[])
          with ordinality as w(workspace_id, hash, kind, nth)
        join suppressions s on s.workspace_id = w.workspace_id and s.hash = w.hash and s.kind = w.kind`,
  )
  const those = new Set(found.map((row) => row.nth))
  return values.map((_, i) => those.has(i + 1))
}

export async function insertSuppressions(tx: Db, values: Keyed[], at: Date): Promise<void> {
  await run(
    tx,
    sql`insert into suppressions (workspace_id, kind, hash, erased_at)
        select *, ${at}::timestamptz from unnest(${values.map((v) => v.workspaceId)}::uuid[],
          ${values.map((v) => KIND[v.kind])}::smallint[], ${values.map(hashOf)}::uuid[])
        on conflict do nothing`,
  )
}

/** Takes a value off the list. @returns whether it stood there */
export async function deleteSuppression(tx: Db, value: Keyed): Promise<boolean> {
  const gone = await run(
    tx,
    sql`delete from suppressions
        where workspace_id = ${value.workspaceId} and hash = ${hashOf(value)}::uuid and kind = ${KIND[value.kind]}`,
  )
  return gone > 0
}

/** What identifies these leads, and on how many leads each was seen. */
export async function ownIdentifiers(
  tx: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<{ kind: number; value: string; leadCount: number }[]> {
  return rows(
    tx,
    sql`select kind, value, lead_count as "leadCount" from identifiers
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
  )
}

/** Forgets what was said of pairs that one of the leads is of: proposals to merge them, that they are two people, and by what they meet. */
export async function deletePairs(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  for (const table of ['merge_proposals', 'kept_apart']) {
    await run(
      tx,
      sql`delete from ${sql.table(table)} where workspace_id = ${workspaceId}
            and (lead_a = any(${leadIds}::uuid[]) or lead_b = any(${leadIds}::uuid[]))`,
    )
  }
  for (const table of ['duplicate_keys', 'duplicate_looked']) {
    await run(
      tx,
      sql`delete from ${sql.table(table)} where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])`,
    )
  }
}

// The key stands in front, which is enough for a hash that nobody outside ever sees: HMAC would take twice the time.
function hashOf({ key, kind, value }: Keyed): string {
  return hash('sha256', `${key}\n${KIND[kind]}\n${value}`, 'hex').slice(0, 32)
}
