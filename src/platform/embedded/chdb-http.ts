// Serves the chDB engine over ClickHouse's own HTTP interface, so that the official client cannot tell the difference.
import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { brotliDecompress, createGzip, gunzip, inflate } from 'node:zlib'
import type { Writable } from 'node:stream'
import {
  codeOf,
  EngineError,
  isStreamable,
  kindOf,
  readEngineRequest,
  statusOf,
  type EngineRequest,
} from './chdb-request.ts'
import type { Lane, Sessions } from './chdb-sessions.ts'

/** A server over the sessions; the caller listens. Every request but `/ping` needs the password. */
export function createEngineServer(sessions: Sessions, password: string): Server {
  const server = createServer((request, response) => {
    answer(sessions, password, request, response).catch((error: unknown) => fail(response, error))
  })
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0
  return server
}

// An insert of 100,000 wide rows is 60 MB; a larger one should be cut by its sender.
const MAX_BODY_BYTES = 512 * 2 ** 20
const QUICK_SECONDS = 5

async function answer(
  sessions: Sessions,
  password: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.url ?? '/'
  const path = target.split('?', 1)[0]
  if (path === '/ping' || (path === '/' && request.method === 'GET' && !target.includes('query='))) {
    response.setHeader('Content-Type', 'text/html; charset=UTF-8')
    response.end('Ok.\n')
    return
  }
  if (!isAllowed(request, target, password)) {
    request.resume()
    throw new EngineError(516, 'AUTHENTICATION_FAILED', 'Authentication failed: password is incorrect.')
  }
  const wanted = readEngineRequest(target, request.headers, await readBody(request))
  const queryId = wanted.queryId ?? randomUUID()
  response.setHeader('X-ClickHouse-Query-Id', queryId)
  response.setHeader('X-ClickHouse-Format', wanted.format)
  response.setHeader('X-ClickHouse-Timezone', 'UTC')

  const isRead = wanted.insert === undefined && kindOf(wanted.sql) === 'read'
  const isQuick = isRead && (wanted.limitSeconds ?? Infinity) <= QUICK_SECONDS
  const lane = await sessions.take(wanted.insert !== undefined || isQuick)
  let spoiled = true
  try {
    if (response.destroyed) return
    if (wanted.insert !== undefined) await insert(lane, wanted, wanted.insert, response)
    else {
      // How many rows there were before a limit is known at the end, and a stream does not say it.
      const isCounted = wanted.settings.exact_rows_before_limit === '1'
      const isStreamed = isRead && isStreamable(wanted.sql, wanted.format) && !isCounted
      await lane.prepare(wanted, wanted.sql)
      const mark = randomUUID()
      const sql = `/* ${mark} */ ${wanted.sql}`
      const onClose = (): void => {
        if (!response.writableFinished) void sessions.cancel(mark)
      }
      response.once('close', onClose)
      try {
        await (isStreamed ? stream : run)(lane, { ...wanted, sql }, response)
      } finally {
        response.off('close', onClose)
      }
    }
    spoiled = false
  } finally {
    // A query that failed or was cut short can leave the end of its output in the session, where the next reader
    // would get it (seen after a kill): such a session is thrown away. A new one costs 0.5 ms.
    lane.release(spoiled)
  }
}

async function insert(
  lane: Lane,
  wanted: EngineRequest,
  rows: NonNullable<EngineRequest['insert']>,
  response: ServerResponse,
): Promise<void> {
  const table = rows.table.includes('.') ? rows.table : `${wanted.database}.${rows.table}`
  const done = await lane.session.insert({
    table,
    columns: rows.columns.length > 0 ? rows.columns : undefined,
    values: rows.rows,
    format: rows.format as 'JSONEachRow',
    settings: { ...wanted.settings, ...rows.settings },
  })
  response.setHeader(
    'X-ClickHouse-Summary',
    JSON.stringify({
      read_rows: String(done.rowsSent ?? done.rowsWritten),
      read_bytes: String(done.bytesSent),
      written_rows: String(done.rowsWritten),
      written_bytes: String(done.bytesWritten),
      result_rows: String(done.rowsWritten),
      elapsed_ns: String(Math.round(done.elapsed * 1e9)),
    }),
  )
  response.end()
}

/** Runs a statement to its end and sends the whole result. */
async function run(lane: Lane, wanted: EngineRequest, response: ServerResponse): Promise<void> {
  const result = await lane.session.queryAsync(wanted.sql, { format: wanted.format })
  response.setHeader(
    'X-ClickHouse-Summary',
    JSON.stringify({
      read_rows: String(result.rowsRead),
      read_bytes: String(result.bytesRead),
      written_rows: '0',
      written_bytes: '0',
      elapsed_ns: String(Math.round(result.elapsed * 1e9)),
    }),
  )
  open(wanted, response).end(result.bytes())
}

/** Sends a read chunk by chunk: some 64 thousand rows at a time, at the pace of the caller. */
async function stream(lane: Lane, wanted: EngineRequest, response: ServerResponse): Promise<void> {
  const reading = lane.session.queryStream(wanted.sql, { format: wanted.format })
  let out: Writable | undefined
  const tag = randomUUID().replaceAll('-', '').slice(0, 16)
  const closed = once(response, 'close').catch(() => undefined)
  try {
    for await (const chunk of reading) {
      if (response.destroyed) throw new Error('The caller went away.')
      if (out === undefined) {
        response.setHeader('X-ClickHouse-Exception-Tag', tag)
        out = open(wanted, response)
      }
      if (!out.write(chunk.raw())) await Promise.race([once(out, 'drain'), closed])
    }
    if (out === undefined) out = open(wanted, response)
    out.end()
  } catch (error) {
    if (out === undefined) throw error
    const text = `${messageOf(error)}\n`
    const length = Buffer.byteLength(text)
    out.end(`\r\n__exception__\r\n${tag}\r\n${text}${length} ${tag}\r\n__exception__\r\n`)
    throw error
  } finally {
    reading.cancel()
  }
}

function open(wanted: EngineRequest, response: ServerResponse): Writable {
  response.statusCode = 200
  if (!wanted.wantsCompression) return response
  response.setHeader('Content-Encoding', 'gzip')
  const gzip = createGzip({ level: 1 })
  gzip.pipe(response)
  return gzip
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_BODY_BYTES)
      throw new EngineError(307, 'TOO_MANY_BYTES', 'The body is larger than 512 MiB: send it in parts.', 413)
    parts.push(part)
  }
  const body = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity' || body.length === 0) return body
  const unpack = UNPACK[encoding]
  if (unpack === undefined) {
    throw new EngineError(
      48,
      'NOT_IMPLEMENTED',
      `The embedded engine does not read bodies in ${encoding}: use gzip.`,
    )
  }
  try {
    return await unpack(body)
  } catch (error) {
    throw new EngineError(354, 'ZLIB_INFLATE_FAILED', `The body cannot be inflated: ${messageOf(error)}`, 400)
  }
}

const UNPACK: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  deflate: promisify<Buffer, Buffer>(inflate),
  br: promisify<Buffer, Buffer>(brotliDecompress),
}

function isAllowed(request: IncomingMessage, target: string, password: string): boolean {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const given =
    (basic === undefined
      ? undefined
      : Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':')) ??
    request.headers['x-clickhouse-key'] ??
    new URL(target, 'http://localhost').searchParams.get('password') ??
    ''
  const [a, b] = [Buffer.from(String(given)), Buffer.from(password)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function fail(response: ServerResponse, error: unknown): void {
  // Once the answer has begun, its end tells the error.
  if (response.destroyed || response.headersSent) return
  const text = messageOf(error)
  const code = codeOf(text)
  response.removeHeader('Content-Encoding')
  response.removeHeader('X-ClickHouse-Exception-Tag')
  response.statusCode = error instanceof EngineError ? error.status : statusOf(code)
  response.setHeader('X-ClickHouse-Exception-Code', String(code))
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
  response.end(/^Code:/.test(text) ? `${text}\n` : `Code: ${code}. DB::Exception: ${text} (POCO_EXCEPTION)\n`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
