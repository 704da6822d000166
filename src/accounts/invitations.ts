// Invitations: links that let one person join a team, and joining by them.
import { hashPassword } from 'better-auth/crypto'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { record } from './audit.ts'
import { forget } from './cache.ts'
import { mayGrant } from './contract.ts'
import type { Role } from './contract.ts'
import { queueMail } from './jobs.ts'
import type { Mailing } from './mailing.ts'
import { checkPassword } from './password.ts'
import { hashSecret, newToken } from './secrets.ts'
import type { World } from './sign-in.ts'
import { insertUser, readUser, readUserByEmail } from './store/people.ts'
import * as store from './store/team.ts'
import type { InvitationRow } from './store/team.ts'
import { readWorkspace } from './store/workspaces.ts'
import { ownersOnly } from './team.ts'
import { personOf } from './workspaces.ts'

const INVITATION_DAYS = 7

/** Makes an invitation; its token is given this once. Where mail is set up and an address is named, it is mailed, too. */
export async function inviteMember(
  world: World,
  caller: Caller,
  mailing: Mailing,
  wanted: { role: Role; email?: string | undefined },
): Promise<{ invitation: InvitationRow; token: string; isMailed: boolean }> {
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
  const isMailed = mailing.isSetUp && terms.email !== null
  const invitation = await inTransaction(world.db, async (tx) => {
    const invitedBy = (await readUser(tx, invitedById))?.name ?? ''
    const id = await store.insertInvitation(tx, { ...terms, invitedById }, hashSecret(token))
    await record(tx, {
      caller,
      action: 'invitation_created',
      subject: `invitation:${id}`,
      after: { role: terms.role, email: terms.email, expiresAt },
      scope: 'team',
    })
    if (isMailed && terms.email !== null) {
      const workspaceName = (await readWorkspace(tx, caller.workspaceId))?.name ?? ''
      await queueMail(tx, createdAt, {
        kind: 'invitation',
        teamId: caller.teamId,
        to: terms.email,
        facts: { origin: mailing.origin, by: invitedBy, workspaceName, role: terms.role, invitationId: id },
      })
    }
    return { id, ...terms, invitedBy }
  })
  return { invitation, token, isMailed }
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

function invitationGone(): Refusal {
  return new Refusal(
    'invitation_missing',
    404,
    'This invitation link does not work any more: it was used, taken back or is older than 7 days. Ask for a new one.',
  )
}
