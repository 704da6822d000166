// Forms, their versions and counts in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { FormDefinition, RefusalReason } from '../nouns.ts'

export interface FormRow {
  id: string
  workspaceId: string
  name: string
  version: number
  definition: FormDefinition
  /** `https://leads.example.com`, as whoever saved it reached the product */
  origin: string
  createdBy: string
  createdAt: Date
  updatedAt: Date
  archivedAt: Date | null
}

export type CountedOutcome = 'viewed' | 'submitted' | 'confirmed' | RefusalReason

export async function readForms(db: Db, workspaceId: string): Promise<FormRow[]> {
  return rows(
    db,
    sql`select ${columns} from forms where workspace_id = ${workspaceId}
        order by archived_at is not null, id desc limit 500`,
  )
}

export async function readForm(db: Db, workspaceId: string, id: string): Promise<FormRow | undefined> {
  return firstRow(db, sql`select ${columns} from forms where workspace_id = ${workspaceId} and id = ${id}`)
}

/** A form by its public address alone, whoever asks; none of a team that is being deleted. */
export async function readPublicForm(db: Db, id: string): Promise<FormRow | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from forms where id = ${id} and exists (
          select 1 from workspaces w join teams t on t.id = w.team_id
          where w.id = forms.workspace_id and t.deleted_at is null)`,
  )
}

export async function lockForm(tx: Tx, workspaceId: string, id: string): Promise<FormRow | undefined> {
  return firstRow(
    tx,
    sql`select ${columns} from forms where workspace_id = ${workspaceId} and id = ${id} for update`,
  )
}

/** The definition as it was in a version. */
export async function readVersion(
  db: Db,
  { workspaceId, formId, version }: { workspaceId: string; formId: string; version: number },
): Promise<FormDefinition | undefined> {
  const found = await firstRow<{ definition: FormDefinition }>(
    db,
    sql`select definition from form_versions
        where workspace_id = ${workspaceId} and form_id = ${formId} and version = ${version}`,
  )
  return found?.definition
}

/** Writes a form, new or changed, and keeps its version. */
export async function saveForm(tx: Tx, form: FormRow, savedBy: string): Promise<void> {
  const definition = JSON.stringify(form.definition)
  await run(
    tx,
    sql`insert into forms (id, workspace_id, name, version, definition, origin, created_by, created_at, updated_at, archived_at)
        values (${form.id}, ${form.workspaceId}, ${form.name}, ${form.version}, ${definition}::jsonb, ${form.origin},
          ${form.createdBy}, ${form.createdAt}, ${form.updatedAt}, ${form.archivedAt})
        on conflict (id) do update set name = excluded.name, version = excluded.version, definition = excluded.definition,
          origin = excluded.origin, updated_at = excluded.updated_at, archived_at = excluded.archived_at`,
  )
  await run(
    tx,
    sql`insert into form_versions (form_id, version, workspace_id, definition, saved_by, saved_at)
        values (${form.id}, ${form.version}, ${form.workspaceId}, ${definition}::jsonb, ${savedBy}, ${form.updatedAt})
        on conflict do nothing`,
  )
}

/** Counts one outcome today. */
export async function countOutcome(
  db: Db,
  form: Pick<FormRow, 'id' | 'workspaceId'>,
  outcome: CountedOutcome,
  now: Date,
): Promise<void> {
  await run(
    db,
    sql`insert into form_counts (form_id, counted_on, outcome, workspace_id, count)
        values (${form.id}, ${now.toISOString().slice(0, 10)}::date, ${outcome}, ${form.workspaceId}, 1)
        on conflict (form_id, counted_on, outcome) do update set count = form_counts.count + 1`,
  )
}

export interface CountRow {
  formId: string
  on: string
  outcome: CountedOutcome
  count: number
}

/** Counts since a day, of all forms of a workspace or of one. */
export async function readCounts(
  db: Db,
  workspaceId: string,
  since: string,
  formId?: string,
): Promise<CountRow[]> {
  return rows(
    db,
    sql`select form_id as "formId", counted_on::text as "on", outcome, count from form_counts
        where workspace_id = ${workspaceId} and counted_on >= ${since}::date
          ${formId === undefined ? sql`` : sql`and form_id = ${formId}`}
        order by counted_on`,
  )
}

/** Notes one more use of an address, a ticket or a mailbox. @returns how often it was used, this time included */
export async function countUse(
  db: Db,
  form: Pick<FormRow, 'id' | 'workspaceId'>,
  use: { kind: 'address' | 'ticket' | 'mailbox'; name: string; expiresAt: Date },
  now: Date,
): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`insert into form_uses (form_id, kind, name, workspace_id, count, expires_at)
        values (${form.id}, ${use.kind}, ${use.name}, ${form.workspaceId}, 1, ${use.expiresAt})
        on conflict (form_id, kind, name) do update set
          count = case when form_uses.expires_at <= ${now} then 1 else form_uses.count + 1 end,
          expires_at = case when form_uses.expires_at <= ${now} then excluded.expires_at else form_uses.expires_at end
        returning count`,
  )
  return found?.count ?? 1
}

/** Clears away uses that are over, and addresses that were confirmed or never were, after their days. */
export async function deleteOld(db: Db, now: Date, confirmationDays: number): Promise<void> {
  await run(db, sql`delete from form_uses where expires_at <= ${now}`)
  await run(
    db,
    sql`delete from form_confirmations
        where submitted_at < ${now}::timestamptz - make_interval(days => ${confirmationDays})`,
  )
}

const columns = sql.raw(
  `id, workspace_id as "workspaceId", name, version, definition, origin, created_by as "createdBy", created_at as "createdAt",
   updated_at as "updatedAt", archived_at as "archivedAt"`,
)
