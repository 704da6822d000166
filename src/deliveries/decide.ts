// What follows from the outcome of an attempt: settled, tried again and when, or left for a person. Pure.
import type { Outcome } from '../connectors/index.ts'
import type { Leaving, Shipper } from './shipper.ts'
import type { Settled } from './store.ts'

/** A connection rests so long where a whole turn was told to come again later. */
export const REST_MS = 5_000
/** Between two attempts: five seconds at first, twice as long each time, an hour at most. */
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 3_600_000
/** What did not leave in this time is given up. */
export const GIVE_UP_MS = 3 * 86_400_000

/**
 * What becomes of an item after an attempt.
 * @param honoursRepeat whether the vendor counts a repeat of it once: only then is one whose answer was lost sent again
 * @param triesAtMs as the shipper has them
 */
export function afterAttempt(
  item: Leaving,
  outcome: Outcome,
  honoursRepeat: boolean,
  now: Date,
  triesAtMs?: Shipper['triesAtMs'],
): Settled {
  const attempt = { at: now.toISOString(), kind: outcome.kind, words: outcome.words.slice(0, 4_000) }
  const done = { id: item.id, words: attempt.words, nextAt: now, attempt, reason: null }
  switch (outcome.kind) {
    case 'sent':
      return { ...done, status: 'sent' }
    case 'refused':
      return { ...done, status: 'refused', reason: 'vendor_refused' }
    // The connection waits for a person, and the item with it.
    case 'reauthorise':
      return { ...done, status: 'waiting' }
    case 'unknown':
      if (!honoursRepeat) return { ...done, status: 'unknown' }
      return again(done, pauseAfter(item, now, triesAtMs), now, 'unknown')
    case 'later': {
      const pause = pauseAfter(item, now, triesAtMs)
      const waitMs = pause === null ? null : Math.max(pause, outcome.afterMs ?? 0)
      return again(done, waitMs, now, 'refused')
    }
  }
}

/** What becomes of an item whose sender died: it did not leave, or nobody knows. */
export function afterAbandonment(
  item: Leaving & { isLeaving: boolean },
  honoursRepeat: boolean,
  now: Date,
  triesAtMs?: Shipper['triesAtMs'],
): Settled {
  const words = 'The program ended while it was sending, so that nobody knows whether it arrived.'
  if (item.isLeaving) return afterAttempt(item, { kind: 'unknown', words }, honoursRepeat, now, triesAtMs)
  return { id: item.id, status: 'waiting', reason: null, words: '', nextAt: now, attempt: null }
}

/** How long an item waits after its `count`th attempt. */
export function pauseMs(count: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, count - 1))
}

// Null where it is given up.
function pauseAfter(item: Leaving, now: Date, triesAtMs: Shipper['triesAtMs']): number | null {
  const waitedMs = now.getTime() - item.waitingSince.getTime()
  if (!triesAtMs) return waitedMs > GIVE_UP_MS ? null : pauseMs(item.attemptCount)
  const next = triesAtMs.find((at) => at > waitedMs)
  return next === undefined ? null : next - waitedMs
}

function again(
  done: Omit<Settled, 'status' | 'reason'>,
  waitMs: number | null,
  now: Date,
  atLast: 'unknown' | 'refused',
): Settled {
  if (waitMs === null) return { ...done, status: atLast, reason: atLast === 'refused' ? 'given_up' : null }
  return { ...done, status: 'waiting', reason: null, nextAt: new Date(now.getTime() + waitMs) }
}
