// Endpoints of a person's own account.
import type { FastifyRequest } from 'fastify'
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { describeDevice } from '../device.ts'
import { changeEmail, endOtherSessions, endSession, rename } from '../own-account.ts'
import { changePassword } from '../password.ts'
import { readSessions, readTwoFactor } from '../store/sessions.ts'
import type { SessionRow } from '../store/sessions.ts'
import { confirmTwoFactor, endTwoFactor, renewRecoveryCodes, startTwoFactor } from '../two-factor.ts'
import { personOf } from '../workspaces.ts'
import { browserOf, mailingOf, setCookies } from './browser.ts'
import type { Hosting } from './index.ts'
import { signInAgain } from './people.ts'

export function ownRoutes(api: Api, hosting: Hosting): void {
  const { world, sessions } = hosting

  api.on(contract.changePassword, async ({ body, caller, request }) => {
    const keptSessionId = await sessionIdOf(request)
    await changePassword(world, caller, mailingOf(hosting, request), { ...body, keptSessionId })
    return { changed: true as const }
  })

  api.on(contract.renameMe, ({ body, caller }) => rename(world, caller, body.name))

  api.on(contract.changeEmail, async ({ body, caller, request }) => ({
    status: await changeEmail(world, caller, mailingOf(hosting, request), body),
  }))

  api.on(contract.getSecurity, async ({ caller }) => {
    const { isOn, codesLeft } = await readTwoFactor(world.db, personOf(caller))
    return { twoFactor: isOn, recoveryCodesLeft: codesLeft, isMailSetUp: hosting.mail !== undefined }
  })

  api.on(contract.startTwoFactor, ({ body, caller, request }) =>
    startTwoFactor(world, sessions, caller, body.password, browserOf(request)),
  )

  api.on(contract.confirmTwoFactor, async ({ body, caller, request, reply }) => {
    const mailing = mailingOf(hosting, request)
    setCookies(reply, await confirmTwoFactor(world, sessions, caller, mailing, body.code, browserOf(request)))
    return { twoFactor: true as const }
  })

  api.on(contract.endTwoFactor, async ({ body, caller, request }) => {
    await endTwoFactor(world, caller, mailingOf(hosting, request), body.password)
    return { twoFactor: false as const }
  })

  api.on(contract.renewRecoveryCodes, async ({ body, caller }) => ({
    recoveryCodes: await renewRecoveryCodes(world, sessions, caller, body.password),
  }))

  api.on(contract.listSessions, async ({ caller, request }) => {
    const current = await sessionIdOf(request)
    const found = await readSessions(world.db, personOf(caller), world.clock())
    return { items: found.map((session) => present(session, current)) }
  })

  api.on(contract.endSession, async ({ caller, params }) => {
    await endSession(world, caller, params.id)
    return { ended: true as const }
  })

  api.on(contract.endOtherSessions, async ({ caller, request }) => ({
    ended: await endOtherSessions(world, caller, await sessionIdOf(request)),
  }))

  async function sessionIdOf(request: FastifyRequest): Promise<string> {
    const session = await sessions.read(browserOf(request))
    if (!session) throw signInAgain()
    return session.sessionId
  }

  function present(session: SessionRow, current: string): contract.OwnSession {
    const { id, userAgent, address, createdAt, lastUsedAt } = session
    const { name, isPhone } = describeDevice(userAgent)
    return {
      id,
      device: name,
      isPhone,
      address,
      country: (address && hosting.findCountry?.(address)) || null,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      isCurrent: id === current,
    }
  }
}
