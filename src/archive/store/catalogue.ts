// What the catalogues of both stores say: tables, columns, partitions, sequences and the migrations that were applied.
import type { PoolClient } from 'pg'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Manifest } from '../contract.ts'
import type { ClickHouseTable, PostgresTable } from '../plan.ts'

type Partition = Manifest['postgres']['partitions'][number]
type Sequence = Manifest['postgres']['sequences'][number]

/** Every table of the product's own schema and of the job queue's; a partition counts as part of its table. */
export async function readPostgresTables(client: PoolClient): Promise<PostgresTable[]> {
  const found = await client.query<PostgresTable>(
    `select ${nameOf('c')} as name, c.relkind = 'p' as "isPartitioned",
       array(select a.attname::text from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
     from pg_class c
     where c.relkind in ('r', 'p') and not c.relispartition and ${isOurs('c')}
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by name`,
  )
  return found.rows
}

/** The partitions of partitioned tables with their bounds, as PostgreSQL writes them. */
export async function readPartitions(client: PoolClient): Promise<Partition[]> {
  const found = await client.query<Partition>(
    `select ${nameOf('c')} as name, ${nameOf('p')} as parent, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where c.relispartition and c.relkind = 'r' and ${isOurs('c')} order by name`,
  )
  return found.rows
}

/** How far each sequence has counted; those never asked are left out. */
export async function readSequences(client: PoolClient): Promise<Sequence[]> {
  const found = await client.query<Sequence>(
    `select case when schemaname = current_schema() then sequencename else schemaname || '.' || sequencename end as name,
       last_value::text as "lastValue"
     from pg_sequences where schemaname in (current_schema(), 'graphile_worker') and last_value is not null order by name`,
  )
  return found.rows
}

/** Names of the migrations that PostgreSQL has, in order; null where it never had any. */
export async function readAppliedInPostgres(client: PoolClient): Promise<string[] | null> {
  const found = await client.query<{ exists: boolean }>(
    "select to_regclass('migrations') is not null as exists",
  )
  if (!found.rows[0]?.exists) return null
  const applied = await client.query<{ name: string }>('select name from migrations order by name')
  return applied.rows.map((row) => row.name)
}

/** Names of the migrations that ClickHouse has, in order; null where it never had any. */
export async function readAppliedInClickHouse(clickhouse: ClickHouse): Promise<string[] | null> {
  const found = await ask<{ name: string }>(
    clickhouse,
    "select name from system.tables where database = currentDatabase() and name = 'migrations'",
  ).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === UNKNOWN_DATABASE) return []
    throw error
  })
  if (found.length === 0) return null
  const applied = await ask<{ name: string }>(clickhouse, 'select name from migrations order by name')
  return applied.map((row) => row.name)
}

/** Every table of the database that keeps rows. */
export async function readClickHouseTables(clickhouse: ClickHouse): Promise<ClickHouseTable[]> {
  const kept = await ask<{ name: string; columns: string[] }>(
    clickhouse,
    `select t.name as name, arrayMap(c -> c.2, arraySort(groupArray((c.position, c.name)))) as columns
     from system.tables t join system.columns c on c.database = t.database and c.table = t.name
     where t.database = currentDatabase() and t.engine like '%MergeTree' and not t.is_temporary
       and c.default_kind not in ('MATERIALIZED', 'ALIAS', 'EPHEMERAL')
     group by name order by name`,
  )
  const views = await ask<{ query: string }>(
    clickhouse,
    `select create_table_query as query from system.tables where database = currentDatabase() and engine = 'MaterializedView'`,
  )
  const fed = new Set(views.flatMap(({ query }) => / TO (?:\S+\.)?`?(\w+)`?/.exec(query)?.[1] ?? []))
  return kept
    .filter((table) => !table.name.startsWith('.inner'))
    .map((table) => ({ ...table, isFedByView: fed.has(table.name) }))
}

// https://clickhouse.com/docs/interfaces/http: the code of a database that nobody made yet.
const UNKNOWN_DATABASE = '81'

function nameOf(table: string): string {
  return `(case when ${table}.relnamespace = current_schema()::regnamespace then '' else ${table}.relnamespace::regnamespace::text || '.' end
    || ${table}.relname)`
}

/** SQL for the name of a table by its id: with its schema only where that is not the product's own. */
export function nameOfTable(id: string): string {
  return `(select ${nameOf('named')} from pg_class named where named.oid = ${id})`
}

function isOurs(table: string): string {
  return `${table}.relnamespace in (select oid from pg_namespace where nspname in (current_schema(), 'graphile_worker'))`
}
