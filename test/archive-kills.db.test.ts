// An export and an import killed again and again: what comes out in the end is whole, and nothing is in it twice.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refuseHalfImported, verifyArchive } from '../src/archive/index.ts'
import { newId } from '../src/lib/ids.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { startEmbeddedClickHouse } from '../src/platform/embedded/clickhouse.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded/postgres.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres, run, sql } from '../src/platform/postgres.ts'
import { contentsOf } from './contents.ts'
import { root } from './sources.ts'
import { blankDatabase, freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

const LEADS = 8_000
const EVENTS = 60_000

const home = await mkdtemp(join(tmpdir(), 'throughline-kills-'))
const archive = join(home, 'archive')
let source: TestStores

beforeAll(async () => {
  source = await freshDatabase()
  await fill(source)
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** Leads with identifiers, and events in six parts or so. */
async function fill(stores: TestStores): Promise<void> {
  const postgres = openPostgres(stores.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const workspaceId = newId()
  await run(
    postgres.db,
    sql`insert into leads (id, workspace_id, email, source, fields, tags, created_at, updated_at)
        select md5('lead' || n)::uuid, ${workspaceId}, 'p' || n || '@shop.example', 'import',
          jsonb_build_object('about', repeat('tab\t\\ "quote" ', 20) || n), array['a b', 'c"d'], now(), now()
        from generate_series(1, ${LEADS}::int) n`,
  )
  await run(
    postgres.db,
    sql`insert into identifiers (workspace_id, kind, value, lead_id, seen_at)
        select ${workspaceId}, k, k || ':' || n, md5('lead' || n)::uuid, now() from generate_series(1, ${LEADS}::int) n, unnest(array[1, 3, 4]) k`,
  )
  await clickhouse.command({
    query: `insert into events (workspace_id, lead_id, occurred_at, event_id, batch_id, received_at, name, category, channel, page_url, properties)
      select {workspace:UUID}, toUUID(lower(hex(MD5(concat('lead', toString(number % ${LEADS} + 1)))))), now64(3) - toIntervalSecond(number),
        generateUUIDv4(number), {batch:UUID}, now64(3) - toIntervalDay(number % 60), 'page_viewed', 'page', 'email',
        concat('https://shop.example/', toString(number)), concat('{"text":"', repeat('line\\\\nbreak ', 12), toString(number), '"}')
      from numbers(${EVENTS})`,
    query_params: { workspace: workspaceId, batch: '01900000-0000-7000-8000-000000000001' },
    clickhouse_settings: { max_partitions_per_insert_block: '0' },
  })
  await Promise.all([postgres.close(), clickhouse.close()])
}

/** Runs the program, and kills it after so many steps; the line it ended with, or null where it was killed. */
async function attempt(deed: 'export' | 'import', stores: TestStores, steps: number): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(root, 'test', 'archive-program.ts'),
      deed,
      stores.databaseUrl,
      stores.clickhouseUrl,
      archive,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  let wrong = ''
  child.stderr.on('data', (piece) => (wrong += String(piece)))
  child.stdout.on('data', (piece) => {
    said += String(piece)
    if (said.split('\n').length > steps) child.kill('SIGKILL')
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('close', (...ended) => resolve(ended))
  })
  if (signal === 'SIGKILL') return null
  if (code !== 0) throw new Error(wrong)
  return said.slice(said.lastIndexOf('done '))
}

/** A kill may come after the last step and before the process is gone; the comparison that follows tells a false end. */
function hasEnded(stores: TestStores): Promise<boolean> {
  return refuseHalfImported(stores.databaseUrl).then(
    () => true,
    () => false,
  )
}

test('an export that is killed leaves no archive, and the next one into the same folder is whole', async () => {
  for (const steps of [1, 30]) {
    expect(await attempt('export', source, steps)).toBeNull()
    await expect(verifyArchive(archive)).rejects.toMatchObject({ code: 'archive_unfinished' })
  }
  expect(await attempt('export', source, Infinity)).toMatch(/^done /)
  expect(await verifyArchive(archive)).toMatchObject({
    archive: { leads: LEADS, events: EVENTS },
    problems: [],
  })
})

test(
  'an import that is killed goes on where it stood, and in the end every table is the same as where it came from',
  { timeout: 240_000 },
  async () => {
    const target = await blankDatabase()
    let kills = 0
    // Later each time: what is done already passes as steps, too.
    for (let steps = 1; (await attempt('import', target, steps)) === null; steps += 7) {
      kills++
      if (await hasEnded(target)) break
    }
    expect(kills).toBeGreaterThan(2)
    expect(await contentsOf(target)).toEqual(await contentsOf(source))
  },
)

test('an installation moves from these servers into embedded stores, and back', async () => {
  const dataDir = join(home, 'embedded')
  const log = createLog('silent')
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  const clickhouse = await startEmbeddedClickHouse({ dataDir, log })
  try {
    const embedded = { databaseUrl: postgres.url, clickhouseUrl: clickhouse.url }
    expect(await attempt('import', embedded, Infinity)).toMatch(/^done /)
    await rm(archive, { recursive: true })
    expect(await attempt('export', embedded, Infinity)).toMatch(/^done /)
  } finally {
    await Promise.all([postgres.stop(), clickhouse.stop()])
  }
  const back = await blankDatabase()
  expect(await attempt('import', back, Infinity)).toMatch(/^done /)
  expect(await contentsOf(back)).toEqual(await contentsOf(source))
})
