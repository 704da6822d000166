// The ids of a run by their number: whoever writes a part of it again, after a crash, gives everything the id that it had.
import { hex4, Stream } from './random.ts'

/** Gives ids one after another; the same run and number give the same id. */
export interface RunIds {
  next(): string
  /** how many were given, from the first of the run on */
  readonly count: number
}

/**
 * UUIDs of version 7 that grow strictly: the instant of the run, counted up with every 4096 ids, then the count, then 62 bits
 * of the run's own (https://www.rfc-editor.org/rfc/rfc9562#section-6.2, method 1).
 * @param startedAt ms since 1970
 * @param from the number of the first id to give
 */
export function runIds(runId: string, startedAt: number, from: number): RunIds {
  const hex = runId.replaceAll('-', '')
  const names = [0, 8, 16, 24].map((at) => Number.parseInt(hex.slice(at, at + 8), 16))
  const random = new Stream(names[0] ?? 0, ...names.slice(1), from)
  let count = from
  let prefix = ''
  let prefixAt = -1
  return {
    next() {
      const at = startedAt + Math.floor(count / 4096)
      if (at !== prefixAt) {
        prefixAt = at
        const instant = at.toString(16).padStart(12, '0')
        prefix = `${instant.slice(0, 8)}-${instant.slice(8)}-7`
      }
      const place = count++ % 4096
      const [high, low] = [random.bits(), random.bits()]
      return `${prefix}${hex3(place)}-${VARIANT[high & 3]!}${hex3((high >>> 2) & 0xfff)}-${hex4((high >>> 14) & 0xffff)}${hex4(low >>> 16)}${hex4(low & 0xffff)}`
    },
    get count() {
      return count
    },
  }
}

const VARIANT = ['8', '9', 'a', 'b']
const hex3 = (bits: number): string => hex4(bits).slice(1)
