// Remembers which keys were told and how often: bounded, the oldest are forgotten first.
import { LRUCache } from 'lru-cache'

/** Keys remembered, at some 150 bytes each. */
const REMEMBERED = 1_000_000

export interface Tally {
  /** Whether the key is new, or its window has passed. */
  take(key: string, now: number): boolean
  /** What is remembered, the oldest first. */
  list(): Told[]
  clear(): void
}

export interface Told {
  key: string
  /** the first time included */
  times: number
  firstAt: string
}

/** @param windowMs after this long a key counts as new again */
export function createTally(windowMs = Infinity): Tally {
  const told = new LRUCache<string, { at: number; times: number }>({ max: REMEMBERED })
  return {
    take(key, now) {
      const known = told.peek(key)
      if (known && now - known.at <= windowMs) {
        known.times++
        return false
      }
      told.set(key, { at: now, times: 1 })
      return true
    },
    list: () =>
      [...told.rkeys()].map((key) => {
        const { at, times } = told.peek(key) ?? { at: 0, times: 0 }
        return { key, times, firstAt: new Date(at).toISOString() }
      }),
    clear: () => told.clear(),
  }
}
