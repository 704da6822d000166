// How looks for duplicates go, one row for a workspace in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { WorkspaceId } from '../../lib/ids.ts'

export interface LookRow {
  mergesItself: boolean
  mergeAt: number
  beganAt: Date | null
  doneTo: string | null
  lookedAt: Date | null
  leadsLooked: number
  pairsFound: number
  merged: number
}

const columns = sql`merges_itself as "mergesItself", merge_at as "mergeAt", began_at as "beganAt", done_to as "doneTo",
  looked_at as "lookedAt", leads_looked as "leadsLooked", pairs_found as "pairsFound", merged`

export async function readLook(db: Db, workspaceId: string): Promise<LookRow | undefined> {
  return firstRow(db, sql`select ${columns} from duplicate_looks where workspace_id = ${workspaceId}`)
}

/** Begins a look where none is under way. @returns whether it was begun */
export async function beginLook(tx: Db, workspaceId: string, at: Date): Promise<boolean> {
  const begun = await rows(
    tx,
    sql`insert into duplicate_looks as d (workspace_id, began_at) values (${workspaceId}, ${at})
        on conflict (workspace_id) do update
          set began_at = excluded.began_at, done_to = null, leads_looked = 0, pairs_found = 0, merged = 0
          where d.began_at is null
        returning workspace_id`,
  )
  return begun.length > 0
}

/** Notes a step of the look under way; the next begins after `doneTo`. */
export async function noteStep(
  tx: Db,
  workspaceId: string,
  step: { doneTo: string; leads: number; pairs: number },
): Promise<void> {
  await run(
    tx,
    sql`update duplicate_looks set done_to = ${step.doneTo}, leads_looked = leads_looked + ${step.leads},
          pairs_found = pairs_found + ${step.pairs} where workspace_id = ${workspaceId}`,
  )
}

export async function noteMerged(db: Db, workspaceId: string, merged: number): Promise<void> {
  await run(
    db,
    sql`update duplicate_looks set merged = merged + ${merged} where workspace_id = ${workspaceId}`,
  )
}

export async function endLook(db: Db, workspaceId: string, at: Date): Promise<void> {
  await run(
    db,
    sql`update duplicate_looks set began_at = null, done_to = null, looked_at = ${at} where workspace_id = ${workspaceId}`,
  )
}

export async function writeMerging(
  tx: Db,
  workspaceId: string,
  choice: { mergesItself: boolean; mergeAt: number },
): Promise<void> {
  await run(
    tx,
    sql`insert into duplicate_looks (workspace_id, merges_itself, merge_at)
        values (${workspaceId}, ${choice.mergesItself}, ${choice.mergeAt})
        on conflict (workspace_id) do update set merges_itself = excluded.merges_itself, merge_at = excluded.merge_at`,
  )
}

/** Workspaces that have leads, for the nightly look. */
export async function readPeopledWorkspaces(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select w.id from workspaces w where exists (select 1 from leads l where l.workspace_id = w.id and l.status = 'active' and l.is_known)`,
  )
  return found.map(({ id }) => id)
}

/** Custom fields that hold texts and dates, by key with their label. */
export async function readTextFields(db: Db, workspaceId: string): Promise<{ key: string; label: string }[]> {
  return rows(
    db,
    sql`select key, label from custom_fields
        where workspace_id = ${workspaceId} and type in ('text', 'date') and merged_into is null and archived_at is null order by key`,
  )
}

/** Who acts for a workspace where no person does: its team is named in what it does. */
export async function readTeam(
  db: Db,
  workspaceId: string,
): Promise<{ workspaceId: WorkspaceId; teamId: string } | undefined> {
  return firstRow(
    db,
    sql`select id as "workspaceId", team_id as "teamId" from workspaces where id = ${workspaceId}`,
  )
}
