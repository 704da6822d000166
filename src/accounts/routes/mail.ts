// Endpoints of system mail.
import { inTransaction } from '../../platform/postgres.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Api } from '../../platform/server.ts'
import * as contract from '../contract.ts'
import { queueMail } from '../jobs.ts'
import { readMails } from '../store/mails.ts'
import { personOf } from '../workspaces.ts'
import { mailableOrigin, mailingOf } from './browser.ts'
import type { Hosting } from './index.ts'
import { personNamed } from './people.ts'
import { presentMail } from './present.ts'

const SHOWN = 50

export function mailRoutes(api: Api, hosting: Hosting): void {
  const { world, mail, publicUrl } = hosting

  api.on(contract.getMail, async ({ caller, request }) => {
    const mails = await readMails(world.db, caller.teamId, SHOWN)
    return {
      isSetUp: mail !== undefined,
      server: mail?.server ?? null,
      from: mail?.from ?? null,
      resetsByMail: mail !== undefined && mailableOrigin(request, publicUrl) !== undefined,
      items: mails.map(presentMail),
    }
  })

  api.on(contract.sendTestMail, async ({ caller, request }) => {
    const { origin, isSetUp } = mailingOf(hosting, request)
    if (!isSetUp) {
      throw new Refusal('mail_missing', 409, 'Set SMTP_URL and MAIL_FROM and start again, then try this.')
    }
    const user = await personNamed(hosting, personOf(caller))
    const id = await inTransaction(world.db, (tx) =>
      queueMail(tx, world.clock(), {
        kind: 'test',
        teamId: caller.teamId,
        to: user.email,
        facts: { origin, by: user.name },
      }),
    )
    return { id, to: user.email }
  })
}
