// All talking to the outside over HTTP: time-outs, pace, no redirects, guarded addresses, and an answer for every call.
import type { Readable } from 'node:stream'
import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import { BlockedAddress, publicLookup, urlProblem } from './public-address.ts'

export type OutgoingBody =
  { json: unknown } | { form: Record<string, string> } | { text: string; type: string }

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** absolute, without a query */
  url: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: OutgoingBody
  /** until the whole answer is there */
  timeoutMs: number
  /** a user gave the address: only the public internet is reached, and what `PRIVATE_HOSTS` allows */
  isGuarded?: boolean
  /** bytes of an answer at most; the rest is cut. 1 MB unless told */
  answerLimitBytes?: number
  /** made up to three times where no answer came, or one that says to come again: only for what changes nothing */
  isRepeatable?: boolean
}

/**
 * What became of a call, never an error: an answer of whatever status; `unreached` where it certainly was not processed (no
 * connection came about); `lost` where it left and no whole answer came back, so that nobody knows; `blocked` by the guard.
 */
export type Answer =
  | { kind: 'answered'; status: number; headers: Record<string, string>; text: string }
  | { kind: 'unreached' | 'lost' | 'blocked'; words: string }

/** Calls at most so often, and so many at once, for whatever shares a key. */
export interface Pace {
  key: string
  perSecond?: number
  concurrency: number
}

/** A call with how long it took, repeats included. */
export async function timedCall(
  asked: OutgoingRequest,
  pace: Pace,
  allowedHosts: readonly string[] = [],
): Promise<{ answer: Answer; tookMs: number }> {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    const answer = await call(asked, pace, allowedHosts)
    if (!asked.isRepeatable || attempt === ATTEMPTS || !isPassing(answer))
      return { answer, tookMs: Math.round(performance.now() - startedAt) }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt))
  }
}

const ATTEMPTS = 3
const PAUSE_MS = 150

function isPassing(answer: Answer): boolean {
  if (answer.kind !== 'answered') return answer.kind !== 'blocked'
  return answer.status === 429 || answer.status >= 500
}

/**
 * Makes one call, in its turn. Redirects are not followed: an answer of 3xx is an answer.
 * @param allowedHosts hosts that guarded calls may reach although they are private
 */
export async function call(
  asked: OutgoingRequest,
  pace: Pace,
  allowedHosts: readonly string[] = [],
): Promise<Answer> {
  const problem = asked.isGuarded ? urlProblem(asked.url, allowedHosts) : null
  if (problem) return { kind: 'blocked', words: problem }
  const leave = await enter(pace)
  try {
    const { statusCode, headers, body } = await send(asked, allowedHosts)
    const text = await readText(body, asked.answerLimitBytes ?? 1_048_576)
    return { kind: 'answered', status: statusCode, headers: plain(headers), text }
  } catch (error) {
    return failureOf(error)
  } finally {
    leave()
  }
}

/** A call whose answer is read as it comes, such as a large file; `timeoutMs` is between two pieces. Errors are thrown. */
export async function openStream(
  asked: OutgoingRequest,
  allowedHosts: readonly string[] = [],
): Promise<{ status: number; body: Readable }> {
  const problem = asked.isGuarded ? urlProblem(asked.url, allowedHosts) : null
  if (problem) throw new BlockedAddress()
  const { statusCode, body } = await request(addressOf(asked), {
    ...partsOf(asked),
    headersTimeout: asked.timeoutMs,
    bodyTimeout: asked.timeoutMs,
    dispatcher: asked.isGuarded ? guarded(allowedHosts) : open,
  })
  return { status: statusCode, body }
}

/** The absolute address of a request, with its query. */
export function addressOf({ url, query = {} }: Pick<OutgoingRequest, 'url' | 'query'>): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${search}`
}

/** The bytes that a body goes out as, and their type. */
export function bodyText(body: OutgoingBody | undefined): { text: string; type: string } | undefined {
  if (!body) return undefined
  if ('json' in body) return { text: JSON.stringify(body.json), type: 'application/json' }
  if ('form' in body)
    return { text: new URLSearchParams(body.form).toString(), type: 'application/x-www-form-urlencoded' }
  return body
}

function send(asked: OutgoingRequest, allowedHosts: readonly string[]): Promise<Dispatcher.ResponseData> {
  return request(addressOf(asked), {
    ...partsOf(asked),
    headersTimeout: asked.timeoutMs,
    bodyTimeout: asked.timeoutMs,
    signal: AbortSignal.timeout(asked.timeoutMs),
    dispatcher: asked.isGuarded ? guarded(allowedHosts) : open,
  })
}

function partsOf(asked: OutgoingRequest) {
  const body = bodyText(asked.body)
  return {
    method: asked.method,
    headers: {
      'user-agent': 'Throughline',
      ...(body ? { 'content-type': body.type } : {}),
      ...asked.headers,
    },
    body: body?.text,
  }
}

const CONNECTION = { connections: 64, keepAliveTimeout: 4_000, connect: { timeout: 10_000 } }
const open = new Agent(CONNECTION)
const guards = new Map<string, Agent>()

function guarded(allowedHosts: readonly string[]): Agent {
  const key = allowedHosts.join(',')
  let agent = guards.get(key)
  if (!agent) {
    agent = new Agent({ ...CONNECTION, connect: { timeout: 10_000, lookup: publicLookup(allowedHosts) } })
    guards.set(key, agent)
  }
  return agent
}

async function readText(body: AsyncIterable<Buffer>, limitBytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body) {
    const room = limitBytes - bytes
    if (room > 0) pieces.push(piece.length > room ? piece.subarray(0, room) : piece)
    bytes += piece.length
  }
  return Buffer.concat(pieces).toString('utf8')
}

function plain(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

// No connection came about, so nothing was sent.
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

function failureOf(error: unknown): Answer {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ADDRESS_BLOCKED') return { kind: 'blocked', words: error.message }
  if (error.name === 'TimeoutError' || /TIMEOUT$/.test(code)) {
    return code === 'UND_ERR_CONNECT_TIMEOUT'
      ? { kind: 'unreached', words: 'No connection within ten seconds.' }
      : { kind: 'lost', words: 'No answer within the time allowed.' }
  }
  const words = `${code ? `${code}: ` : ''}${error.message}`.slice(0, 500)
  return { kind: UNREACHED.has(code) ? 'unreached' : 'lost', words }
}

// Who waits for a turn, by key; one process paces itself, several share a vendor's limit through its own 429.
const turns = new Map<string, { active: number; nextAt: number; waiting: (() => void)[] }>()

async function enter({ key, perSecond, concurrency }: Pace): Promise<() => void> {
  let turn = turns.get(key)
  if (!turn) turns.set(key, (turn = { active: 0, nextAt: 0, waiting: [] }))
  const mine = turn
  if (mine.active >= concurrency) await new Promise<void>((resolve) => mine.waiting.push(resolve))
  else mine.active++
  if (perSecond !== undefined) {
    const now = performance.now()
    const at = Math.max(now, mine.nextAt)
    mine.nextAt = at + 1000 / perSecond
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now))
  }
  return () => {
    const next = mine.waiting.shift()
    if (next) next()
    else if (--mine.active === 0 && mine.nextAt < performance.now()) turns.delete(key)
  }
}
