// Makes, changes and revokes API keys and write keys.
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { record } from './audit.ts'
import { forget } from './cache.ts'
import { keyPermissions, mayGrant } from './contract.ts'
import type { Permission, Role, WriteKeyKind } from './contract.ts'
import { hashSecret, newApiKey, newWriteKey } from './secrets.ts'
import type { World } from './sign-in.ts'
import * as store from './store/keys.ts'
import type { ApiKeyRow, WriteKeyRow } from './store/keys.ts'
import { readWorkspace } from './store/workspaces.ts'
import { changedFields } from './workspaces.ts'

/** Makes an API key of the caller's workspace; the key itself is given this once. */
export async function createApiKey(
  world: World,
  caller: Caller,
  wanted: {
    name: string
    role: Role
    scopes?: Permission[] | undefined
    /** after which it is refused; never unless told */
    expiresAt?: Date | undefined
  },
): Promise<{ apiKey: ApiKeyRow; key: string }> {
  if (!mayGrant(caller.role, wanted.role)) {
    throw new Refusal(
      'role_too_high',
      403,
      `As ${caller.role} you cannot make a key with the role ${wanted.role}.`,
    )
  }
  const grantable = keyPermissions(wanted.role, null)
  const beyond = (wanted.scopes ?? []).filter((scope) => !grantable.includes(scope))
  if (beyond.length > 0) {
    throw new Refusal(
      'scopes_beyond_role',
      400,
      `A key with the role ${wanted.role} cannot have ${beyond.join(', ')}. Leave it out, or choose another role.`,
    )
  }
  const expiresAt = wanted.expiresAt ?? null
  if (expiresAt && expiresAt <= world.clock()) {
    throw new Refusal('expiry_past', 400, 'The key would have expired already. Choose a later day, or none.')
  }
  const workspace = await readWorkspace(world.db, caller.workspaceId)
  if (!workspace) throw missing('workspace', caller.workspaceId)
  const { key, prefix } = newApiKey(workspace.mode)
  const scopes = wanted.scopes ? [...new Set(wanted.scopes)] : null
  const apiKey = await inTransaction(world.db, async (tx) => {
    const inserted = await store.insertApiKey(tx, {
      workspaceId: caller.workspaceId,
      name: wanted.name,
      role: wanted.role,
      scopes,
      hash: hashSecret(key),
      prefix,
      createdBy: caller.actor,
      createdAt: world.clock(),
      expiresAt,
    })
    await record(tx, {
      caller,
      action: 'api_key_created',
      subject: `api_key:${inserted.id}`,
      after: { name: wanted.name, role: wanted.role, scopes, ...(expiresAt ? { expiresAt } : {}) },
    })
    return inserted
  })
  forget(world.db)
  return { apiKey, key }
}

/** Revokes an API key: refused at once in this process, within 5 s in others. */
export async function revokeApiKey(world: World, caller: Caller, id: string): Promise<void> {
  await inTransaction(world.db, async (tx) => {
    const revoked = await store.revokeKey(tx, caller.workspaceId, id, world.clock())
    if (!revoked) throw missing('api_key', id)
    if (!mayGrant(caller.role, revoked.role)) {
      throw new Refusal(
        'role_too_high',
        403,
        `As ${caller.role} you cannot revoke a key with the role ${revoked.role}.`,
      )
    }
    await record(tx, { caller, action: 'api_key_revoked', subject: `api_key:${id}`, before: revoked })
  })
  forget(world.db)
}

/** Makes a write key of the caller's workspace. */
export async function createWriteKey(
  world: World,
  caller: Caller,
  wanted: { name: string; kind?: WriteKeyKind | undefined; allowedDomains?: string[] | undefined },
): Promise<WriteKeyRow> {
  const workspace = await readWorkspace(world.db, caller.workspaceId)
  if (!workspace) throw missing('workspace', caller.workspaceId)
  const kind = wanted.kind ?? 'browser'
  const allowedDomains = [...new Set(wanted.allowedDomains ?? [])]
  const inserted = await inTransaction(world.db, async (tx) => {
    const writeKey = await store.insertWriteKey(tx, {
      workspaceId: caller.workspaceId,
      name: wanted.name,
      key: newWriteKey(workspace.mode),
      kind,
      allowedDomains,
      createdAt: world.clock(),
    })
    await record(tx, {
      caller,
      action: 'write_key_created',
      subject: `write_key:${writeKey.id}`,
      after: { name: wanted.name, kind, allowedDomains },
    })
    return writeKey
  })
  forget(world.db)
  return inserted
}

/** Renames a write key or changes its domains. */
export async function updateWriteKey(
  world: World,
  caller: Caller,
  id: string,
  change: { name?: string | undefined; allowedDomains?: string[] | undefined },
): Promise<WriteKeyRow> {
  const saved = await inTransaction(world.db, async (tx) => {
    const before = await store.lockWriteKey(tx, caller.workspaceId, id)
    if (!before) throw missing('write_key', id)
    const after = {
      ...before,
      name: change.name ?? before.name,
      allowedDomains: change.allowedDomains ? [...new Set(change.allowedDomains)] : before.allowedDomains,
    }
    const changed = changedFields({ ...before }, { ...after })
    if (!changed) return before
    await store.saveWriteKey(tx, after)
    await record(tx, { caller, action: 'write_key_changed', subject: `write_key:${id}`, ...changed })
    return after
  })
  forget(world.db)
  return saved
}

/** Revokes a write key: refused at once in this process, within 5 s in others. */
export async function revokeWriteKey(world: World, caller: Caller, id: string): Promise<void> {
  await inTransaction(world.db, async (tx) => {
    const before = await store.lockWriteKey(tx, caller.workspaceId, id)
    if (!before) throw missing('write_key', id)
    await store.saveWriteKeyRevoked(tx, id, world.clock())
    const { name, kind, allowedDomains } = before
    await record(tx, {
      caller,
      action: 'write_key_revoked',
      subject: `write_key:${id}`,
      before: { name, kind, allowedDomains },
    })
  })
  forget(world.db)
}
