// Teams, workspaces and memberships in PostgreSQL.
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import { workspaceSettingsSchema } from '../contract.ts'
import type { Role, WorkspaceMode, WorkspaceSettings } from '../contract.ts'

export interface WorkspaceProfile {
  id: WorkspaceId
  teamId: string
  mode: WorkspaceMode
  name: string
  slug: string
  timeZone: string
  currency: string
  settings: WorkspaceSettings
  createdAt: Date
}

/** A workspace with the role that a certain person has in it. */
export type Membership = WorkspaceProfile & { role: Role }

/** Where a write key writes to, and what to know at the door. */
export interface WriteKeyTarget {
  workspaceId: WorkspaceId
  /** a server's key may merge known leads; a browser's stands in every page */
  kind: 'browser' | 'server'
  mode: WorkspaceMode
  /** these and their subdomains may write from a browser; empty: any */
  allowedDomains: string[]
  settings: WorkspaceSettings
}

const columns = sql`w.id, w.team_id as "teamId", w.mode, w.name, w.slug, w.time_zone as "timeZone", w.currency,
  w.settings, w.created_at as "createdAt"`

/** All workspaces that are not being deleted, live ones first, the oldest first. */
export async function readWorkspaces(db: Db): Promise<WorkspaceProfile[]> {
  const found = await rows<WorkspaceProfile>(
    db,
    sql`select ${columns} from workspaces w join teams t on t.id = w.team_id
        where t.deleted_at is null order by w.mode, w.created_at, w.id`,
  )
  return found.map(withSettings)
}

export async function readWorkspace(db: Db, slugOrId: string): Promise<WorkspaceProfile | undefined> {
  const found = await firstRow<WorkspaceProfile>(
    db,
    sql`select ${columns} from workspaces w where w.slug = ${slugOrId} or w.id::text = ${slugOrId} limit 1`,
  )
  return found && withSettings(found)
}

/** The workspaces that a person may open: live ones first, the longest known first. */
export async function readMemberships(db: Db, userId: string): Promise<Membership[]> {
  const found = await rows<Membership>(
    db,
    sql`select ${columns}, m.role from members m join workspaces w using (team_id) join teams t on t.id = m.team_id
        where m.user_id = ${userId} and t.deleted_at is null order by w.mode, m.joined_at, w.id`,
  )
  return found.map(withSettings)
}

/** Keeps others from creating owners or workspaces until the end of the transaction. */
export async function lockCreation(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(7302)`)
}

/** The slugs that begin with a text. */
export async function readSlugs(db: Db, beginning: string): Promise<Set<string>> {
  const found = await rows<{ slug: string }>(
    db,
    sql`select slug from workspaces where starts_with(slug, ${beginning})`,
  )
  return new Set(found.map((row) => row.slug))
}

export async function insertTeam(tx: Tx, name: string): Promise<string> {
  const teamId = newId()
  await run(tx, sql`insert into teams (id, name) values (${teamId}, ${name})`)
  return teamId
}

export async function insertWorkspace(
  tx: Tx,
  workspace: Pick<WorkspaceProfile, 'teamId' | 'mode' | 'name' | 'slug' | 'timeZone' | 'currency'>,
): Promise<WorkspaceProfile> {
  const inserted = await firstRow<WorkspaceProfile>(
    tx,
    sql`insert into workspaces as w (id, team_id, mode, name, slug, time_zone, currency)
        values (${newId()}, ${workspace.teamId}, ${workspace.mode}, ${workspace.name}, ${workspace.slug},
                ${workspace.timeZone}, ${workspace.currency})
        returning ${columns}`,
  )
  if (!inserted) throw new Error('insert into workspaces returned no row')
  return withSettings(inserted)
}

/** Locks a workspace against other changes of it, and reads it. */
export async function lockWorkspace(tx: Tx, id: WorkspaceId): Promise<WorkspaceProfile | undefined> {
  const found = await firstRow<WorkspaceProfile>(
    tx,
    sql`select ${columns} from workspaces w where w.id = ${id} for update`,
  )
  return found && withSettings(found)
}

/** Writes name (to both twins and the team), zone, currency and settings. */
export async function saveWorkspace(tx: Tx, workspace: WorkspaceProfile): Promise<void> {
  await run(
    tx,
    sql`update workspaces set time_zone = ${workspace.timeZone}, currency = ${workspace.currency},
          settings = ${JSON.stringify(workspace.settings)}::jsonb
        where id = ${workspace.id}`,
  )
  await run(tx, sql`update workspaces set name = ${workspace.name} where team_id = ${workspace.teamId}`)
  await run(tx, sql`update teams set name = ${workspace.name} where id = ${workspace.teamId}`)
}

/** Notes that a team is being deleted: from here on it is in no list, and none of its keys works. */
export async function saveDeleted(tx: Tx, teamId: string, now: Date): Promise<void> {
  await run(tx, sql`update teams set deleted_at = ${now} where id = ${teamId}`)
}

export async function readDeletedWorkspaces(db: Db, teamId: string): Promise<WorkspaceId[]> {
  const found = await rows<{ id: WorkspaceId }>(
    db,
    sql`select w.id from workspaces w join teams t on t.id = w.team_id
        where t.id = ${teamId} and t.deleted_at is not null order by w.id`,
  )
  return found.map(({ id }) => id)
}

/** Removes a deleted team with its workspaces, members, invitations and keys. */
export async function deleteTeam(db: Db, teamId: string): Promise<void> {
  await run(db, sql`delete from teams where id = ${teamId} and deleted_at is not null`)
}

export async function readWriteKeyTarget(db: Db, key: string): Promise<WriteKeyTarget | undefined> {
  const found = await firstRow<WriteKeyTarget>(
    db,
    sql`select w.id as "workspaceId", k.kind, w.mode, k.allowed_domains as "allowedDomains", w.settings
        from write_keys k join workspaces w on w.id = k.workspace_id join teams t on t.id = w.team_id
        where k.key = ${key} and k.revoked_at is null and t.deleted_at is null`,
  )
  return found && withSettings(found)
}

function withSettings<T extends { settings: WorkspaceSettings }>(row: T): T {
  return { ...row, settings: workspaceSettingsSchema.parse(row.settings) }
}
