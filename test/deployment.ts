// The whole product in this process, on databases of its own: the API on a free port, the worker beside it.
import { request } from 'undici'
import { setUp } from '../src/accounts/contract.ts'
import type { WriteKey } from '../src/accounts/contract.ts'
import { createApp } from '../src/app.ts'
import type { App } from '../src/app.ts'
import { turnInboxDays } from '../src/ingest/index.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres, rows, sql } from '../src/platform/postgres.ts'
import type { Postgres } from '../src/platform/postgres.ts'
import type { Services } from '../src/platform/services.ts'
import { readSettings } from '../src/platform/settings.ts'
import type { Settings } from '../src/platform/settings.ts'
import { KEEP } from '../src/tasks.ts'
import { startWorker } from '../src/worker.ts'
import type { Worker } from '../src/worker.ts'
import { OWNER } from './accounts.ts'
import { drained } from './promises.ts'
import { freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

export interface Served {
  /** `http://127.0.0.1:<port>` */
  url: string
  app: App
  services: Services
  postgres: Postgres
  stores: TestStores
  workspaceId: string
  /** the write key of a browser, which may not merge known leads */
  writeKey: string
  /** the owner's session, for the header `cookie` */
  cookie: string
  /** what the process logged as an error: a guarantee that holds only by luck would show here */
  errors: string[]
  /** posts a tracking call; text goes out as it is */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** calls the JSON API as the owner */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  /** settles when everything that came in is decided and in the log */
  settled(): Promise<void>
  /** what became of the messages, in order of arrival */
  inbox(): Promise<InboxLine[]>
  stop(): Promise<void>
}

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Record<string, unknown>
}

export interface InboxLine {
  messageId: string
  status: number
  reason: string | null
  leadId: string | null
  trace: string | null
  payload: string
}

/**
 * Serves everything on a fresh pair of databases, or on the given one.
 * @param options.worker false leaves what arrives waiting
 * @param options.settings instead of those of an empty environment
 */
export async function serve(
  options: { worker?: boolean; stores?: TestStores; bodySeconds?: number; settings?: Partial<Settings> } = {},
): Promise<Served> {
  const stores = options.stores ?? (await freshDatabase())
  const postgres = openPostgres(stores.databaseUrl, { max: 8 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const errors: string[] = []
  const services: Services = {
    db: postgres.db,
    clickhouse,
    clock: () => new Date(),
    settings: {
      ...readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl }),
      ...options.settings,
    },
    secretKey: Buffer.alloc(32, 7),
    log: createLog('error', { write: (line) => void errors.push(line) }),
  }
  await turnInboxDays(services.db, services.clock(), KEEP)
  const app = await createApp(services, {
    secretKey: Buffer.alloc(32, 7),
    findCountry: null,
    requestsPerMinute: 1_000_000,
    bodySeconds: options.bodySeconds,
  })
  const url = await app.api.raw.listen({ port: 0, host: '127.0.0.1' })
  let worker: Worker | undefined
  if (options.worker !== false) worker = await startWorker(services, postgres.pool, stores.databaseUrl)
  const owner = await signUp(url)
  const call: Served['call'] = (method, path, body, headers = {}) =>
    ask(url + path, method, body, { cookie: owner.cookie, 'sec-fetch-site': 'same-origin', ...headers })
  const keys = (await call('GET', '/api/write-keys')).body.items as WriteKey[]
  return {
    url,
    app,
    services,
    postgres,
    stores,
    workspaceId: owner.workspaceId,
    writeKey: keys[0]!.key,
    cookie: owner.cookie,
    errors,
    post: (path, body, headers = {}) =>
      ask(url + path, 'POST', body, { authorization: basic(keys[0]!.key), ...headers }),
    call,
    settled: () => drained(services.db),
    inbox: () =>
      rows<InboxLine>(
        services.db,
        sql`select message_id as "messageId", status, reason, lead_id as "leadId", trace, payload from inbox order by id`,
      ),
    async stop() {
      await worker?.stop()
      await app.api.raw.close()
      await app.door.idle()
      await Promise.all([postgres.close(), clickhouse.close()])
    },
  }
}

/** The credentials of a write key as tracking calls carry them. */
export function basic(writeKey: string): string {
  return `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
}

/** One HTTP exchange; a body that is no text or buffer goes out as JSON. */
export async function ask(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const isRaw = typeof body === 'string' || body instanceof Buffer
  const reply = await request(url, {
    method: method as 'GET',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : isRaw ? body : JSON.stringify(body),
  })
  const text = await reply.body.text()
  return { status: reply.statusCode, headers: reply.headers, text, body: readJson(text) }
}

/** Creates the owner of a fresh installation over HTTP. */
export async function signUp(url: string): Promise<{ cookie: string; workspaceId: string }> {
  const reply = await ask(`${url}${setUp.path}`, 'POST', OWNER)
  if (reply.status !== 201) throw new Error(`the owner could not be created: ${reply.text}`)
  const lines = [reply.headers['set-cookie'] ?? []].flat()
  return {
    cookie: lines.map((line) => line.split(';')[0]).join('; '),
    workspaceId: String(reply.body.workspaceId),
  }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
