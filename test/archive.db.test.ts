// Archives of the whole product: out while it works, into empty stores, and the same installation again.
import { rmSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  exportArchive,
  importArchive,
  keyCheckOf,
  openArchive,
  refuseHalfImported,
  verifyArchive,
} from '../src/archive/index.ts'
import { manifestSchema } from '../src/archive/contract.ts'
import { MARK } from '../src/archive/journal.ts'
import { derivedInClickHouse, derivedInPostgres } from '../src/archive/plan.ts'
import { offerExport } from '../src/cli/export-stores.ts'
import { logColumns } from '../src/events/contract.ts'
import { logEvents, systemEvent } from '../src/events/index.ts'
import { newId } from '../src/lib/ids.ts'
import { ask, insertRows, openClickHouse } from '../src/platform/clickhouse.ts'
import type { ClickHouse } from '../src/platform/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { knownMigrations, migrateClickHouse, migratePostgres } from '../src/platform/migrate.ts'
import { firstRow, openPostgres, rows, run, sql } from '../src/platform/postgres.ts'
import type { Db } from '../src/platform/postgres.ts'
import { readSettings } from '../src/platform/settings.ts'
import { startWorker } from '../src/worker.ts'
import { contentsOf } from './contents.ts'
import { basic, serve } from './deployment.ts'
import type { Served } from './deployment.ts'
import { drained, holdings } from './promises.ts'
import { readTables } from './sources.ts'
import { blankDatabase, freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

const home = await mkdtemp(join(tmpdir(), 'throughline-archive-'))
const secretKey = Buffer.alloc(32, 7)
let source: Served
let stopWorker: () => Promise<void>

beforeAll(async () => {
  source = await serve({ worker: false })
  stopWorker = await startWorkerOn(source.stores)
})

afterAll(async () => {
  await stopWorker()
  await source.stop()
  await rm(home, { recursive: true, force: true })
})

/** Exports the stores of a test into a new folder. */
function exported(stores: TestStores, name: string) {
  return exportArchive(stores, { path: join(home, name), secretKey, productVersion: '0.1.0' })
}

async function imported(stores: TestStores, name: string) {
  return importArchive(stores, await openArchive(join(home, name), secretKey), new Date())
}

interface Stores {
  db: Db
  clickhouse: ClickHouse
}

/** A worker on a pair of stores; what stops it comes back. */
async function startWorkerOn(stores: TestStores): Promise<() => Promise<void>> {
  const postgres = openPostgres(stores.databaseUrl, { max: 6 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const services = {
    db: postgres.db,
    clickhouse,
    clock: () => new Date(),
    settings: readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl }),
    secretKey: Buffer.alloc(32, 7),
    log: createLog('silent'),
  }
  const worker = await startWorker(services, postgres.pool, stores.databaseUrl)
  return async () => {
    await worker.stop()
    await Promise.all([postgres.close(), clickhouse.close()])
  }
}

/** Lets a worker do what waits in the stores, then looks at them. */
async function worked(
  stores: TestStores,
  look: (db: Db, clickhouse: ClickHouse) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const stop = await startWorkerOn(stores)
  const postgres = openPostgres(stores.databaseUrl, { max: 2 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  try {
    await drained(postgres.db)
    const owed = () => firstRow(postgres.db, sql`select 1 as owed from lead_facts_owed limit 1`)
    await expect.poll(owed, { timeout: 30_000 }).toBeUndefined()
    await look(postgres.db, clickhouse)
  } finally {
    await stop()
    await Promise.all([postgres.close(), clickhouse.close()])
  }
}

/** An event that is decided, in a batch that is not closed, whether ClickHouse has it already or not; the batch's id. */
async function decideOne(
  { db, clickhouse }: Stores,
  who: { workspaceId: string; leadId: string },
  isInLog: boolean,
): Promise<string> {
  const batchId = newId()
  const made = {
    eventId: newId(),
    at: new Date(),
    category: 'record',
    call: 'system',
    source: 'system',
  } as const
  const event = systemEvent({ ...made, name: 'note_added' })
  await logEvents(db, [{ ...who, event }], batchId)
  if (isInLog) {
    const [batch] = await rows<{ rows: Buffer }>(db, sql`select rows from batches where id = ${batchId}`)
    await insertRows(clickhouse, 'events', logColumns, gunzipSync(batch!.rows), batchId)
  }
  return batchId
}

/** A lead and its event, as the first versions of the product stored them. */
async function fillByHand(stores: TestStores): Promise<void> {
  const postgres = openPostgres(stores.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const [workspaceId, leadId] = [newId(), newId()]
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, email, source, fields, created_at, updated_at)
        values (${leadId}, ${workspaceId}, 'old@shop.example', 'manual', '{"a": "tab\\there"}', now(), now())`,
  )
  await clickhouse.insert({
    table: 'events',
    format: 'JSONEachRow',
    values: [
      {
        workspace_id: workspaceId,
        lead_id: leadId,
        batch_id: newId(),
        occurred_at: '1968-05-01 10:00:00.123',
        name: 'note_added',
      },
    ],
  })
  await Promise.all([postgres.close(), clickhouse.close()])
}

/** Visits, sign-ins that merge two browsers into one person, orders, and a note by hand. */
function batchOf(turn: number): { messageId: string }[] {
  return Array.from({ length: 60 }, (_, k) => {
    const n = turn * 60 + k
    const who = { anonymousId: `anon-${n % 40}`, messageId: `m-${n}` }
    if (n % 6 === 0) {
      const person = (n % 40) >> 1
      return {
        ...who,
        type: 'identify',
        userId: `user-${person}`,
        traits: { email: `p${person}@shop.example`, name: 'Zoë "Q" \\ Tab\there' },
      }
    }
    if (n % 5 === 0) {
      const properties = { order_id: `o-${n}`, total: 12.5, currency: 'EUR' }
      return { ...who, type: 'track', event: 'Order Completed', properties }
    }
    return {
      ...who,
      type: 'page',
      properties: { url: `https://shop.example/${n % 50}?q=%0A`, title: `line\nbreak\t${n}` },
    }
  })
}

async function send(turn: number): Promise<string[]> {
  const batch = batchOf(turn)
  const reply = await source.post('/v1/batch', { batch }, { authorization: basic(source.writeKey) })
  if (reply.status >= 300) throw new Error(reply.text)
  return batch.map((message) => message.messageId)
}

describe('an installation at rest', () => {
  const stores: { copy?: TestStores } = {}

  test('comes out of its archive the same in every table, with its sums and its merges', async () => {
    for (let turn = 0; turn < 5; turn++) await send(turn)
    await source.settled()
    stores.copy = await freshDatabase()
    await source.call('POST', '/api/leads', { email: 'ann@shop.example', firstName: 'Ann' })
    await source.settled()
    // A batch that ClickHouse does not have yet: its event is in no part, and logged after the import.
    const lead = await firstRow<{ id: string }>(source.services.db, sql`select id from leads limit 1`)
    const { archive, waiting } = await atRest(async () => {
      const batchId = await decideOne(
        source.services,
        { workspaceId: source.workspaceId, leadId: lead!.id },
        false,
      )
      return { archive: await exported(source.stores, 'at rest'), waiting: batchId }
    })
    expect(archive.leads).toBeGreaterThan(10)
    expect(archive.events).toBeGreaterThan(300)
    const report = await imported(stores.copy, 'at rest')
    expect(report).toMatchObject({
      archive: { id: archive.id },
      resumed: false,
      migrated: { postgres: [], clickhouse: [] },
    })
    const [before, after] = [snapshot!, await contentsOf(stores.copy)]
    expect(after).toEqual(before)
    expect(Object.values(after).filter((content) => !content.startsWith('0:')).length).toBeGreaterThan(12)

    await worked(stores.copy)
    expect(
      await countIn(stores.copy, `select count() as count from events where batch_id = '${waiting}'`),
    ).toBe(1)
    expect(await countIn(stores.copy, 'select count() as count from lead_facts final')).toBeGreaterThan(10)
  })

  test('goes into empty stores alone, and into none that a server works on', async () => {
    await expect(imported(stores.copy!, 'at rest')).rejects.toMatchObject({ code: 'stores_filled' })
    const empty = await freshDatabase()
    const stop = await startWorkerOn(empty)
    await expect(imported(empty, 'at rest')).rejects.toMatchObject({ code: 'server_running' })
    await stop()
  })

  test('needs the key it was made under, unless one does without', async () => {
    const path = join(home, 'at rest')
    await expect(openArchive(path, Buffer.alloc(32, 8))).rejects.toMatchObject({ code: 'secret_key_other' })
    await expect(openArchive(path, null)).rejects.toMatchObject({ code: 'secret_key_other' })
    await expect(openArchive(path, null, true)).resolves.toMatchObject({ folder: path })
    expect(await readFile(join(path, 'manifest.json'), 'utf8')).not.toContain(secretKey.toString('hex'))
  })

  test('is not taken in from a damaged part: what was read stays, and the repaired archive goes on', async () => {
    const target = await freshDatabase()
    const { manifest } = await openArchive(join(home, 'at rest'), secretKey)
    const part = join(
      home,
      'at rest',
      manifest.postgres.tables.find((table) => table.name === 'leads')!.parts[0]!.file,
    )
    const bytes = await readFile(part)
    await appendFile(part, 'x')
    await expect(imported(target, 'at rest')).rejects.toMatchObject({ code: 'archive_damaged' })
    await expect(refuseHalfImported(target.databaseUrl)).rejects.toMatchObject({ code: 'import_unfinished' })
    await expect(exported(target, 'half')).rejects.toMatchObject({ code: 'import_unfinished' })
    await writeFile(part, bytes)
    expect(await imported(target, 'at rest')).toMatchObject({ resumed: true })
    expect(await contentsOf(target)).toEqual(snapshot)
    await refuseHalfImported(target.databaseUrl)
  })

  // What the stores of the source held when its archive was made.
  let snapshot: Record<string, string> | undefined

  async function atRest<T>(work: () => Promise<T>): Promise<T> {
    await stopWorker()
    try {
      const done = await work()
      snapshot = await contentsOf(source.stores)
      return done
    } finally {
      stopWorker = await startWorkerOn(source.stores)
    }
  }
})

test('a batch that ClickHouse has and PostgreSQL does not call closed yet is logged once after an import', async () => {
  const early = await freshDatabase()
  const postgres = openPostgres(early.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(early.clickhouseUrl)
  const ids = [true, false].map((isInLog) =>
    decideOne({ db: postgres.db, clickhouse }, { workspaceId: newId(), leadId: newId() }, isInLog),
  )
  const list = (await Promise.all(ids)).map((id) => `'${id}'`).join(', ')
  await Promise.all([postgres.close(), clickhouse.close()])
  const count = `select count() as count from events where batch_id in (${list})`
  expect(await countIn(early, count)).toBe(1)
  expect((await exported(early, 'early')).events).toBe(0)

  const target = await freshDatabase()
  await imported(target, 'early')
  expect(await countIn(target, count)).toBe(0)
  await worked(target)
  expect(await countIn(target, count)).toBe(2)
})

test('a batch that goes in pieces comes out whole: what is logged of it travels, and the rest is logged after the import', async () => {
  const half = await freshDatabase()
  const postgres = openPostgres(half.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(half.clickhouseUrl)
  const [workspaceId, count, settled] = [newId(), 5_000, 2_000]
  const entries = Array.from({ length: count }, () => {
    const event = systemEvent({
      eventId: newId(),
      at: new Date(),
      name: 'note_added',
      category: 'record',
      call: 'system',
      source: 'system',
    })
    return { workspaceId, leadId: newId(), event }
  })
  const batchId = await logEvents(postgres.db, entries)
  const [batch] = await rows<{ rows: Buffer }>(postgres.db, sql`select rows from batches`)
  const lines = gunzipSync(batch!.rows).toString().split('\n')
  // The last piece reached ClickHouse, and PostgreSQL was not told.
  const sent = Buffer.from(lines.slice(0, settled + 10).join('\n'))
  await insertRows(clickhouse, 'events', logColumns, sent, 'sent')
  await run(postgres.db, sql`update batches set settled = ${settled}, piece = 10, attempts = 3`)
  await Promise.all([postgres.close(), clickhouse.close()])
  expect((await exported(half, 'in pieces')).events).toBe(settled)

  const target = await freshDatabase()
  await imported(target, 'in pieces')
  await worked(target)
  const inLog = `from events where batch_id = '${batchId}'`
  expect(await countIn(target, `select count() as count ${inLog}`)).toBe(count)
  expect(await countIn(target, `select uniqExact(event_id) as count ${inLog}`)).toBe(count)
})

test('an export that fails in one store ends with the failure, and leaves no archive', async () => {
  const stores = await freshDatabase()
  const postgres = openPostgres(stores.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  await decideOne({ db: postgres.db, clickhouse }, { workspaceId: newId(), leadId: newId() }, true)
  await run(postgres.db, sql`update batches set closed_at = now()`)
  await run(
    postgres.db,
    sql`insert into notes (id, workspace_id, lead_id, author, body, created_at)
        select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'user', repeat('x', 2000), now()
        from generate_series(1, 20000)`,
  )
  await Promise.all([postgres.close(), clickhouse.close()])
  const path = join(home, 'failing')
  const onProgress = () => rmSync(join(path, 'clickhouse'), { recursive: true, force: true })
  await expect(
    exportArchive(stores, { path, secretKey, productVersion: '0.1.0', onProgress }),
  ).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(openArchive(path, secretKey)).rejects.toMatchObject({ code: 'archive_unfinished' })
})

test('every table of either store travels, or is named as one that is made anew', async () => {
  const stores = await freshDatabase()
  await exported(stores, 'empty')
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(home, 'empty', 'manifest.json'), 'utf8')),
  )
  const travelling = manifest.postgres.tables.map((table) => table.name)
  const missing = readTables().filter((name) => !travelling.includes(name) && !(name in derivedInPostgres))
  expect(missing).toEqual([])
  expect(Object.keys(derivedInPostgres).filter((name) => travelling.includes(name))).toEqual([])

  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const kept = await ask<{ name: string; query: string }>(
    clickhouse,
    "select name, create_table_query as query from system.tables where database = currentDatabase() and engine like '%MergeTree'",
  )
  const views = await ask<{ query: string }>(
    clickhouse,
    "select create_table_query as query from system.tables where database = currentDatabase() and engine = 'MaterializedView'",
  )
  await clickhouse.close()
  const logged = manifest.clickhouse.tables.map((table) => table.name)
  expect(
    kept.filter(
      ({ name }) =>
        !logged.includes(name) &&
        !(name in derivedInClickHouse) &&
        !views.some(({ query }) => query.includes(`.${name} `)),
    ),
  ).toEqual([])
  // A part that is sent twice must count once, wherever its rows go.
  const once = kept.filter(({ name }) => !(name in derivedInClickHouse))
  expect(
    once.filter(({ query }) => !/deduplication_window|Replicated/.test(query)).map(({ name }) => name),
  ).toEqual([])
})

test('no column that travels counts in transactions or objects of its own server', async () => {
  const stores = await freshDatabase()
  await exported(stores, 'columns')
  const { manifest } = await openArchive(join(home, 'columns'), secretKey)
  const travelling = new Set(
    manifest.postgres.tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`)),
  )
  const client = new pg.Client({ connectionString: stores.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
       and a.atttypid::regtype::text ~ '^(xid|xid8|cid|tid|oid|reg.*|pg_lsn|pg_snapshot)$'`,
  )
  await client.end()
  expect(rows.map((row) => row.name).filter((name) => travelling.has(name))).toEqual([])
})

test('an archive of an older schema is upgraded on its way in, and one of a newer schema is refused', async () => {
  const old = await blankDatabase()
  const first = {
    postgres: (await knownMigrations('postgres')).slice(0, 8),
    clickhouse: (await knownMigrations('clickhouse')).slice(0, 2),
  }
  await migratePostgres(old.databaseUrl, first.postgres)
  await migrateClickHouse(old.clickhouseUrl, first.clickhouse)
  await fillByHand(old)
  await exported(old, 'old')

  const target = await blankDatabase()
  const { migrated } = await imported(target, 'old')
  expect([...first.postgres, ...migrated.postgres]).toEqual(await knownMigrations('postgres'))
  expect([...first.clickhouse, ...migrated.clickhouse]).toEqual(await knownMigrations('clickhouse'))
  const client = new pg.Client({ connectionString: target.databaseUrl })
  await client.connect()
  const { rows } = await client.query('select email, search_text, fields from leads')
  await client.end()
  expect(rows).toEqual([
    {
      email: 'old@shop.example',
      search_text: expect.stringContaining('old@shop.example'),
      fields: { a: 'tab\there' },
    },
  ])
  expect(await countIn(target, 'select count() as count from events')).toBe(1)
  expect(await countIn(target, 'select sum(events) as count from event_quarters')).toBe(1)

  await expect(imported(await freshDatabase(), 'old')).rejects.toMatchObject({ code: 'schema_newer' })
})

test('before migrations an archive is made where one is wanted, and none where nothing waits', async () => {
  const old = await blankDatabase()
  await migratePostgres(old.databaseUrl, (await knownMigrations('postgres')).slice(0, 8))
  await migrateClickHouse(old.clickhouseUrl)
  const folder = join(home, 'before')
  const settings = readSettings({ EXPORT_BEFORE_MIGRATION: folder, SECRET_KEY: secretKey.toString('hex') })
  await offerExport(readSettings({ EXPORT_BEFORE_MIGRATION: 'no' }), old)
  await offerExport(settings, await freshDatabase())
  await offerExport(settings, await blankDatabase())
  // A start that was broken off in the midst left its mark: this one goes on there, and leaves another installation's alone.
  const ours = `before-migration-${keyCheckOf(secretKey).slice(0, 8)}-begun`
  const others = 'before-migration-00000000-begun'
  for (const name of [ours, others]) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, MARK), '')
  }
  await offerExport(settings, old)
  expect((await readdir(folder)).sort()).toEqual([others, ours].sort())
  expect(await readdir(join(folder, others))).toEqual([MARK])
  expect((await verifyArchive(join(folder, ours))).problems).toEqual([])
})

test('exported while events come in, an archive holds what was acknowledged before, each event once, under a lead that exists', async () => {
  let turn = 100
  const acknowledged: string[] = []
  for (const name of ['busy 1', 'busy 2']) {
    const enough = acknowledged.length + 120
    let writing = true
    const sending = (async () => {
      while (writing) acknowledged.push(...(await send(turn++)))
    })()
    const before: string[] = []
    try {
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(enough)
      before.push(...acknowledged)
      await exported(source.stores, name)
    } finally {
      writing = false
      await sending
    }
    const target = await freshDatabase()
    await imported(target, name)
    await worked(target, async (db, clickhouse) => {
      const held = await holdings(db, clickhouse, source.workspaceId, before)
      expect(held).toMatchObject({ lost: [], doubled: [], strays: 0, events: held.rolledUp })
      expect(await countIn(target, 'select count() - uniqExact(event_id) as count from events')).toBe(0)
    })
  }
  await source.settled()
})

async function countIn(stores: TestStores, query: string): Promise<number> {
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  try {
    const [row] = await ask<{ count: number }>(clickhouse, query)
    return Number(row?.count)
  } finally {
    await clickhouse.close()
  }
}
