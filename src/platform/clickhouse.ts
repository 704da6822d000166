// The door to ClickHouse: the official client over HTTP, the same for the embedded engine and for a cluster.
import { createClient } from '@clickhouse/client'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { Refusal } from '../lib/refusal.ts'

export type ClickHouse = ClickHouseClient

/** Opens a client on a URL such as `http://user:password@127.0.0.1:8123/throughline`. */
export function openClickHouse(url: string, options: { maxConnections?: number } = {}): ClickHouse {
  return createClient({
    url,
    request_timeout: 60_000,
    max_open_connections: options.maxConnections ?? 8,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    // Parameters longer than an address may be travel in the body.
    use_multipart_params_auto: true,
    clickhouse_settings: {
      output_format_json_quote_64bit_integers: 0,
      date_time_input_format: 'best_effort',
      wait_end_of_query: 1,
    },
    log: { LoggerClass: SilentLogger },
  })
}

/**
 * The rows of a read. Throws `log_unreachable` (503) where ClickHouse cannot be reached.
 * @param maxSeconds the server's own limit on the query; it cannot be interrupted from outside
 */
export async function ask<T>(
  clickhouse: ClickHouse,
  query: string,
  params: Record<string, unknown> = {},
  options: { maxSeconds?: number; settings?: ClickHouseSettings } = {},
): Promise<T[]> {
  const maxSeconds = options.maxSeconds ?? 20
  try {
    const result = await clickhouse.query({
      query,
      query_params: params,
      format: 'JSONEachRow',
      clickhouse_settings: { ...options.settings, max_execution_time: maxSeconds },
      // A server that keeps to its limit has answered by then; one that hangs counts as away.
      abort_signal: AbortSignal.timeout((maxSeconds + 5) * 1000),
    })
    return await result.json<T>()
  } catch (error) {
    if (isClickHouseUnreachable(error)) throw logUnreachable()
    throw error
  }
}

/**
 * The rows of a read that ends in a limit, and how many there were before it: exactly where the settings ask for that.
 * Throws `log_unreachable` (503) where ClickHouse cannot be reached.
 */
export async function askPage<T>(
  clickhouse: ClickHouse,
  query: string,
  params: Record<string, unknown>,
  settings: ClickHouseSettings = {},
  maxSeconds = 20,
): Promise<{ rows: T[]; rowsBeforeLimit: number }> {
  try {
    const result = await clickhouse.query({
      query,
      query_params: params,
      format: 'JSON',
      clickhouse_settings: { ...settings, max_execution_time: maxSeconds },
      abort_signal: AbortSignal.timeout((maxSeconds + 5) * 1000),
    })
    const page = await result.json<T>()
    return { rows: page.data, rowsBeforeLimit: page.rows_before_limit_at_least ?? page.data.length }
  } catch (error) {
    if (isClickHouseUnreachable(error)) throw logUnreachable()
    throw error
  }
}

/** Inserts ready-made JSONCompactEachRow bytes once: the same token again changes nothing. */
export async function insertRows(
  clickhouse: ClickHouse,
  table: string,
  columns: readonly string[],
  bytes: Buffer,
  token: string,
): Promise<void> {
  const reply = await clickhouse.exec({
    query: `insert into ${table} (${columns.join(', ')}) format JSONCompactEachRow`,
    values: Readable.from([bytes]),
    clickhouse_settings: {
      insert_deduplication_token: token,
      insert_deduplicate: 1,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      max_partitions_per_insert_block: '0',
      insert_distributed_sync: 1,
      async_insert: 0,
    },
  })
  // The connection is free for the next call only once the (empty) reply is read.
  reply.stream.resume()
  await finished(reply.stream)
}

/** Whether ClickHouse answers within 3 seconds. */
export async function answers(clickhouse: ClickHouse): Promise<boolean> {
  try {
    return (await clickhouse.ping({ select: true, abort_signal: AbortSignal.timeout(3_000) })).success
  } catch {
    return false
  }
}

/** True where the error means that ClickHouse is away, rather than that it refused the query. */
export function isClickHouseUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  // ClickHouse's own codes are numbers: it answered, and its words may quote anything.
  if (/^\d+$/.test(code)) return false
  if (/^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|UND_ERR)/.test(code)) return true
  return /socket hang up|Timeout error|ECONNREFUSED|ECONNRESET|aborted/i.test(error.message)
}

/**
 * True where ClickHouse refuses an insert for what a row says: it cannot be read, does not fit its column, or breaks a
 * constraint. Rows are read and checked before a block is written, so nothing of the insert is in the table.
 * https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
export function isRowRefused(error: unknown): boolean {
  if (!(error instanceof Error) || !('type' in error)) return false
  return /^(CANNOT_PARSE_|CANNOT_READ_(ALL_DATA|ARRAY_FROM_TEXT|MAP_FROM_TEXT)$|CANNOT_CONVERT_TYPE$|CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN$|INCORRECT_DATA$|TYPE_MISMATCH$|TOO_LARGE_(ARRAY|STRING)_SIZE$|ARGUMENT_OUT_OF_BOUND$|VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE$|DECIMAL_OVERFLOW$|VIOLATED_CONSTRAINT$)/.test(
    String(error.type),
  )
}

/** The refusal that callers of reports and timelines see while ClickHouse is away. */
export function logUnreachable(): Refusal {
  return new Refusal(
    'log_unreachable',
    503,
    'The event log cannot be read right now. What comes in is kept and will be there when it is back; try again soon.',
    { retryAfterSeconds: 5 },
  )
}

class SilentLogger {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
