// A program for tests, to be killed: fills a test twin with rows and says on the standard output how far it is.
import { seedDemo } from '../src/demo/index.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import { readSettings } from '../src/platform/settings.ts'

const [, , databaseUrl = '', clickhouseUrl = '', workspaceId = '', wish = '', now = ''] = process.argv
const postgres = openPostgres(databaseUrl, { max: 4 })
const clickhouse = openClickHouse(clickhouseUrl)
const services = {
  db: postgres.db,
  clickhouse,
  clock: () => new Date(now),
  settings: readSettings({ DATABASE_URL: databaseUrl, CLICKHOUSE_URL: clickhouseUrl }),
  secretKey: Buffer.alloc(32, 7),
  log: createLog('silent'),
}
await seedDemo(services, workspaceId, JSON.parse(wish) as Parameters<typeof seedDemo>[2], ({ done }) => {
  process.stdout.write(`${done}\n`)
})
await Promise.all([postgres.close(), clickhouse.close()])
