// The first visit: who may create the owner, and the owner with the first workspace.
import { hashPassword } from 'better-auth/crypto'
import { Refusal } from '../lib/refusal.ts'
import { inTransaction } from '../platform/postgres.ts'
import { forget } from './cache.ts'
import type { User } from './contract.ts'
import { checkPassword } from './password.ts'
import { hashSecret, newTypedCode, readTypedCode } from './secrets.ts'
import { limited } from './sign-in.ts'
import type { World } from './sign-in.ts'
import * as store from './store/people.ts'
import { lockCreation } from './store/workspaces.ts'
import { openTeam } from './workspaces.ts'
import type { NewWorkspace, OpenedTeam } from './workspaces.ts'

/** Whether nobody has an account yet. */
export async function needsOwner(world: Pick<World, 'db'>): Promise<boolean> {
  return !(await store.hasUsers(world.db))
}

/** Makes a code to print at start, with which another machine may create the owner; undefined once there is one. */
export async function offerSetupCode(world: World): Promise<string | undefined> {
  if (!(await needsOwner(world))) return undefined
  const code = newTypedCode()
  await store.insertSetupCode(world.db, hashSecret(code), world.clock())
  return code
}

/** Refuses a code that was not printed at start, and too many tries from one client. */
export async function checkSetupCode(world: World, typed: string | undefined, client: string): Promise<void> {
  if (typed === undefined || typed === '') {
    throw new Refusal(
      'setup_code_required',
      403,
      'Enter the setup code that the server printed when it started, or open this page on the same machine.',
    )
  }
  const accepted = await limited(world, [{ name: `setup from ${client}`, limit: 10 }], async () =>
    (await store.isSetupCode(world.db, hashSecret(readTypedCode(typed)))) ? true : undefined,
  )
  if (accepted) return
  throw new Refusal(
    'setup_code_wrong',
    403,
    'This is not the setup code. The server printed it when it started.',
  )
}

export interface NewOwner extends NewWorkspace {
  email: string
  /** of the person; the workspace's is `workspaceName` */
  name: string
  password: string
  workspaceName: string
}

/** Creates the owner, the team, its live workspace and test twin; refused (409) once anybody has an account. */
export async function createOwner(world: World, wanted: NewOwner): Promise<OpenedTeam & { owner: User }> {
  checkPassword(wanted.password)
  const passwordHash = await hashPassword(wanted.password)
  const created = await inTransaction(world.db, async (tx) => {
    await lockCreation(tx)
    if (await store.hasUsers(tx)) throw ownerExists()
    const owner = await store.insertUser(tx, {
      email: wanted.email.toLowerCase(),
      name: wanted.name,
      passwordHash,
    })
    if (!owner) throw ownerExists()
    await store.deleteSetupCodes(tx)
    const team = await openTeam(tx, world.clock(), owner.id, `user:${owner.id}`, {
      name: wanted.workspaceName,
      timeZone: wanted.timeZone,
      currency: wanted.currency,
    })
    return { ...team, owner }
  })
  forget(world.db)
  return created
}

function ownerExists(): Refusal {
  return new Refusal(
    'owner_exists',
    409,
    'There is an owner already. Sign in, or ask a member of the team for an invitation.',
  )
}
