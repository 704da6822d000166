// Carts in PostgreSQL: what tracking told of them, written in sets.
import { newId } from '../../../lib/ids.ts'
import { copyRows } from '../../../platform/copy.ts'
import type { CopyColumn } from '../../../platform/copy.ts'
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { Cart, CartWord } from '../cart.ts'
import { foldCarts, trackedCarts } from '../cart.ts'
import { defaultCartSettings } from '../contract.ts'
import type { CartSettings } from '../contract.ts'

/** Writes what events say of carts, in their order; the leads that they are about are locked by the caller. */
export async function writeCarts(tx: Db, words: CartWord[], now: Date): Promise<void> {
  if (words.length === 0) return
  const changed = foldCarts(await readSpokenOf(tx, words), words, newId)
  if (changed.length === 0) return
  const list = changed.map((cart) => ({ ...cart, updatedAt: now.toISOString() }))
  await run(
    tx,
    sql`insert into carts as c (id, workspace_id, lead_id, source, external_id, currency, total_minor, lines, recovery_url,
          started_at, changed_at, closed_at, updated_at)
        select r.id, r."workspaceId", r."leadId", r.source, r."externalId", r.currency, r."totalMinor", r.lines, r."recoveryUrl",
          r."startedAt", r."changedAt", r."closedAt", r."updatedAt"
        from json_to_recordset(${JSON.stringify(list)}::json) as r(id uuid, "workspaceId" uuid, "leadId" uuid, source text,
          "externalId" text, currency text, "totalMinor" bigint, lines jsonb, "recoveryUrl" text, "startedAt" timestamptz,
          "changedAt" timestamptz, "closedAt" timestamptz, "updatedAt" timestamptz)
        order by r."externalId"
        on conflict (workspace_id, source, external_id) do update set
          lead_id = excluded.lead_id, currency = excluded.currency, total_minor = excluded.total_minor,
          lines = excluded.lines, recovery_url = excluded.recovery_url,
          started_at = least(c.started_at, excluded.started_at), changed_at = greatest(c.changed_at, excluded.changed_at),
          closed_at = coalesce(c.closed_at, excluded.closed_at), updated_at = excluded.updated_at`,
  )
}

/** Writes carts that nobody has told of before. */
export async function insertCarts(tx: Db, carts: Cart[], now: Date): Promise<void> {
  await copyRows(tx, 'carts', CART_COLUMNS, carts, (cart) => [
    cart.id,
    cart.workspaceId,
    cart.leadId,
    cart.source,
    cart.externalId,
    cart.currency,
    cart.totalMinor,
    cart.lines,
    cart.recoveryUrl,
    cart.startedAt,
    cart.changedAt,
    cart.closedAt,
    now.toISOString(),
  ])
}

const CART_COLUMNS: CopyColumn[] = [
  ['id', 'plain'],
  ['workspace_id', 'plain'],
  ['lead_id', 'plain'],
  ['source', 'plain'],
  ['external_id', 'plain'],
  ['currency', 'plain'],
  ['total_minor', 'plain'],
  ['lines', 'json'],
  ['recovery_url', 'plain'],
  ['started_at', 'plain'],
  ['changed_at', 'plain'],
  ['closed_at', 'plain'],
  ['updated_at', 'plain'],
]

/** Forgets the carts of leads that are erased or purged. */
export async function forgetCartsOf(tx: Db, workspaceId: string, leadIds: readonly string[]): Promise<void> {
  await run(
    tx,
    sql`delete from carts where workspace_id = ${workspaceId} and lead_id = any(${[...leadIds]}::uuid[])`,
  )
}

export async function readCartSettings(db: Db, workspaceId: string): Promise<CartSettings> {
  const found = await firstRow<CartSettings>(
    db,
    sql`select abandoned_after_minutes as "abandonedAfterMinutes", recovered_within_days as "recoveredWithinDays"
        from cart_settings where workspace_id = ${workspaceId}`,
  )
  return found ?? defaultCartSettings
}

export async function saveCartSettings(
  tx: Db,
  workspaceId: string,
  settings: CartSettings,
  actor: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into cart_settings (workspace_id, abandoned_after_minutes, recovered_within_days, updated_by, updated_at)
        values (${workspaceId}, ${settings.abandonedAfterMinutes}, ${settings.recoveredWithinDays}, ${actor}, ${now})
        on conflict (workspace_id) do update set abandoned_after_minutes = excluded.abandoned_after_minutes,
          recovered_within_days = excluded.recovered_within_days, updated_by = excluded.updated_by,
          updated_at = excluded.updated_at`,
  )
}

// Those that are named, and what the persons have open, the newest first. Locked in one order by everybody.
async function readSpokenOf(tx: Db, words: readonly CartWord[]): Promise<Cart[]> {
  const workspaceIds = [...new Set(words.map(({ workspaceId }) => workspaceId))]
  const names = [...new Set(words.flatMap(({ externalId }) => externalId ?? []))]
  const leadIds = [...new Set(words.map(({ leadId }) => leadId))]
  const found = await rows<
    Omit<Cart, 'startedAt' | 'changedAt' | 'closedAt'> & {
      startedAt: Date
      changedAt: Date
      closedAt: Date | null
    }
  >(
    tx,
    sql`select id, workspace_id as "workspaceId", lead_id as "leadId", source, external_id as "externalId", currency,
               total_minor as "totalMinor", lines, recovery_url as "recoveryUrl", started_at as "startedAt",
               changed_at as "changedAt", closed_at as "closedAt"
        from carts where workspace_id = any(${workspaceIds}::uuid[]) and source = ${trackedCarts}
          and (external_id = any(${names}::text[]) or (lead_id = any(${leadIds}::uuid[]) and closed_at is null))
        order by id for update`,
  )
  return found
    .map((cart) => ({
      ...cart,
      startedAt: cart.startedAt.toISOString(),
      changedAt: cart.changedAt.toISOString(),
      closedAt: cart.closedAt?.toISOString() ?? null,
    }))
    .sort((a, b) => (a.changedAt > b.changedAt ? -1 : 1))
}
