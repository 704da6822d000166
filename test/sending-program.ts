// A program for tests, to be killed: sends what waits in the outbox over every connection, again and again.
import { conversionShippers } from '../src/activation/conversions/index.ts'
import { sendDue, settleAbandoned } from '../src/deliveries/index.ts'
import { openClickHouse } from '../src/platform/clickhouse.ts'
import { createLog } from '../src/platform/log.ts'
import { openPostgres, rows, sql } from '../src/platform/postgres.ts'
import { readSettings } from '../src/platform/settings.ts'

const [, , databaseUrl = '', clickhouseUrl = '', sandboxUrl = ''] = process.argv
const postgres = openPostgres(databaseUrl, { max: 6 })
const services = {
  db: postgres.db,
  clickhouse: openClickHouse(clickhouseUrl),
  clock: () => new Date(),
  settings: { ...readSettings({}), sandboxUrl },
  secretKey: Buffer.alloc(32, 7),
  log: createLog('silent'),
}
for (;;) {
  await settleAbandoned(services, conversionShippers)
  const found = await rows<{ id: string; workspaceId: string }>(
    services.db,
    sql`select id, workspace_id as "workspaceId" from connections`,
  )
  await Promise.all(
    found.map(({ id, workspaceId }) => sendDue(services, conversionShippers, workspaceId, id)),
  )
  process.stdout.write('.')
  await new Promise((resolve) => setTimeout(resolve, 20))
}
