// Endpoints for those who lost their password, or confirm a new address: nobody is signed in.
import { Refusal } from '../../lib/refusal.ts'
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { confirmEmail } from '../own-account.ts'
import { findReset, requestReset, resetPassword } from '../resets.ts'
import { clientOf } from '../sign-in.ts'
import { mailableOrigin, mailingOf, refuseForeignPages } from './browser.ts'
import type { Hosting } from './index.ts'

export function resetRoutes(api: Api, hosting: Hosting): void {
  const { world, publicUrl } = hosting

  api.on(contract.requestReset, async ({ body, request }) => {
    refuseForeignPages(request, publicUrl)
    const origin = mailableOrigin(request, publicUrl)
    if (!hosting.mail || !origin) {
      throw new Refusal(
        'mail_missing',
        409,
        hosting.mail
          ? 'Links cannot be mailed before PUBLIC_URL is set. Ask an admin of your workspace for a link instead.'
          : 'This installation sends no mail. Ask an admin of your workspace for a link to set a new password.',
      )
    }
    await requestReset(world, { email: body.email, origin, client: clientOf(request.ip) })
    return { requested: true as const }
  })

  api.on(contract.getReset, async ({ body, request }) => {
    const { email, name } = await findReset(world, body.token, clientOf(request.ip))
    return { email, name }
  })

  api.on(contract.resetPassword, async ({ body, request }) => {
    refuseForeignPages(request, publicUrl)
    await resetPassword(world, mailingOf(hosting, request), { ...body, client: clientOf(request.ip) })
    return { reset: true as const }
  })

  api.on(contract.confirmEmail, ({ body, request }) => {
    refuseForeignPages(request, publicUrl)
    return confirmEmail(world, mailingOf(hosting, request), {
      token: body.token,
      client: clientOf(request.ip),
    })
  })
}
