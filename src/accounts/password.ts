// A person's own password: what it must be, checking it before something grave, changing it.
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import type { Caller } from '../platform/server.ts'
import { recordForPerson } from './audit.ts'
import { forget } from './cache.ts'
import { limited } from './sign-in.ts'
import type { World } from './sign-in.ts'
import { queueMail } from './jobs.ts'
import type { Mailing } from './mailing.ts'
import { readPasswordHash, readUser, savePassword } from './store/people.ts'
import { personOf } from './workspaces.ts'

/** Changes the caller's own password; every other session of the person ends, and links to reset it stop working. */
export async function changePassword(
  world: World,
  caller: Caller,
  mailing: Mailing,
  change: { currentPassword: string; newPassword: string; keptSessionId: string },
): Promise<void> {
  const userId = personOf(caller)
  checkPassword(change.newPassword)
  await checkOwnPassword(world, userId, change.currentPassword)
  const passwordHash = await hashPassword(change.newPassword)
  await inTransaction(world.db, async (tx) => {
    await savePassword(tx, userId, passwordHash, change.keptSessionId)
    await recordForPerson(tx, userId, { actor: caller.actor, action: 'password_changed' })
    const user = await readUser(tx, userId)
    if (user && mailing.isSetUp) {
      await queueMail(tx, world.clock(), {
        kind: 'password_changed',
        userId,
        to: user.email,
        facts: { origin: mailing.origin },
      })
    }
  })
  forget(world.db)
}

/** Refuses (403) unless the password is the person's; at most ten wrong ones within a quarter of an hour. */
export async function checkOwnPassword(world: World, userId: string, password: string): Promise<void> {
  const isRight = await limited(world, [{ name: `password of ${userId}`, limit: 10 }], async () => {
    const hash = await readPasswordHash(world.db, userId)
    return hash && (await verifyPassword({ hash, password })) ? true : undefined
  })
  if (!isRight) throw new Refusal('password_wrong', 403, 'The password is wrong.')
}

/** Refuses a password that is too short or too long; the contract says the same to browsers. */
export function checkPassword(password: string): void {
  if (password.length >= 10 && password.length <= 128) return
  throw new Refusal('password_unfit', 400, 'A password has 10 to 128 characters.')
}
