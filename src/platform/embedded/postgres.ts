// The embedded PostgreSQL: real server binaries from npm, in a folder of ours, on a port of the loopback address.
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Log } from '../log.ts'
import { keepRunning, pause, type EmbeddedStore, type Running } from './child.ts'
import { findFreePort } from './ports.ts'
import {
  chooseRunner,
  findPostgresBinaries,
  type PostgresBinaries,
  type Runner,
} from './postgres-binaries.ts'
import { commandOf, isAlive } from './processes.ts'

export interface PostgresOptions {
  /** The installation's data folder; the cluster lies in `postgres` inside it. */
  dataDir: string
  log: Log
  /** Further server settings, such as `{ fsync: 'off' }` in tests. */
  settings?: Readonly<Record<string, string>>
  onStarted?: (pid: number) => void
}

/**
 * Starts the embedded PostgreSQL, making its cluster on first use, and keeps it up. The database is `throughline`.
 * A server left over from a killed process is ended first.
 */
export async function startEmbeddedPostgres(options: PostgresOptions): Promise<EmbeddedStore> {
  const folder = join(options.dataDir, 'postgres')
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const binaries = findPostgresBinaries()
  const runner = chooseRunner(binaries.postgres, folder)
  const cluster = join(folder, 'cluster')
  const password = readPassword(folder)
  if (!existsSync(cluster)) initialise(binaries, runner, cluster, password)
  const port = await findFreePort()
  const url = new URL(`postgres://throughline@127.0.0.1:${port}/throughline`)
  url.password = password
  const store = await keepRunning(url.toString(), {
    name: 'PostgreSQL',
    log: options.log,
    port,
    start: () => start(binaries, runner, cluster, port, options),
    onStarted: options.onStarted,
  })
  try {
    await makeDatabase(url)
  } catch (error) {
    await store.stop()
    throw error
  }
  return store
}

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000

// Measured idle on two cores: 40 to 60 MB for all its processes. Reports are ClickHouse's work, so nothing runs in
// parallel here; io_method=sync saves three processes. Row data must not reach the log, hence the levels.
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  jit: 'off',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_parallel_workers: '2',
  max_worker_processes: '4',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',
  wal_level: 'minimal',
  wal_compression: 'on',
  min_wal_size: '192MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  autovacuum_max_workers: '2',
  autovacuum_naptime: '20s',
  autovacuum_vacuum_cost_delay: '1ms',
  random_page_cost: '1.1',
  idle_in_transaction_session_timeout: '120s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

function readPassword(folder: string): string {
  const path = join(folder, 'password')
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(path, 'utf8').trim()
}

/** Makes the cluster beside its place and moves it there whole, so that an interrupted start leaves nothing half made. */
function initialise(binaries: PostgresBinaries, runner: Runner, cluster: string, password: string): void {
  const fresh = `${cluster}.new`
  const passwordFile = `${cluster}.password`
  rmSync(fresh, { recursive: true, force: true })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (runner.uid !== undefined) chownSync(passwordFile, runner.uid, runner.gid ?? runner.uid)
  const [command, ...words] = [
    ...runner.prefix,
    binaries.initdb,
    `--pgdata=${fresh}`,
    '--username=throughline',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    '--set=max_connections=50',
    '--set=shared_buffers=64MB',
  ]
  const made = spawnSync(command ?? '', words, {
    uid: runner.uid,
    gid: runner.gid,
    encoding: 'utf8',
    env: environment(),
  })
  rmSync(passwordFile, { force: true })
  if (made.status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    throw new Error(
      `PostgreSQL could not make its folder ${cluster}: ${lastLines(`${made.stdout}\n${made.stderr}`)}`,
    )
  }
  chmodSync(fresh, 0o700)
  renameSync(fresh, cluster)
}

async function start(
  binaries: PostgresBinaries,
  runner: Runner,
  cluster: string,
  port: number,
  options: PostgresOptions,
): Promise<Running> {
  await endLeftover(cluster)
  const settings = { ...SETTINGS, ...options.settings, port: String(port) }
  const server = [
    binaries.postgres,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ]
  const [command, ...words] = [...runner.prefix, 'sh', '-c', GUARD, 'sh', ...server]
  const guard = spawn(command ?? '', words, {
    uid: runner.uid,
    gid: runner.gid,
    env: environment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we end the store last.
    detached: true,
  })
  let said = ''
  for (const stream of [guard.stdout, guard.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
      options.log.debug({ store: 'PostgreSQL' }, text.trimEnd())
    })
  }
  guard.stdin.on('error', () => undefined)
  const ended = new Promise<string>((resolve) => {
    guard.once('error', (error) => resolve(error.message))
    guard.once('exit', (code, signal) =>
      resolve(`${signal ?? `exit code ${code}`} ${lastLines(said)}`.trim()),
    )
  })
  let how: string | undefined
  void ended.then((text) => {
    how = text
    guard.stdin.destroy()
  })

  const until = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const [pid, , , , , , , status] = readPidFile(cluster)
    if (status?.trim() === 'ready' && Number(pid) > 0 && isAlive(Number(pid))) {
      return { pid: Number(pid), ended, stop: () => stop(Number(pid)) }
    }
    if (how !== undefined) throw new Error(`PostgreSQL did not start: ${how}`)
    if (Date.now() > until) {
      guard.stdin.end()
      throw new Error(`PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s: ${lastLines(said)}`)
    }
    await pause(20)
  }

  async function stop(pid: number): Promise<void> {
    guard.stdin.end()
    const late = setTimeout(() => isAlive(pid) && process.kill(pid, 'SIGQUIT'), STOP_TIMEOUT_MS)
    await ended
    clearTimeout(late)
  }
}

// Runs the server and ends it (SIGINT: "fast shutdown") as soon as the pipe on stdin closes, which it does however we
// die. Ends itself when the server is gone, so that a crash is seen.
const GUARD = `exec 3<&0; "$@" </dev/null 3<&- & p=$!
( read _ <&3; kill -INT $p ) >/dev/null 2>&1 & r=$!
exec 3<&-
wait $p; s=$?; kill $r 2>/dev/null; exit $s`

/** Ends a server that still runs on the cluster, and clears a lock file whose process id now belongs to another program. */
async function endLeftover(cluster: string): Promise<void> {
  const pid = Number(readPidFile(cluster)[0] ?? '')
  if (!(pid > 0) || !isAlive(pid)) return
  const isOurs = (): boolean => isAlive(pid) && (commandOf(pid)?.includes(cluster) ?? false)
  if (!isOurs()) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true })
    return
  }
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    process.kill(pid, signal)
    const until = Date.now() + waitMs
    while (Date.now() < until && isOurs()) await pause(20)
    if (!isOurs()) return
  }
}

// https://www.postgresql.org/docs/current/storage-file-layout.html: line 1 is the process id, line 8 the status.
function readPidFile(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

async function makeDatabase(url: URL): Promise<void> {
  const admin = new URL(url)
  admin.pathname = '/postgres'
  const client = new pg.Client({ connectionString: admin.toString() })
  await client.connect()
  try {
    const found = await client.query("select 1 from pg_database where datname = 'throughline'")
    if (found.rowCount === 0) await client.query('create database throughline')
  } finally {
    await client.end()
  }
}

function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').trim()
}
