// Reads a request of ClickHouse's HTTP interface (https://clickhouse.com/docs/interfaces/http) into what is to be run; pure.

/** A request understood. */
export interface EngineRequest {
  /** The statement without the rows of an insert. */
  sql: string
  /** The rows that an insert brings along, in `rowsFormat`. */
  insert:
    | { table: string; columns: string[]; format: string; settings: Record<string, string>; rows: Buffer }
    | undefined
  database: string
  params: Record<string, string>
  settings: Record<string, string>
  format: string
  queryId: string | undefined
  /** Reads that declare a short limit are point reads and may use the sessions kept for them. */
  limitSeconds: number | undefined
  wantsCompression: boolean
}

/** What is wrong with a request, in ClickHouse's numbers (ErrorCodes.cpp), so that the client maps it. */
export class EngineError extends Error {
  readonly status: number

  constructor(code: number, type: string, message: string, status = statusOf(code)) {
    super(`Code: ${code}. DB::Exception: ${message} (${type})`)
    this.status = status
  }
}

/** The HTTP status of a ClickHouse error code; 500 where the interface names no other. */
export function statusOf(code: number): number {
  if ([194, 516, 192, 193].includes(code)) return 401
  if ([164, 291, 452, 497].includes(code)) return 403
  if ([16, 47, 46, 60, 81, 115, 218, 519].includes(code)) return 404
  if ([159, 209].includes(code)) return 408
  if ([202].includes(code)) return 429
  if ([6, 26, 27, 36, 38, 41, 42, 43, 44, 53, 62, 70, 72, 73, 117, 131, 386, 420, 456, 457].includes(code))
    return 400
  return 500
}

/** The numeric code at the head of an engine's message; 1000 (POCO_EXCEPTION) where it has none. */
export function codeOf(message: string): number {
  return Number(/^Code:\s*(\d+)/.exec(message)?.[1] ?? 1000)
}

/**
 * @param target the path and query string as received
 * @param body the request's body, already inflated
 */
export function readEngineRequest(
  target: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
): EngineRequest {
  const search = new URLSearchParams(target.includes('?') ? target.slice(target.indexOf('?') + 1) : '')
  const type = String(headers['content-type'] ?? '')
  let content = body
  if (type.startsWith('multipart/form-data')) {
    for (const [name, value] of readParts(type, body)) search.append(name, value)
    content = Buffer.alloc(0)
  }
  if (search.has('session_id')) {
    throw new EngineError(
      36,
      'BAD_ARGUMENTS',
      'session_id is not supported by the embedded engine: send each query by itself.',
    )
  }
  if (search.has('role'))
    throw new EngineError(36, 'BAD_ARGUMENTS', 'role is not supported by the embedded engine.')

  const params: Record<string, string> = {}
  const settings: Record<string, string> = {}
  for (const [name, value] of search) {
    if (name.startsWith('param_')) {
      if (!/^\w+$/.test(name))
        throw new EngineError(36, 'BAD_ARGUMENTS', `The parameter name ${name} is not a word.`)
      params[name.slice(6)] = value
    } else if (!NOT_SETTINGS.has(name) && !name.startsWith('http_')) {
      if (!/^\w+$/.test(name)) throw new EngineError(115, 'UNKNOWN_SETTING', `Unknown setting ${name}.`)
      settings[name] = value
    }
  }
  const inUrl = search.get('query') ?? ''
  const insert = readInsert(inUrl, content)
  const sql =
    insert === undefined ? `${inUrl}\n${content.toString('utf8')}`.trim().replace(/;\s*$/, '') : inUrl
  if (sql === '') throw new EngineError(62, 'SYNTAX_ERROR', 'Empty query.')
  const limit = Number(settings.max_execution_time ?? '0')
  return {
    sql,
    insert,
    database: search.get('database') ?? headerText(headers['x-clickhouse-database']) ?? 'default',
    params,
    settings,
    format: search.get('default_format') ?? headerText(headers['x-clickhouse-format']) ?? 'TabSeparated',
    queryId: search.get('query_id') ?? undefined,
    limitSeconds: limit > 0 ? limit : undefined,
    wantsCompression:
      search.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(String(headers['accept-encoding'] ?? '')),
  }
}

/** What a statement does, as far as the way to run it depends on it. */
export function kindOf(sql: string): 'read' | 'write' {
  return /^(select|with|show|describe|desc|exists|explain|\(|values)(?!\w)/i.test(withoutComments(sql).trim())
    ? 'read'
    : 'write'
}

/**
 * Whether a read can be streamed: the engine analyses a streamed read on the calling thread and runs scalar
 * subqueries then (a sub-select of 0.75 s held everything up for as long), so only one plain SELECT is. Each chunk is
 * written as a document of its own, so only formats of lines are.
 * @param format what applies where the statement names none
 */
export function isStreamable(sql: string, format: string): boolean {
  const bare = withoutComments(sql)
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .trim()
  const named = /\bformat\s+(\w+)$/i.exec(bare)?.[1] ?? format
  const isPlain = /^select\b/i.test(bare) && (bare.match(/\bselect\b/gi)?.length ?? 0) === 1
  return isPlain && LINE_FORMATS.has(named.toLowerCase())
}

const LINE_FORMATS = new Set(['jsoneachrow', 'jsoncompacteachrow', 'tabseparated', 'tsv', 'csv'])

/** Names of the parameters that a statement asks for, as in `{lead:UUID}`. */
export function paramsAskedBy(sql: string): string[] {
  return [...sql.matchAll(/\{\s*(\w+)\s*:/g)].map((match) => match[1] ?? '')
}

/** Text as an SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

// Of the interface, not of the query.
const NOT_SETTINGS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'role',
  'session_id',
  'session_timeout',
  'session_check',
  'compress',
  'decompress',
  'enable_http_compression',
  'buffer_size',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'add_http_cors_header',
  'cancel_http_readonly_queries_on_client_close',
  'close_session',
  'stacktrace',
  'client_protocol_version',
  'workload',
])

const INSERT =
  /^\s*insert\s+into\s+(?:table\s+)?((?:[\w.]|`\w+`|"\w+")+)\s*(?:\(([^()]*)\))?\s*(?:settings\s+([\w\s=',.-]+?)\s+)?format\s+(\w+)\s*;?\s*$/i

/** An insert whose rows are the body; other statements are undefined and run as they are. */
function readInsert(inUrl: string, rows: Buffer): EngineRequest['insert'] {
  if (!/^\s*insert\b/i.test(inUrl) || !/\bformat\s+\w+\s*;?\s*$/i.test(inUrl)) return undefined
  const match = INSERT.exec(inUrl)
  if (match === null) {
    throw new EngineError(
      48,
      'NOT_IMPLEMENTED',
      'The embedded engine takes rows as INSERT INTO table (columns) FORMAT name, without anything between.',
    )
  }
  const [, table = '', columns = '', settings = '', format = ''] = match
  const canonical = INSERT_FORMATS.find((name) => name.toLowerCase() === format.toLowerCase())
  if (canonical === undefined) {
    throw new EngineError(
      73,
      'UNKNOWN_FORMAT',
      `The embedded engine takes rows in ${INSERT_FORMATS.join(', ')}, not in ${format}.`,
    )
  }
  return {
    table: unquoted(table),
    columns: columns
      .split(',')
      .map((name) => unquoted(name.trim()))
      .filter((name) => name !== ''),
    format: canonical,
    settings: Object.fromEntries(
      settings
        .split(',')
        .map((pair) => pair.split('=').map((part) => part.trim().replace(/^'(.*)'$/, '$1')))
        .filter(([name]) => name !== '')
        .map(([name = '', value = '']) => [name, value]),
    ),
    rows,
  }
}

const INSERT_FORMATS = [
  'JSONEachRow',
  'JSONCompactEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedWithNames',
  'TSVWithNames',
  'CSV',
  'CSVWithNames',
]

function unquoted(name: string): string {
  return name.replaceAll(/[`"]/g, '')
}

function withoutComments(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '')
}

function headerText(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The fields of a multipart form, as the client sends long parameters. */
function readParts(type: string, body: Buffer): [string, string][] {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1]
  if (boundary === undefined) throw new EngineError(36, 'BAD_ARGUMENTS', 'The form has no boundary.')
  return body
    .toString('utf8')
    .split(`--${boundary}`)
    .map((part) => /^\r\n([\s\S]*?)\r\n\r\n([\s\S]*)\r\n$/.exec(part))
    .flatMap((match) => {
      const name = /name="([^"]*)"/.exec(match?.[1] ?? '')?.[1]
      return match === null || name === undefined ? [] : [[name, match[2] ?? ''] as [string, string]]
    })
}
