// The demo on real stores: through the inbox into the twin and nowhere else, out of it to the last row, and in again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { createOwner } from '../accounts/index.ts'
import { openDoor, turnInboxDays } from '../ingest/index.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import { createLog } from '../platform/log.ts'
import { firstRow, inTransaction, openPostgres, rows, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { readSettings } from '../platform/settings.ts'
import { startWorker } from '../worker.ts'
import type { Worker } from '../worker.ts'
import { beginReset, beginSeed, demoCalls, demoOf, resetDemo, runReset, runSeed, seedDemo } from './index.ts'
import { dataTables } from '../emptying/store.ts'

const wish = { seed: 4, leads: 40, days: 30, events: 1600, endOn: '2025-06-30' }
let postgres: Postgres
let services: Services
let worker: Worker
let live: string
let twin: string

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl)
  const settings = readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl })
  const clock = () => new Date()
  services = {
    db: postgres.db,
    clickhouse: openClickHouse(stores.clickhouseUrl),
    clock,
    settings,
    secretKey: Buffer.alloc(32, 7),
    log: createLog('silent'),
  }
  await turnInboxDays(postgres.db, clock(), { payloadDays: 14, keyDays: 30 })
  const opened = await createOwner(services, {
    email: 'olive@shop.example',
    password: 'correct horse battery',
    name: 'Olive',
    workspaceName: 'Shop',
    timeZone: 'Europe/Berlin',
  })
  live = opened.live.id
  twin = opened.test.id
  worker = await startWorker(services, postgres.pool, stores.databaseUrl)
})

afterAll(async () => {
  await worker.stop()
  await services.clickhouse.close()
  await postgres.close()
})

const everyCall = [...demoCalls(wish)]

test('a seed asked from the live workspace fills its twin with every call, once, and the live one with nothing', async () => {
  const said: number[] = []
  const demo = await seedDemo(services, live, wish, (job) => said.push(job.done))
  expect(demo).toMatchObject({
    workspaceId: twin,
    seeded: wish,
    job: { kind: 'seed', state: 'done', done: everyCall.length },
  })
  expect(said.at(-1)).toBe(everyCall.length)
  expect(demo.counts.orders).toBe(everyCall.filter((call) => call.message.event === 'Order Completed').length)
  expect(Math.abs(demo.counts.leads / wish.leads - 1)).toBeLessThan(0.15)
  expect(await logged(twin)).toBe(everyCall.length)
  expect(await logged(live)).toBe(0)
  expect(await inTable('leads', live)).toBe(0)
  expect(await troubled(twin)).toEqual([])
})

test('what is learned of nights is learned after a seed, and the days that led there are worked out', async () => {
  const read = async () => ({
    models: await inTable('journey_models', twin),
    trainings: await inTable('predictive_models', twin),
    runs: await inTable('attribution_runs', twin),
    days: await ask<{ kind: string }>(
      services.clickhouse,
      'select distinct kind from score_days where workspace_id = {twin:UUID} order by kind',
      { twin },
    ),
  })
  await expect.poll(read, { timeout: 40_000, interval: 250 }).toEqual({
    models: 1,
    trainings: 1,
    runs: 2,
    days: [{ kind: 'counted' }, { kind: 'recomputed' }],
  })
}, 60_000)

test('refunds find their orders, and who subscribes has consented', async () => {
  const refunds = everyCall.filter((call) => call.message.event === 'Order Refunded').length
  const found = await firstRow<{ refunded: number; granted: number }>(
    postgres.db,
    sql`select (select count(*)::int from orders where workspace_id = ${twin} and refunded_minor > 0) as refunded,
               (select count(*)::int from consents where workspace_id = ${twin} and purpose = 'email_marketing' and state = 'granted') as granted`,
  )
  expect(found?.refunded).toBe(refunds)
  expect(found?.granted).toBeGreaterThan(0)
})

test('a twin that holds a demo is not filled again before it is reset', async () => {
  await expect(seedDemo(services, twin, wish)).rejects.toMatchObject({ code: 'demo_seeded', status: 409 })
})

test('a reset empties the twin in both stores, leaves the live workspace alone, and lets the same seed in again', async () => {
  await openDoor(postgres.db).accept([
    {
      id: newId(),
      receivedAt: new Date(),
      workspaceId: live,
      lane: 'live',
      connection: 'tracking',
      source: 'http',
      messageId: 'real-1',
      sender: 'real',
      origin: {},
      text: JSON.stringify({
        type: 'identify',
        messageId: 'real-1',
        userId: 'real',
        traits: { email: 'ada@shop.example' },
      }),
    },
  ])
  await expect.poll(() => logged(live), { timeout: 20_000 }).toBe(1)

  const demo = await resetDemo(services, live)
  expect(demo).toMatchObject({
    seeded: null,
    counts: { leads: 0, orders: 0 },
    job: { kind: 'reset', state: 'done' },
  })
  for (const table of await dataTables(postgres.db))
    expect(`${table} ${await inTable(table, twin)}`).toBe(`${table} 0`)
  for (const table of ['events', 'event_quarters']) {
    expect(
      await ask(services.clickhouse, `select name from ${table} where workspace_id = {workspace:UUID}`, {
        workspace: twin,
      }),
    ).toEqual([])
  }
  expect(await logged(live)).toBe(1)
  expect(await unsummed(live)).toBe(0)
  expect(await inTable('leads', live)).toBe(1)

  await seedDemo(services, live, wish)
  expect(await logged(twin)).toBe(everyCall.length)
  expect(await unsummed(twin)).toBe(0)
})

test('a reset while messages still wait to be decided lets none of them come back', async () => {
  await resetDemo(services, live)
  const seeding = await inTransaction(postgres.db, (tx) => beginSeed(tx, new Date(), live, wish))
  const run = runSeed(services, seeding.twinId, seeding.runId)
  await expect.poll(() => inTable('inbox', twin), { timeout: 20_000, interval: 10 }).toBeGreaterThan(0)
  // As after a minute of silence: the seed is held for dead.
  const later = new Date(Date.now() + 120_000)
  const resetting = await inTransaction(postgres.db, (tx) => beginReset(tx, later, live))
  await runReset(services, resetting.twinId, resetting.runId)
  await run
  if ((await inTable('inbox', twin)) > 0) await resetDemo(services, live)
  expect(await inTable('leads', twin)).toBe(0)
  expect(await logged(twin)).toBe(0)
})

test('work in progress keeps other work out', async () => {
  await inTransaction(postgres.db, (tx) => beginSeed(tx, new Date(), live, wish))
  await expect(resetDemo(services, live)).rejects.toMatchObject({ code: 'demo_busy' })
  await expect(seedDemo(services, live, wish)).rejects.toMatchObject({ code: 'demo_busy' })
  expect((await demoOf(postgres.db, live)).job).toMatchObject({ kind: 'seed', state: 'running' })
})

async function inTable(table: string, workspaceId: string): Promise<number> {
  const found = await firstRow<{ count: number }>(
    postgres.db,
    sql`select count(*)::int as count from ${sql.table(table)} where workspace_id = ${workspaceId}`,
  )
  return found?.count ?? -1
}

async function troubled(workspaceId: string): Promise<unknown[]> {
  return rows(
    postgres.db,
    sql`select status, reason, trace, payload from inbox where workspace_id = ${workspaceId} and status <> 1 limit 3`,
  )
}

async function openRest(): Promise<number> {
  const found = await firstRow<{ count: number }>(
    postgres.db,
    sql`select count(*)::int as count from batches where closed_at is null`,
  )
  return found?.count ?? -1
}

// What was sent, apart from what the product itself logs about it (leads created, consents changed).
async function logged(workspaceId: string): Promise<number> {
  await expect.poll(openRest, { timeout: 20_000 }).toBe(0)
  return count("select countIf(call != 'system') as count from events", workspaceId)
}

// Events of the log that the roll-up does not hold, or holds too many of.
async function unsummed(workspaceId: string): Promise<number> {
  const all = await count('select count() as count from events', workspaceId)
  return all - (await count('select sum(events) as count from event_quarters', workspaceId))
}

async function count(select: string, workspaceId: string): Promise<number> {
  const query = `${select} where workspace_id = {workspace:UUID}`
  const [row] = await ask<{ count: number }>(services.clickhouse, query, { workspace: workspaceId })
  return Number(row?.count ?? -1)
}
