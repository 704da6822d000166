// Conversions sent by a program that is killed again and again, to vendors that fail three times of ten: none is counted twice.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../sandbox/server.ts'
import type { Sandbox } from '../sandbox/server.ts'
import { conversionShippers } from '../src/activation/conversions/index.ts'
import { sendDue, settleAbandoned } from '../src/deliveries/index.ts'
import { rows, run, sql } from '../src/platform/postgres.ts'
import type { Services } from '../src/platform/services.ts'
import { ask, serve } from './deployment.ts'
import type { Served } from './deployment.ts'
import { root } from './sources.ts'

/** More is asked for by `KILL_CONVERSIONS`, for a long run by hand. */
const CONVERSIONS = Number(process.env.KILL_CONVERSIONS ?? 1_000)
const KILLS = 5

const SETTINGS = {
  meta: { datasetId: '2000000000000001', accessToken: 'EAASANDBOXDATASET0000000000000001' },
  ga4: { measurementId: 'G-SANDBOX001', apiSecret: 'sandbox-ga4-secret' },
  gtm: { serverUrl: 'https://tags.shop.example' },
}

let sandbox: Sandbox
let served: Served
let workspaceId: string
const connections = new Map<string, string>()

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  served = await serve({ worker: false, settings: { sandboxUrl: sandbox.url } })
  const me = await served.call('GET', '/api/me')
  const twin = (me.body.workspaces as { id: string; mode: string; slug: string }[]).find(
    ({ mode }) => mode === 'test',
  )!
  workspaceId = twin.id
  for (const [connector, settings] of Object.entries(SETTINGS)) {
    const made = await served.call(
      'POST',
      '/api/connections',
      { connector, settings },
      { 'x-workspace': twin.slug },
    )
    connections.set(connector, (made.body.connection as { id: string }).id)
  }
  await fill()
})
afterAll(async () => {
  await served.stop()
  await sandbox.close()
})

// People whose silence is a yes, an order each, to every vendor.
async function fill(): Promise<void> {
  const { db } = served.services
  await run(
    db,
    sql`insert into leads (id, workspace_id, is_known, email, country, source, created_at, updated_at)
        select gen_random_uuid(), ${workspaceId}, true, 'buyer' || n || '@shop.example', 'US', 'manual', now(), now()
        from generate_series(1, ${CONVERSIONS}) n`,
  )
  for (const id of connections.values()) {
    await run(
      db,
      sql`insert into deliveries (id, workspace_id, connection_id, kind, key, lead_id, event, occurred_at, item, next_at,
            waiting_since, created_at)
          select gen_random_uuid(), ${workspaceId}, ${id}::uuid, 'conversion', 'order:' || l.email, l.id, 'order_completed', now(),
            jsonb_build_object('event', jsonb_build_object('eventId', l.email, 'name', 'order_completed', 'occurredAt',
              to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'pageUrl', '', 'pageTitle', '', 'referrer', '',
              'sessionId', '', 'valueMinor', 3100, 'currency', 'EUR', 'properties', jsonb_build_object('order_id', split_part(l.email, '@', 1)))),
            now(), now(), now()
          from leads l where l.workspace_id = ${workspaceId}`,
    )
  }
}

async function control(method: string, path: string, body?: unknown) {
  return (await ask(`${sandbox.url}/control${path}`, method, body)).body
}

async function sendUntilKilled(afterMs: number): Promise<void> {
  const program = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(root, 'test', 'sending-program.ts'),
      served.stores.databaseUrl,
      served.stores.clickhouseUrl,
      sandbox.url,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => program.once('exit', resolve))
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      void rows(served.services.db, sql`select 1 from deliveries where status = 'sending' limit 1`).then(
        (found) => {
          if (found.length === 0 && program.exitCode === null) return
          clearInterval(look)
          resolve()
        },
      )
    }, 20)
  })
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  program.kill('SIGKILL')
  await ended
}

async function left(): Promise<number> {
  const [found] = await rows<{ count: number }>(
    served.services.db,
    sql`select count(*)::int as count from deliveries where status in ('waiting', 'sending')`,
  )
  return found!.count
}

test(`${KILLS} kills in the middle of ${CONVERSIONS} conversions to each vendor: exactly once where a repeat is honoured, at most once elsewhere`, async () => {
  const { db } = served.services
  for (const kind of ['too_many', 'server_error', 'lost_answer', 'dropped'])
    await control('POST', '/faults', { vendor: '*', kind, percent: 8, retryAfterS: 1 })
  for (let kill = 0; kill < KILLS && (await left()) > 0; kill++) {
    await sendUntilKilled(40 + ((kill * 83) % 200))
    // What it held is given up as if the time of its claim had passed.
    await run(
      db,
      sql`update deliveries set claimed_until = now() - interval '1 second' where status = 'sending'`,
    )
    await run(db, sql`update deliveries set next_at = now() where status = 'waiting'`)
    await run(db, sql`update connections set paused_until = null`)
  }
  const services: Services = served.services
  await settleAbandoned(services, conversionShippers)
  while ((await left()) > 0) {
    await run(db, sql`update deliveries set next_at = now() where status = 'waiting'`)
    await run(db, sql`update connections set paused_until = null`)
    for (const id of connections.values()) await sendDue(services, conversionShippers, workspaceId, id)
  }

  const outcome = async (connector: string) => {
    const counted = await rows<{ status: string; count: number }>(
      db,
      sql`select status, count(*)::int as count from deliveries where connection_id = ${connections.get(connector)} group by 1`,
    )
    const by = new Map(counted.map(({ status, count }) => [status, count]))
    return {
      sent: by.get('sent') ?? 0,
      unknown: by.get('unknown') ?? 0,
      all: [...by.values()].reduce((a, b) => a + b, 0),
    }
  }
  expect(await outcome('meta')).toEqual({ sent: CONVERSIONS, unknown: 0, all: CONVERSIONS })
  expect(await outcome('ga4')).toEqual({ sent: CONVERSIONS, unknown: 0, all: CONVERSIONS })
  const container = await outcome('gtm')
  expect(container.sent + container.unknown).toBe(CONVERSIONS)

  const meta = (await control('GET', '/books/meta?keys=true')) as {
    keys: unknown[]
    events: Record<string, { counted: number }>
  }
  expect(meta.keys).toHaveLength(CONVERSIONS)
  expect(meta.events[SETTINGS.meta.datasetId]!.counted).toBe(CONVERSIONS)
  const ga4 = (await control('GET', '/books/ga4?keys=true')) as {
    purchases: unknown[]
    streams: Record<string, { purchases: number }>
  }
  expect(ga4.purchases).toHaveLength(CONVERSIONS)
  expect(ga4.streams[SETTINGS.ga4.measurementId]!.purchases).toBe(CONVERSIONS)
  const gtm = (await control('GET', '/books/gtm?keys=true')) as { conversions: { times: number }[] }
  expect(gtm.conversions.filter(({ times }) => times > 1)).toEqual([])
  expect(gtm.conversions.length).toBeGreaterThanOrEqual(container.sent)
}, 600_000)
