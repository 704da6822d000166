// How vendor code speaks: an exchange yields requests and is sent answers, so that it is pure and can be played by a test.
import type { Answer, OutgoingBody } from '../platform/http.ts'

export type { Answer } from '../platform/http.ts'

/** A request that a vendor's code wants made. */
export interface VendorRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** under the vendor's base address, beginning with a slash */
  path: string
  /** which of the vendor's base addresses; `api` unless told */
  base?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: OutgoingBody
  /** until the whole answer is there; 15 s unless told */
  timeoutMs?: number
  /** made again at once where it was lost or refused for now: only for what changes nothing at the vendor */
  isRepeatable?: boolean
}

/** A conversation with a vendor that ends in a result. It is played by the executor, or by a test. */
export type Exchange<T> = Generator<VendorRequest, T, Answer>

/** What became of one item that was to leave. `words` are the vendor's own where it said any. */
export type Outcome =
  | { kind: 'sent'; words: string; vendorId?: string }
  /** never tried again by itself */
  | { kind: 'refused'; words: string }
  /** tried again, after `afterMs` at the earliest where the vendor named it */
  | { kind: 'later'; words: string; afterMs?: number }
  /** the connection's rights are gone: a person has to connect again */
  | { kind: 'reauthorise'; words: string }
  /** the answer was lost: nobody knows whether it arrived */
  | { kind: 'unknown'; words: string }

/**
 * What an answer means by its status alone, for one item: 2xx sent, 401 reauthorise, 408, 425, 429 and 5xx later, all else refused.
 * A 5xx may come after the work was done: where that matters, say so with `isUnknownAfter5xx`.
 */
export function outcomeOf(answer: Answer, options: { isUnknownAfter5xx?: boolean } = {}): Outcome {
  if (answer.kind !== 'answered') return { kind: WITHOUT_ANSWER[answer.kind], words: answer.words }
  const words = wordsOf(answer)
  if (answer.status >= 200 && answer.status < 300) return { kind: 'sent', words }
  if (answer.status === 401) return { kind: 'reauthorise', words }
  if ([408, 425, 429].includes(answer.status)) return { kind: 'later', words, afterMs: retryAfterMs(answer) }
  if (answer.status >= 500)
    return options.isUnknownAfter5xx && answer.status !== 503
      ? { kind: 'unknown', words }
      : { kind: 'later', words, afterMs: retryAfterMs(answer) }
  return { kind: 'refused', words }
}

const WITHOUT_ANSWER = { lost: 'unknown', unreached: 'later', blocked: 'refused' } as const

/** The answer as it is kept: its status and its text, cut at 2,000 characters. */
export function wordsOf(answer: Answer): string {
  if (answer.kind !== 'answered') return answer.words
  return `${answer.status}${answer.text === '' ? '' : ` ${answer.text.slice(0, 2_000)}`}`
}

/** The JSON object of an answer; null where it is none. */
export function objectOf(answer: Answer): Record<string, unknown> | null {
  if (answer.kind !== 'answered') return null
  try {
    return asObject(JSON.parse(answer.text))
  } catch {
    return null
  }
}

/** A value as an object, else null. */
export function asObject(value: unknown): Record<string, unknown> | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** What `Retry-After` asks for in seconds; undefined where it says nothing. An hour at most. */
export function retryAfterMs(answer: Answer): number | undefined {
  const seconds = answer.kind === 'answered' ? Number(answer.headers['retry-after']) : NaN
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1000 : undefined
}

/**
 * Plays an exchange against answers, one for each request in turn.
 * @returns its result and the requests it made
 */
export function play<T>(
  exchange: Exchange<T>,
  answer: (request: VendorRequest, nth: number) => Answer,
): { result: T; requests: VendorRequest[] } {
  const requests: VendorRequest[] = []
  let step = exchange.next()
  while (!step.done) {
    requests.push(step.value)
    step = exchange.next(answer(step.value, requests.length - 1))
  }
  return { result: step.value, requests }
}
