// Endpoints of members and invitations.
import { Refusal } from '../../lib/refusal.ts'
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { signIn } from '../sign-in.ts'
import { readUser } from '../store/people.ts'
import { readInvitations, readMembers } from '../store/team.ts'
import { findInvitation, inviteMember, joinAsNewcomer, joinTeam, revokeInvitation } from '../invitations.ts'
import { linkTo } from '../links.ts'
import { makeResetLink } from '../resets.ts'
import { changeRole, handOver, leaveTeam, removeMember } from '../team.ts'
import { endTwoFactorOf } from '../two-factor.ts'
import { membershipsOf } from '../workspaces.ts'
import { browserOf, mailingOf, refuseForeignPages, setCookies } from './browser.ts'
import type { Hosting } from './index.ts'
import { meOf } from './people.ts'
import { presentInvitation, presentMember } from './present.ts'

export function teamRoutes(api: Api, hosting: Hosting): void {
  const { world, sessions } = hosting

  api.on(contract.listMembers, async ({ caller }) => {
    const members = await readMembers(world.db, caller.teamId)
    return { items: members.map(presentMember) }
  })

  api.on(contract.changeRole, async ({ caller, params, body }) =>
    presentMember(await changeRole(world, caller, params.userId, body.role)),
  )

  api.on(contract.removeMember, async ({ caller, params }) => {
    await removeMember(world, caller, params.userId)
    return { removed: true as const }
  })

  api.on(contract.leaveTeam, async ({ caller }) => {
    await leaveTeam(world, caller)
    return { left: true as const }
  })

  api.on(contract.handOver, async ({ caller, params, body }) =>
    presentMember(await handOver(world, caller, params.userId, body.password)),
  )

  api.on(contract.makeResetLink, async ({ caller, params, request }) => {
    const mailing = mailingOf(hosting, request)
    const { token, email, expiresAt } = await makeResetLink(world, caller, mailing, params.userId)
    return { link: linkTo.reset(mailing.origin, token), email, expiresAt: expiresAt.toISOString() }
  })

  api.on(contract.endTwoFactorOf, async ({ caller, params, request }) => {
    await endTwoFactorOf(world, caller, mailingOf(hosting, request), params.userId)
    return { twoFactor: false as const }
  })

  api.on(contract.listInvitations, async ({ caller }) => {
    const invitations = await readInvitations(world.db, caller.teamId, world.clock())
    return { items: invitations.map(presentInvitation) }
  })

  api.on(contract.inviteMember, async ({ caller, body, request }) => {
    const mailing = mailingOf(hosting, request)
    const { invitation, token, isMailed } = await inviteMember(world, caller, mailing, body)
    const link = linkTo.invitation(mailing.origin, token)
    return { invitation: presentInvitation(invitation), link, isMailed }
  })

  api.on(contract.revokeInvitation, async ({ caller, params }) => {
    await revokeInvitation(world, caller, params.id)
    return { revoked: true as const }
  })

  api.on(contract.getInvitation, async ({ body, request }) => {
    const { workspaceName, role, email, invitedBy, expiresAt } = await findInvitation(world, body.token)
    const session = await sessions.read(browserOf(request))
    const user = session && (await readUser(world.db, session.userId))
    return {
      workspaceName,
      role,
      email,
      invitedBy,
      expiresAt: expiresAt.toISOString(),
      signedInAs: user?.email ?? null,
    }
  })

  api.on(contract.acceptInvitation, async ({ body, request, reply }) => {
    refuseForeignPages(request, hosting.publicUrl)
    const { token, account } = body
    const session = await sessions.read(browserOf(request))
    if (session) return meIn(session.userId, await joinTeam(world, token, session.userId))
    if (!account) {
      throw new Refusal(
        'account_missing',
        400,
        'Sign in first, or send an account with e-mail, name and password.',
      )
    }
    await findInvitation(world, token)
    const joined = await joinAsNewcomer(world, token, account)
    const opened = await signIn(world, sessions, account, browserOf(request))
    if (opened.needsCode) {
      throw new Refusal(
        'code_required',
        403,
        'Your account asks for a code when you sign in. Sign in first, then open this link again.',
      )
    }
    const team = joined ?? (await joinTeam(world, token, opened.userId))
    setCookies(reply, opened.cookies)
    return meIn(opened.userId, team)
  })

  async function meIn(userId: string, { teamId }: { teamId: string }) {
    const memberships = await membershipsOf(world.db, userId)
    const live = memberships.find((membership) => membership.teamId === teamId && membership.mode === 'live')
    return meOf(hosting, userId, live?.id ?? '')
  }
}
