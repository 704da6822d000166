// Members and invitations: who joins, with which role, and that an owner always stays.
import { hashPassword } from 'better-auth/crypto'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { record } from './audit.ts'
import { forget } from './cache.ts'
import { mayGrant } from './contract.ts'
import type { Role } from './contract.ts'
import { checkPassword } from './owner.ts'
import { hashSecret, newToken } from './secrets.ts'
import type { World } from './sign-in.ts'
import { insertUser, readUser, readUserByEmail } from './store/people.ts'
import * as store from './store/team.ts'
import type { InvitationRow, MemberRow } from './store/team.ts'
import { personOf } from './workspaces.ts'

const INVITATION_DAYS = 7

/** Changes a member's role. Only owners make or demote owners, and the last owner stays one. */
export async function changeRole(
  world: World,
  caller: Caller,
  userId: string,
  role: Role,
): Promise<MemberRow> {
  personOf(caller)
  const changed = await inTransaction(world.db, async (tx) => {
    const member = await lockMember(tx, caller, userId)
    if (member.role === role) return member
    if (!mayGrant(caller.role, role) || !mayGrant(caller.role, member.role)) throw ownersOnly()
    if (member.role === 'owner') await keepAnOwner(tx, caller.teamId)
    await store.saveRole(tx, caller.teamId, userId, role)
    if (!mayGrant(role, role)) await store.revokeInvitationsBy(tx, caller.teamId, userId, world.clock())
    await record(tx, {
      caller,
      action: 'role_changed',
      subject: `user:${userId}`,
      before: { role: member.role },
      after: { role },
      scope: 'team',
    })
    return { ...member, role }
  })
  forget(world.db)
  return changed
}

/** Takes a member out of the team, with the invitations that this person made. The last owner stays. */
export async function removeMember(world: World, caller: Caller, userId: string): Promise<void> {
  personOf(caller)
  await inTransaction(world.db, async (tx) => {
    const member = await lockMember(tx, caller, userId)
    if (!mayGrant(caller.role, member.role)) throw ownersOnly()
    if (member.role === 'owner') await keepAnOwner(tx, caller.teamId)
    await store.deleteMember(tx, caller.teamId, userId)
    await store.revokeInvitationsBy(tx, caller.teamId, userId, world.clock())
    await record(tx, {
      caller,
      action: 'member_removed',
      subject: `user:${userId}`,
      before: { role: member.role },
      scope: 'team',
    })
  })
  forget(world.db)
}

/** Makes an invitation; its token is given this once. */
export async function inviteMember(
  world: World,
  caller: Caller,
  wanted: { role: Role; email?: string | undefined },
): Promise<{ invitation: InvitationRow; token: string }> {
  const invitedById = personOf(caller)
  if (!mayGrant(caller.role, wanted.role)) throw ownersOnly()
  const token = newToken()
  const createdAt = world.clock()
  const expiresAt = new Date(createdAt.getTime() + INVITATION_DAYS * 86_400_000)
  const terms = {
    teamId: caller.teamId,
    role: wanted.role,
    email: wanted.email ?? null,
    createdAt,
    expiresAt,
  }
  const invitation = await inTransaction(world.db, async (tx) => {
    const id = await store.insertInvitation(tx, { ...terms, invitedById }, hashSecret(token))
    await record(tx, {
      caller,
      action: 'invitation_created',
      subject: `invitation:${id}`,
      after: { role: terms.role, email: terms.email, expiresAt },
      scope: 'team',
    })
    return { id, ...terms, invitedBy: (await readUser(tx, invitedById))?.name ?? '' }
  })
  return { invitation, token }
}

/** Takes an invitation back. */
export async function revokeInvitation(world: World, caller: Caller, id: string): Promise<void> {
  personOf(caller)
  await inTransaction(world.db, async (tx) => {
    const revoked = await store.revokeOpenInvitation(tx, caller.teamId, id, world.clock())
    if (!revoked) throw missing('invitation', id)
    await record(tx, {
      caller,
      action: 'invitation_revoked',
      subject: `invitation:${id}`,
      before: revoked,
      scope: 'team',
    })
  })
}

/** What a token invites to; refuses (404) one that is unknown, used, taken back or over. */
export async function findInvitation(
  world: World,
  token: string,
): Promise<InvitationRow & { workspaceName: string }> {
  const found = await store.readInvitation(world.db, hashSecret(token), world.clock())
  if (!found) throw invitationGone()
  return found
}

/** Adds a person to the team of an invitation, which then is used up. */
export async function joinTeam(world: World, token: string, userId: string): Promise<{ teamId: string }> {
  const joined = await inTransaction(world.db, async (tx) => {
    const user = await readUser(tx, userId)
    if (!user) throw invitationGone()
    return useInvitation(tx, world.clock(), token, user)
  })
  forget(world.db)
  return joined
}

/**
 * Creates the account of an invited person and adds it to the team.
 * @returns undefined, and changes nothing, where the address has an account already
 */
export async function joinAsNewcomer(
  world: World,
  token: string,
  account: { email: string; name: string; password: string },
): Promise<{ teamId: string } | undefined> {
  if (await readUserByEmail(world.db, account.email)) return undefined
  checkPassword(account.password)
  const passwordHash = await hashPassword(account.password)
  const joined = await inTransaction(world.db, async (tx) => {
    const user = await insertUser(tx, { email: account.email, name: account.name, passwordHash })
    return user && useInvitation(tx, world.clock(), token, user)
  })
  forget(world.db)
  return joined
}

async function useInvitation(
  tx: Tx,
  now: Date,
  token: string,
  user: { id: string; email: string },
): Promise<{ teamId: string }> {
  const invitation = await store.readInvitation(tx, hashSecret(token), now, true)
  if (!invitation) throw invitationGone()
  if (invitation.email !== null && invitation.email !== user.email) {
    throw new Refusal(
      'invitation_for_another',
      403,
      `This invitation is for another address than ${user.email}. Sign in with the invited one, or ask for a new link.`,
    )
  }
  const { teamId, role } = invitation
  if (!(await store.insertMember(tx, teamId, user.id, role))) {
    throw new Refusal(
      'member_exists',
      409,
      'You are a member of this team already; there is nothing to accept.',
    )
  }
  await store.saveAccepted(tx, invitation.id, user.id, now)
  const actor = `user:${user.id}`
  await record(tx, {
    caller: { actor, teamId, workspaceId: null },
    action: 'invitation_accepted',
    subject: `invitation:${invitation.id}`,
    after: { role },
    scope: 'team',
  })
  return { teamId }
}

async function lockMember(tx: Tx, caller: Caller, userId: string): Promise<MemberRow> {
  await store.lockTeam(tx, caller.teamId)
  const member = await store.readMember(tx, caller.teamId, userId)
  if (!member) throw missing('member', userId)
  return member
}

async function keepAnOwner(tx: Tx, teamId: string): Promise<void> {
  if ((await store.countOwners(tx, teamId)) > 1) return
  throw new Refusal(
    'owner_last',
    409,
    'This is the last owner of the team. Make another member an owner first.',
  )
}

function ownersOnly(): Refusal {
  return new Refusal('owner_required', 403, 'Only an owner may invite, make, demote or remove owners.')
}

function invitationGone(): Refusal {
  return new Refusal(
    'invitation_missing',
    404,
    'This invitation link does not work any more: it was used, taken back or is older than 7 days. Ask for a new one.',
  )
}
