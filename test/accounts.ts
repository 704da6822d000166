// Accounts behind a real server over a database of its own, and browsers and programs that call it.
import { accountTasks, serveAccounts } from '../src/accounts/index.ts'
import type { Endpoint, ReplyOf } from '../src/lib/endpoint.ts'
import { workJobs } from '../src/platform/jobs.ts'
import type { JobRunner } from '../src/platform/jobs.ts'
import { createLog } from '../src/platform/log.ts'
import { mailServer } from '../src/platform/mail.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import type { Db } from '../src/platform/postgres.ts'
import { createApi } from '../src/platform/server.ts'
import { readSettings } from '../src/platform/settings.ts'
import { acceptInvitation, inviteMember, setUp } from '../src/accounts/contract.ts'
import type { Role } from '../src/accounts/contract.ts'
import { freshDatabase } from './stores.ts'

export interface Answer<R> {
  status: number
  headers: Record<string, unknown>
  body: R & { code?: string; detail?: string }
}

export interface Asking {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  headers?: Record<string, string>
  /** the address that the call comes from; this machine's unless told */
  from?: string
}

export type Ask = <E extends Endpoint>(endpoint: E, asking?: Asking) => Promise<Answer<ReplyOf<E>>>

export interface Deployment {
  db: Db
  world: { db: Db; clock: () => Date }
  /** moves the clock that the product reads */
  wait(ms: number): void
  /** a browser: it keeps cookies, and says that its own pages ask */
  browser(): Ask
  /** a program with an API key */
  program(key: string): Ask
  close(): Promise<void>
}

export const OWNER = {
  email: 'olive@shop.example',
  password: 'correct horse battery',
  name: 'Olive',
  workspaceName: 'Shop',
  timeZone: 'Europe/Berlin',
}

/** Serves accounts over a fresh database, with a worker for their jobs. */
export async function deploy(
  options: {
    trustProxy?: boolean
    publicUrl?: string
    /** an SMTP server; without one no mail is set up */
    smtpUrl?: string
    /** false leaves jobs waiting */
    jobs?: boolean
    findCountry?: (address: string) => string | null
  } = {},
): Promise<Deployment> {
  const { databaseUrl } = await freshDatabase()
  const { db, pool, close } = openPostgres(databaseUrl, { max: 5 })
  let now = Date.now()
  const world = { db, clock: () => new Date(now) }
  const settings = readSettings(
    options.smtpUrl ? { SMTP_URL: options.smtpUrl, MAIL_FROM: 'Shop <hello@shop.example>' } : {},
  )
  const accounts = serveAccounts(world, {
    secretKey: Buffer.alloc(32, 7),
    publicUrl: options.publicUrl,
    trustProxy: options.trustProxy ?? false,
    mail: mailServer(settings),
    findCountry: options.findCountry,
  })
  const api = await createApi({
    log: createLog('silent'),
    db,
    trustProxy: options.trustProxy ?? false,
    authorise: accounts.authorise,
  })
  accounts.routes(api)
  let jobs: JobRunner | undefined
  if (options.smtpUrl && options.jobs !== false) {
    jobs = await workJobs(pool, db, createLog('silent'), accountTasks({ ...world, settings }), [])
  }
  const call = async (endpoint: Endpoint, asking: Asking, headers: Record<string, string>) => {
    const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(asking.params?.[name] ?? ''),
    )
    return api.raw.inject({
      method: endpoint.method,
      url: path,
      headers: { host: 'localhost:3000', ...headers, ...asking.headers },
      ...(asking.query ? { query: asking.query } : {}),
      ...(asking.body === undefined ? {} : { payload: asking.body as Record<string, unknown> }),
      ...(asking.from ? { remoteAddress: asking.from } : {}),
    })
  }
  return {
    db,
    world,
    wait: (ms) => {
      now += ms
    },
    browser() {
      const cookies = new Map<string, string>()
      return async (endpoint, asking = {}) => {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const reply = await call(endpoint, asking, {
          'sec-fetch-site': 'same-origin',
          ...(cookie ? { cookie } : {}),
        })
        for (const { name, value, maxAge } of reply.cookies) {
          if (maxAge === 0) cookies.delete(name)
          else cookies.set(name, encodeURIComponent(value))
        }
        return { status: reply.statusCode, headers: reply.headers, body: bodyOf(reply.body) }
      }
    },
    program:
      (key) =>
      async (endpoint, asking = {}) => {
        const reply = await call(endpoint, asking, { authorization: `Bearer ${key}` })
        return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
      },
    close: async () => {
      await jobs?.stop()
      await api.raw.close()
      await close()
    },
  }
}

// What is no JSON (an export) is handed over as text.
function bodyOf(text: string) {
  try {
    return JSON.parse(text) as never
  } catch {
    return text as never
  }
}

/** Lets somebody join the workspace of `owner` by an invitation. */
export async function join(
  deployment: Deployment,
  owner: Ask,
  name: string,
  role: Role,
): Promise<{ ask: Ask; userId: string; email: string }> {
  const { body } = await owner(inviteMember, { body: { role } })
  const ask = deployment.browser()
  const account = { email: `${name.toLowerCase()}@shop.example`, name, password: OWNER.password }
  const joined = await ask(acceptInvitation, { body: { token: body.link.split('#')[1], account } })
  if (joined.status !== 200) throw new Error(`${name} could not join: ${joined.body.detail}`)
  return { ask, userId: joined.body.user.id, email: account.email }
}

/** A browser in which the owner has just been created. */
export async function ownerOf(deployment: Deployment): Promise<Ask> {
  const owner = deployment.browser()
  const { status, body } = await owner(setUp, { body: OWNER })
  if (status !== 201) throw new Error(`the owner could not be created: ${body.detail}`)
  return owner
}
