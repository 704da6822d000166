// Meta's books: which conversions count, and which are the same one told again within 48 hours.
import { createTally } from '../frame/tally.ts'

const WINDOW_MS = 48 * 3_600_000

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
  const tally = createTally(WINDOW_MS)
  return {
    take(dataset, eventName, eventId, isTest, now) {
      let count = counts.get(dataset)
      if (!count) {
        count = { received: 0, counted: 0, duplicates: 0, withoutId: 0, test: 0 }
        counts.set(dataset, count)
      }
      count.received++
      if (isTest) count.test++
      if (eventId === '') count.withoutId++
      const isNew = eventId === '' || tally.take(`${dataset}\n${eventName}\n${eventId}`, now)
      count[isNew ? 'counted' : 'duplicates']++
    },
    counts: () => Object.fromEntries(counts),
    kept: () =>
      tally.list().map(({ key, ...told }) => {
        const [dataset = '', eventName = '', eventId = ''] = key.split('\n')
        return { dataset, eventName, eventId, ...told }
      }),
    clear() {
      counts.clear()
      tally.clear()
    },
  }
}
