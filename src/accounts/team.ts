// Members: their roles, who goes, who owns, and that an owner always stays.
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { record } from './audit.ts'
import { forget } from './cache.ts'
import { mayGrant, roles } from './contract.ts'
import type { Role } from './contract.ts'
import { checkOwnPassword } from './password.ts'
import type { World } from './sign-in.ts'
import * as store from './store/team.ts'
import type { MemberRow } from './store/team.ts'
import { personOf } from './workspaces.ts'

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
    await revokeBeyond(tx, world, caller.teamId, userId, role)
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
    await store.revokeInvitationsBy(tx, caller.teamId, userId, roles, world.clock())
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

/** Takes the caller out of the team. The last owner stays. */
export async function leaveTeam(world: World, caller: Caller): Promise<void> {
  const userId = personOf(caller)
  await inTransaction(world.db, async (tx) => {
    const member = await lockMember(tx, caller, userId)
    if (member.role === 'owner') await keepAnOwner(tx, caller.teamId)
    await store.deleteMember(tx, caller.teamId, userId)
    await store.revokeInvitationsBy(tx, caller.teamId, userId, roles, world.clock())
    await record(tx, {
      caller,
      action: 'member_left',
      subject: `user:${userId}`,
      before: { role: member.role },
      scope: 'team',
    })
  })
  forget(world.db)
}

/** Makes another member an owner and the caller, until then an owner, an admin: both or neither. */
export async function handOver(
  world: World,
  caller: Caller,
  userId: string,
  password: string,
): Promise<MemberRow> {
  const from = personOf(caller)
  if (userId === from) {
    throw new Refusal('member_same', 400, 'You own this workspace already. Choose another member.')
  }
  await checkOwnPassword(world, from, password)
  const heir = await inTransaction(world.db, async (tx) => {
    const member = await lockMember(tx, caller, userId)
    const giver = await lockMember(tx, caller, from)
    if (giver.role !== 'owner') throw ownersOnly()
    await store.saveRole(tx, caller.teamId, userId, 'owner')
    await store.saveRole(tx, caller.teamId, from, 'admin')
    await revokeBeyond(tx, world, caller.teamId, from, 'admin')
    await record(tx, {
      caller,
      action: 'ownership_handed_over',
      subject: `user:${userId}`,
      before: { [from]: 'owner', [userId]: member.role },
      after: { [from]: 'admin', [userId]: 'owner' },
      scope: 'team',
    })
    return { ...member, role: 'owner' as const }
  })
  forget(world.db)
  return heir
}

async function lockMember(tx: Tx, caller: Caller, userId: string): Promise<MemberRow> {
  await store.lockTeam(tx, caller.teamId)
  const member = await store.readMember(tx, caller.teamId, userId)
  if (!member) throw missing('member', userId)
  return member
}

// Nobody comes back to a role, or lets others into one, by a link made while still allowed to.
async function revokeBeyond(tx: Tx, world: World, teamId: string, userId: string, role: Role): Promise<void> {
  const beyond = roles.filter((invited) => !mayGrant(role, invited))
  await store.revokeInvitationsBy(tx, teamId, userId, beyond, world.clock())
}

async function keepAnOwner(tx: Tx, teamId: string): Promise<void> {
  if ((await store.countOwners(tx, teamId)) > 1) return
  throw new Refusal(
    'owner_last',
    409,
    'This is the last owner of the team. Make another member an owner first.',
  )
}

/** The refusal where only an owner may. */
export function ownersOnly(): Refusal {
  return new Refusal('owner_required', 403, 'Only an owner may invite, make, demote or remove owners.')
}
