// Where the work of a command runs: on the stores of the server that runs, or on stores of its own for as long as it takes.
import { pino } from 'pino'
import { refuseHalfImported } from '../archive/index.ts'
import { openBatchState } from '../events/index.ts'
import { turnInboxDays, workersAtWork } from '../ingest/index.ts'
import { owedState } from '../leads/index.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import { findRunning, withStores } from '../platform/instance.ts'
import type { Stores } from '../platform/instance.ts'
import { dueJobs } from '../platform/jobs.ts'
import { createLog } from '../platform/log.ts'
import { migrateClickHouse, migratePostgres } from '../platform/migrate.ts'
import { openPostgres } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { readSecretKey, readSettings } from '../platform/settings.ts'
import type { Settings } from '../platform/settings.ts'
import { KEEP } from '../tasks.ts'
import { startWorker } from '../worker.ts'
import { offerExport } from './export-stores.ts'
import { say } from './say.ts'

/** What `throughline migrate` did, by store. */
export interface Migrated {
  postgres: string[]
  clickhouse: string[]
}

/**
 * Does `work` on the installation that the environment names. Where no server runs on DATA_DIR the schemas are brought up
 * to date first; a server that runs has done so itself.
 */
export async function atWork<T>(work: (services: Services) => Promise<T>): Promise<T> {
  return atStores(async (services) => work(services))
}

/** The same with a worker at work: that of a server, or else one in this process, until what `work` caused is done. */
export async function atWorkWithWorker<T>(work: (services: Services) => Promise<T>): Promise<T> {
  return atStores(async (services, open) => {
    const worker = (await workersAtWork(services.db)) > 0 ? undefined : await open()
    try {
      const done = await work(services)
      await drain(services)
      return done
    } finally {
      await worker?.stop()
    }
  })
}

/** Brings both schemas up to date. */
export async function migrate(): Promise<Migrated> {
  const settings = readSettings(process.env)
  return withStores(settings, logOf(settings.logLevel), (stores) => migrateStores(settings, stores))
}

async function atStores<T>(
  work: (services: Services, openWorker: () => ReturnType<typeof startWorker>) => Promise<T>,
): Promise<T> {
  const settings = readSettings(process.env)
  const log = logOf(settings.logLevel)
  const isServed = findRunning(settings.dataDir) !== undefined
  return withStores(settings, log, async (stores) => {
    if (!isServed) await migrateStores(settings, stores)
    const postgres = openPostgres(stores.databaseUrl, { max: 6, name: 'throughline-cli' })
    const clickhouse = openClickHouse(stores.clickhouseUrl)
    const secretKey = readSecretKey(settings)
    const services: Services = {
      db: postgres.db,
      clickhouse,
      clock: () => new Date(),
      settings,
      secretKey,
      log,
    }
    try {
      if (!isServed) await turnInboxDays(services.db, services.clock(), KEEP)
      return await work(services, () => startWorker(services, postgres.pool, stores.databaseUrl))
    } finally {
      await Promise.all([postgres.close(), clickhouse.close()])
    }
  })
}

async function migrateStores(settings: Settings, stores: Stores): Promise<Migrated> {
  await refuseHalfImported(stores.databaseUrl)
  await offerExport(settings, stores)
  const [postgres, clickhouse] = await Promise.all([
    migratePostgres(stores.databaseUrl),
    migrateClickHouse(stores.clickhouseUrl),
  ])
  return { postgres: postgres.applied, clickhouse: clickhouse.applied }
}

// Until the log has every batch, no job is due and ClickHouse's copy of the leads is not being filled anew. Where that stands
// still for a minute, the server will go on with it.
async function drain(services: Services): Promise<void> {
  let least = Infinity
  let position = ''
  let movedAt = performance.now()
  for (;;) {
    const [batches, jobs, owed] = await Promise.all([
      openBatchState(services.db),
      dueJobs(services.db),
      owedState(services.db),
    ])
    const left = batches.count + jobs + owed.workspaces
    if (left === 0) return
    if (left < least || owed.position !== position) {
      least = Math.min(least, left)
      position = owed.position
      movedAt = performance.now()
    }
    if (performance.now() - movedAt > 60_000) {
      say(
        `${batches.count} batches, ${jobs} jobs and the copies of ${owed.workspaces} workspaces in ClickHouse still wait; a running server goes on with them.`,
      )
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

// Results go to stdout, so the log goes to stderr; where nobody chose a level, only what went wrong.
export function logOf(level: ReturnType<typeof readSettings>['logLevel']) {
  return createLog(process.env.LOG_LEVEL ? level : 'error', pino.destination({ fd: 2, sync: true }))
}
