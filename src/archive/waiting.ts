// Which migrations an installation waits for, so that an archive can be made before they change it.
import { openClickHouse } from '../platform/clickhouse.ts'
import type { Stores } from '../platform/instance.ts'
import { knownMigrations } from '../platform/migrate.ts'
import { openPostgres } from '../platform/postgres.ts'
import { readAppliedInClickHouse, readAppliedInPostgres } from './store/catalogue.ts'

/** Names of the migrations that the stores lack; none where nothing was ever started on them. */
export async function waitingMigrations(stores: Stores): Promise<string[]> {
  const postgres = openPostgres(stores.databaseUrl, { max: 1, name: 'throughline-cli' })
  const client = await postgres.pool.connect()
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  try {
    const inPostgres = await readAppliedInPostgres(client)
    if (inPostgres === null) return []
    const inClickHouse = await readAppliedInClickHouse(clickhouse)
    if (inClickHouse === null) return []
    return [
      ...(await knownMigrations('postgres')).filter((name) => !inPostgres.includes(name)),
      ...(await knownMigrations('clickhouse')).filter((name) => !inClickHouse.includes(name)),
    ]
  } finally {
    client.release()
    await Promise.all([postgres.close(), clickhouse.close()])
  }
}
