// Accounts behind a real server over a database of its own, and browsers and programs that call it.
import { serveAccounts } from '../src/accounts/index.ts'
import type { Endpoint, ReplyOf } from '../src/lib/endpoint.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import type { Db } from '../src/platform/postgres.ts'
import { createApi } from '../src/platform/server.ts'
import { setUp } from '../src/accounts/contract.ts'
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

/** Serves accounts over a fresh database. */
export async function deploy(
  options: { trustProxy?: boolean; publicUrl?: string } = {},
): Promise<Deployment> {
  const { databaseUrl } = await freshDatabase()
  const { db, close } = openPostgres(databaseUrl, { max: 5 })
  let now = Date.now()
  const world = { db, clock: () => new Date(now) }
  const accounts = serveAccounts(world, {
    secretKey: Buffer.alloc(32, 7),
    publicUrl: options.publicUrl,
    trustProxy: options.trustProxy ?? false,
  })
  const api = await createApi({
    log: createLog('silent'),
    db,
    trustProxy: options.trustProxy ?? false,
    authorise: accounts.authorise,
  })
  accounts.routes(api)
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
        return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
      }
    },
    program:
      (key) =>
      async (endpoint, asking = {}) => {
        const reply = await call(endpoint, asking, { authorization: `Bearer ${key}` })
        return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
      },
    close: async () => {
      await api.raw.close()
      await close()
    },
  }
}

/** A browser in which the owner has just been created. */
export async function ownerOf(deployment: Deployment): Promise<Ask> {
  const owner = deployment.browser()
  const { status, body } = await owner(setUp, { body: OWNER })
  if (status !== 201) throw new Error(`the owner could not be created: ${body.detail}`)
  return owner
}
