// Saved views in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { SavedView } from './contract.ts'

export interface ViewRow {
  id: string
  name: string
  createdBy: string
  isShared: boolean
  isOpen: boolean
  isDefault: boolean
  question: SavedView['question']
  columns: string[] | null
}

/** An actor's own views and the shared ones. @param userId whose default is marked */
export async function readViews(
  db: Db,
  workspaceId: string,
  actor: string,
  userId: string | undefined,
): Promise<ViewRow[]> {
  return rows(
    db,
    sql`select ${viewColumns}, d.view_id is not null as "isDefault" from saved_views v
        left join default_views d on d.view_id = v.id and d.workspace_id = v.workspace_id and d.user_id = ${userId ?? null}::uuid
        where v.workspace_id = ${workspaceId} and (v.is_shared or v.created_by = ${actor})
        order by lower(v.name), v.id limit 500`,
  )
}

/** A view that the actor may see, locked. */
export async function lockView(
  tx: Db,
  workspaceId: string,
  actor: string,
  id: string,
): Promise<Omit<ViewRow, 'isDefault'> | undefined> {
  return firstRow(
    tx,
    sql`select ${viewColumns} from saved_views v
        where v.id = ${id} and v.workspace_id = ${workspaceId} and (v.is_shared or v.created_by = ${actor}) for update`,
  )
}

/** Writes a view, new or changed. */
export async function writeView(
  tx: Db,
  workspaceId: string,
  view: Omit<ViewRow, 'isDefault'>,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into saved_views (id, workspace_id, name, created_by, is_shared, is_open, question, columns, created_at, updated_at)
        values (${view.id}, ${workspaceId}, ${view.name}, ${view.createdBy}, ${view.isShared}, ${view.isOpen},
          ${JSON.stringify(view.question)}::jsonb, ${view.columns}::text[], ${now}, ${now})
        on conflict (id) do update set name = excluded.name, is_shared = excluded.is_shared, is_open = excluded.is_open,
          question = excluded.question, columns = excluded.columns, updated_at = excluded.updated_at`,
  )
}

export async function deleteView(tx: Db, id: string): Promise<void> {
  await run(tx, sql`delete from saved_views where id = ${id}`)
}

/** Takes a view that is shared no more out of the hands of those who opened their list with it. */
export async function keepDefaultOf(tx: Db, viewId: string, actor: string): Promise<void> {
  await run(
    tx,
    sql`delete from default_views where view_id = ${viewId} and 'user:' || user_id::text <> ${actor}`,
  )
}

export async function writeDefault(
  tx: Db,
  workspaceId: string,
  userId: string,
  viewId: string | null,
): Promise<void> {
  if (viewId === null) {
    await run(tx, sql`delete from default_views where workspace_id = ${workspaceId} and user_id = ${userId}`)
    return
  }
  await run(
    tx,
    sql`insert into default_views (workspace_id, user_id, view_id) values (${workspaceId}, ${userId}, ${viewId})
        on conflict (workspace_id, user_id) do update set view_id = excluded.view_id`,
  )
}

/** What the views of a workspace are called and ask, locked. */
export async function lockQuestions(
  tx: Db,
  workspaceId: string,
): Promise<Pick<ViewRow, 'id' | 'name' | 'question'>[]> {
  return rows(
    tx,
    sql`select id, name, question from saved_views where workspace_id = ${workspaceId} order by id for update`,
  )
}

export async function writeQuestion(
  tx: Db,
  { id, name, question }: Pick<ViewRow, 'id' | 'name' | 'question'>,
): Promise<void> {
  await run(
    tx,
    sql`update saved_views set name = ${name}, question = ${JSON.stringify(question)}::jsonb where id = ${id}`,
  )
}

const viewColumns = sql.raw(
  `v.id, v.name, v.created_by as "createdBy", v.is_shared as "isShared", v.is_open as "isOpen", v.question, v.columns`,
)
