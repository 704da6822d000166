// Events that ClickHouse refuses for good: the others of their batch are logged once, they are kept with its words, and can be sent again.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import { newId } from '../lib/ids.ts'
import { ask, openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { firstRow, inTransaction, openPostgres, run, sql } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import {
  listRefusedEvents,
  logEvents,
  openBatchState,
  retryRefusedEvents,
  sendOpenBatches,
  systemEvent,
} from './index.ts'

let postgres: Postgres
let clickhouse: ClickHouse
let workspaceId: string

beforeAll(async () => {
  const stores = await freshDatabase()
  postgres = openPostgres(stores.databaseUrl, { max: 2 })
  clickhouse = openClickHouse(stores.clickhouseUrl)
})
beforeEach(() => {
  workspaceId = newId()
})
afterAll(async () => {
  await Promise.all([postgres.close(), clickhouse.close()])
})

interface Wanted {
  name?: string
  workspaceId?: string
  occurredAt?: string
  leadId?: string
}

async function log(wanted: Wanted[]): Promise<string> {
  const entries = wanted.map((one) => {
    const at = new Date('2025-03-01T10:00:00Z')
    const made = systemEvent({
      eventId: newId(),
      at,
      name: one.name ?? 'page_viewed',
      category: 'page',
      call: 'page',
      source: 'http',
    })
    return {
      workspaceId: one.workspaceId ?? workspaceId,
      leadId: one.leadId ?? newId(),
      event: { ...made, occurredAt: one.occurredAt ?? made.occurredAt },
    }
  })
  return (await logEvents(postgres.db, entries))!
}

/** Sends until nothing is open, as the worker does. */
async function sendAll(): Promise<void> {
  await expect
    .poll(async () => {
      await sendOpenBatches(postgres.db, clickhouse)
      return (await openBatchState(postgres.db)).count
    })
    .toBe(0)
}

async function logged(workspace = workspaceId): Promise<{ events: number; rolledUp: number }> {
  const [told] = await ask<{ events: number; rolledUp: number }>(
    clickhouse,
    `select (select count() from events where workspace_id = {w:UUID}) as events,
            (select sum(events) from event_quarters where workspace_id = {w:UUID}) as rolledUp`,
    { w: workspace },
  )
  return told!
}

const refusedNames = async (workspace = workspaceId) =>
  (await listRefusedEvents(postgres.db, workspace)).items.map((one) => one.name)

const forbid = () =>
  clickhouse.command({ query: `alter table events add constraint allowed check name != 'forbidden'` })
const allow = () => clickhouse.command({ query: 'alter table events drop constraint allowed' })

test('of a batch with events that ClickHouse refuses, the others are logged and summed once, and the batch is closed', async () => {
  const other = newId()
  const batchId = await log([
    ...Array.from({ length: 5 }, () => ({})),
    { name: 'broken', occurredAt: 'neither day nor hour' },
    { workspaceId: other },
    { name: 'elsewhere', occurredAt: 'never', workspaceId: other },
    ...Array.from({ length: 7 }, () => ({})),
    { name: 'last', occurredAt: 'at the end' },
  ])
  await sendAll()
  expect(await logged()).toEqual({ events: 12, rolledUp: 12 })
  expect(await logged(other)).toEqual({ events: 1, rolledUp: 1 })
  expect(await refusedNames()).toEqual(['last', 'broken'])
  expect(await refusedNames(other)).toEqual(['elsewhere'])
  const { items, total } = await listRefusedEvents(postgres.db, workspaceId)
  expect(total).toBe(2)
  expect(items[1]).toMatchObject({ batchId, place: 5 })
  expect(items[1]!.words).toContain('occurred_at')
})

test('a batch in which every event is refused is closed, and each is kept', async () => {
  await log(Array.from({ length: 9 }, (_, n) => ({ name: `broken_${n}`, occurredAt: 'x' })))
  await sendAll()
  expect(await logged()).toEqual({ events: 0, rolledUp: 0 })
  expect(await refusedNames()).toHaveLength(9)
})

test('a crash between a piece and the note of it doubles nothing, wherever it happens', async () => {
  const count = 11
  for (let crashAfter = 1; crashAfter < 8; crashAfter++) {
    const workspace = newId()
    const id = await log(
      Array.from({ length: count }, (_, n) => ({
        workspaceId: workspace,
        ...(n === 2 || n === 8 ? { name: 'broken', occurredAt: 'x' } : {}),
      })),
    )
    let sent = 0
    // The process dies once ClickHouse took (or refused) a piece, before PostgreSQL is told.
    const dying = new Proxy(clickhouse, {
      get(target, key) {
        if (key !== 'exec') return Reflect.get(target, key) as unknown
        return async (...given: Parameters<ClickHouse['exec']>) => {
          const isSplit = (await settledOf(id)) !== null
          const reply = await target.exec(...given).catch((error: unknown) => error as Error)
          if (isSplit && ++sent === crashAfter) throw new Died()
          if (reply instanceof Error) throw reply
          return reply
        }
      },
    })
    for (let round = 0; round < 20 && sent < crashAfter; round++) {
      const end = await sendOpenBatches(postgres.db, dying).catch((error: unknown) => error)
      if (end instanceof Error) expect(end).toBeInstanceOf(Died)
    }
    await sendAll()
    expect(await logged(workspace), `crash after ${crashAfter}`).toEqual({
      events: count - 2,
      rolledUp: count - 2,
    })
    expect(await refusedNames(workspace), `crash after ${crashAfter}`).toEqual(['broken', 'broken'])
  }
})

test('events that an earlier sending brought into the log are not sent again in pieces', async () => {
  const id = await log([{}, { name: 'forbidden' }, {}])
  const stored = await firstRow<{ rows: Buffer }>(postgres.db, sql`select rows from batches where id = ${id}`)
  await sendAll()
  // Its closing was lost, and it has been refused since.
  await run(postgres.db, sql`update batches set closed_at = null, rows = ${stored!.rows} where id = ${id}`)
  await clickhouse.command({
    query: `alter table events modify setting non_replicated_deduplication_window = 0`,
  })
  await forbid()
  try {
    await sendAll()
  } finally {
    await allow()
    await clickhouse.command({
      query: `alter table events modify setting non_replicated_deduplication_window = 10000`,
    })
  }
  expect(await logged()).toEqual({ events: 3, rolledUp: 3 })
  expect(await refusedNames()).toEqual([])
})

test('while ClickHouse is away no batch is cut', async () => {
  const id = await log([{}, {}])
  const away = openClickHouse('http://nobody:x@127.0.0.1:9/throughline')
  try {
    for (let round = 0; round < 8; round++)
      expect(await sendOpenBatches(postgres.db, away)).toMatchObject({ isAway: true })
  } finally {
    await away.close()
  }
  expect(await settledOf(id)).toBeNull()
  await sendAll()
  expect(await logged()).toEqual({ events: 2, rolledUp: 2 })
})

test('a refused event that is sent again is logged once, where ClickHouse takes it by then; otherwise it is kept again', async () => {
  const leadId = newId()
  await forbid()
  try {
    await log([{}, { name: 'forbidden', leadId }, {}])
    await sendAll()
    expect(await refusedNames()).toEqual(['forbidden'])
    expect(await inTransaction(postgres.db, (tx) => retryRefusedEvents(tx, workspaceId))).toEqual([leadId])
    expect(await refusedNames()).toEqual([])
    await sendAll()
    expect(await refusedNames()).toEqual(['forbidden'])
  } finally {
    await allow()
  }
  expect(await inTransaction(postgres.db, (tx) => retryRefusedEvents(tx, newId()))).toEqual([])
  expect(await inTransaction(postgres.db, (tx) => retryRefusedEvents(tx, workspaceId))).toEqual([leadId])
  await sendAll()
  expect(await logged()).toEqual({ events: 3, rolledUp: 3 })
  expect(await refusedNames()).toEqual([])
  expect(await inTransaction(postgres.db, (tx) => retryRefusedEvents(tx, workspaceId))).toEqual([])
})

class Died extends Error {}

async function settledOf(id: string): Promise<number | null> {
  const found = await firstRow<{ settled: number | null }>(
    postgres.db,
    sql`select settled from batches where id = ${id}`,
  )
  return found?.settled ?? null
}
