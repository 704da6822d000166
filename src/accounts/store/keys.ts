// API keys and write keys in PostgreSQL.
import { newId } from '../../lib/ids.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db, Tx } from '../../platform/postgres.ts'
import type { Permission, Role, WriteKeyKind } from '../contract.ts'

/** An API key as a call needs it. */
export interface KnownKey {
  id: string
  workspaceId: WorkspaceId
  slug: string
  teamId: string
  role: Role
  scopes: Permission[] | null
  expiresAt: Date | null
}

export async function readKnownKey(db: Db, hash: Buffer): Promise<KnownKey | undefined> {
  return firstRow<KnownKey>(
    db,
    sql`select k.id, k.workspace_id as "workspaceId", w.slug, w.team_id as "teamId", k.role, k.scopes,
          k.expires_at as "expiresAt"
        from api_keys k join workspaces w on w.id = k.workspace_id join teams t on t.id = w.team_id
        where k.key_hash = ${hash} and k.revoked_at is null and t.deleted_at is null`,
  )
}

/** Notes that a key is in use; at most one write a minute, so that a call costs none. */
export async function noteUse(db: Db, id: string, now: Date): Promise<void> {
  await run(
    db,
    sql`update api_keys set last_used_at = ${now}
        where id = ${id} and (last_used_at is null or last_used_at < ${now}::timestamptz - interval '1 minute')`,
  )
}

export interface ApiKeyRow {
  id: string
  name: string
  role: Role
  scopes: Permission[] | null
  prefix: string
  createdBy: string
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
}

const apiKeyColumns = sql`k.id, k.name, k.role, k.scopes, k.prefix, k.created_at as "createdAt",
  k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt",
  coalesce(
    (select u.name from users u where u.id = case when k.created_by like 'user:%' then substr(k.created_by, 6)::uuid end),
    k.created_by) as "createdBy"`

export async function readApiKeys(db: Db, workspaceId: WorkspaceId): Promise<ApiKeyRow[]> {
  return rows<ApiKeyRow>(
    db,
    sql`select ${apiKeyColumns} from api_keys k
        where k.workspace_id = ${workspaceId} and k.revoked_at is null order by k.created_at desc, k.id`,
  )
}

export async function insertApiKey(
  tx: Tx,
  key: {
    workspaceId: WorkspaceId
    name: string
    role: Role
    scopes: Permission[] | null
    hash: Buffer
    prefix: string
    createdBy: string
    createdAt: Date
    expiresAt: Date | null
  },
): Promise<ApiKeyRow> {
  const id = newId()
  await run(
    tx,
    sql`insert into api_keys (id, workspace_id, name, role, scopes, key_hash, prefix, created_by, created_at, expires_at)
        values (${id}, ${key.workspaceId}, ${key.name}, ${key.role}, ${key.scopes}::text[], ${key.hash},
                ${key.prefix}, ${key.createdBy}, ${key.createdAt}, ${key.expiresAt})`,
  )
  const inserted = await firstRow<ApiKeyRow>(
    tx,
    sql`select ${apiKeyColumns} from api_keys k where k.id = ${id}`,
  )
  if (!inserted) throw new Error('an API key vanished inside its transaction')
  return inserted
}

/** Revokes a key of the workspace; gives what it was, undefined where there is none. */
export async function revokeKey(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  now: Date,
): Promise<{ name: string; role: Role; scopes: Permission[] | null } | undefined> {
  return firstRow<{ name: string; role: Role; scopes: Permission[] | null }>(
    tx,
    sql`update api_keys set revoked_at = ${now}
        where id = ${id} and workspace_id = ${workspaceId} and revoked_at is null returning name, role, scopes`,
  )
}

export interface WriteKeyRow {
  id: string
  name: string
  key: string
  kind: WriteKeyKind
  allowedDomains: string[]
  createdAt: Date
}

const writeKeyColumns = sql`id, name, key, kind, allowed_domains as "allowedDomains", created_at as "createdAt"`

export async function readWriteKeys(db: Db, workspaceId: WorkspaceId): Promise<WriteKeyRow[]> {
  return rows<WriteKeyRow>(
    db,
    sql`select ${writeKeyColumns} from write_keys
        where workspace_id = ${workspaceId} and revoked_at is null order by created_at, id`,
  )
}

export async function insertWriteKey(
  tx: Tx,
  key: Omit<WriteKeyRow, 'id'> & { workspaceId: WorkspaceId },
): Promise<WriteKeyRow> {
  const inserted = await firstRow<WriteKeyRow>(
    tx,
    sql`insert into write_keys (id, workspace_id, key, name, kind, allowed_domains, created_at)
        values (${newId()}, ${key.workspaceId}, ${key.key}, ${key.name}, ${key.kind}, ${key.allowedDomains}::text[],
                ${key.createdAt})
        returning ${writeKeyColumns}`,
  )
  if (!inserted) throw new Error('insert into write_keys returned no row')
  return inserted
}

/** Locks a write key of the workspace that is in use, and reads it. */
export async function lockWriteKey(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
): Promise<WriteKeyRow | undefined> {
  return firstRow<WriteKeyRow>(
    tx,
    sql`select ${writeKeyColumns} from write_keys
        where id = ${id} and workspace_id = ${workspaceId} and revoked_at is null for update`,
  )
}

export async function saveWriteKey(tx: Tx, key: WriteKeyRow): Promise<void> {
  await run(
    tx,
    sql`update write_keys set name = ${key.name}, allowed_domains = ${key.allowedDomains}::text[] where id = ${key.id}`,
  )
}

export async function saveWriteKeyRevoked(tx: Tx, id: string, now: Date): Promise<void> {
  await run(tx, sql`update write_keys set revoked_at = ${now} where id = ${id}`)
}
