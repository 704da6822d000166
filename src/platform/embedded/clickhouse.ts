// The embedded ClickHouse: chDB in a process of its own, served over ClickHouse's HTTP interface on the loopback address.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Log } from '../log.ts'
import { keepRunning, type EmbeddedStore, type Running } from './child.ts'
import type { EngineOrder, EngineReply } from './chdb-server.ts'
import { findFreePort } from './ports.ts'

export interface ClickHouseOptions {
  /** The installation's data folder; the engine's files lie in `clickhouse` inside it. */
  dataDir: string
  log: Log
  onStarted?: (pid: number) => void
}

/** Starts the embedded ClickHouse and keeps it up. The URL names the database `throughline`, which a migration makes. */
export async function startEmbeddedClickHouse(options: ClickHouseOptions): Promise<EmbeddedStore> {
  const folder = join(options.dataDir, 'clickhouse')
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 })
  mkdirSync(join(folder, 'store'), { recursive: true, mode: 0o700 })
  const order: EngineOrder = {
    folder,
    port: await findFreePort(),
    password: randomBytes(24).toString('base64url'),
  }
  return keepRunning(`http://throughline:${order.password}@127.0.0.1:${order.port}/throughline`, {
    name: 'ClickHouse',
    log: options.log,
    port: order.port,
    start: () => start(order, options.log),
    onStarted: options.onStarted,
  })
}

/**
 * Memory goes back to the system when it is freed. While a file was imported the engine counted 30 MB as its own and held 300:
 * its allocator (jemalloc, https://jemalloc.net/jemalloc.3.html) keeps pages for 5 s, and that of Node's addon (glibc, `man
 * mallopt`) keeps what a thread of its own freed. With these 90 MB were held, at the same speed.
 */
const FREED_AT_ONCE = {
  JE_MALLOC_CONF: 'dirty_decay_ms:200',
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '262144',
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 6_000

async function start(order: EngineOrder, log: Log): Promise<Running> {
  const { args, env } = childCommand()
  const child = spawn(process.execPath, args, {
    // The engine runs queries on libuv's threads: one for each session, and some for files and names.
    env: { ...FREED_AT_ONCE, ...env, UV_THREADPOOL_SIZE: '14', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we end the store last.
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
      log.debug({ store: 'ClickHouse' }, text.trimEnd())
    })
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(`${signal ?? `exit code ${code}`} ${said.trim().slice(-500)}`.trim()),
    )
  })
  const reply = new Promise<EngineReply>((resolve) =>
    child.once('message', (answer: EngineReply) => resolve(answer)),
  )
  child.send(order, () => undefined)

  const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  const answer = await Promise.race([reply, ended])
  clearTimeout(timeout)
  if (typeof answer === 'string') throw new Error(`ClickHouse did not start: ${answer}`)
  if (!answer.ready) {
    child.kill('SIGKILL')
    throw new Error(`ClickHouse did not start: ${answer.reason} ${said.trim().slice(-500)}`.trim())
  }
  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      if (child.connected) child.disconnect()
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** In the bundle the child is its own file beside this one; from the sources it runs through tsx. */
function childCommand(): { args: string[]; env: NodeJS.ProcessEnv } {
  const memory = ['--max-semi-space-size=2', '--max-old-space-size=1024']
  if (!import.meta.url.endsWith('.ts')) {
    return {
      args: [...memory, fileURLToPath(new URL('./chdb-server.js', import.meta.url))],
      env: process.env,
    }
  }
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return {
    args: [...memory, '--import', tsx, fileURLToPath(new URL('./chdb-server.ts', import.meta.url))],
    env: process.env,
  }
}
