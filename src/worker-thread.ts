// The worker as a thread beside the API: its own event loop, so that deciding batches never delays an answer.
import { parentPort, workerData } from 'node:worker_threads'
import { openClickHouse } from './platform/clickhouse.ts'
import { createLog } from './platform/log.ts'
import { registry } from './platform/metrics.ts'
import { openPostgres } from './platform/postgres.ts'
import type { Settings } from './platform/settings.ts'
import type { Stores } from './platform/instance.ts'
import { startWorker } from './worker.ts'

export interface WorkerOrder {
  settings: Settings
  secretKey: Uint8Array
  stores: Stores
}

/** What the API's thread asks of this one. */
export type ThreadMessage = { ask: 'metrics'; id: number } | { ask: 'stop' }

const { settings, secretKey, stores } = workerData as WorkerOrder
const postgres = openPostgres(stores.databaseUrl, { max: 6, name: 'throughline-worker' })
const clickhouse = openClickHouse(stores.clickhouseUrl)
const services = {
  db: postgres.db,
  clickhouse,
  clock: () => new Date(),
  settings,
  secretKey,
  log: createLog(settings.logLevel),
}
const worker = await startWorker(services, postgres.pool, stores.databaseUrl)
parentPort?.on('message', (message: ThreadMessage) => {
  void answer(message)
})
parentPort?.postMessage({ ready: true })

async function answer(message: ThreadMessage): Promise<void> {
  if (message.ask === 'metrics') {
    parentPort?.postMessage({ id: message.id, metrics: await registry.getMetricsAsJSON() })
    return
  }
  await worker.stop()
  await Promise.all([postgres.close(), clickhouse.close()])
  parentPort?.postMessage({ stopped: true })
  parentPort?.close()
}
