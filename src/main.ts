// Starts an installation: stores, migrations, API and worker as ROLE says; and stops it in order.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker as Thread } from 'node:worker_threads'
import maxmind from 'maxmind'
import type { CountryResponse } from 'maxmind'
import type { MetricObject } from 'prom-client'
import { offerSetupCode } from './accounts/index.ts'
import { createApp } from './app.ts'
import type { App } from './app.ts'
import type { FindCountry } from './events/index.ts'
import { turnInboxDays } from './ingest/index.ts'
import { Refusal } from './lib/refusal.ts'
import { openClickHouse } from './platform/clickhouse.ts'
import { holdDataDir, startStores } from './platform/instance.ts'
import { createLog } from './platform/log.ts'
import { migrateClickHouse, migratePostgres } from './platform/migrate.ts'
import { packageRoot } from './platform/paths.ts'
import { openPostgres } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { SettingsError, readSecretKey } from './platform/settings.ts'
import type { Settings } from './platform/settings.ts'
import { KEEP } from './tasks.ts'
import type { ThreadMessage } from './worker-thread.ts'

export interface Installation {
  url: string
  /** printed for the first visitor while there is no owner */
  setupCode: string | undefined
  /** settles with a reason where it cannot go on */
  failed: Promise<Error>
  stop(): Promise<void>
}

/** Starts everything that the settings ask for; throws a sentence where it cannot. */
export async function startInstallation(settings: Settings): Promise<Installation> {
  const log = createLog(settings.logLevel)
  const hold = holdDataDir(settings.dataDir)
  const ends: (() => Promise<unknown>)[] = [() => Promise.resolve(hold.release())]
  const stop = once(async () => {
    for (const end of ends.reverse())
      await end().catch((error: unknown) => log.error({ err: error }, 'stopping'))
  })
  try {
    const stores = await startStores(settings, log, hold)
    ends.push(() => stores.stop())
    await Promise.all([migratePostgres(stores.databaseUrl), migrateClickHouse(stores.clickhouseUrl)])
    const postgres = openPostgres(stores.databaseUrl, { max: 10, name: 'throughline-api' })
    const clickhouse = openClickHouse(stores.clickhouseUrl)
    ends.push(() => Promise.all([postgres.close(), clickhouse.close()]))
    const services: Services = { db: postgres.db, clickhouse, clock: () => new Date(), settings, log }
    await turnInboxDays(services.db, services.clock(), KEEP)
    const thread = settings.role === 'api' ? undefined : await startThread(settings, stores)
    if (thread) ends.push(() => thread.stop())
    const app = await createApp(services, {
      secretKey: readSecretKey(settings),
      findCountry: await openGeoip(settings),
      workerMetrics: thread?.metrics,
    })
    ends.push(() => closeApp(app))
    const url = await listen(app, settings)
    hold.tell({ host: settings.host, port: Number(new URL(url).port), url })
    const failed = Promise.race([stores.failed, ...(thread ? [thread.failed] : [])])
    return { url, setupCode: await offerSetupCode(services), failed, stop }
  } catch (error) {
    await stop()
    throw error
  }
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

interface WorkerThread {
  metrics(): Promise<MetricObject[]>
  failed: Promise<Error>
  stop(): Promise<void>
}

async function startThread(
  settings: Settings,
  stores: { databaseUrl: string; clickhouseUrl: string },
): Promise<WorkerThread> {
  const thread = new Thread(join(packageRoot, 'dist', 'worker.js'), {
    workerData: {
      settings,
      stores: { databaseUrl: stores.databaseUrl, clickhouseUrl: stores.clickhouseUrl },
    },
    // A batch's rows die young: with the default 16 MB a quarter of the worker's time went to collecting them.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  })
  const waiting = new Map<number, (metrics: MetricObject[]) => void>()
  let nextId = 1
  let stopping = false
  const failed = new Promise<Error>((resolve) => {
    thread.on('error', resolve)
    thread.on('exit', (code) => {
      if (!stopping) resolve(new Error(`the worker ended with code ${code}`))
    })
  })
  const ready = new Promise<void>((resolve) => {
    thread.on('message', (message: { ready?: true; id?: number; metrics?: MetricObject[] }) => {
      if (message.ready) resolve()
      if (message.id !== undefined && message.metrics) {
        waiting.get(message.id)?.(message.metrics)
        waiting.delete(message.id)
      }
    })
  })
  await Promise.race([ready, failed.then((error) => Promise.reject(error))])
  const tell = (message: ThreadMessage) => thread.postMessage(message)
  return {
    failed,
    metrics() {
      const id = nextId++
      tell({ ask: 'metrics', id })
      return new Promise((resolve) => waiting.set(id, resolve))
    },
    async stop() {
      stopping = true
      const ended = new Promise((resolve) => thread.once('exit', resolve))
      tell({ ask: 'stop' })
      await ended
    },
  }
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
