// The work that a form may ask of a browser before it sends: a number whose hash with the ticket begins with zeros.
import { firstWord } from './sha256.ts'

/** As many as the server asks for. */
const WORK_BITS = 16
/** So long at a time, that the page goes on answering. */
const SLICE_MS = 12

/** Finds the number: 65,000 tries on average. */
export function doWork(ticket: string): Promise<string> {
  return new Promise((resolve) => {
    let count = 0
    const slice = (): void => {
      const until = performance.now() + SLICE_MS
      for (; performance.now() < until; count++) {
        if (firstWord(ticket + ':' + count) >>> (32 - WORK_BITS) === 0) return resolve(String(count))
      }
      setTimeout(slice)
    }
    slice()
  })
}
