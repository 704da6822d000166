// The process's log: one JSON object per line on stdout, without secrets and without raw e-mail addresses.
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * The log of one process. Every line carries `time` in ISO form and what its child logger was bound to
 * (`log.child({ part: 'worker' })`); the HTTP server binds `reqId`.
 * `destination` defaults to stdout.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[hidden]' },
      serializers: { err: describeError, error: describeError, req: describeRequest, res: describeResponse },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
}

/** `text` with every e-mail address replaced; for messages that quote what a caller sent. */
export function hideAddresses(text: string): string {
  return text.replace(/[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:=]+\.[a-z]{2,}/gi, '[e-mail]')
}

const SECRET_NAMES = [
  'password',
  'secret',
  'secretKey',
  'token',
  'apiKey',
  'writeKey',
  'key',
  'authorization',
  'cookie',
  'email',
  'phone',
]
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

// A database's error also carries `detail` and `where`, which quote rows: only these four fields are kept.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? hideAddresses(error) : error
  const { type, message, stack } = stdSerializers.err(error)
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? error.code : undefined
  return { type, message: hideAddresses(message), code, stack: hideAddresses(stack) }
}

interface LoggedRequest {
  method?: string
  url?: string
  ip?: string
}

// The query string is left out: links of invitations and write keys travel in it.
function describeRequest(request: LoggedRequest): unknown {
  return { method: request.method, path: request.url?.split('?', 1)[0] }
}

function describeResponse(response: { statusCode?: number }): unknown {
  return { status: response.statusCode }
}
