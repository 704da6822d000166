// Products and checkouts of shops in PostgreSQL; the newest word of each stands.
import { rows, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import { saidAt } from '../../../connectors/index.ts'
import type { CheckoutWord, ShopProductWord } from '../../../connectors/index.ts'

export interface Shelf {
  workspaceId: string
  connectionId: string
  currency: string
}

/** Writes words about products, one for each id. @returns for each id whether it was made; those that were known newer are absent */
export async function writeProducts(
  tx: Db,
  { workspaceId, connectionId, currency }: Shelf,
  words: readonly ShopProductWord[],
): Promise<Map<string, boolean>> {
  if (words.length === 0) return new Map()
  const list = words.map(({ id, said, product, deletedAt }) => {
    const prices = product?.variants.map(({ priceMinor }) => priceMinor) ?? []
    return {
      product_id: id,
      title: product?.title ?? id,
      handle: product?.handle ?? '',
      vendor: product?.vendor ?? '',
      kind: product?.kind ?? '',
      status: product?.status ?? 'archived',
      tags: product?.tags ?? [],
      low_minor: prices.length > 0 ? Math.min(...prices) : 0,
      high_minor: prices.length > 0 ? Math.max(...prices) : 0,
      variants: product?.variants ?? [],
      created_at: product?.createdAt ?? said.changedAt,
      updated_at: said.changedAt,
      said_at: saidAt(said),
      deleted_at: deletedAt ?? null,
    }
  })
  const written = await rows<{ id: string; isNew: boolean }>(
    tx,
    sql`insert into shop_products as p (workspace_id, connection_id, currency, product_id, title, handle, vendor, kind, status, tags,
          low_minor, high_minor, variants, created_at, updated_at, said_at, deleted_at)
        select ${workspaceId}, ${connectionId}, ${currency}, product_id, title, handle, vendor, kind, status,
          array(select jsonb_array_elements_text(r.tags)), low_minor, high_minor, variants, created_at, updated_at, said_at, deleted_at
        from json_to_recordset(${JSON.stringify(list)}::json) as r(product_id text, title text, handle text, vendor text, kind text,
          status text, tags jsonb, low_minor bigint, high_minor bigint, variants jsonb, created_at timestamptz,
          updated_at timestamptz, said_at text, deleted_at timestamptz)
        order by product_id
        on conflict (connection_id, product_id) do update set
          title = case when excluded.deleted_at is null then excluded.title else p.title end,
          handle = case when excluded.deleted_at is null then excluded.handle else p.handle end,
          vendor = case when excluded.deleted_at is null then excluded.vendor else p.vendor end,
          kind = case when excluded.deleted_at is null then excluded.kind else p.kind end,
          status = case when excluded.deleted_at is null then excluded.status else p.status end,
          tags = case when excluded.deleted_at is null then excluded.tags else p.tags end,
          low_minor = case when excluded.deleted_at is null then excluded.low_minor else p.low_minor end,
          high_minor = case when excluded.deleted_at is null then excluded.high_minor else p.high_minor end,
          variants = case when excluded.deleted_at is null then excluded.variants else p.variants end,
          created_at = least(excluded.created_at, p.created_at), updated_at = excluded.updated_at,
          said_at = excluded.said_at, deleted_at = excluded.deleted_at
        where p.workspace_id = excluded.workspace_id and excluded.said_at > p.said_at
        returning product_id as id, xmax = 0 as "isNew"`,
  )
  return new Map(written.map(({ id, isNew }) => [id, isNew]))
}

/** Writes words about checkouts, one for each id, with their leads. @returns as `writeProducts` */
export async function writeCheckouts(
  tx: Db,
  { workspaceId, connectionId }: Shelf,
  told: readonly { word: CheckoutWord; leadId: string | null }[],
): Promise<Map<string, boolean>> {
  if (told.length === 0) return new Map()
  const list = told.map(({ word, leadId }) => ({
    checkout_id: word.id,
    token: word.token,
    lead_id: leadId,
    customer_id: word.customerId,
    currency: word.currency,
    total_minor: word.totalMinor,
    lines: word.lines,
    recovery_url: word.recoveryUrl,
    started_at: word.startedAt,
    updated_at: word.said.changedAt,
    completed_at: word.completedAt,
    deleted_at: word.deletedAt ?? null,
    said_at: saidAt(word.said),
  }))
  const written = await rows<{ id: string; isNew: boolean }>(
    tx,
    sql`insert into shop_checkouts as c (workspace_id, connection_id, checkout_id, token, lead_id, customer_id, currency, total_minor,
          lines, recovery_url, started_at, updated_at, completed_at, deleted_at, said_at)
        select ${workspaceId}, ${connectionId}, checkout_id, token, lead_id, customer_id, currency, total_minor, lines, recovery_url,
          started_at, updated_at, completed_at, deleted_at, said_at
        from json_to_recordset(${JSON.stringify(list)}::json) as r(checkout_id text, token text, lead_id uuid, customer_id text,
          currency text, total_minor bigint, lines jsonb, recovery_url text, started_at timestamptz, updated_at timestamptz,
          completed_at timestamptz, deleted_at timestamptz, said_at text)
        order by checkout_id
        on conflict (connection_id, checkout_id) do update set token = excluded.token,
          lead_id = coalesce(excluded.lead_id, c.lead_id), customer_id = coalesce(excluded.customer_id, c.customer_id),
          currency = excluded.currency, total_minor = excluded.total_minor, lines = excluded.lines,
          recovery_url = coalesce(excluded.recovery_url, c.recovery_url), started_at = excluded.started_at,
          updated_at = excluded.updated_at, completed_at = coalesce(c.completed_at, excluded.completed_at),
          deleted_at = coalesce(c.deleted_at, excluded.deleted_at), said_at = excluded.said_at
        where c.workspace_id = excluded.workspace_id and excluded.said_at > c.said_at
        returning checkout_id as id, xmax = 0 as "isNew"`,
  )
  return new Map(written.map(({ id, isNew }) => [id, isNew]))
}
