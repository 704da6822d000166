// Opens and changes workspaces, and tells other modules about them.
import { Refusal, missing } from '../lib/refusal.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { record } from './audit.ts'
import { forget, memoryOf } from './cache.ts'
import type { Role, WorkspaceMode, WorkspaceSettings } from './contract.ts'
import { queuePurge } from './jobs.ts'
import { newWriteKey } from './secrets.ts'
import type { World } from './sign-in.ts'
import { freeSlug, slugOf } from './slug.ts'
import { insertWriteKey } from './store/keys.ts'
import type { WriteKeyRow } from './store/keys.ts'
import { insertMember } from './store/team.ts'
import * as store from './store/workspaces.ts'
import type { Membership, WorkspaceProfile, WriteKeyTarget } from './store/workspaces.ts'

/** What a workspace is made from. */
export interface NewWorkspace {
  name: string
  /** IANA */
  timeZone: string
  /** ISO 4217; USD unless told */
  currency?: string | undefined
}

export interface OpenedTeam {
  live: WorkspaceProfile
  test: WorkspaceProfile
  writeKeys: Record<WorkspaceMode, WriteKeyRow>
}

/** Everything of workspaces that other modules ask at every message. */
export type KnownSettings = WorkspaceSettings & Pick<WorkspaceProfile, 'mode' | 'timeZone' | 'currency'>

/** Opens another workspace: a team and a test twin of its own, owned by the person who asks. */
export async function createWorkspace(
  world: World,
  caller: Caller,
  wanted: NewWorkspace,
): Promise<OpenedTeam> {
  const userId = personOf(caller)
  const opened = await inTransaction(world.db, (tx) =>
    openTeam(tx, world.clock(), userId, caller.actor, wanted),
  )
  forget(world.db)
  return opened
}

/** Makes team, live workspace, test twin, one write key each, and the first owner's membership. */
export async function openTeam(
  tx: Tx,
  now: Date,
  ownerId: string,
  actor: string,
  wanted: NewWorkspace,
): Promise<OpenedTeam> {
  await store.lockCreation(tx)
  const base = slugOf(wanted.name)
  const slug = freeSlug(base, await store.readSlugs(tx, base))
  const teamId = await store.insertTeam(tx, wanted.name)
  await insertMember(tx, teamId, ownerId, 'owner')
  const make = (mode: WorkspaceMode) =>
    store.insertWorkspace(tx, {
      teamId,
      mode,
      name: wanted.name,
      slug: mode === 'live' ? slug : `${slug}-test`,
      timeZone: wanted.timeZone,
      currency: wanted.currency ?? 'USD',
    })
  const live = await make('live')
  const test = await make('test')
  const firstKey = (workspace: WorkspaceProfile) =>
    insertWriteKey(tx, {
      workspaceId: workspace.id,
      name: 'Website',
      key: newWriteKey(workspace.mode),
      kind: 'browser',
      allowedDomains: [],
      createdAt: now,
    })
  const writeKeys = { live: await firstKey(live), test: await firstKey(test) }
  await record(tx, {
    caller: { actor, teamId, workspaceId: live.id },
    action: 'workspace_created',
    subject: `workspace:${live.id}`,
    after: { name: live.name, slug: live.slug, timeZone: live.timeZone, currency: live.currency },
    scope: 'team',
  })
  return { live, test, writeKeys }
}

/** What a change of a workspace may name; what is absent stays. */
export interface WorkspaceChange {
  name?: string | undefined
  timeZone?: string | undefined
  currency?: string | undefined
  settings?: Partial<WorkspaceSettings> | undefined
}

/** Changes the caller's workspace. */
export async function updateWorkspace(
  world: World,
  caller: Caller,
  change: WorkspaceChange,
): Promise<WorkspaceProfile> {
  const saved = await inTransaction(world.db, async (tx) => {
    const before = await store.lockWorkspace(tx, caller.workspaceId)
    if (!before) throw missing('workspace', caller.workspaceId)
    const after: WorkspaceProfile = {
      ...before,
      name: change.name ?? before.name,
      timeZone: change.timeZone ?? before.timeZone,
      currency: change.currency ?? before.currency,
      settings: { ...before.settings, ...given(change.settings ?? {}) },
    }
    const changed = changedFields(flat(before), flat(after))
    if (!changed) return before
    await store.saveWorkspace(tx, after)
    await record(tx, {
      caller,
      action: 'workspace_changed',
      subject: `workspace:${before.id}`,
      ...changed,
      ...(change.name !== undefined && change.name !== before.name ? { scope: 'team' as const } : {}),
    })
    return after
  })
  forget(world.db)
  return saved
}

/**
 * Deletes the caller's team with both its workspaces: nobody reaches them from now on, and a job empties them. `typed` must
 * be the name, and the caller must have another workspace to go to, for only members make workspaces.
 */
export async function deleteTeam(world: World, caller: Caller, typed: string): Promise<void> {
  const userId = personOf(caller)
  await inTransaction(world.db, async (tx) => {
    const workspace = await store.lockWorkspace(tx, caller.workspaceId)
    if (!workspace) throw missing('workspace', caller.workspaceId)
    if (typed.trim() !== workspace.name) {
      throw new Refusal(
        'name_wrong',
        400,
        `Type the name of the workspace as it is written: ${workspace.name}.`,
      )
    }
    const others = await store.readMemberships(tx, userId)
    if (others.every(({ teamId }) => teamId === caller.teamId)) {
      throw new Refusal(
        'workspace_last',
        409,
        'This is your only workspace. Make or join another one first, then delete this one.',
      )
    }
    const { name, slug } = workspace
    await record(tx, {
      caller,
      action: 'workspace_deleted',
      subject: `workspace:${workspace.id}`,
      before: { name, slug },
      scope: 'team',
    })
    await store.saveDeleted(tx, caller.teamId, world.clock())
    await queuePurge(tx, caller.teamId, world.clock())
  })
  forget(world.db)
}

/** The workspaces of a team that is being deleted; none once it is gone. */
export function deletedWorkspaces(db: Db, teamId: string): Promise<WorkspaceId[]> {
  return store.readDeletedWorkspaces(db, teamId)
}

/** Takes the last of a deleted team away, once its workspaces are empty. What stands in the audit log stays. */
export async function forgetTeam(db: Db, teamId: string): Promise<void> {
  await store.deleteTeam(db, teamId)
  forget(db)
}

/** All workspaces of the installation: live ones first, the oldest first. */
export function listWorkspaces(db: Db): Promise<WorkspaceProfile[]> {
  return store.readWorkspaces(db)
}

/** The workspace of a slug or id; without one, the first live workspace. Refuses (404) where there is none. */
export async function findWorkspace(db: Db, slugOrId?: string): Promise<WorkspaceProfile> {
  const known = await store.readWorkspaces(db)
  const found =
    slugOrId === undefined ? known[0] : known.find(({ slug, id }) => slug === slugOrId || id === slugOrId)
  if (found) return found
  throw new Refusal(
    'workspace_missing',
    404,
    slugOrId === undefined
      ? 'There is no workspace yet. Create the owner first: open the app, or run `throughline owner create`.'
      : `There is no workspace ${slugOrId}.`,
  )
}

/** The settings of a workspace with its mode, zone and currency; remembered for 5 s. */
export async function workspaceSettings(db: Db, workspaceId: WorkspaceId): Promise<KnownSettings> {
  const found = await memoryOf(db).workspaces.get(workspaceId, () => store.readWorkspace(db, workspaceId))
  if (!found) throw missing('workspace', workspaceId)
  return { ...found.settings, mode: found.mode, timeZone: found.timeZone, currency: found.currency }
}

/** Where a write key writes to, or undefined for a key that does not work; remembered for 5 s. */
export function writeKeyWorkspace(db: Db, key: string): Promise<WriteKeyTarget | undefined> {
  if (key.length > 100) return Promise.resolve(undefined)
  return memoryOf(db).writeKeys.get(key, () => store.readWriteKeyTarget(db, key))
}

/** The workspaces that a person may open, with the role in each; remembered for 5 s. */
export function membershipsOf(db: Db, userId: string): Promise<Membership[]> {
  return memoryOf(db).memberships.get(userId, () => store.readMemberships(db, userId))
}

/** The caller of the command line: whoever may run it on this machine owns the installation. */
export function operator(workspace: WorkspaceProfile): Caller {
  const role: Role = 'owner'
  return { actor: 'cli', userId: undefined, role, workspaceId: workspace.id, teamId: workspace.teamId }
}

/** The person behind a caller; an API key is refused, for what it makes would belong to nobody. */
export function personOf(caller: Caller): string {
  if (caller.userId !== undefined) return caller.userId
  throw new Refusal('session_required', 403, 'An API key cannot do this. Sign in and do it in the app.')
}

/** What differs between two records, as it was and as it is; undefined where nothing does. */
export function changedFields(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): { before: Record<string, unknown>; after: Record<string, unknown> } | undefined {
  const names = Object.keys(after).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
  if (names.length === 0) return undefined
  const pick = (record: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, record[name]]))
  return { before: pick(before), after: pick(after) }
}

function given<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>
}

function flat(workspace: WorkspaceProfile): Record<string, unknown> {
  const { name, timeZone, currency, settings } = workspace
  return { name, timeZone, currency, ...settings }
}
