// New passwords for those who lost theirs: by mail, by a link that an admin passes on, or by the command line.
import { hashPassword } from 'better-auth/crypto'
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { recordForPerson } from './audit.ts'
import { forget } from './cache.ts'
import { mayGrant } from './contract.ts'
import type { User } from './contract.ts'
import { queueMail, queueResetRequest } from './jobs.ts'
import { LINK_HOURS, makeLink } from './links.ts'
import type { Mailing } from './mailing.ts'
import { checkPassword } from './password.ts'
import { hashSecret } from './secrets.ts'
import { accountLimits, limited } from './sign-in.ts'
import type { World } from './sign-in.ts'
import { readLink } from './store/mails.ts'
import type { AccountLink } from './store/mails.ts'
import { forgetTries, readUser, readUserByEmail, savePassword } from './store/people.ts'
import { readMember, readTeamsOf } from './store/team.ts'
import { personOf } from './workspaces.ts'

/** Requests within a quarter of an hour, whether the address has an account or not. */
const REQUESTS = { address: 5, client: 20 } as const
/** Links that one client may try within a quarter of an hour. */
const LINK_TRIES = 30

/**
 * Mails a link to an address, where it has an account; the answer and its time are the same where it has none.
 * @param origin of the app, for the link; never what a stranger's request says
 */
export async function requestReset(
  world: World,
  asked: { email: string; origin: string; client: string },
): Promise<void> {
  const limits = [
    { name: `reset of ${asked.email}`, limit: REQUESTS.address },
    { name: `reset from ${asked.client}`, limit: REQUESTS.client },
  ]
  await limited(world, limits, async () => {
    await queueResetRequest(world.db, asked.email, asked.origin)
    return undefined
  })
}

/** Makes a link with which a member sets a new password; given this once, for the admin to pass on. */
export async function makeResetLink(
  world: World,
  caller: Caller,
  mailing: Mailing,
  userId: string,
): Promise<{ token: string; expiresAt: Date; email: string }> {
  const by = personOf(caller)
  const made = await inTransaction(world.db, async (tx) => {
    const member = await memberInReach(tx, caller, userId)
    const link = await makeShownLink(tx, world.clock(), userId, caller.actor)
    if (mailing.isSetUp) {
      const name = (await readUser(tx, by))?.name
      await queueMail(tx, world.clock(), {
        kind: 'reset_link_made',
        userId,
        to: member.email,
        facts: { origin: mailing.origin, ...(name ? { by: name } : {}) },
      })
    }
    return { ...link, email: member.email }
  })
  return made
}

/** The same for whoever runs the installation; refuses (404) an address without an account. */
export async function makeResetLinkFor(
  world: World,
  email: string,
): Promise<{ token: string; expiresAt: Date; email: string }> {
  const user = await accountOf(world.db, email)
  const link = await inTransaction(world.db, (tx) => makeShownLink(tx, world.clock(), user.id, 'cli'))
  return { ...link, email: user.email }
}

/** Whose password a link sets; refuses (404) one that is unknown, used or over. */
export async function findReset(world: World, token: string, client: string): Promise<User> {
  const user = await limited(world, [{ name: `links from ${client}`, limit: LINK_TRIES }], async () => {
    const link = await readWorkingLink(world.db, token, world.clock())
    return link && (await readUser(world.db, link.userId))
  })
  if (!user) throw linkGone()
  return user
}

/** Sets a password by a link, which then is used up; every session of the person ends. */
export async function resetPassword(
  world: World,
  mailing: Mailing,
  wanted: { token: string; password: string; client: string },
): Promise<void> {
  const user = await findReset(world, wanted.token, wanted.client)
  checkPassword(wanted.password)
  const passwordHash = await hashPassword(wanted.password)
  await inTransaction(world.db, async (tx) => {
    const link = await readWorkingLink(tx, wanted.token, world.clock(), true)
    if (!link) throw linkGone()
    await replacePassword(tx, world.clock(), user, passwordHash, {
      actor: `user:${user.id}`,
      madeBy: link.madeBy,
      mailing,
      client: wanted.client,
    })
  })
  forget(world.db)
}

/** Sets a password for whoever runs the installation; every session of the person ends. */
export async function setPassword(world: World, email: string, password: string): Promise<User> {
  const user = await accountOf(world.db, email)
  checkPassword(password)
  const passwordHash = await hashPassword(password)
  await inTransaction(world.db, (tx) =>
    replacePassword(tx, world.clock(), user, passwordHash, { actor: 'cli', madeBy: 'cli' }),
  )
  forget(world.db)
  return user
}

/**
 * A member whose account the caller may open: one whose role the caller may grant in every team that the member belongs to,
 * so that nobody reaches another team, or an owner, through a colleague's account. Not the caller's own, which takes the
 * password.
 */
export async function memberInReach(tx: Tx, caller: Caller, userId: string): Promise<User> {
  const member = await readMember(tx, caller.teamId, userId)
  if (!member) throw missing('member', userId)
  const by = personOf(caller)
  if (by === userId) {
    throw new Refusal(
      'member_self',
      403,
      'This is your own account. Change its password and two-factor under Settings, Account.',
    )
  }
  if (await isInReach(tx, by, userId)) return { id: userId, email: member.email, name: member.name }
  throw new Refusal(
    'member_beyond',
    403,
    `${member.name} is an owner, or belongs to a workspace that you do not manage, so you cannot open this account. Ask whoever runs the installation: throughline user.`,
  )
}

/** The person behind an address; refuses (404) where there is none. */
export async function accountOf(db: Db, email: string): Promise<User> {
  const user = await readUserByEmail(db, email.trim().toLowerCase())
  if (user) return user
  throw new Refusal('user_missing', 404, `Nobody has an account with the address ${email}.`)
}

async function isInReach(db: Db, byId: string, userId: string): Promise<boolean> {
  const own = new Map((await readTeamsOf(db, byId)).map(({ teamId, role }) => [teamId, role]))
  const theirs = await readTeamsOf(db, userId)
  return (
    theirs.length > 0 &&
    theirs.every(({ teamId, role }) => {
      const mine = own.get(teamId)
      return mine !== undefined && mayGrant(mine, role)
    })
  )
}

// A link that a colleague made works while this colleague may still open the account: either may have changed teams or roles.
async function readWorkingLink(
  db: Db,
  token: string,
  now: Date,
  lock = false,
): Promise<AccountLink | undefined> {
  const link = await readLink(db, 'password_reset', hashSecret(token), now, lock)
  if (!link?.madeBy.startsWith('user:') || link.madeBy === `user:${link.userId}`) return link
  return (await isInReach(db, link.madeBy.slice(5), link.userId)) ? link : undefined
}

async function makeShownLink(
  tx: Tx,
  now: Date,
  userId: string,
  madeBy: string,
): Promise<{ token: string; expiresAt: Date }> {
  const token = await makeLink(tx, { userId, email: null, madeBy }, now, LINK_HOURS.shownReset)
  await recordForPerson(tx, userId, { actor: madeBy, action: 'reset_link_made' })
  return { token, expiresAt: new Date(now.getTime() + LINK_HOURS.shownReset * 3_600_000) }
}

async function replacePassword(
  tx: Tx,
  now: Date,
  user: User,
  passwordHash: string,
  how: { actor: string; madeBy: string; mailing?: Mailing; client?: string },
): Promise<void> {
  await savePassword(tx, user.id, passwordHash, undefined)
  // Whoever forgot it has tried in vain before.
  const names = accountLimits(user.email, how.client ?? '').map(({ name }) => name)
  await forgetTries(tx, names.map(hashSecret))
  await recordForPerson(tx, user.id, {
    actor: how.actor,
    action: 'password_reset',
    after: { linkMadeBy: how.madeBy },
  })
  if (how.mailing?.isSetUp) {
    const facts = { origin: how.mailing.origin }
    await queueMail(tx, now, { kind: 'password_changed', userId: user.id, to: user.email, facts })
  }
}

function linkGone(): Refusal {
  return new Refusal(
    'reset_link_missing',
    404,
    'This link does not work any more: it was used, or is too old. Ask for a new one on the sign-in page.',
  )
}
