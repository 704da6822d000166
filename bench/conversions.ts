// Conversions delivered to the vendors that the sandbox plays, on the same cores: from the moment they may leave until the last has its answer.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { firstRow, run, sql } from '../src/platform/postgres.ts'
import type { Product } from './product.ts'

/** A vendor with what the sandbox takes as its settings. */
const VENDORS = {
  meta: { datasetId: '2000000000000001', accessToken: 'EAASANDBOXDATASET0000000000000001' },
  ga4: { measurementId: 'G-SANDBOX001', apiSecret: 'sandbox-ga4-secret' },
  gtm: { serverUrl: 'https://tags.shop.example' },
}
export type Vendor = keyof typeof VENDORS

const TWIN = 'bench-test'
const GIVE_UP_MS = 300_000

export interface RunningSandbox {
  url: string
  stop(): Promise<void>
}

/** The built sandbox, as a program of its own. */
export async function startSandbox(): Promise<RunningSandbox> {
  const child = spawn(process.execPath, [join(process.cwd(), 'dist', 'sandbox.js')], {
    env: { ...process.env, SANDBOX_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString()
      const match = /ready on (http:\/\/\S+)/.exec(text)
      if (match) resolve(match[1]!)
    })
    void ended.then(() => reject(new Error(`the sandbox ended: ${text}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** As many orders, each of a person of their own, to one vendor. @returns how many arrive in a second */
export async function deliver(product: Product, vendor: Vendor, count: number): Promise<number> {
  const { db } = product.postgres
  const made = await product.call(
    'POST',
    '/api/connections',
    { connector: vendor, settings: VENDORS[vendor] },
    TWIN,
  )
  const { id: connectionId, status } = (made.body as { connection: { id: string; status: string } })
    .connection
  if (status !== 'connected')
    throw new Error(`${vendor} could not be connected: ${JSON.stringify(made.body)}`)
  const connection = await firstRow<{ workspaceId: string }>(
    db,
    sql`select workspace_id as "workspaceId" from connections where id = ${connectionId}`,
  )
  const { workspaceId } = connection!
  await run(
    db,
    sql`with people as (
          insert into leads (id, workspace_id, is_known, email, country, source, created_at, updated_at)
          select gen_random_uuid(), ${workspaceId}, true, 'buyer' || n || ${`@${vendor}.example`}, 'US', 'bench', now(), now()
          from generate_series(1, ${count}) n
          returning id, email)
        insert into deliveries (id, workspace_id, connection_id, kind, key, lead_id, event, occurred_at, item, next_at, waiting_since, created_at)
        select gen_random_uuid(), ${workspaceId}, ${connectionId}, 'conversion', 'order:' || email, id, 'order_completed', now(),
          jsonb_build_object('event', jsonb_build_object('eventId', email, 'name', 'order_completed', 'occurredAt',
            to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'pageUrl', '', 'pageTitle', '', 'referrer', '',
            'sessionId', '', 'valueMinor', 3100, 'currency', 'EUR', 'properties', jsonb_build_object('order_id', email))),
          now(), now(), now()
        from people`,
  )
  await run(db, sql`analyze deliveries`)
  const startedAt = performance.now()
  const payload = JSON.stringify({ workspaceId, connectionId })
  await run(
    db,
    sql`select graphile_worker.add_job('deliveries.send', ${payload}::json, job_key := ${`deliveries.send:${connectionId}`},
          queue_name := ${`deliveries.send:${connectionId}`})`,
  )
  for (;;) {
    const left = await firstRow<{ left: number; sent: number }>(
      db,
      sql`select count(*) filter (where status in ('waiting', 'sending'))::int as left, count(*) filter (where status = 'sent')::int as sent
          from deliveries where workspace_id = ${workspaceId} and connection_id = ${connectionId}`,
    )
    const ms = performance.now() - startedAt
    if (left!.left === 0) {
      if (left!.sent < count) throw new Error(`${vendor} took ${left!.sent} of ${count}`)
      return count / (ms / 1000)
    }
    if (ms > GIVE_UP_MS) throw new Error(`${vendor} has ${left!.left} of ${count} to take after ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
