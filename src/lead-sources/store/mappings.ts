// Mappings of forms in PostgreSQL.
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { LeadMapping } from '../nouns.ts'

export interface StoredMapping {
  /** '' for every form that has none of its own */
  formId: string
  mapping: LeadMapping
  updatedAt: Date
}

/** The mappings that people made for a connection. */
export async function readMappings(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<StoredMapping[]> {
  return rows(
    db,
    sql`select form_id as "formId", mapping, updated_at as "updatedAt" from lead_source_mappings
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} order by form_id`,
  )
}

/** Which of a form's is in force: its own, else that of all forms; null where nobody made one. */
export function mappingOf(stored: readonly StoredMapping[], formId: string): LeadMapping | null {
  const found = stored.find((one) => one.formId === formId) ?? stored.find((one) => one.formId === '')
  return found?.mapping ?? null
}

export async function writeMapping(
  tx: Tx,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  formId: string,
  mapping: LeadMapping,
  by: { actor: string; at: Date },
): Promise<void> {
  await run(
    tx,
    sql`insert into lead_source_mappings (connection_id, workspace_id, form_id, mapping, updated_at, updated_by)
        values (${connectionId}, ${workspaceId}, ${formId}, ${JSON.stringify(mapping)}::jsonb, ${by.at}, ${by.actor})
        on conflict (connection_id, form_id) do update
          set mapping = excluded.mapping, updated_at = excluded.updated_at, updated_by = excluded.updated_by
          where lead_source_mappings.workspace_id = excluded.workspace_id`,
  )
}

/** @returns whether there was one */
export async function deleteMapping(
  tx: Tx,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  formId: string,
): Promise<boolean> {
  const gone = await run(
    tx,
    sql`delete from lead_source_mappings
        where workspace_id = ${workspaceId} and connection_id = ${connectionId} and form_id = ${formId}`,
  )
  return gone > 0
}
