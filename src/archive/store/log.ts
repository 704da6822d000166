// Rows of ClickHouse out of it and into empty tables, as lines of tab-separated text over HTTP.
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { eventsLeft } from '../../events/index.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { ClickHouseTable } from '../plan.ts'
import { cutPartition } from '../slices.ts'
import type { ClosedBatches, LeadBound, Selection, Slice } from '../slices.ts'

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

/** The slices of a table that can be read one by one, with how many rows they hold now in all. */
export async function readSlices(
  clickhouse: ClickHouse,
  table: ClickHouseTable,
): Promise<{ slices: Slice[]; rows: number }> {
  const found = await ask<{ partition: string; rows: number | string }>(
    clickhouse,
    `select partition_id as partition, sum(rows) as rows from system.parts
     where database = currentDatabase() and table = {table:String} and active group by partition_id order by partition_id`,
    { table: table.name },
  )
  const slices: Slice[] = []
  for (const { partition, rows } of found) {
    const isLarge = isByBatch(table) && Number(rows) > 1.5 * SLICE_ROWS
    const sample = isLarge ? await readSample(clickhouse, table.name, partition) : []
    slices.push(...cutPartition(partition, sample, SAMPLE_EVERY, SLICE_ROWS))
  }
  return { slices, rows: found.reduce((sum, { rows }) => sum + Number(rows), 0) }
}

/** Whether a table says in which batch a row came, so that a slice of it can be compared with what was read of it before. */
export function isByBatch({ columns }: ClickHouseTable): boolean {
  return ['batch_id', 'event_id', 'workspace_id', 'lead_id'].every((column) => columns.includes(column))
}

/** A check value of the selected rows, whatever their order. */
export async function readDigest(
  clickhouse: ClickHouse,
  table: ClickHouseTable,
  selection: Selection,
): Promise<{ rows: number; digest: string }> {
  const [found] = await ask<{ rows: number | string; digest: string }>(
    clickhouse,
    `select count() as rows, toString(sum(cityHash64(${table.columns.map(ticked).join(', ')}))) as digest
     from ${ticked(table.name)} where ${isSelected(selection)}`,
    {},
    { maxSeconds: LONG_SECONDS, settings: LARGE_QUERY },
  )
  return { rows: Number(found?.rows), digest: `${found?.rows}:${found?.digest}` }
}

/** The selected rows as lines of tab-separated text, in pieces that end anywhere. Throws where the answer was cut short. */
export async function* readLines(
  clickhouse: ClickHouse,
  table: ClickHouseTable,
  selection: Selection,
): AsyncGenerator<Buffer> {
  const reply = await clickhouse.exec({
    query: `select ${table.columns.map(ticked).join(', ')} from ${ticked(table.name)} where ${isSelected(selection)}`,
    clickhouse_settings: {
      ...LARGE_QUERY,
      max_execution_time: LONG_SECONDS,
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

/** Rows of one slice: what an export that was broken off reads again at most, in a second or two. */
const SLICE_ROWS = 200_000
const SAMPLE_EVERY = 1_000
const LONG_SECONDS = 6 * 60 * 60
// The ids of batches stand in it: a busy server closes thousands in 15 minutes, and parameters travel in the address.
const LARGE_QUERY = { max_query_size: String(2 ** 30) }
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

function isSelected({ slice, closed, earlier }: Selection): string {
  const conditions = [`_partition_id = '${slice.partition.replaceAll(/[\\']/g, '\\$&')}'`]
  if (slice.after) conditions.push(`not (${isUpTo(slice.after)})`)
  if (slice.upTo) conditions.push(`(${isUpTo(slice.upTo)})`)
  if (closed) conditions.push(`(${isClosed(closed)})`)
  if (earlier) conditions.push(`${earlier.side === 'within' ? '' : 'not '}(${isClosed(earlier.closed)})`)
  return conditions.join(' and ')
}

// Written out, since only so the primary key is used.
function isUpTo({ workspaceId, leadId }: LeadBound): string {
  const [workspace, lead] = [`toUUID('${workspaceId}')`, `toUUID('${leadId}')`]
  return `workspace_id < ${workspace} or (workspace_id = ${workspace} and lead_id <= ${lead})`
}

async function readSample(clickhouse: ClickHouse, table: string, partition: string): Promise<LeadBound[]> {
  return ask<LeadBound>(
    clickhouse,
    `select workspace_id as "workspaceId", lead_id as "leadId" from ${ticked(table)}
     where _partition_id = {partition:String} and _part_offset % {every:UInt32} = 0 order by workspace_id, lead_id`,
    { partition, every: SAMPLE_EVERY },
    { maxSeconds: LONG_SECONDS },
  )
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
