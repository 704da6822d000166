// Which columns say the same thing twice: a postcode after its city, an address in a mailbox after the name it is made of.
import { agreesAt } from './agreement.ts'
import { drawsOf, mixPair } from './draw.ts'
import { traits } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { MISSING, comparerOf } from './levels.ts'
import type { Column, Prepared } from './prepare.ts'

/** Pairs as they compare, with what the model weighs them by. */
export interface SampledPairs {
  count: number
  /** `count` times the number of columns */
  levels: Uint8Array
  /** two places of records for each pair */
  pairs: Int32Array
}

/** What a column leans on: where all of `on` agree, it agrees more often even between strangers. */
export interface Leaning {
  on: readonly number[]
  /** random pairs that agree in all of `on` */
  sample: SampledPairs
}

const sampleSize = 20_000
const leastLift = 1.4
const leastPairs = 60

/**
 * Looks for the one thing that each column leans on most, among columns that strangers share more often than it (so that
 * there is no circle): the lift of its agreement by theirs. A mailbox leans on both names where a file has them.
 * @param strangers weights pairs by how surely they are strangers
 * @returns by column; null where nothing lifts it
 */
export function findLeanings(
  prepared: Prepared,
  agreement: Float64Array,
  strangers: (sample: SampledPairs) => Float64Array,
): (Leaning | null)[] {
  const { columns } = prepared
  const fixed = columns.map((_, at) => fixedLeaning(columns, at))
  const wanted = new Map<string, number[]>()
  columns.forEach(({ kind }, at) => {
    if (!traits[kind].identifies && traits[kind].comparison !== 'phone') wanted.set(String(at), [at])
  })
  for (const on of fixed) if (on) wanted.set(String(on), on)
  const samples = new Map<string, { sample: SampledPairs; weights: Float64Array }>()
  for (const [name, on] of wanted) {
    const sample = pairsThatAgree(prepared, on)
    if (sample.count > 0) samples.set(name, { sample, weights: strangers(sample) })
  }
  return columns.map((column, at) => {
    const own = fixed[at]
    if (own) {
      const found = samples.get(String(own))
      return found && found.sample.count >= leastPairs ? { on: own, sample: found.sample } : null
    }
    if (traits[column.kind].identifies) return null
    let best: Leaning | null = null
    let bestLift = leastLift
    for (let other = 0; other < columns.length; other++) {
      const isCoarser =
        agreement[other]! > agreement[at]! || (agreement[other] === agreement[at] && other < at)
      const found = samples.get(String(other))
      if (other === at || !isCoarser || !found) continue
      const lift = agreementIn(columns, at, found.sample, found.weights) / agreement[at]!
      if (lift > bestLift) {
        best = { on: [other], sample: found.sample }
        bestLift = lift
      }
    }
    return best
  })
}

/** How often pairs of a sample agree in a column, each by its weight; 0 where too few say anything. */
function agreementIn(
  columns: readonly Column[],
  at: number,
  sample: SampledPairs,
  weights: Float64Array,
): number {
  const agrees = agreesAt(columns[at]!.kind)
  let total = 0
  let agreed = 0
  for (let pair = 0; pair < sample.count; pair++) {
    const level = sample.levels[pair * columns.length + at]!
    if (level === MISSING) continue
    total += weights[pair]!
    if (agrees[level]) agreed += weights[pair]!
  }
  return total < leastPairs ? 0 : agreed / total
}

const madeOf: Partial<Record<Kind, readonly Kind[]>> = {
  email: ['first_name', 'last_name'],
  website: ['company'],
}

function fixedLeaning(columns: readonly Column[], at: number): number[] | null {
  const parts = madeOf[columns[at]!.kind]
  if (!parts) return null
  const on = parts.map((part) => columns.findIndex(({ kind }) => kind === part))
  return on.every((part) => part >= 0) ? on : null
}

// Draws a value with the weight of its pairs, then two records that have it.
function pairsThatAgree(prepared: Prepared, on: readonly number[]): SampledPairs {
  const { columns, recordCount } = prepared
  const groups = new Map<number, number[]>()
  for (let record = 0; record < recordCount; record++) {
    let key = 0
    for (const at of on) {
      const term = columns[at]!.termOf[record]!
      key = term < 0 || key < 0 ? -1 : mixPair(key, term + 1)
    }
    if (key < 0) continue
    const group = groups.get(key)
    if (group) group.push(record)
    else groups.set(key, [record])
  }
  const shared = [...groups.values()].filter(({ length }) => length > 1)
  const upTo = new Float64Array(shared.length)
  let all = 0
  shared.forEach(({ length }, at) => (upTo[at] = all += (length * (length - 1)) / 2))
  const count = Math.min(sampleSize, all)
  const pairs = new Int32Array(count * 2)
  const draw = drawsOf(recordCount + on.reduce((sum, at) => sum * 31 + at + 1, 7))
  for (let at = 0; at < count; at++) {
    // Few pairs are all taken, once each.
    const wanted = all <= sampleSize ? at + 0.5 : draw() * all
    const place = firstAbove(upTo, wanted)
    const group = shared[place]!
    const inside = Math.floor(wanted - (place === 0 ? 0 : upTo[place - 1]!))
    const [a, b] = pairAt(inside, group.length)
    pairs[2 * at] = group[a]!
    pairs[2 * at + 1] = group[b]!
  }
  const levels = new Uint8Array(count * columns.length)
  const compare = comparerOf(columns)
  for (let at = 0; at < count; at++) compare(pairs[2 * at]!, pairs[2 * at + 1]!, levels, at * columns.length)
  return { count, levels, pairs }
}

function firstAbove(upTo: Float64Array, wanted: number): number {
  let low = 0
  let high = upTo.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo[middle]! > wanted) high = middle
    else low = middle + 1
  }
  return low
}

// The pair of a number among (0,1), (0,2), (1,2), (0,3), ...
function pairAt(number: number, size: number): [number, number] {
  const b = Math.min(size - 1, Math.floor((1 + Math.sqrt(1 + 8 * number)) / 2))
  const a = number - (b * (b - 1)) / 2
  return [Math.min(Math.max(a, 0), b - 1), b]
}
