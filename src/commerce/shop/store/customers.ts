// Customers of shops in PostgreSQL: read and locked in sets, new ones copied in, known ones changed in one statement.
import { copyRows } from '../../../platform/copy.ts'
import type { CopyColumn } from '../../../platform/copy.ts'
import { rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { ShopCustomerRow } from '../customer-row.ts'

/** The rows of customers, locked in one order for everybody; those that are not known are absent. */
export async function lockCustomers(
  tx: Db,
  workspaceId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, ShopCustomerRow>> {
  if (ids.length === 0) return new Map()
  const found = await rows<Stored>(
    tx,
    sql`select workspace_id, connection_id, customer_id, lead_id, tags, tag_acts, note, locale, email_consent, email_consent_at,
               sms_consent, sms_consent_at, order_count, spent_minor, currency, counted_at, created_at, updated_at, said_at,
               deleted_at, synced_at
        from shop_customers
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and customer_id = any(${[...ids]}::text[])
        order by customer_id for update`,
  )
  return new Map(found.map((row) => [row.customer_id, inTexts(row)]))
}

/** Writes customers that nobody knew; one that is there by now fails with 23505. */
export async function insertCustomers(tx: Db, list: readonly ShopCustomerRow[]): Promise<void> {
  await copyRows(tx, 'shop_customers', COLUMNS, [...list], (row) =>
    COLUMNS.map(([name]) => row[name as keyof ShopCustomerRow]),
  )
}

export async function updateCustomers(tx: Db, list: readonly ShopCustomerRow[]): Promise<void> {
  if (list.length === 0) return
  await run(
    tx,
    sql`update shop_customers c set lead_id = r.lead_id, tags = array(select jsonb_array_elements_text(r.tags)), tag_acts = r.tag_acts,
          note = r.note, locale = r.locale, email_consent = r.email_consent, email_consent_at = r.email_consent_at,
          sms_consent = r.sms_consent, sms_consent_at = r.sms_consent_at, order_count = r.order_count,
          spent_minor = r.spent_minor, counted_at = r.counted_at, created_at = r.created_at, updated_at = r.updated_at,
          said_at = r.said_at, deleted_at = r.deleted_at, synced_at = r.synced_at
        from json_to_recordset(${JSON.stringify(list)}::json) as r(workspace_id uuid, connection_id uuid, customer_id text, lead_id uuid,
          tags jsonb, tag_acts jsonb, note text, locale text, email_consent text, email_consent_at timestamptz, sms_consent text,
          sms_consent_at timestamptz, order_count int, spent_minor bigint, counted_at timestamptz, created_at timestamptz,
          updated_at timestamptz, said_at text, deleted_at timestamptz, synced_at timestamptz)
        where c.workspace_id = r.workspace_id and c.connection_id = r.connection_id and c.customer_id = r.customer_id`,
  )
}

const COLUMNS: CopyColumn[] = [
  ['workspace_id', 'plain'],
  ['connection_id', 'plain'],
  ['customer_id', 'plain'],
  ['lead_id', 'plain'],
  ['tags', 'texts'],
  ['tag_acts', 'json'],
  ['note', 'plain'],
  ['locale', 'plain'],
  ['email_consent', 'plain'],
  ['email_consent_at', 'plain'],
  ['sms_consent', 'plain'],
  ['sms_consent_at', 'plain'],
  ['order_count', 'plain'],
  ['spent_minor', 'plain'],
  ['currency', 'plain'],
  ['counted_at', 'plain'],
  ['created_at', 'plain'],
  ['updated_at', 'plain'],
  ['said_at', 'plain'],
  ['deleted_at', 'plain'],
  ['synced_at', 'plain'],
]

type Instants =
  | 'email_consent_at'
  | 'sms_consent_at'
  | 'counted_at'
  | 'created_at'
  | 'updated_at'
  | 'deleted_at'
  | 'synced_at'
type Stored = Omit<ShopCustomerRow, Instants> & Record<Instants, Date | null>

function inTexts(row: Stored): ShopCustomerRow {
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...row,
    email_consent_at: iso(row.email_consent_at),
    sms_consent_at: iso(row.sms_consent_at),
    counted_at: iso(row.counted_at),
    created_at: iso(row.created_at) ?? '',
    updated_at: iso(row.updated_at) ?? '',
    deleted_at: iso(row.deleted_at),
    synced_at: iso(row.synced_at) ?? '',
  }
}
