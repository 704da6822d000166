// Starts an installation: stores, migrations, API and worker as ROLE says; keeps it up, and stops it in order.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker as Thread } from 'node:worker_threads'
import maxmind from 'maxmind'
import type { CountryResponse } from 'maxmind'
import { offerSetupCode } from './accounts/index.ts'
import { createApp } from './app.ts'
import type { App } from './app.ts'
import { refuseHalfImported } from './archive/index.ts'
import type { FindCountry } from './events/index.ts'
import { checkVendorUrls, connectors } from './connectors/index.ts'
import { turnInboxDays } from './ingest/index.ts'
import { Refusal } from './lib/refusal.ts'
import { openClickHouse } from './platform/clickhouse.ts'
import { holdDataDir, startStores } from './platform/instance.ts'
import type { Hold, Stores } from './platform/instance.ts'
import { keepUp } from './platform/keep-up.ts'
import { createLog } from './platform/log.ts'
import type { Log } from './platform/log.ts'
import { migrateClickHouse, migratePostgres } from './platform/migrate.ts'
import { packageRoot } from './platform/paths.ts'
import { openPostgres } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { SettingsError, readSecretKey } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { KEEP } from './tasks.ts'
import { hostWorker } from './worker-host.ts'
import type { WorkerOrder } from './worker-thread.ts'

export interface Installation {
  url: string
  /** printed for the first visitor while there is no owner */
  setupCode: string | undefined
  /** settles with a sentence where it cannot go on, whatever was tried */
  failed: Promise<Error>
  stop(): Promise<void>
}

/**
 * Starts everything that the settings ask for; throws a sentence where it cannot. Where an embedded store is lost for good,
 * such as when another program took its port, everything is started anew, the stores on fresh ports.
 * @param beforeMigrating is handed the stores as they were left, before their schemas are brought up to date
 */
export async function startInstallation(
  settings: Settings,
  beforeMigrating: (stores: Stores) => Promise<void> = () => Promise.resolve(),
): Promise<Installation> {
  checkVendorUrls(connectors, settings)
  const log = createLog(settings.logLevel)
  const hold = holdDataDir(settings.dataDir)
  let wanted = settings
  try {
    const kept = await keepUp(
      'The product',
      async () => {
        const run = await startRun(wanted, hold, log, beforeMigrating)
        // Whatever port was free at first is its address from then on.
        wanted = { ...settings, port: run.port }
        return run
      },
      log,
    )
    const { url, setupCode } = kept.current()!
    const stop = once(async () => {
      await kept.stop()
      hold.release()
    })
    return { url, setupCode, failed: kept.failed, stop }
  } catch (error) {
    hold.release()
    throw error
  }
}

interface Run extends Omit<Installation, 'stop'> {
  port: number
  stop(): Promise<void>
}

async function startRun(
  settings: Settings,
  hold: Hold,
  log: Log,
  beforeMigrating: (stores: Stores) => Promise<void>,
): Promise<Run> {
  const ends: (() => Promise<unknown>)[] = []
  const stop = once(async () => {
    for (const end of ends.reverse())
      await end().catch((error: unknown) => log.error({ err: error }, 'stopping'))
  })
  try {
    const stores = await startStores(settings, log, hold)
    ends.push(() => stores.stop())
    await refuseHalfImported(stores.databaseUrl)
    await beforeMigrating(stores)
    await Promise.all([migratePostgres(stores.databaseUrl), migrateClickHouse(stores.clickhouseUrl)])
    const postgres = openPostgres(stores.databaseUrl, { max: 10, name: 'throughline-api' })
    const clickhouse = openClickHouse(stores.clickhouseUrl)
    ends.push(() => Promise.all([postgres.close(), clickhouse.close()]))
    const secretKey = readSecretKey(settings)
    const services: Services = {
      db: postgres.db,
      clickhouse,
      clock: () => new Date(),
      settings,
      secretKey,
      log,
    }
    await turnInboxDays(services.db, services.clock(), KEEP)
    const worker =
      settings.role === 'api'
        ? undefined
        : await hostWorker(() => launchThread(settings, secretKey, stores), log)
    if (worker) ends.push(() => worker.stop())
    const app = await createApp(services, {
      secretKey,
      findCountry: await openGeoip(settings),
      workerMetrics: worker?.metrics,
    })
    ends.push(() => closeApp(app))
    const url = await listen(app, settings)
    const port = Number(new URL(url).port)
    hold.tell({ host: settings.host, port, url })
    const failed = Promise.race([stores.failed, ...(worker ? [worker.failed] : [])])
    return { url, port, setupCode: await offerSetupCode(services), failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function launchThread(settings: Settings, secretKey: Uint8Array, stores: Stores): Thread {
  const workerData: WorkerOrder = {
    settings,
    secretKey,
    stores: { databaseUrl: stores.databaseUrl, clickhouseUrl: stores.clickhouseUrl },
  }
  return new Thread(join(packageRoot, 'dist', 'worker.js'), {
    workerData,
    // A batch's rows die young: with the default 16 MB a quarter of the worker's time went to collecting them. From 2,048 MB on
    // the old generation may grow to four times of what lives in it, below to twice: docs/decisions/import-speed.md.
    resourceLimits: { maxYoungGenerationSizeMb: 96, maxOldGenerationSizeMb: 2040 },
  })
}

async function listen(app: App, settings: Settings): Promise<string> {
  try {
    await app.api.raw.listen({ port: settings.port, host: settings.host })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Refusal(
        'port_taken',
        409,
        `Port ${settings.port} is in use by another program: stop that one, or set PORT to a free port (0 takes any).`,
      )
    }
    throw error
  }
  const address = app.api.raw.server.address()
  const port = typeof address === 'object' && address ? address.port : settings.port
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(settings.host) ? 'localhost' : settings.host
  return `http://${host}:${port}`
}

async function closeApp(app: App): Promise<void> {
  await app.api.raw.close()
  await app.door.idle()
}

async function openGeoip(settings: Settings): Promise<FindCountry | null> {
  if (settings.geoipFile === undefined) return null
  if (!existsSync(settings.geoipFile)) {
    throw new SettingsError(
      'GEOIP_FILE',
      `GEOIP_FILE names ${settings.geoipFile}, which is not there: give the path of an MMDB file.`,
    )
  }
  const reader = await maxmind.open<CountryResponse>(settings.geoipFile)
  return (address) => reader.get(address)?.country?.iso_code ?? null
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => (result ??= work())
}
