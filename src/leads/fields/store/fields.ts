// Custom fields in PostgreSQL, and what names them.
import type { Condition } from '../../../conditions/contract.ts'
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { SavedView } from '../../views/contract.ts'
import type { FieldType } from '../contract.ts'
import type { SettledField } from '../settle.ts'

export interface FieldRow {
  key: string
  label: string
  type: FieldType
  origin: 'tracking' | 'import' | 'manual' | 'api' | null
  isTypeChosen: boolean
  createdAt: Date
  archivedAt: Date | null
  mergedInto: string | null
  isLeaving: boolean
}

/** Every field of a workspace, those merged into others too, by label. */
export async function readFields(db: Db, workspaceId: string): Promise<FieldRow[]> {
  return rows(
    db,
    sql`select ${fieldColumns} from custom_fields where workspace_id = ${workspaceId} order by lower(label), key`,
  )
}

/** The same, locked until the transaction ends, so that one deed at a time decides about them. */
export async function lockFields(tx: Db, workspaceId: string): Promise<FieldRow[]> {
  return rows(
    tx,
    sql`select ${fieldColumns} from custom_fields where workspace_id = ${workspaceId} order by key for no key update`,
  )
}

/** Writes a field, new or changed. */
export async function writeField(tx: Db, workspaceId: string, field: FieldRow): Promise<void> {
  await run(
    tx,
    sql`insert into custom_fields (workspace_id, key, label, type, origin, is_type_chosen, created_at, archived_at, merged_into, is_leaving)
        values (${workspaceId}, ${field.key}, ${field.label}, ${field.type}, ${field.origin}, ${field.isTypeChosen},
          ${field.createdAt}, ${field.archivedAt}, ${field.mergedInto}, ${field.isLeaving})
        on conflict (workspace_id, key) do update set label = excluded.label, type = excluded.type,
          is_type_chosen = excluded.is_type_chosen, archived_at = excluded.archived_at, merged_into = excluded.merged_into,
          is_leaving = excluded.is_leaving`,
  )
}

/** Lets what fed a field feed another. */
export async function redirectFormer(tx: Db, workspaceId: string, from: string, into: string): Promise<void> {
  await run(
    tx,
    sql`update custom_fields set merged_into = ${into} where workspace_id = ${workspaceId} and merged_into = ${from}`,
  )
}

/** Takes a field off, with the keys that fed it. */
export async function deleteField(tx: Db, workspaceId: string, key: string): Promise<void> {
  await run(
    tx,
    sql`delete from custom_fields where workspace_id = ${workspaceId} and (key = ${key} or merged_into = ${key})`,
  )
}

/** The fields of these workspaces that take words otherwise than as they come. */
export async function readSettledFields(db: Db, workspaceIds: string[]): Promise<SettledField[]> {
  return rows(
    db,
    sql`select c.workspace_id as "workspaceId", c.key, case when not i.is_leaving then i.key end as into, case when i.is_type_chosen then i.type end as type
        from custom_fields c
        join custom_fields i on i.workspace_id = c.workspace_id and i.key = coalesce(c.merged_into, c.key)
        where c.workspace_id = any(${workspaceIds}::uuid[]) and (c.merged_into is not null or c.is_type_chosen or c.is_leaving)`,
  )
}

/** What of a view may name a field. */
export interface ViewNames {
  id: string
  name: string
  createdBy: string
  isShared: boolean
  question: SavedView['question']
  columns: string[] | null
}

/** The views of a workspace. @param options.lock for change */
export async function readViewNames(
  db: Db,
  workspaceId: string,
  options: { lock?: boolean } = {},
): Promise<ViewNames[]> {
  return rows(
    db,
    sql`select id, name, created_by as "createdBy", is_shared as "isShared", question, columns from saved_views
        where workspace_id = ${workspaceId} order by lower(name), id ${options.lock ? sql`for update` : sql``}`,
  )
}

/** What of a segment may name a field. */
export interface SegmentNames {
  id: string
  name: string
  createdBy: string
  condition: Condition
}

export async function readSegmentNames(db: Db, workspaceId: string): Promise<SegmentNames[]> {
  return rows(
    db,
    sql`select id, name, created_by as "createdBy", condition from segments where workspace_id = ${workspaceId} order by lower(name), id`,
  )
}

export async function writeViewNames(
  tx: Db,
  { id, question, columns }: Pick<ViewNames, 'id' | 'question' | 'columns'>,
): Promise<void> {
  await run(
    tx,
    sql`update saved_views set question = ${JSON.stringify(question)}::jsonb, columns = ${columns}::text[] where id = ${id}`,
  )
}

/** An import with a custom field that it fills. */
export interface ImportNames {
  key: string
  id: string
  fileName: string
  status: 'uploading' | 'uploaded' | 'mapped' | 'running' | 'done' | 'failed' | 'cancelled'
  createdBy: string
  createdAt: Date
}

/** The imports of a workspace with the custom fields that each fills, the newest first. */
export async function readImportNames(db: Db, workspaceId: string): Promise<ImportNames[]> {
  return rows(
    db,
    sql`select c->>'key' as key, i.id, i.file_name as "fileName", i.status, i.created_by as "createdBy", i.created_at as "createdAt"
        from imports i, jsonb_array_elements(i.mapping->'columns') c
        where i.workspace_id = ${workspaceId} and i.status <> 'uploading' and c->>'target' = 'custom' and c->>'key' is not null
        order by i.id desc`,
  )
}

/** The bulk work that runs now and sets a custom field. */
export async function readBulkNames(
  db: Db,
  workspaceId: string,
): Promise<{ key: string; id: string; createdBy: string }[]> {
  return rows(
    db,
    sql`select substr(action->>'field', 8) as key, id, created_by as "createdBy" from bulk_jobs
        where workspace_id = ${workspaceId} and status = 'running' and action->>'field' like 'fields.%' order by id`,
  )
}

/** Lets what merges of leads wrote under a field be known under another, so that they can still be taken apart. */
export async function renameInMerges(tx: Db, workspaceId: string, from: string, into: string): Promise<void> {
  const [old, fresh] = [`fields.${from}`, `fields.${into}`]
  await run(
    tx,
    sql`update merges set before = jsonb_set(before, '{record,values}',
          (before #> '{record,values}') - ${old}::text || jsonb_build_object(${fresh}::text, before #> array['record', 'values', ${old}::text]))
        where workspace_id = ${workspaceId} and undone_at is null and before #> '{record,values}' ? ${old}::text
          and not before #> '{record,values}' ? ${fresh}::text`,
  )
}

/** A field's label among those of a workspace, whatever its case. */
export async function isLabelTaken(
  db: Db,
  workspaceId: string,
  label: string,
  exceptKey: string | undefined,
): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from custom_fields where workspace_id = ${workspaceId} and lower(label) = lower(${label})
          and merged_into is null and key <> ${exceptKey ?? ''} limit 1`,
  )
  return found !== undefined
}

const fieldColumns = sql.raw(
  `key, label, type, origin, is_type_chosen as "isTypeChosen", created_at as "createdAt", archived_at as "archivedAt",
   merged_into as "mergedInto", is_leaving as "isLeaving"`,
)
