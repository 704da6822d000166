// An installation for tests: a pair of databases of its own, with an owner, a live workspace and its test twin.
import { createOwner } from '../src/accounts/index.ts'
import { turnInboxDays } from '../src/ingest/index.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import type { Postgres } from '../src/platform/postgres.ts'
import type { Services } from '../src/platform/services.ts'
import { readSettings } from '../src/platform/settings.ts'
import { freshDatabase } from './stores.ts'
import type { TestStores } from './stores.ts'

export interface Installation extends TestStores {
  postgres: Postgres
  services: Services
  /** the id of the live workspace */
  live: string
  /** that of its test twin */
  twin: string
  close(): Promise<void>
}

export async function newInstallation(clock: () => Date): Promise<Installation> {
  const stores = await freshDatabase()
  const postgres = openPostgres(stores.databaseUrl)
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const services: Services = {
    db: postgres.db,
    clickhouse,
    clock,
    settings: readSettings({ DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl }),
    secretKey: Buffer.alloc(32, 7),
    log: createLog('silent'),
  }
  await turnInboxDays(postgres.db, clock(), { payloadDays: 14, keyDays: 30 })
  const { live, test } = await createOwner(services, {
    email: 'olive@shop.example',
    password: 'correct horse battery',
    name: 'Olive',
    workspaceName: 'Shop',
    timeZone: 'Europe/Berlin',
  })
  return {
    ...stores,
    postgres,
    services,
    live: live.id,
    twin: test.id,
    async close() {
      await Promise.all([postgres.close(), clickhouse.close()])
    },
  }
}
