// Two-factor of an account: turned on with an authenticator, off by its owner, or by an admin for who lost the phone.
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Tx } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { recordForPerson } from './audit.ts'
import { forget } from './cache.ts'
import type { MailKind, User } from './contract.ts'
import { queueMail } from './jobs.ts'
import type { Mailing } from './mailing.ts'
import { checkOwnPassword } from './password.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import { accountOf, memberInReach } from './resets.ts'
import type { BrowserHeaders, Sessions } from './sessions.ts'
import { TRIES, limited, onlyOnce } from './sign-in.ts'
import type { World } from './sign-in.ts'
import { readUser } from './store/people.ts'
import { deleteTwoFactor, readTwoFactor, saveRecoveryCodes } from './store/sessions.ts'
import { personOf } from './workspaces.ts'

/** Makes a secret for the caller's authenticator and recovery codes, given this once; both count from `confirmTwoFactor` on. */
export async function startTwoFactor(
  world: World,
  sessions: Sessions,
  caller: Caller,
  password: string,
  from: BrowserHeaders,
): Promise<{ uri: string; secret: string; recoveryCodes: string[] }> {
  const userId = personOf(caller)
  await checkOwnPassword(world, userId, password)
  if ((await readTwoFactor(world.db, userId)).isOn) throw alreadyOn()
  const { uri, recoveryCodes } = await sessions.startTwoFactor(password, from)
  return { uri, secret: new URL(uri).searchParams.get('secret') ?? '', recoveryCodes }
}

/** Turns two-factor on, where the code is what the authenticator shows. @returns `Set-Cookie` values */
export async function confirmTwoFactor(
  world: World,
  sessions: Sessions,
  caller: Caller,
  mailing: Mailing,
  typed: string,
  from: BrowserHeaders,
): Promise<string[]> {
  const userId = personOf(caller)
  if ((await readTwoFactor(world.db, userId)).isOn) throw alreadyOn()
  const code = typed.replaceAll(/\s/g, '')
  const confirmed = await limited(world, [{ name: `code of ${userId}`, limit: TRIES.code }], async () => {
    const given = await onlyOnce(
      world,
      userId,
      code,
      async () => (await sessions.confirmTwoFactor(code, from)) ?? 'wrong',
    )
    return given === 'wrong' ? undefined : given
  })
  if (!confirmed) {
    throw new Refusal(
      'code_wrong',
      403,
      'This code is wrong. Enter the one that your app shows now; if it never fits, check the clock of your phone.',
    )
  }
  await inTransaction(world.db, (tx) => note(tx, world, userId, caller.actor, 'two_factor_on', mailing))
  return confirmed.cookies
}

/** Turns the caller's own two-factor off. */
export async function endTwoFactor(
  world: World,
  caller: Caller,
  mailing: Mailing,
  password: string,
): Promise<void> {
  const userId = personOf(caller)
  await checkOwnPassword(world, userId, password)
  await inTransaction(world.db, (tx) => turnOff(tx, world, userId, caller.actor, mailing))
  forget(world.db)
}

/** Turns two-factor off for a member whose account the caller may open. */
export async function endTwoFactorOf(
  world: World,
  caller: Caller,
  mailing: Mailing,
  userId: string,
): Promise<void> {
  await inTransaction(world.db, async (tx) => {
    await memberInReach(tx, caller, userId)
    await turnOff(tx, world, userId, caller.actor, mailing)
  })
  forget(world.db)
}

/** The same for whoever runs the installation. */
export async function endTwoFactorFor(world: World, email: string): Promise<User> {
  const user = await accountOf(world.db, email)
  await inTransaction(world.db, (tx) => turnOff(tx, world, user.id, 'cli', undefined))
  forget(world.db)
  return user
}

/** Other recovery codes in the place of those that were, given this once. */
export async function renewRecoveryCodes(
  world: World,
  sessions: Sessions,
  caller: Caller,
  password: string,
): Promise<string[]> {
  const userId = personOf(caller)
  await checkOwnPassword(world, userId, password)
  const codes = newRecoveryCodes()
  await inTransaction(world.db, async (tx) => {
    if (!(await saveRecoveryCodes(tx, userId, codes.map(sessions.hashCode)))) throw notOn()
    await recordForPerson(tx, userId, { actor: caller.actor, action: 'recovery_codes_renewed' })
  })
  return codes
}

async function turnOff(
  tx: Tx,
  world: World,
  userId: string,
  actor: string,
  mailing: Mailing | undefined,
): Promise<void> {
  if (!(await deleteTwoFactor(tx, userId))) throw notOn()
  await note(tx, world, userId, actor, 'two_factor_off', mailing)
}

async function note(
  tx: Tx,
  world: World,
  userId: string,
  actor: string,
  kind: MailKind & `two_factor_${string}`,
  mailing: Mailing | undefined,
): Promise<void> {
  await recordForPerson(tx, userId, {
    actor,
    action: kind === 'two_factor_on' ? 'two_factor_turned_on' : 'two_factor_turned_off',
  })
  const user = await readUser(tx, userId)
  if (!mailing?.isSetUp || !user) return
  const by = actor.startsWith('user:') ? await readUser(tx, actor.slice(5)) : undefined
  await queueMail(tx, world.clock(), {
    kind,
    userId,
    to: user.email,
    facts: { origin: mailing.origin, ...(by ? { by: by.name } : {}) },
  })
}

function alreadyOn(): Refusal {
  return new Refusal(
    'two_factor_on',
    409,
    'Two-factor is on already. Turn it off first to use another authenticator.',
  )
}

function notOn(): Refusal {
  return new Refusal('two_factor_off', 409, 'Two-factor is not on for this account.')
}
