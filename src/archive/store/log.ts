// Rows of ClickHouse out of it and into empty tables, as lines of tab-separated text over HTTP.
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { eventsLeft } from '../../events/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouseTable } from '../plan.ts'

/** Which batches of the log belong to a snapshot of PostgreSQL. */
export interface ClosedBatches {
  /** batches made before this instant are closed, but for those still open */
  settledBefore: Date
  open: string[]
  /** of the open ones, those that go in pieces: what is logged of them travels, but for the events that are still to be sent */
  inPieces: string[]
  eventsLeft: string[]
  /** of the batches made since, those whose events travel */
  recent: string[]
}

/**
 * Which batches in the log were closed in the snapshot that `client` is in. Open ones travel in PostgreSQL and are logged
 * after the import, of those that go in pieces the rest; newer ones are not in the snapshot at all.
 * @param present looks at PostgreSQL as it is now, outside the snapshot
 * @param tables those of the log that say in which batch a row came
 */
export async function findClosedBatches(
  client: PoolClient,
  present: PoolClient,
  clickhouse: ClickHouse,
  tables: ClickHouseTable[],
): Promise<ClosedBatches> {
  // A batch's id tells when it was made, to the clock of the process that made it; what the snapshot does not show was
  // made by a transaction that ran then or later.
  const { rows: bounds } = await client.query<{ at: Date }>(
    `select least(now() - interval '15 minutes', min(xact_start) - interval '5 minutes') as at
     from pg_stat_activity where datname = current_database() and backend_xid is not null`,
  )
  const settledBefore = bounds[0]!.at
  const floor = firstIdOf(settledBefore)
  const recentlyKnown = await idsOf(client, 'select id from batches where id >= $1', [floor])
  const open = await idsOf(client, 'select id from batches where closed_at is null', [])
  const cut = await batchesInPieces(client)
  const left = await Promise.all(cut.map((batch) => eventsLeft(batch.rows, batch.settled)))
  // First what is logged, then what PostgreSQL knows by now: a batch is in PostgreSQL before it is in the log.
  const logged = new Set<string>()
  for (const { name } of tables) {
    const found = await ask<{ id: string }>(
      clickhouse,
      `select distinct batch_id as id from ${name} where UUIDv7ToDateTime(batch_id) >= {at:DateTime64(3, 'UTC')}`,
      { at: settledBefore },
      { maxSeconds: LONG_SECONDS },
    )
    for (const { id } of found) logged.add(id)
  }
  const knownNow = await idsOf(present, 'select id from batches where id >= $1', [floor])
  return {
    settledBefore,
    open: [...open],
    inPieces: cut.map(({ id }) => id),
    eventsLeft: left.flat(),
    recent: [...logged].filter((id) => !open.has(id) && (recentlyKnown.has(id) || !knownNow.has(id))),
  }
}

/** Pieces of a table that can be read one by one: its partitions, with the rows they hold now. */
export async function readPieces(
  clickhouse: ClickHouse,
  table: string,
): Promise<{ partition: string; rows: number }[]> {
  return ask(
    clickhouse,
    `select partition_id as partition, toUInt64(sum(rows)) as rows from system.parts
     where database = currentDatabase() and table = {table:String} and active group by partition_id order by partition_id`,
    { table },
  )
}

/**
 * The rows of a partition as lines of tab-separated text, in pieces that end anywhere; of tables that say in which batch a
 * row came, only those of the closed batches. Throws where the answer was cut short.
 */
export async function* readLines(
  clickhouse: ClickHouse,
  table: ClickHouseTable,
  partition: string,
  closed: ClosedBatches,
): AsyncGenerator<Buffer> {
  const reply = await clickhouse.exec({
    query: `select ${table.columns.map(ticked).join(', ')} from ${ticked(table.name)} where _partition_id = {partition:String}${
      table.columns.includes('batch_id') ? ` and (${isClosed(closed)})` : ''
    }`,
    query_params: { partition },
    clickhouse_settings: {
      max_execution_time: LONG_SECONDS,
      // The ids of batches stand in it: a busy server closes thousands in 15 minutes, and parameters travel in the address.
      max_query_size: String(2 ** 30),
      // Waiting for the end would keep the whole answer in memory.
      wait_end_of_query: 0,
      // The formats' own defaults, whatever the server's profile says: what is written here must read the same there.
      date_time_output_format: 'simple',
      output_format_tsv_crlf_end_of_line: 0,
    },
  })
  const tag = String(reply.response_headers['x-clickhouse-exception-tag'] ?? '')
  let tail: Buffer = Buffer.alloc(0)
  for await (const piece of reply.stream as AsyncIterable<Buffer>) {
    yield piece
    tail =
      piece.length >= TAIL_BYTES
        ? piece.subarray(-TAIL_BYTES)
        : Buffer.concat([tail, piece]).subarray(-TAIL_BYTES)
  }
  // https://clickhouse.com/docs/interfaces/http#http_response_codes_caveats: a failure half way stands where rows should.
  const text = tail.toString('latin1')
  const last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
  const isWhole = text === '' || (text.endsWith('\n') && last.split('\t').length === table.columns.length)
  if (!isWhole || (tag !== '' && text.includes(tag))) {
    throw new Error(`ClickHouse broke off reading ${table.name}: ${text.slice(-500).trim()}`)
  }
}

/** Writes gzipped lines of tab-separated text once: the same token again changes nothing. */
export async function insertLines(
  clickhouse: ClickHouse,
  table: string,
  columns: string[],
  gzipped: Buffer,
  token: string,
): Promise<void> {
  const reply = await clickhouse.exec({
    query: `insert into ${ticked(table)} (${columns.map(ticked).join(', ')}) format TabSeparated`,
    values: Readable.from([gzipped]),
    http_headers: { 'Content-Encoding': 'gzip' },
    clickhouse_settings: {
      insert_deduplication_token: token,
      insert_deduplicate: 1,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      max_partitions_per_insert_block: '0',
      insert_distributed_sync: 1,
      async_insert: 0,
      date_time_input_format: 'basic',
      // One block a part, and so one token a block.
      min_insert_block_size_rows: '0',
      min_insert_block_size_bytes: '0',
      max_insert_block_size: '10000000',
      input_format_parallel_parsing: 0,
    },
  })
  reply.stream.resume()
  await finished(reply.stream)
}

/** Tables of the list that hold a row. */
export async function logTablesWithRows(clickhouse: ClickHouse, tables: string[]): Promise<string[]> {
  const filled: string[] = []
  for (const name of tables) {
    const found = await ask(clickhouse, `select 1 as one from ${ticked(name)} limit 1`)
    if (found.length > 0) filled.push(name)
  }
  return filled
}

const LONG_SECONDS = 6 * 60 * 60
const TAIL_BYTES = 64 * 1024

// None where the schema is of a version that sent every batch whole.
async function batchesInPieces(client: PoolClient): Promise<{ id: string; rows: Buffer; settled: number }[]> {
  const { rows: known } = await client.query(
    "select 1 from pg_attribute where attrelid = 'batches'::regclass and attname = 'settled'",
  )
  if (known.length === 0) return []
  const found = await client.query<{ id: string; rows: Buffer; settled: number }>(
    'select id, rows, settled from batches where closed_at is null and settled is not null',
  )
  return found.rows
}

function isClosed({ settledBefore, open, recent, inPieces, eventsLeft }: ClosedBatches): string {
  const settled = `fromUnixTimestamp64Milli(${settledBefore.getTime()}, 'UTC')`
  return `(UUIDv7ToDateTime(batch_id) < ${settled} and not ${isAmong('batch_id', open)}) or ${isAmong('batch_id', recent)}
    or (${isAmong('batch_id', inPieces)} and not ${isAmong('event_id', eventsLeft)})`
}

function isAmong(column: string, ids: string[]): string {
  if (!ids.every((id) => /^[0-9a-f-]{36}$/.test(id))) throw new Error(`an id of ${column} is no UUID`)
  return ids.length === 0 ? 'false' : `(${column} in (${ids.map((id) => `'${id}'`).join(',')}))`
}

async function idsOf(client: PoolClient, query: string, values: unknown[]): Promise<Set<string>> {
  const found = await client.query<{ id: string }>(query, values)
  return new Set(found.rows.map((row) => row.id))
}

// The least UUID of version 7 at an instant: https://www.rfc-editor.org/rfc/rfc9562#section-5.7
function firstIdOf(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

function ticked(name: string): string {
  return `\`${name.replaceAll('`', '\\`')}\``
}
