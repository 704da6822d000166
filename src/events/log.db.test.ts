// The log as it is stored: events of any date in their place, and the sum of each where it belongs.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { openPostgres, rows, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { forgetLogged, logEvents, sendOpenBatches, systemEvent } from './index.ts'

let postgres: Postgres
let clickhouse: ClickHouse
const workspaceId = newId()

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 2 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
})
afterAll(async () => {
  await Promise.all([postgres.close(), clickhouse.close()])
})

async function log(at: string[]): Promise<void> {
  const event = (one: string) =>
    systemEvent({
      eventId: newId(),
      at: new Date(one),
      name: 'order_completed',
      category: 'commerce',
      call: 'import',
      source: 'csv',
      valueMinor: 100,
      currency: 'EUR',
    })
  await logEvents(
    postgres.db,
    at.map((one) => ({ workspaceId, leadId: newId(), event: event(one) })),
  )
}

test('an event keeps its date, however far, and its sum stands at the nearest quarter hour that there is', async () => {
  await log([
    '0203-05-01T10:00:00.000Z',
    '1969-12-31T23:59:59.999Z',
    '2024-02-29T23:59:59.999Z',
    '2999-01-01T00:00:00.000Z',
  ])
  expect(await sendOpenBatches(postgres.db, clickhouse)).toMatchObject({ closed: 1, refused: [] })
  const kept = await ask<{ at: string }>(
    clickhouse,
    'select toString(occurred_at) as at from events order by occurred_at',
  )
  expect(kept.map((row) => row.at)).toEqual([
    '0203-05-01 10:00:00.000',
    '1969-12-31 23:59:59.999',
    '2024-02-29 23:59:59.999',
    '2999-01-01 00:00:00.000',
  ])
  const sums = await ask<{ at: string; events: number; value: number }>(
    clickhouse,
    `select toString(quarter) as at, sum(events) as events, sum(value_minor) as value from event_quarters
     group by quarter order by quarter`,
  )
  expect(sums).toEqual([
    { at: '1970-01-01 00:00:00', events: 2, value: 200 },
    { at: '2024-02-29 23:45:00', events: 1, value: 100 },
    { at: '2106-01-01 00:00:00', events: 1, value: 100 },
  ])
})

test('a batch that is sent again, whole, is in the log and its sums once', async () => {
  await log(['2025-01-01T00:00:00.000Z', '2025-01-01T00:10:00.000Z'])
  const [open] = await rows<{ id: string; stored: Buffer }>(
    postgres.db,
    sql`select id, rows as stored from batches where closed_at is null`,
  )
  await sendOpenBatches(postgres.db, clickhouse)
  await rows(
    postgres.db,
    sql`update batches set closed_at = null, rows = ${open!.stored} where id = ${open!.id}`,
  )
  expect(await sendOpenBatches(postgres.db, clickhouse)).toMatchObject({ closed: 1 })
  const [told] = await ask<{ events: number; rolled: number }>(
    clickhouse,
    `select (select count() from events where batch_id = {b:UUID}) as events,
            (select sum(events) from event_quarters where quarter >= '2025-01-01' and quarter < '2025-01-02') as rolled`,
    { b: open!.id },
  )
  expect(told).toEqual({ events: 2, rolled: 2 })
})

async function logOne(isBulk: boolean): Promise<string> {
  const event = systemEvent({
    eventId: newId(),
    at: new Date('2026-01-01T10:00:00Z'),
    name: 'lead_imported',
    category: 'record',
    call: 'import',
    source: 'csv',
  })
  return (await logEvents(postgres.db, [{ workspaceId, leadId: newId(), event }], newId(), isBulk))!
}

const stillOpen = async () =>
  (
    await rows<{ id: string }>(postgres.db, sql`select id from batches where closed_at is null order by id`)
  ).map(({ id }) => id)

test('what people do is sent before what bulk work did, and bulk work has its turn', async () => {
  const order: string[] = []
  for (const isBulk of [true, true, false]) order.push(await logOne(isBulk))
  expect(await sendOpenBatches(postgres.db, clickhouse)).toMatchObject({ closed: 2, waiting: 1 })
  expect(await stillOpen()).toEqual([order[1]])
  expect(await sendOpenBatches(postgres.db, clickhouse)).toMatchObject({ closed: 1, waiting: 0 })
})

test('bulk work has its turn however much people do, and a batch tried before has its own however much bulk work waits', async () => {
  await logOne(true)
  const live = [await logOne(false), await logOne(false), await logOne(false)]
  expect(await sendOpenBatches(postgres.db, clickhouse, 2)).toMatchObject({ closed: 3 })
  expect(await stillOpen()).toEqual([live[2]])
  await rows(postgres.db, sql`update batches set attempts = 1 where id = ${live[2]}`)
  const more = [await logOne(true), await logOne(true)]
  await sendOpenBatches(postgres.db, clickhouse)
  expect(await stillOpen()).toEqual([more[1]])
  expect(await sendOpenBatches(postgres.db, clickhouse)).toMatchObject({ closed: 1 })
})

test('more leads than an address can name leave the log and its sums together', async () => {
  const workspace = newId()
  const leadIds = Array.from({ length: 700 }, () => newId())
  const entries = [...leadIds, newId()].map((leadId) => {
    const at = new Date('2026-02-01T10:00:00Z')
    const event = systemEvent({
      eventId: newId(),
      at,
      name: 'note_added',
      category: 'record',
      call: 'system',
      source: 'system',
    })
    return { workspaceId: workspace, leadId, event }
  })
  await logEvents(postgres.db, entries)
  await sendOpenBatches(postgres.db, clickhouse)
  await forgetLogged(clickhouse, workspace, leadIds, newId())
  const [told] = await ask<{ events: number; rolled: number }>(
    clickhouse,
    `select (select count() from events where workspace_id = {w:UUID}) as events,
            (select sum(events) from event_quarters where workspace_id = {w:UUID}) as rolled`,
    { w: workspace },
  )
  expect(told).toEqual({ events: 1, rolled: 1 })
})
