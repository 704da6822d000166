// Finds out on whose behalf a request runs: an API key, or a session with the workspace it names.
import type { FastifyRequest } from 'fastify'
import type { Access } from '../../lib/endpoint.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Caller } from '../../platform/server.ts'
import { memoryOf } from '../cache.ts'
import { keyPermissions, rolePermissions } from '../contract.ts'
import type { Permission } from '../contract.ts'
import { hashSecret } from '../secrets.ts'
import type { Sessions } from '../sessions.ts'
import type { World } from '../sign-in.ts'
import { noteUse, readKnownKey } from '../store/keys.ts'
import type { KnownKey } from '../store/keys.ts'
import { membershipsOf } from '../workspaces.ts'
import { browserOf, refuseForeignPages } from './browser.ts'

/**
 * Resolves `Authorization: Bearer KEY`, or else the session cookie with `x-workspace` (slug or id; the first live
 * workspace unless told). Refuses with 401 where nobody is behind it, 403 where that one may not, 404 for a workspace
 * that is not there or not theirs.
 */
export async function authorise(
  world: World,
  sessions: Sessions,
  publicUrl: string | undefined,
  request: FastifyRequest,
  access: Access,
): Promise<Caller> {
  const authorization = request.headers.authorization
  if (authorization !== undefined) return authoriseKey(world, authorization, request, access)
  const session = await sessions.read(browserOf(request))
  if (!session) {
    throw new Refusal(
      'sign_in_required',
      401,
      'Sign in first, or send `Authorization: Bearer KEY` with an API key.',
    )
  }
  refuseForeignPages(request, publicUrl)
  const memberships = await membershipsOf(world.db, session.userId)
  const asked = workspaceAsked(request)
  const membership = asked
    ? memberships.find((one) => one.slug === asked || one.id === asked)
    : memberships[0]
  if (!membership) {
    if (memberships.length > 0) throw workspaceMissing(asked ?? '')
    throw new Refusal(
      'membership_missing',
      403,
      'You are signed in, but a member of no workspace. Ask an owner for an invitation link.',
    )
  }
  const { role } = membership
  check(access, role, rolePermissions[role])
  return {
    actor: `user:${session.userId}`,
    userId: session.userId,
    role,
    workspaceId: membership.id,
    teamId: membership.teamId,
  }
}

async function authoriseKey(
  world: World,
  authorization: string,
  request: FastifyRequest,
  access: Access,
): Promise<Caller> {
  const key = /^Bearer +(\S{1,200})$/i.exec(authorization)?.[1]
  if (!key) {
    throw new Refusal('authorization_malformed', 401, 'Send `Authorization: Bearer KEY` with an API key.')
  }
  const hash = hashSecret(key)
  const known = await memoryOf(world.db).apiKeys.get(hash.toString('base64'), () => findKey(world, hash))
  if (!known) {
    throw new Refusal(
      'api_key_refused',
      401,
      'This API key does not work: it is unknown or was revoked. Make a new one.',
    )
  }
  if (known.expiresAt && known.expiresAt <= world.clock()) {
    throw new Refusal(
      'api_key_expired',
      401,
      `This API key expired on ${known.expiresAt.toISOString().slice(0, 10)}. Make a new one.`,
    )
  }
  const asked = workspaceAsked(request)
  if (asked && asked !== known.slug && asked !== known.workspaceId) throw workspaceMissing(asked)
  if (access === 'signed_in') {
    throw new Refusal('session_required', 403, 'An API key cannot do this. Sign in and do it in the app.')
  }
  check(access, known.role, keyPermissions(known.role, known.scopes))
  return {
    actor: `key:${known.id}`,
    userId: undefined,
    role: known.role,
    workspaceId: known.workspaceId,
    teamId: known.teamId,
  }
}

async function findKey(world: World, hash: Buffer): Promise<KnownKey | undefined> {
  const known = await readKnownKey(world.db, hash)
  if (known) await noteUse(world.db, known.id, world.clock())
  return known
}

function workspaceAsked(request: FastifyRequest): string | undefined {
  const header = request.headers['x-workspace']
  return typeof header === 'string' && header !== '' ? header : undefined
}

function check(access: Access, role: string, allowed: readonly Permission[]): void {
  if (typeof access === 'string' || (allowed as readonly string[]).includes(access.permission)) return
  throw new Refusal(
    'permission_missing',
    403,
    `This takes the permission ${access.permission}, which ${role === 'owner' ? 'this key' : `the role ${role} or this key`} does not have.`,
  )
}

function workspaceMissing(asked: string): Refusal {
  return new Refusal('workspace_missing', 404, `There is no workspace ${asked} that you may open.`)
}
