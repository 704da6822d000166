// One server per data folder, nothing left behind when it is killed, and the command line beside it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterEach, expect, it } from 'vitest'
import { openClickHouse } from './clickhouse.ts'
import { isAlive } from './embedded/processes.ts'
import { findRunning, holdDataDir, locateStores, withStores, type RunFile, type Stores } from './instance.ts'
import { createLog } from './log.ts'
import { readSettings } from './settings.ts'

const log = createLog('silent')
const started: ChildProcess[] = []
const folders: string[] = []

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

it(
  'a killed server leaves no store alive, and the next start finds every acknowledged row',
  { timeout: 60_000 },
  async () => {
    const dataDir = freshFolder()
    const server = await startServer(dataDir)
    const facts = runFile(dataDir)
    await write(facts)

    server.kill('SIGKILL')
    await gone(facts.postgresPid)
    await gone(facts.clickhousePid)
    expect(findRunning(dataDir)).toBeUndefined()

    await startServer(dataDir)
    expect(await read(runFile(dataDir))).toEqual({ postgres: 1, clickhouse: 1 })
  },
)

it(
  'a second start on the same folder is refused in one sentence that names the first',
  { timeout: 60_000 },
  async () => {
    const dataDir = freshFolder()
    const server = await startServer(dataDir)
    expect(statSync(join(dataDir, 'run.json')).mode & 0o777).toBe(0o600)

    const second = launch(dataDir)
    let said = ''
    second.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(second, 'close')) as [number]
    expect(code).toBe(1)
    expect(said.trim()).toBe(
      `${dataDir} is in use by a server with process id ${server.pid}: stop it, or set DATA_DIR to another folder.`,
    )
  },
)

it('an ordered end leaves neither the file nor a store behind', { timeout: 60_000 }, async () => {
  const dataDir = freshFolder()
  const server = await startServer(dataDir)
  const facts = runFile(dataDir)
  server.kill('SIGTERM')
  await once(server, 'exit')
  expect(findRunning(dataDir)).toBeUndefined()
  expect([facts.postgresPid, facts.clickhousePid].map((pid) => isAlive(pid ?? 0))).toEqual([false, false])
  expect(() => statSync(join(dataDir, 'run.json'))).toThrow('ENOENT')
})

it(
  'the command line uses the stores of a running server, and starts and ends its own without one',
  { timeout: 60_000 },
  async () => {
    const dataDir = freshFolder()
    const settings = readSettings({ DATA_DIR: dataDir })
    const own = await withStores(settings, log, async (stores) => {
      await write(stores)
      return { ...runFile(dataDir) }
    })
    expect(isAlive(own.postgresPid ?? 0)).toBe(false)
    expect(locateStores(settings)).toBeUndefined()

    await startServer(dataDir)
    const { databaseUrl, clickhouseUrl } = runFile(dataDir)
    expect(await withStores(settings, log, async (stores) => stores)).toEqual({ databaseUrl, clickhouseUrl })
    expect(await read(runFile(dataDir))).toEqual({ postgres: 1, clickhouse: 1 })
  },
)

it('a file left by a process whose id now belongs to another program holds nothing', () => {
  const dataDir = freshFolder()
  writeFileSync(
    join(dataDir, 'run.json'),
    JSON.stringify({ pid: process.ppid, startMark: 'another', startedAt: '' }),
  )
  expect(findRunning(dataDir)).toBeUndefined()
  const hold = holdDataDir(dataDir)
  expect(findRunning(dataDir)?.pid).toBe(process.pid)
  hold.release()
})

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline instance é '))
  folders.push(folder)
  mkdirSync(join(folder, 'data'))
  return join(folder, 'data')
}

function launch(dataDir: string): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const program = join(import.meta.dirname, '../../test/hold-stores.ts')
  const child = spawn(process.execPath, ['--import', tsx, program, dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

async function startServer(dataDir: string): Promise<ChildProcess> {
  const child = launch(dataDir)
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  await Promise.race([
    once(child.stdout ?? child, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`the server did not start: ${said}`))),
  ])
  return child
}

function runFile(dataDir: string): RunFile {
  return JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as RunFile
}

async function gone(pid: number | undefined): Promise<void> {
  await expect.poll(() => isAlive(pid ?? 0), { timeout: 20_000, interval: 20 }).toBe(false)
}

async function write(stores: Partial<Stores>): Promise<void> {
  await onPostgres(stores, 'create table kept (n int); insert into kept values (1)')
  const clickhouse = openClickHouse(rootOf(stores.clickhouseUrl))
  await clickhouse.command({ query: 'create table kept (n Int8) engine = MergeTree order by n' })
  await clickhouse.insert({ table: 'kept', values: [{ n: 1 }], format: 'JSONEachRow' })
  await clickhouse.close()
}

async function read(stores: Partial<Stores>): Promise<{ postgres: number; clickhouse: number }> {
  const [row] = await onPostgres(stores, 'select count(*)::int as n from kept')
  const clickhouse = openClickHouse(rootOf(stores.clickhouseUrl))
  const result = await clickhouse.query({ query: 'select count() as n from kept', format: 'JSONEachRow' })
  const [counted] = await result.json<{ n: number }>()
  await clickhouse.close()
  return { postgres: row?.n ?? 0, clickhouse: counted?.n ?? 0 }
}

async function onPostgres(stores: Partial<Stores>, query: string): Promise<{ n: number }[]> {
  const client = new pg.Client({ connectionString: stores.databaseUrl })
  await client.connect()
  const result = await client.query<{ n: number }>(query)
  await client.end()
  return result.rows
}

function rootOf(url: string | undefined): string {
  const target = new URL(url ?? '')
  target.pathname = '/default'
  return target.toString()
}
