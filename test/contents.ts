// What a pair of stores holds, as one hash per table, to compare installations that should be the same.
import { travellingInClickHouse, travellingInPostgres } from '../src/archive/plan.ts'
import { readClickHouseTables, readPostgresTables } from '../src/archive/store/catalogue.ts'
import { ask, openClickHouse } from '../src/platform/clickhouse.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import type { TestStores } from './stores.ts'

/**
 * `rows:hash` of each table that an archive carries, the sums and aliases that ClickHouse makes of them, and the keys, indexes and
 * triggers of PostgreSQL.
 */
export async function contentsOf(stores: TestStores): Promise<Record<string, string>> {
  const postgres = openPostgres(stores.databaseUrl, { max: 1 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const client = await postgres.pool.connect()
  const contents: Record<string, string> = {}
  try {
    for (const { name, columns } of travellingInPostgres(await readPostgresTables(client))) {
      const row = `row(${columns.map((column) => `"${column}"`).join(', ')})::text`
      const { rows } = await client.query<{ count: string; hash: string }>(
        `select count(*)::text as count, coalesce(md5(string_agg(h, '' order by h)), '') as hash
         from (select md5(${row}) as h from ${name}) hashed`,
      )
      contents[`postgres/${name}`] = `${rows[0]?.count}:${rows[0]?.hash}`
    }
    const { rows: definitions } = await client.query<{ definition: string }>(
      `select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as definition
         from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('p', 'u', 'f', 'c')
       union all select indexdef from pg_indexes where schemaname = current_schema()
       union all select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal`,
    )
    contents['postgres keys, indexes and triggers'] = definitions
      .map((row) => row.definition)
      .sort()
      .join('\n')
    const tables = travellingInClickHouse(await readClickHouseTables(clickhouse))
    for (const { name, columns } of tables) {
      const [found] = await ask<{ count: string; hash: string }>(
        clickhouse,
        `select toString(count()) as count, toString(sum(cityHash64(${columns.join(', ')}))) as hash from ${name}`,
      )
      contents[`clickhouse/${name}`] = `${found?.count}:${found?.hash}`
    }
    contents['clickhouse/event_quarters'] = JSON.stringify(
      await ask(
        clickhouse,
        `select workspace_id, quarter, name, channel, sum(events) as events, sum(sessions) as sessions, sum(value_minor) as value
         from event_quarters group by workspace_id, quarter, name, channel order by workspace_id, quarter, name, channel`,
      ),
    )
    contents['clickhouse/lead_aliases'] = JSON.stringify(
      await ask(
        clickhouse,
        'select lead_id, target_id from lead_aliases final where is_removed = 0 order by lead_id',
      ),
    )
    return contents
  } finally {
    client.release()
    await Promise.all([postgres.close(), clickhouse.close()])
  }
}
