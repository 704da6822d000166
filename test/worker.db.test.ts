// What the worker promises: each message logged once and in its sender's order, and one that fails is parked alone.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inbound } from '../src/flow.ts'
import { logEvents, systemEvent } from '../src/events/index.ts'
import { SHARDS, TakenTwice, takeWaiting } from '../src/ingest/index.ts'
import type { Arrival } from '../src/ingest/contract.ts'
import { newId } from '../src/lib/ids.ts'
import { decideMessages } from '../src/pipeline.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { openPostgres, rows, run, sql } from '../src/platform/postgres.ts'
import type { Postgres } from '../src/platform/postgres.ts'
import { startWorker } from '../src/worker.ts'
import type { Worker } from '../src/worker.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'
import { holdings } from './promises.ts'

let served: Served
let workers: { worker: Worker; postgres: Postgres }[] = []

beforeEach(async () => {
  served = await serve({ worker: false })
})
afterEach(async () => {
  for (const { worker, postgres } of workers) {
    await worker.stop()
    await postgres.close()
  }
  workers = []
  await served.stop()
})

async function startOne(): Promise<void> {
  const postgres = openPostgres(served.stores.databaseUrl, { max: 5 })
  const services = { ...served.services, db: postgres.db }
  workers.push({ worker: await startWorker(services, postgres.pool, served.stores.databaseUrl), postgres })
}

/** Sends `events` track calls of `senders` people, each person's in order; the ids of what was acknowledged. */
async function send(events: number, senders: number): Promise<string[]> {
  const messages = Array.from({ length: events }, (_, n) => ({
    type: 'identify',
    anonymousId: `sender-${n % senders}`,
    messageId: `m-${n}`,
    // All at one instant, so that only the order of their decision says which word is the last.
    timestamp: '2026-01-01T00:00:00.000Z',
    traits: { step: n },
  }))
  for (let i = 0; i < messages.length; i += 100) {
    expect((await served.post('/v1/batch', { batch: messages.slice(i, i + 100) })).status).toBe(200)
  }
  return messages.map((message) => message.messageId)
}

async function held(): Promise<number[]> {
  const found = await rows<{ shards: number }>(
    served.services.db,
    sql`select count(*)::int as shards from pg_locks where locktype = 'advisory' and classid = 7302 and granted
          and database = (select oid from pg_database where datname = current_database()) group by pid order by 1`,
  )
  return found.map((row) => row.shards)
}

const take = (limit = 2000): Promise<Arrival[]> =>
  takeWaiting(
    served.services.db,
    'live',
    Array.from({ length: SHARDS }, (_, shard) => shard),
    limit,
  )

async function expectOnce(acknowledged: string[], more = 0): Promise<void> {
  await served.settled()
  const { services, workspaceId } = served
  expect(await holdings(services.db, services.clickhouse, workspaceId, acknowledged)).toEqual({
    lost: [],
    doubled: [],
    strays: 0,
    events: acknowledged.length + more,
    rolledUp: acknowledged.length + more,
  })
}

test('a message on which a step fails is parked alone, and lives once the cause is gone and it is replayed', async () => {
  const acknowledged = await send(60, 20)
  const poisoned = inbound.then({
    name: 'fail',
    each: (item) => {
      if (item.event.properties.step === 37) throw new Error('the step cannot read 37')
      return item
    },
  })
  await decideMessages(served.services, await take(), poisoned)
  const parked = (await served.inbox()).filter((line) => line.status !== 1)
  expect(parked.map(({ messageId, status, reason }) => ({ messageId, status, reason }))).toEqual([
    { messageId: 'm-37', status: 3, reason: 'step_failed' },
  ])
  expect(parked[0]?.trace).toContain('the step cannot read 37')

  const listed = (await served.call('GET', '/api/events?status=parked')).body.items as { id: string }[]
  expect(listed).toHaveLength(1)
  const replay = await served.call('POST', '/api/events/replay', { ids: listed.map((item) => item.id) })
  expect([replay.status, replay.body]).toEqual([200, { replayed: 1 }])
  await startOne()
  await expectOnce(acknowledged)
  const again = await served.call('POST', '/api/events/replay', { ids: listed.map((item) => item.id) })
  expect(again.body).toEqual({ replayed: 0 })
})

test('two workers share the shards: all is logged once, in each sender’s order, and who goes leaves its shards', async () => {
  await startOne()
  await startOne()
  await expect.poll(held, { timeout: 20_000 }).toEqual([8, 8])
  const acknowledged = await send(3000, 30)
  await expectOnce(acknowledged)
  const last = await rows<{ value: string; step: number }>(
    served.services.db,
    sql`select i.value, (l.fields ->> 'step')::int as step from leads l join identifiers i on i.lead_id = l.id
        where i.value like 'sender-%' order by step`,
  )
  expect(last.map((row) => row.step)).toEqual(Array.from({ length: 30 }, (_, n) => 2970 + n))

  const gone = workers.pop()!
  await gone.worker.stop()
  await gone.postgres.close()
  await expect.poll(held, { timeout: 20_000 }).toEqual([16])
})

test('sessions that hold shards are lost again and again: nothing is lost or doubled, and the order stays', async () => {
  await startOne()
  await startOne()
  let cutting = true
  const cut = (async () => {
    while (cutting) {
      await rows(
        served.services.db,
        sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'throughline-shards' order by random() limit 1`,
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  const acknowledged = await send(3000, 30)
  cutting = false
  await cut
  await expectOnce(acknowledged)
  const last = await rows<{ step: number }>(
    served.services.db,
    sql`select (fields ->> 'step')::int as step from leads order by 1`,
  )
  expect(last.map((row) => row.step)).toEqual(Array.from({ length: 30 }, (_, n) => 2970 + n))
})

test('two workers that take the same messages: one decides them, the other gives up all that it did', async () => {
  const acknowledged = await send(200, 20)
  const first = await take()
  const second = await take(150)
  const results = await Promise.allSettled([
    decideMessages(served.services, first),
    decideMessages(served.services, second),
  ])
  const failed = results.filter((result) => result.status === 'rejected')
  expect(failed.map((result) => result.reason as unknown)).toEqual([expect.any(TakenTwice)])
  await startOne()
  await expectOnce(acknowledged)
})

test('two workers that send the same batches at once leave each event in the log, and in its roll-up, once', async () => {
  const acknowledged = await send(500, 50)
  for (let left = await take(25); left.length > 0; left = await take(25))
    await decideMessages(served.services, left)
  await Promise.all([startOne(), startOne(), startOne()])
  await expectOnce(acknowledged)
})

test('a batch that ClickHouse refuses waits alone: those after it are logged', async () => {
  const { services, workspaceId } = served
  const event = systemEvent({
    eventId: newId(),
    at: new Date(),
    name: 'x',
    category: 'record',
    call: 'system',
    source: 'test',
  })
  const batchId = await services.db
    .transaction()
    .execute((tx) =>
      logEvents(tx, [{ workspaceId, leadId: newId(), event: { ...event, occurredAt: 'no instant' } }]),
    )
  await startOne()
  const acknowledged = await send(100, 10)
  await expect
    .poll(() => ask(services.clickhouse, 'select count() as events from events'), { timeout: 20_000 })
    .toEqual([{ events: acknowledged.length }])
  expect(await rows(services.db, sql`select id from batches where attempts > 0`)).toEqual([{ id: batchId }])
  expect(served.errors.filter((line) => line.includes('refuses a batch'))).toHaveLength(1)
  await run(services.db, sql`delete from batches where id = ${batchId}`)
})
