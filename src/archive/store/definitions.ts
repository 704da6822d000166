// Keys and indexes of tables that are filled: taken away before the rows come, and made again from all of them at once.
import type { Pool, PoolClient } from 'pg'
import { quoted } from '../plan.ts'
import { nameOfTable } from './catalogue.ts'
import { IMPORT_SCHEMA } from './progress.ts'

/** A key or an index that waits to be made again. */
export interface Definition {
  position: number
  /** the table it is made on, as the catalogue of tables names it */
  table: string
  /** of a foreign key, which both tables must be filled for */
  isForeign: boolean
}

/**
 * Takes the keys and indexes of tables away, and keeps beside the data how they are made again. In the transaction that
 * `client` is in. Checking a million rows one by one as they come takes five times as long as sorting them once.
 * @param tables none of them partitioned
 */
export async function takeAwayDefinitions(client: PoolClient, tables: string[]): Promise<void> {
  await client.query(
    `create table ${IMPORT_SCHEMA}.definitions (
       position int generated always as identity primary key, table_name text not null, is_foreign boolean not null, statement text not null)`,
  )
  const { rows } = await client.query<{
    table: string
    isForeign: boolean
    removal: string
    statement: string
  }>(
    `with filled as (select to_regclass(unnest($1::text[])) as id)
     select ${nameOfTable('conrelid')} as "table", contype = 'f' as "isForeign",
       format('alter table %s drop constraint %I', conrelid::regclass, conname) as removal,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as statement
     from pg_constraint
     where conparentid = 0 and (
       (contype in ('p', 'u') and conrelid in (select id from filled))
       or (contype = 'f' and (conrelid in (select id from filled) or confrelid in (select id from filled))))
     union all
     select ${nameOfTable('i.indrelid')}, false, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
     from pg_index i
     where i.indrelid in (select id from filled) and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)
     order by 2 desc`,
    [tables.map(quoted)],
  )
  for (const { table, isForeign, removal, statement } of rows) {
    await client.query(removal)
    await client.query(
      `insert into ${IMPORT_SCHEMA}.definitions (table_name, is_foreign, statement) values ($1, $2, $3)`,
      [table, isForeign, statement],
    )
  }
}

/** What waits to be made again, in the order in which it can be. */
export async function readDefinitions(pool: Pool): Promise<Definition[]> {
  const { rows } = await pool.query<Definition>(
    `select position, table_name as "table", is_foreign as "isForeign" from ${IMPORT_SCHEMA}.definitions order by is_foreign, position`,
  )
  return rows
}

/** Makes one key or index again, in the transaction that `client` is in. */
export async function makeAgain(client: PoolClient, { position }: Definition): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `delete from ${IMPORT_SCHEMA}.definitions where position = $1 returning statement`,
    [position],
  )
  for (const { statement } of rows) await client.query(statement)
}
