// Everything of accounts that is served over HTTP, and the answer to who is calling.
import type { FastifyRequest } from 'fastify'
import type { Access } from '../../lib/endpoint.ts'
import type { Api, Caller } from '../../platform/server.ts'
import { openSessions } from '../sessions.ts'
import type { Sessions } from '../sessions.ts'
import type { World } from '../sign-in.ts'
import type { MailServer } from '../../platform/mail.ts'
import { authorise } from './authorise.ts'
import { auditRoutes } from './audit.ts'
import { keyRoutes } from './keys.ts'
import { mailRoutes } from './mail.ts'
import { ownRoutes } from './own.ts'
import { peopleRoutes } from './people.ts'
import { resetRoutes } from './resets.ts'
import { teamRoutes } from './team.ts'
import { workspaceRoutes } from './workspaces.ts'

export interface AccountOptions {
  /** the installation's 32-byte key, the same in every process: session cookies are signed under it */
  secretKey: Buffer
  /** `PUBLIC_URL`, where it is set */
  publicUrl: string | undefined
  /** whether proxies stand in front, as `TRUST_PROXY` says */
  trustProxy: boolean
  /** where mail is set up */
  mail?: MailServer | undefined
  /** the country of an address, where a GeoIP file is set */
  findCountry?: ((address: string) => string | null) | null
}

export interface Hosting extends Omit<AccountOptions, 'secretKey'> {
  world: World
  sessions: Sessions
}

export interface Accounts {
  /** what the server asks about each request */
  authorise(request: FastifyRequest, access: Access): Promise<Caller>
  routes(api: Api): void
}

/** Serves accounts over one database. */
export function serveAccounts(world: World, options: AccountOptions): Accounts {
  const { publicUrl, trustProxy } = options
  const sessions = openSessions(world.db, options, world.clock)
  const { mail, findCountry } = options
  const hosting: Hosting = { world, sessions, publicUrl, trustProxy, mail, findCountry }
  return {
    authorise: (request, access) => authorise(world, sessions, publicUrl, request, access),
    routes(api) {
      peopleRoutes(api, hosting)
      workspaceRoutes(api, hosting)
      teamRoutes(api, hosting)
      keyRoutes(api, hosting)
      ownRoutes(api, hosting)
      resetRoutes(api, hosting)
      mailRoutes(api, hosting)
      auditRoutes(api, hosting)
    },
  }
}
