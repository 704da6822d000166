// Endpoints of the first visit, of signing in and out, and of who one is.
import { Refusal } from '../../lib/refusal.ts'
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { checkSetupCode, createOwner, needsOwner } from '../owner.ts'
import { answerWithCode, clientOf, signIn } from '../sign-in.ts'
import { readUser } from '../store/people.ts'
import { membershipsOf } from '../workspaces.ts'
import { browserOf, isAtThisMachine, mailableOrigin, refuseForeignPages, setCookies } from './browser.ts'
import type { Hosting } from './index.ts'
import { presentWorkspace } from './present.ts'

export function peopleRoutes(api: Api, hosting: Hosting): void {
  const { world, sessions } = hosting

  api.on(contract.getSetup, async ({ request }) => {
    const isNeeded = await needsOwner(world)
    return {
      needsOwner: isNeeded,
      needsCode: isNeeded && !isAtThisMachine(request, hosting),
      resetsByMail: hosting.mail !== undefined && mailableOrigin(request, hosting.publicUrl) !== undefined,
    }
  })

  api.on(contract.setUp, async ({ body, request, reply }) => {
    const { code, ...wanted } = body
    if (!isAtThisMachine(request, hosting) && (await needsOwner(world))) {
      await checkSetupCode(world, code, clientOf(request.ip))
    }
    const { owner, live } = await createOwner(world, wanted)
    const session = await signIn(
      world,
      sessions,
      { email: owner.email, password: body.password },
      browserOf(request),
    )
    setCookies(reply, session.cookies)
    return meOf(hosting, owner.id, live.id)
  })

  api.on(contract.signIn, async ({ body, request, reply }) => {
    refuseForeignPages(request, hosting.publicUrl)
    const opened = await signIn(world, sessions, body, browserOf(request))
    setCookies(reply, opened.cookies)
    if (opened.needsCode) return { user: null, needsCode: true }
    return { user: await personNamed(hosting, opened.userId), needsCode: false }
  })

  api.on(contract.answerWithCode, async ({ body, request, reply }) => {
    refuseForeignPages(request, hosting.publicUrl)
    const { userId, cookies } = await answerWithCode(world, sessions, body.code, browserOf(request))
    setCookies(reply, cookies)
    return { user: await personNamed(hosting, userId) }
  })

  api.on(contract.signOut, async ({ request, reply }) => {
    refuseForeignPages(request, hosting.publicUrl)
    setCookies(reply, await sessions.close(browserOf(request)))
    return { signedOut: true as const }
  })

  api.on(contract.getMe, async ({ caller, request, reply }) => {
    const session = await sessions.prolong(browserOf(request))
    if (!session) throw signInAgain()
    setCookies(reply, session.cookies)
    return meOf(hosting, session.userId, caller.workspaceId)
  })
}

/** Who a person is and where this person may go. */
export async function meOf({ world }: Hosting, userId: string, workspaceId: string) {
  const memberships = await membershipsOf(world.db, userId)
  const workspaces = memberships.map((membership) => presentWorkspace(membership, membership.role))
  return { user: await personNamed({ world }, userId), workspaces, workspaceId }
}

/** A person by id, for one who is signed in. */
export async function personNamed({ world }: Pick<Hosting, 'world'>, userId: string): Promise<contract.User> {
  const user = await readUser(world.db, userId)
  if (!user) throw signInAgain()
  return user
}

/** The refusal where a session ended meanwhile. */
export function signInAgain(): Refusal {
  return new Refusal('sign_in_required', 401, 'Your session has ended. Sign in again.')
}
