// Rows of PostgreSQL out of one snapshot and into empty tables, by COPY, which is the quickest way there is.
import { once } from 'node:events'
import type { Pool, PoolClient } from 'pg'
import { from, to } from 'pg-copy-streams'
import type { Manifest } from '../contract.ts'
import { quoted } from '../plan.ts'
import type { PostgresTable } from '../plan.ts'

/**
 * Begins a transaction that sees one state of the database until its connection ends, whatever others write meanwhile.
 * @returns the instant of that state
 */
export async function takeSnapshot(client: PoolClient): Promise<Date> {
  await prepareSession(client)
  await client.query('begin transaction isolation level repeatable read read only')
  const { rows } = await client.query<{ now: Date }>('select now() as now')
  return rows[0]!.now
}

/** How many rows each table holds, as PostgreSQL last estimated it; good for a progress bar. */
export async function estimateRows(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select coalesce(sum(greatest(reltuples, 0)), 0)::float8 as count from pg_class
     where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname in (current_schema(), 'graphile_worker'))`,
  )
  return rows[0]?.count ?? 0
}

/** The rows of a table as lines of COPY's text format, in pieces that end anywhere. */
export function copyOut(client: PoolClient, table: PostgresTable): AsyncIterable<Buffer> {
  const columns = table.columns.map(quoted).join(', ')
  return client.query(to(`copy (select ${columns} from ${quoted(table.name)}) to stdout`))
}

/** Runs `work` in a transaction on a connection of its own, which ends where it fails. */
export async function inOneTransaction(
  pool: Pool,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect()
  let isOver = false
  try {
    await prepareSession(client)
    await client.query('begin')
    await work(client)
    await client.query('commit')
    isOver = true
  } finally {
    client.release(!isOver)
  }
}

/**
 * Fills a table in the transaction that `client` is in; whatever it held is replaced. Its own triggers do not run, for what they
 * cause is in the archive too.
 * @param pieces lines of COPY's text format
 * @returns how many rows came in
 */
export async function copyIn(
  client: PoolClient,
  table: PostgresTable,
  columns: string[],
  pieces: AsyncIterable<Buffer>,
): Promise<number> {
  const name = quoted(table.name)
  await client.query(`alter table ${name} disable trigger user`)
  // A first start may have put some rows there.
  await client.query(`truncate ${name}`)
  // Of a table emptied in the same transaction the embedded PostgreSQL writes no log, and rows are frozen at once.
  const way = table.isPartitioned ? '' : ' with (freeze)'
  const copying = client.query(from(`copy ${name} (${columns.map(quoted).join(', ')}) from stdin${way}`))
  let failure: Error | undefined
  const failed = new Promise<never>((_, reject) => copying.on('error', (error) => reject((failure = error))))
  failed.catch(() => undefined)
  for await (const piece of pieces) {
    // It may have failed while the piece was fetched, and takes no more then.
    if (failure) throw failure
    if (!copying.write(piece)) await Promise.race([once(copying, 'drain'), failed])
  }
  if (failure) throw failure
  const finished = once(copying, 'finish')
  copying.end()
  await Promise.race([finished, failed])
  await client.query(`alter table ${name} enable trigger user`)
  return copying.rowCount
}

/** Makes the partitions that archived rows fall into, where they are not there yet. */
export async function makePartitions(
  client: PoolClient,
  parent: string,
  partitions: Manifest['postgres']['partitions'],
): Promise<void> {
  for (const { name, bound } of partitions.filter((one) => one.parent === parent)) {
    if (!BOUND.test(bound)) throw new Error(`the bound of ${name} is none: ${bound}`)
    await client.query(`create table if not exists ${quoted(name)} partition of ${quoted(parent)} ${bound}`)
  }
}

/** Sets sequences to where they had counted to. */
export async function setSequences(
  client: PoolClient,
  sequences: Manifest['postgres']['sequences'],
): Promise<void> {
  for (const { name, lastValue } of sequences) {
    await client.query('select setval(to_regclass($1), $2) where to_regclass($1) is not null', [
      quoted(name),
      lastValue,
    ])
  }
}

/** Tells the planner what the tables now hold. */
export async function refreshStatistics(client: PoolClient): Promise<void> {
  await prepareSession(client)
  await client.query('analyze')
}

/** Tables of the list that hold a row. */
export async function tablesWithRows(client: PoolClient, tables: string[]): Promise<string[]> {
  const filled: string[] = []
  for (const name of tables) {
    const { rows } = await client.query(`select 1 from ${quoted(name)} limit 1`)
    if (rows.length > 0) filled.push(name)
  }
  return filled
}

// To read and write rows for as long as that takes, in the same words everywhere.
async function prepareSession(client: PoolClient): Promise<void> {
  await client.query(
    `set datestyle = 'ISO'; set intervalstyle = 'postgres'; set timezone = 'UTC'; set bytea_output = 'hex';
     set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '10s';
     set maintenance_work_mem = '32MB'`,
  )
}

// It stands in a statement, where no parameter can: so literals only, as PostgreSQL itself writes a bound.
const BOUND = /^(DEFAULT|FOR VALUES (FROM \([^();]+\) TO \([^();]+\)|IN \([^();]+\)|WITH \([a-z0-9, ]+\)))$/
