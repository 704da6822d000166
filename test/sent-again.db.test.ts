// A batch that is sent again after ClickHouse was started anew, as after any crash: once in the log, and once in what views make of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newId } from '../src/lib/ids.ts'
import { ask, insertRows, openClickHouse } from '../src/platform/clickhouse.ts'
import { startEmbeddedClickHouse } from '../src/platform/embedded/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { knownMigrations, migrateClickHouse } from '../src/platform/migrate.ts'

const home = await mkdtemp(join(tmpdir(), 'throughline-again-'))
afterAll(() => rm(home, { recursive: true, force: true }))

const columns = ['workspace_id', 'lead_id', 'event_id', 'batch_id', 'name']
const rowsOf = () => {
  const lines = Array.from({ length: 3 }, () =>
    JSON.stringify([newId(), newId(), newId(), newId(), 'note_added']),
  )
  return Buffer.from(lines.join('\n'))
}

/** Starts the store of a folder for as long as the work takes. */
async function started<T>(dataDir: string, work: (url: string) => Promise<T>): Promise<T> {
  const store = await startEmbeddedClickHouse({ dataDir, log: createLog('silent') })
  try {
    return await work(store.url)
  } finally {
    await store.stop()
  }
}

async function send(url: string, bytes: Buffer, token: string) {
  const clickhouse = openClickHouse(url)
  try {
    await insertRows(clickhouse, 'events', columns, bytes, token)
    const [logged] = await ask<{ n: number }>(clickhouse, 'select count() as n from events')
    const [summed] = await ask<{ n: number }>(clickhouse, 'select sum(events) as n from event_quarters')
    return { logged: Number(logged?.n), summed: Number(summed?.n) }
  } finally {
    await clickhouse.close()
  }
}

test('a batch that was sent to the server that made the tables counts once when the next one gets it again', async () => {
  const dataDir = join(home, 'made')
  const rows = rowsOf()
  const first = await started(dataDir, async (url) => {
    await migrateClickHouse(url)
    return send(url, rows, 'batch')
  })
  expect(first).toEqual({ logged: 3, summed: 3 })
  expect(await started(dataDir, (url) => send(url, rows, 'batch'))).toEqual(first)
})

test('so does one that was sent after an upgrade of the schema', async () => {
  const dataDir = join(home, 'upgraded')
  const rows = rowsOf()
  await started(dataDir, async (url) =>
    migrateClickHouse(url, (await knownMigrations('clickhouse')).slice(0, 2)),
  )
  const first = await started(dataDir, async (url) => {
    await migrateClickHouse(url)
    return send(url, rows, 'batch')
  })
  expect(await started(dataDir, (url) => send(url, rows, 'batch'))).toEqual(first)
})
