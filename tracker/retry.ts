// Rules of the retry queue: what is sent again, when, how much of it, and in what portions.
import type { Call } from './calls.ts'

/** The server takes no larger event. */
export const callBytes = 32_000
/** Room under the 64 kB that a browser carries past the end of a page (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch). */
const portionBytes = 60_000
const keptCalls = 100
/** The server knows a message id for 30 days; a call kept longer than that would count twice. */
const keptMs = 7 * 86_400_000
const longestPauseMs = 300_000
const longestAskedMs = 3_600_000

/** Bytes of a call as JSON in UTF-8. */
export function sizeBytes(call: Call): number {
  return new TextEncoder().encode(JSON.stringify(call)).length
}

/** All the calls, each message id once, without those over 7 days old; of more than 100 the oldest are dropped. */
export function keepCalls(calls: Call[], nowMs: number): Call[] {
  const byId = new Map(calls.map((call) => [call.messageId, call]))
  return Array.from(byId.values())
    .filter((call) => nowMs - Date.parse(call.timestamp) < keptMs)
    .slice(-keptCalls)
}

/** The first calls that together stay within 60 kB; one call at least. */
export function firstPortion(calls: Call[]): Call[] {
  let bytes = 200
  return calls.filter((call, index) => (bytes += sizeBytes(call) + 1) <= portionBytes || !index)
}

/** Status 0 stands for no answer. Refusals other than these are final. */
export function isWorthRetrying(status: number): boolean {
  return !status || status === 408 || status === 429 || status >= 500
}

/**
 * Milliseconds until the next attempt after so many failures: 1 s doubling to 5 min, spread by `random` (0 to 1) over its upper
 * half, and never before the server's Retry-After (in seconds) has passed, of which at most an hour is obeyed.
 */
export function pauseMs(failures: number, retryAfter: string | null | undefined, random: number): number {
  const backoffMs = Math.min(longestPauseMs, 500 * 2 ** failures) * (0.5 + random / 2)
  return Math.max(backoffMs, Math.min(Number(retryAfter) * 1000 || 0, longestAskedMs))
}
