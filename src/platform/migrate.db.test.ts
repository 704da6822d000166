// Migrations on databases that are there already: nothing twice, and a start only on the schema that the files say.
import { beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../../test/stores.ts'
import type { TestStores } from '../../test/stores.ts'
import { openClickHouse } from './clickhouse.ts'
import { migrateClickHouse, migratePostgres } from './migrate.ts'
import { openPostgres, run, sql } from './postgres.ts'

let stores: TestStores

beforeAll(async () => {
  stores = await freshDatabase()
})

test('a schema that is up to date is left as it is', async () => {
  expect(await migratePostgres(stores.databaseUrl)).toEqual({ applied: [] })
  expect(await migrateClickHouse(stores.clickhouseUrl)).toEqual({ applied: [] })
})

test('a migration of PostgreSQL that was changed after it was applied refuses the start and names the file', async () => {
  const postgres = openPostgres(stores.databaseUrl, { max: 1 })
  try {
    await run(postgres.db, sql`update migrations set checksum = 'another' where name like '0002%'`)
  } finally {
    await postgres.close()
  }
  await expect(migratePostgres(stores.databaseUrl)).rejects.toMatchObject({
    code: 'migration_changed',
    message: expect.stringContaining('db/postgres/0002_accounts.sql was changed') as string,
  })
})

test('so does one of ClickHouse', async () => {
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  try {
    await clickhouse.command({
      query: `alter table migrations update checksum = 'another' where name = '0001_events.sql'`,
      clickhouse_settings: { mutations_sync: '2' },
    })
  } finally {
    await clickhouse.close()
  }
  await expect(migrateClickHouse(stores.clickhouseUrl)).rejects.toMatchObject({
    code: 'migration_changed',
    message: expect.stringContaining('db/clickhouse/0001_events.sql was changed') as string,
  })
})
