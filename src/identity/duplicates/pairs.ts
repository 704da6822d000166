// Compares the candidates once and keeps those that could still be one person, with the level of each column.
import type { Candidates } from './candidates.ts'
import { comparerOf } from './levels.ts'
import { scaleOf, ties } from './model.ts'
import type { Model } from './model.ts'
import type { Prepared } from './prepare.ts'

/** Pairs of records with how they compare; places, not records of the file. */
export interface Compared {
  count: number
  first: Int32Array
  second: Int32Array
  /** `count` times the number of columns */
  levels: Uint8Array
  /** candidates that were looked at */
  candidates: number
}

// A pair that the first guess holds for 2^30 times less likely than chance does not come back by what is learned.
const hopeless = 2 ** -30

/**
 * Compares all candidates under the first guess of the model and keeps the hopeful ones.
 * @param onProgress told now and then how many were compared
 */
export function* compareCandidates(
  prepared: Prepared,
  candidates: Candidates,
  model: Model,
  onProgress: (compared: number, most: number) => void = () => undefined,
): Generator<undefined, Compared> {
  const width = prepared.columns.length
  const compare = comparerOf(prepared.columns)
  const scale = scaleOf(prepared, model)
  const odds = new Float64Array(ties.length)
  let room = 65_536
  let first = new Int32Array(room)
  let second = new Int32Array(room)
  let levels = new Uint8Array(room * width)
  let count = 0
  let looked = 0
  yield* candidates.walk((a, b) => {
    looked++
    if (looked % 262_144 === 0) onProgress(looked, candidates.most)
    const [one, other] = a < b ? [a, b] : [b, a]
    if (count === room) grow()
    compare(one, other, levels, count * width)
    scale.odds(levels, count * width, one, odds)
    if (odds[0] === 1 || odds[0]! * model.shares.one < hopeless) return
    first[count] = one
    second[count] = other
    count++
  })
  return { count, first, second, levels, candidates: looked }

  function grow(): void {
    room *= 2
    const wider = new Uint8Array(room * width)
    wider.set(levels)
    levels = wider
    const [more, moreSecond] = [new Int32Array(room), new Int32Array(room)]
    more.set(first)
    moreSecond.set(second)
    first = more
    second = moreSecond
  }
}
