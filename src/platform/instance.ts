// One installation's running server: who holds DATA_DIR, where its stores are, and how the command line finds them.
import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Refusal } from '../lib/refusal.ts'
import type { EmbeddedStore } from './embedded/child.ts'
import { startEmbeddedClickHouse } from './embedded/clickhouse.ts'
import { startEmbeddedPostgres } from './embedded/postgres.ts'
import { isAlive, startMarkOf } from './embedded/processes.ts'
import type { Log } from './log.ts'
import { SettingsError, type Settings } from './settings.ts'

/** Where the two stores are. */
export interface Stores {
  databaseUrl: string
  clickhouseUrl: string
}

/** The stores of a process, and what it started for them. */
export interface RunningStores extends Stores {
  /** Settles with the reason where an embedded store is gone and could not be started again; else never. */
  readonly failed: Promise<Error>
  /** Ends what was started; servers of the user's own are left alone. */
  stop(): Promise<void>
}

/** This process's hold on DATA_DIR, told in `DATA_DIR/run.json`. */
export interface Hold {
  /** Writes further facts into the file, such as the port. */
  tell(facts: Partial<Omit<RunFile, 'pid' | 'startMark'>>): void
  /** Removes the file. */
  release(): void
}

export type RunFile = z.output<typeof RUN_FILE>

/**
 * Takes DATA_DIR for this process. Refuses (`data_dir_taken`) where another one holds it; a file left by a killed
 * process is told by the process's start mark, so a reused process id does not count.
 */
export function holdDataDir(dataDir: string): Hold {
  makeFolder(dataDir)
  const path = join(dataDir, 'run.json')
  let facts: RunFile = {
    pid: process.pid,
    startMark: startMarkOf(process.pid) ?? '',
    startedAt: new Date().toISOString(),
  }
  take(path, facts, dataDir)
  return {
    tell(more) {
      facts = { ...facts, ...more }
      replaceFile(path, facts)
    },
    release() {
      if (readRunFile(dataDir)?.pid === process.pid) rmSync(path, { force: true })
    },
  }
}

/** What the server that runs on DATA_DIR says of itself, or undefined where none runs. */
export function findRunning(dataDir: string): RunFile | undefined {
  const facts = readRunFile(dataDir)
  return facts !== undefined && isHolder(facts) ? facts : undefined
}

/**
 * Starts the embedded stores that no URL replaces, both at once.
 * @param hold is told the addresses and each new process id
 */
export async function startStores(settings: Settings, log: Log, hold: Hold): Promise<RunningStores> {
  const pids: { postgresPid?: number; clickhousePid?: number } = {}
  const started = await Promise.allSettled([
    settings.databaseUrl === undefined
      ? startEmbeddedPostgres({
          dataDir: settings.dataDir,
          log,
          onStarted: (pid) => tellPid({ postgresPid: pid }),
        })
      : undefined,
    settings.clickhouseUrl === undefined
      ? startEmbeddedClickHouse({
          dataDir: settings.dataDir,
          log,
          onStarted: (pid) => tellPid({ clickhousePid: pid }),
        })
      : undefined,
  ])
  const stores = started.flatMap((one) =>
    one.status === 'fulfilled' && one.value !== undefined ? [one.value] : [],
  )
  const failure = started.find((one) => one.status === 'rejected')
  if (failure !== undefined) {
    await stopAll(stores)
    throw failure.reason
  }
  const [postgres, clickhouse] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined))
  const addresses = {
    databaseUrl: settings.databaseUrl ?? postgres?.url ?? '',
    clickhouseUrl: settings.clickhouseUrl ?? clickhouse?.url ?? '',
  }
  hold.tell(addresses)
  return {
    ...addresses,
    failed: new Promise((resolve) => {
      for (const store of stores) void store.exited.then((error) => error !== undefined && resolve(error))
    }),
    stop: () => stopAll(stores),
  }

  function tellPid(more: typeof pids): void {
    Object.assign(pids, more)
    hold.tell(pids)
  }
}

/**
 * Runs a piece of command-line work on the installation's stores: those of the server that runs on DATA_DIR, or else
 * its own, started for as long as the work takes.
 */
export async function withStores<T>(
  settings: Settings,
  log: Log,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const given = locateStores(settings)
  if (given !== undefined) return work(given)
  const hold = holdDataDir(settings.dataDir)
  try {
    const stores = await startStores(settings, log, hold)
    try {
      return await work(stores)
    } finally {
      await stores.stop()
    }
  } finally {
    hold.release()
  }
}

/** The stores that can be used as they are: servers of the user's own, or those of the server that runs on DATA_DIR. */
export function locateStores(settings: Settings): Stores | undefined {
  const running = findRunning(settings.dataDir)
  const databaseUrl = settings.databaseUrl ?? running?.databaseUrl
  const clickhouseUrl = settings.clickhouseUrl ?? running?.clickhouseUrl
  return databaseUrl === undefined || clickhouseUrl === undefined ? undefined : { databaseUrl, clickhouseUrl }
}

const RUN_FILE = z.object({
  pid: z.number().int().positive(),
  /** When the process began, as the system tells it; with the id it names one process for good. */
  startMark: z.string(),
  startedAt: z.string(),
  host: z.string().optional(),
  port: z.number().int().optional(),
  /** Where the app answers. */
  url: z.string().optional(),
  databaseUrl: z.string().optional(),
  clickhouseUrl: z.string().optional(),
  postgresPid: z.number().int().optional(),
  clickhousePid: z.number().int().optional(),
})

// Others may pass through, since PostgreSQL may have to run as another user; what lies in it is closed to them.
function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    accessSync(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) throw error
    throw new SettingsError(
      'DATA_DIR',
      `DATA_DIR is ${dataDir}, where this user cannot write: set it to a folder of its own.`,
    )
  }
}

// A link is made whole or not at all, so of two that start at once one is refused.
function take(path: string, facts: RunFile, dataDir: string): void {
  const draft = `${path}.${process.pid}`
  writePrivate(draft, facts)
  try {
    for (;;) {
      try {
        linkSync(draft, path)
        return
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
      const holder = findRunning(dataDir)
      if (holder !== undefined && holder.pid !== process.pid) {
        throw new Refusal(
          'data_dir_taken',
          409,
          `${dataDir} is in use by a server with process id ${holder.pid}` +
            `${holder.url === undefined ? '' : ` at ${holder.url}`}: stop it, or set DATA_DIR to another folder.`,
        )
      }
      rmSync(path, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

function isHolder(facts: RunFile): boolean {
  if (!isAlive(facts.pid)) return false
  const mark = startMarkOf(facts.pid)
  return mark === undefined || facts.startMark === '' || mark === facts.startMark
}

function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return RUN_FILE.parse(JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')))
  } catch {
    return undefined
  }
}

function replaceFile(path: string, facts: RunFile): void {
  const draft = `${path}.${process.pid}`
  writePrivate(draft, facts)
  renameSync(draft, path)
}

function writePrivate(path: string, facts: RunFile): void {
  rmSync(path, { force: true })
  writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
}

async function stopAll(stores: EmbeddedStore[]): Promise<void> {
  await Promise.all(stores.map((store) => store.stop()))
}
