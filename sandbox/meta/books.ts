// Meta's books: which conversions count, and which are the same one told again within 48 hours.
import { LRUCache } from 'lru-cache'

const WINDOW_MS = 48 * 3_600_000

/** Conversions remembered, at some 150 bytes each; the oldest are forgotten first. */
const REMEMBERED = 1_000_000

export interface Counts {
  /** events taken over from requests that were accepted */
  received: number
  /** events that count: the first of each key, and all without one */
  counted: number
  duplicates: number
  withoutId: number
  /** of the received, those sent with a test code; they count all the same */
  test: number
}

export interface Kept {
  dataset: string
  eventName: string
  eventId: string
  /** told so often, the first time included */
  times: number
  firstAt: string
}

export interface EventBooks {
  take(dataset: string, eventName: string, eventId: string, isTest: boolean, now: number): void
  counts(): Record<string, Counts>
  /** What is remembered, the oldest first. */
  kept(): Kept[]
  clear(): void
}

export function createBooks(): EventBooks {
  const counts = new Map<string, Counts>()
  const kept = new LRUCache<string, { at: number; times: number }>({ max: REMEMBERED })
  return {
    take(dataset, eventName, eventId, isTest, now) {
      let count = counts.get(dataset)
      if (!count) {
        count = { received: 0, counted: 0, duplicates: 0, withoutId: 0, test: 0 }
        counts.set(dataset, count)
      }
      count.received++
      if (isTest) count.test++
      if (eventId === '') {
        count.withoutId++
        count.counted++
        return
      }
      const key = `${dataset}\n${eventName}\n${eventId}`
      const known = kept.peek(key)
      if (known && now - known.at <= WINDOW_MS) {
        known.times++
        count.duplicates++
        return
      }
      kept.set(key, { at: now, times: 1 })
      count.counted++
    },
    counts: () => Object.fromEntries(counts),
    kept: () =>
      [...kept.rkeys()].map((key) => {
        const { at, times } = kept.peek(key) ?? { at: 0, times: 0 }
        const [dataset = '', eventName = '', eventId = ''] = key.split('\n')
        return { dataset, eventName, eventId, times, firstAt: new Date(at).toISOString() }
      }),
    clear() {
      counts.clear()
      kept.clear()
    },
  }
}
