// A person's own account: name, address, and sessions.
import { Refusal, missing } from '../lib/refusal.ts'
import { inTransaction, sqlState } from '../platform/postgres.ts'
import type { Db, Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { recordForPerson } from './audit.ts'
import { forget } from './cache.ts'
import type { User } from './contract.ts'
import { queueMail } from './jobs.ts'
import type { Mailing } from './mailing.ts'
import { checkOwnPassword } from './password.ts'
import { hashSecret } from './secrets.ts'
import { limited } from './sign-in.ts'
import type { World } from './sign-in.ts'
import { endLinks, readLink } from './store/mails.ts'
import { readUser, readUserByEmail, savePerson } from './store/people.ts'
import { deleteSession, deleteSessions } from './store/sessions.ts'
import { personOf } from './workspaces.ts'

/** Changes the caller's name. */
export async function rename(world: World, caller: Caller, name: string): Promise<User> {
  const userId = personOf(caller)
  return inTransaction(world.db, async (tx) => {
    const user = await known(tx, userId)
    if (user.name === name) return user
    await savePerson(tx, userId, { ...user, name })
    const change = { before: { name: user.name }, after: { name } }
    await recordForPerson(tx, userId, { actor: caller.actor, action: 'name_changed', ...change })
    return { ...user, name }
  })
}

/**
 * Changes the address that the caller signs in with: at once, or where mail is set up once the new address has confirmed it.
 * @returns `confirm` where a mail was sent to the new address
 */
export async function changeEmail(
  world: World,
  caller: Caller,
  mailing: Mailing,
  wanted: { email: string; password: string },
): Promise<'changed' | 'confirm'> {
  const userId = personOf(caller)
  await checkOwnPassword(world, userId, wanted.password)
  const user = await known(world.db, userId)
  if (user.email === wanted.email) {
    throw new Refusal('email_same', 400, 'This is your address already. Enter another one.')
  }
  // Each mail goes to whomever it names, and each refusal tells that an address has an account: a person may cause a few.
  const limits = [{ name: `addresses of ${userId}`, limit: 10 }]
  if (mailing.isSetUp) {
    await limited(world, limits, async () => {
      await askNewAddress(world, user, mailing, wanted.email)
      return undefined
    })
    return 'confirm'
  }
  const changed = await limited(world, limits, () => moveTo(world, user, wanted.email, caller.actor, mailing))
  if (!changed) throw emailTaken()
  return 'changed'
}

/** Moves an account to the address that a mailed link confirms; the link is used up. */
export async function confirmEmail(
  world: World,
  mailing: Mailing,
  confirmed: { token: string; client: string },
): Promise<{ email: string }> {
  const limits = [{ name: `links from ${confirmed.client}`, limit: 30 }]
  const tokenHash = hashSecret(confirmed.token)
  const link = await limited(world, limits, () =>
    readLink(world.db, 'email_change', tokenHash, world.clock()),
  )
  if (!link?.email) throw emailLinkGone()
  const user = await known(world.db, link.userId)
  if (!(await moveTo(world, user, link.email, link.madeBy, mailing, tokenHash))) throw emailTaken()
  return { email: link.email }
}

/** Ends one session of the caller's; that one is signed out at its next call. */
export async function endSession(world: World, caller: Caller, id: string): Promise<void> {
  const userId = personOf(caller)
  await inTransaction(world.db, async (tx) => {
    const before = await deleteSession(tx, userId, id)
    if (!before) throw missing('session', id)
    await recordForPerson(tx, userId, { actor: caller.actor, action: 'session_ended', before })
  })
  forget(world.db)
}

/** Ends every session of the caller's but one. @returns how many */
export async function endOtherSessions(world: World, caller: Caller, keptId: string): Promise<number> {
  const userId = personOf(caller)
  const ended = await inTransaction(world.db, async (tx) => {
    const count = await deleteSessions(tx, userId, keptId)
    if (count > 0) {
      await recordForPerson(tx, userId, {
        actor: caller.actor,
        action: 'sessions_ended',
        after: { count },
      })
    }
    return count
  })
  forget(world.db)
  return ended
}

// Whether the address has an account shows in the mail alone, which its owner reads.
async function askNewAddress(world: World, user: User, mailing: Mailing, email: string): Promise<void> {
  await inTransaction(world.db, async (tx) => {
    const isTaken = (await readUserByEmail(tx, email)) !== undefined
    await queueMail(tx, world.clock(), {
      kind: isTaken ? 'email_taken' : 'email_change',
      userId: user.id,
      to: email,
      facts: { origin: mailing.origin, by: user.name },
    })
  })
}

// Undefined where the address has an account already. A link that confirms it is locked, so that it works once.
async function moveTo(
  world: World,
  user: User,
  email: string,
  actor: string,
  mailing: Mailing,
  tokenHash?: Buffer,
): Promise<true | undefined> {
  try {
    const isMoved = await inTransaction(world.db, async (tx) => {
      if (tokenHash && !(await readLink(tx, 'email_change', tokenHash, world.clock(), true)))
        throw emailLinkGone()
      if (!(await savePerson(tx, user.id, { ...user, email }))) return false
      // A link that went to the old address must not open the account any more.
      await endLinks(tx, user.id)
      const change = { before: { email: user.email }, after: { email } }
      await recordForPerson(tx, user.id, { actor, action: 'email_changed', ...change })
      if (mailing.isSetUp) {
        const facts = { origin: mailing.origin, newEmail: email }
        await queueMail(tx, world.clock(), { kind: 'email_changed', userId: user.id, to: user.email, facts })
      }
      return true
    })
    return isMoved || undefined
  } catch (error) {
    if (sqlState(error) === '23505') return undefined
    throw error
  }
}

async function known(db: Db | Tx, userId: string): Promise<User> {
  const user = await readUser(db, userId)
  if (!user) throw missing('user', userId)
  return user
}

function emailLinkGone(): Refusal {
  return new Refusal(
    'email_link_missing',
    404,
    'This link does not work any more: it was used, is older than a day, or your password changed since. Change the address again in your account.',
  )
}

function emailTaken(): Refusal {
  return new Refusal('email_taken', 409, 'This address belongs to another account. Use another one.')
}
