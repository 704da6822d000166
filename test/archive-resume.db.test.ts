// An export that was broken off goes on: what had been read of the log stays, unless it is another by now.
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportArchive, importArchive, openArchive, verifyArchive } from '../src/archive/index.ts'
import { readJournal } from '../src/archive/journal.ts'
import { forgetLogged } from '../src/events/index.ts'
import { newId } from '../src/lib/ids.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import type { ClickHouse } from '../src/platform/clickhouse.ts'
import { openPostgres, run, sql } from '../src/platform/postgres.ts'
import { contentsOf } from './contents.ts'
import { blankDatabase, freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

const MONTHS = 6
const EVENTS_EACH = 3_000
const home = await mkdtemp(join(tmpdir(), 'throughline-resume-'))
const secretKey = Buffer.alloc(32, 7)
let source: TestStores
let clickhouse: ClickHouse
let workspaceId: string

beforeAll(async () => {
  source = await freshDatabase()
  clickhouse = openClickHouse(source.clickhouseUrl)
  workspaceId = newId()
  const postgres = openPostgres(source.databaseUrl, { max: 1 })
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, email, source, created_at, updated_at)
        select md5('lead' || n)::uuid, ${workspaceId}, 'p' || n || '@shop.example', 'import', now(), now() from generate_series(1, 500) n`,
  )
  await postgres.close()
  await log(0, MONTHS, EVENTS_EACH)
})

afterAll(async () => {
  await clickhouse.close()
  await rm(home, { recursive: true, force: true })
})

/** Events of a closed batch that is long forgotten, from one month to another, counted back from the present one. */
async function log(from: number, months: number, each: number): Promise<void> {
  await clickhouse.command({
    query: `insert into events (workspace_id, lead_id, occurred_at, event_id, batch_id, received_at, name, category, page_url)
      select {workspace:UUID}, toUUID(lower(hex(MD5(concat('lead', toString(number % 500 + 1)))))), now64(3) - toIntervalSecond(number),
        generateUUIDv4(number), {batch:UUID}, toStartOfMonth(now()) - toIntervalMonth({from:UInt32} + intDiv(number, {each:UInt32})),
        'page_viewed', 'page', concat('https://shop.example/', toString(number))
      from numbers({count:UInt64})`,
    query_params: {
      workspace: workspaceId,
      batch: '01900000-0000-7000-8000-000000000001',
      from,
      each,
      count: months * each,
    },
    clickhouse_settings: { max_partitions_per_insert_block: '0' },
  })
}

/** Exports, and breaks off once so many rows are counted. */
function exported(name: string, breakOffAt = Infinity) {
  const onProgress = (rows: number) => {
    if (rows >= breakOffAt) throw new Error('broken off')
  }
  return exportArchive(source, { path: join(home, name), secretKey, productVersion: '0.1.0', onProgress })
}

/** When each part of the log was written that is noted as whole. */
async function wholeParts(name: string): Promise<Map<string, number>> {
  const journal = await readJournal(join(home, name))
  const files = (journal?.whole ?? []).flatMap((slice) => slice.parts.map((part) => part.file))
  return writtenAt(name, files)
}

async function writtenAt(name: string, files: string[]): Promise<Map<string, number>> {
  const times = await Promise.all(
    files.map(async (file): Promise<[string, number]> => [
      file,
      (await stat(join(home, name, file))).mtimeMs,
    ]),
  )
  return new Map(times)
}

async function expectSame(name: string): Promise<void> {
  expect((await verifyArchive(join(home, name))).problems).toEqual([])
  const target = await blankDatabase()
  await importArchive(target, await openArchive(join(home, name), secretKey), new Date())
  expect(await contentsOf(target)).toEqual(await contentsOf(source))
}

/** Breaks an export off once some, and not all, of the log is whole. */
async function brokenOff(name: string): Promise<Map<string, number>> {
  let kept = new Map<string, number>()
  for (let at = EVENTS_EACH; kept.size < 2; at += EVENTS_EACH) {
    await expect(exported(name, at)).rejects.toThrow('broken off')
    kept = await wholeParts(name)
  }
  expect(kept.size).toBeLessThan(MONTHS)
  return kept
}

test('of an export that goes on, what was whole is not written again', async () => {
  const kept = await brokenOff('goes on')
  const archive = await exported('goes on')
  expect(archive.events).toBe(MONTHS * EVENTS_EACH)
  expect(await writtenAt('goes on', [...kept.keys()])).toEqual(kept)
  await expectSame('goes on')
})

test('what was erased, came in or was merged since the export broke off is in the archive as it is now', async () => {
  const kept = await brokenOff('changed')
  const leadId = createHash('md5').update('lead7').digest('hex')
  await forgetLogged(clickhouse, workspaceId, [leadId], newId())
  // One in a month that had been read, one in a month that was not there.
  await log(MONTHS - 1, 2, 40)
  await clickhouse.command({ query: 'optimize table events final' })
  const archive = await exported('changed')
  expect(archive.events).toBe(MONTHS * (EVENTS_EACH - EVENTS_EACH / 500) + 80)
  expect(await writtenAt('changed', [...kept.keys()])).not.toEqual(kept)
  await expectSame('changed')
})

test('a merge of the parts of ClickHouse changes no row, so nothing is read again', async () => {
  await log(0, MONTHS, 10)
  const kept = await brokenOff('merged')
  await clickhouse.command({ query: 'optimize table events final' })
  await exported('merged')
  expect(await writtenAt('merged', [...kept.keys()])).toEqual(kept)
  await expectSame('merged')
})

test('a part that was damaged meanwhile is read again, and files that belong to nothing go', async () => {
  const [damaged] = (await brokenOff('damaged')).keys()
  await writeFile(join(home, 'damaged', damaged!), 'half')
  await writeFile(join(home, 'damaged', 'clickhouse', 'events.00099.00001.tsv.gz'), 'left over')
  await exported('damaged')
  expect(await readdir(join(home, 'damaged', 'clickhouse'))).not.toContain('events.00099.00001.tsv.gz')
  await expectSame('damaged')
})

test('an export of other stores into the folder keeps nothing that is not theirs', async () => {
  await brokenOff('other')
  const other = await freshDatabase()
  const archive = await exportArchive(other, {
    path: join(home, 'other'),
    secretKey,
    productVersion: '0.1.0',
  })
  expect(archive).toMatchObject({ leads: 0, events: 0 })
  expect((await verifyArchive(join(home, 'other'))).problems).toEqual([])
})

test('two exports into one folder at once are refused, and the first goes on', async () => {
  const path = join(home, 'twice')
  let second: Promise<unknown> | undefined
  const order = { path, secretKey, productVersion: '0.1.0' }
  const onProgress = () => {
    second ??= exportArchive(source, order).catch((error: unknown) => error)
  }
  const waiting = exportArchive(source, { ...order, onProgress })
  await waiting
  // The first may have ended within the time that the second waits for it.
  expect(await second).toMatchObject({ code: expect.stringMatching(/^(export_running|archive_exists)$/) })
  expect((await verifyArchive(path)).problems).toEqual([])
})
