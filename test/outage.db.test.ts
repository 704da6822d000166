// While a store is away: what can be done is done, the rest is refused in words, and all of it mends by itself.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { rows, sql } from '../src/platform/postgres.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'
import { openGate } from './gate.ts'
import type { Gate } from './gate.ts'
import { holdings } from './promises.ts'
import { freshDatabase } from './stores.ts'

let postgres: Gate
let clickhouse: Gate
let served: Served
let acknowledged: string[] = []

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = await openGate(stores.databaseUrl)
  clickhouse = await openGate(stores.clickhouseUrl)
  served = await serve({ stores: { databaseUrl: postgres.url, clickhouseUrl: clickhouse.url } })
})
afterAll(async () => {
  await served.stop()
  await Promise.all([postgres.close(), clickhouse.close()])
})
beforeEach(async () => {
  await Promise.all([postgres.open(), clickhouse.open()])
})

async function send(id: string): Promise<number> {
  const reply = await served.post('/v1/identify', {
    userId: 'u1',
    messageId: id,
    traits: { email: 'u1@shop.example' },
  })
  if (reply.status === 200) acknowledged.push(id)
  return reply.status
}

async function expectOnce(): Promise<void> {
  await served.settled()
  const { services, workspaceId } = served
  expect(await holdings(services.db, services.clickhouse, workspaceId, acknowledged)).toEqual({
    lost: [],
    doubled: [],
    strays: 0,
    events: acknowledged.length,
    rolledUp: acknowledged.length,
  })
}

const ready = () => served.call('GET', '/readyz')

test.each(['shut', 'mute'] as const)(
  'with ClickHouse away (%s) calls are taken and decided, what reads the log says 503, and all arrives when it is back',
  async (how) => {
    expect(await send(`${how}-1`)).toBe(200)
    await expectOnce()
    expect((await ready()).body).toMatchObject({ status: 'ready', log: { openBatches: 0, lagSeconds: 0 } })
    const [lead] = await rows<{ id: string }>(served.services.db, sql`select id from leads limit 1`)
    const timeline = () => served.call('GET', `/api/leads/${lead!.id}/timeline`)
    expect((await timeline()).status).toBe(200)

    await clickhouse[how]()
    for (let n = 2; n < 6; n++) expect(await send(`${how}-${n}`)).toBe(200)
    await expect
      .poll(async () => (await ready()).body, { timeout: 20_000 })
      .toMatchObject({ status: 'degraded', postgres: 'up', clickhouse: 'down', inbox: { waiting: 0 } })
    const degraded = await ready()
    expect(degraded.status).toBe(200)
    expect(degraded.body.log).toMatchObject({ openBatches: expect.any(Number) as number })
    expect((degraded.body.log as { lagSeconds: number }).lagSeconds).toBeGreaterThan(0)
    if (how === 'shut') {
      const refused = await timeline()
      expect([refused.status, refused.body.code]).toEqual([503, 'log_unreachable'])
      expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    }
    // The lead itself is decided on PostgreSQL alone.
    expect((await served.call('GET', `/api/leads/${lead!.id}`)).status).toBe(200)

    await clickhouse.open()
    await expectOnce()
    expect((await timeline()).status).toBe(200)
    expect((await ready()).body).toMatchObject({ status: 'ready' })
  },
)

test('with PostgreSQL away every call says 503 and when to come back, and all goes on when it is back', async () => {
  expect(await send('pg-1')).toBe(200)
  await postgres.shut()
  const away = await served.post('/v1/track', { userId: 'u1', event: 'X', messageId: 'pg-2' })
  for (const reply of [
    away,
    await served.call('GET', '/api/leads'),
    await served.call('GET', '/api/write-keys'),
  ]) {
    expect([reply.status, reply.body.code]).toEqual([503, 'store_unreachable'])
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
  }
  const down = await ready()
  expect([down.status, down.body]).toEqual([
    503,
    expect.objectContaining({ status: 'unavailable', postgres: 'down' }),
  ])
  expect((await served.call('GET', '/healthz')).status).toBe(200)

  await postgres.open()
  await expect.poll(() => send('pg-2'), { timeout: 20_000 }).toBe(200)
  await expectOnce()
  expect((await served.call('GET', '/api/leads')).status).toBe(200)
})

test('what is more than can wait is refused with 429 and when to come back, and nothing refused is kept', async () => {
  expect(await send('full-0')).toBe(200)
  postgres.mute()
  const batches = Array.from({ length: 12 }, (_, b) =>
    Array.from({ length: 2000 }, (_, n) => ({ type: 'page', userId: 'u1', messageId: `full-${b}-${n}` })),
  )
  const sendBatch = (batch: (typeof batches)[number]) => served.post('/v1/batch', { batch })
  const replies = await Promise.all(batches.map(sendBatch))
  const codes = replies.map((reply) => String(reply.body.code)).sort()
  expect(new Set(codes)).toEqual(new Set(['inbox_full', 'store_unreachable']))
  for (const reply of replies) {
    expect(reply.status).toBe(reply.body.code === 'inbox_full' ? 429 : 503)
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
  }
  await postgres.open()
  await expect.poll(() => send('full-1'), { timeout: 20_000 }).toBe(200)
  await expectOnce()
  const again = await Promise.all(batches.slice(0, 2).map(sendBatch))
  expect(again.map((reply) => reply.status)).toEqual([200, 200])
  acknowledged.push(
    ...batches
      .slice(0, 2)
      .flat()
      .map((message) => message.messageId),
  )
  await expectOnce()
})

test('connections to PostgreSQL that break again and again lose nothing and double nothing', async () => {
  for (let round = 0; round < 6; round++) {
    const sending = Array.from({ length: 20 }, async (_, n) => {
      const id = `cut-${round}-${n}`
      // As the SDKs do: the same message with the same id, until it is acknowledged.
      while ((await send(id)) !== 200) await new Promise((resolve) => setTimeout(resolve, 50))
    })
    await new Promise((resolve) => setTimeout(resolve, 20 * round))
    await postgres.shut()
    await postgres.open()
    await Promise.all(sending)
  }
  acknowledged = [...new Set(acknowledged)]
  await expectOnce()
})
