// How often strangers agree: for each value its frequency, for each level of agreement what random pairs show.
import type { Leaning, SampledPairs } from './dependence.ts'
import { drawsOf } from './draw.ts'
import { traits } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { MISSING, comparerOf } from './levels.ts'
import type { Column, Prepared } from './prepare.ts'

/** What strangers come to in one column. */
export interface Chances {
  /** by term: how likely a stranger has the same value */
  ofTerm: Float64Array
  /** by level: how often random pairs stand there; of `same` the mean over the terms */
  ofLevel: Float64Array
  /** the same two where what the column leans on agrees; null where it leans on nothing */
  leaning: { ofTerm: Float64Array; ofLevel: Float64Array } | null
}

const mostRandomPairs = 400_000

/** Random pairs of different records; all of them where they are few. The same records give the same pairs. */
export function* drawPairs({ columns, recordCount }: Prepared): Generator<undefined, SampledPairs> {
  const all = (recordCount * (recordCount - 1)) / 2
  const count = Math.min(all, mostRandomPairs)
  const pairs = new Int32Array(count * 2)
  if (count === all) {
    let at = 0
    for (let a = 0; a < recordCount; a++)
      for (let b = a + 1; b < recordCount; b++) pairs.set([a, b], 2 * at++)
  } else {
    const draw = drawsOf(recordCount)
    for (let at = 0; at < count; at++) {
      const a = Math.floor(draw() * recordCount)
      const b = Math.floor(draw() * (recordCount - 1))
      pairs[2 * at] = a
      pairs[2 * at + 1] = b < a ? b : b + 1
    }
  }
  const levels = new Uint8Array(count * columns.length)
  const compare = comparerOf(columns)
  for (let at = 0; at < count; at++) {
    compare(pairs[2 * at]!, pairs[2 * at + 1]!, levels, at * columns.length)
    if (at % 16_384 === 0) yield
  }
  return { count, levels, pairs }
}

/**
 * The chances of every column.
 * @param strangers weights pairs by how surely the two are strangers, 0 to 1
 */
export function chancesOf(
  { columns }: Prepared,
  random: SampledPairs,
  leanings: readonly (Leaning | null)[],
  strangers: (sample: SampledPairs) => Float64Array,
): Chances[] {
  const weights = strangers(random)
  const weighed = new Map<SampledPairs, Float64Array>()
  return columns.map((column, at) => {
    const ofTerm = termChances(column)
    const ofLevel = levelChances(column, ofTerm, countLevels(columns, at, random, weights))
    const leaning = leanings[at]
    if (!leaning) return { ofTerm, ofLevel, leaning: null }
    const { sample } = leaning
    const sampleWeights = weighed.get(sample) ?? strangers(sample)
    weighed.set(sample, sampleWeights)
    return {
      ofTerm,
      ofLevel,
      leaning: leaningChances(column, ofTerm, ofLevel, countLevels(columns, at, sample, sampleWeights)),
    }
  })
}

function countLevels(
  columns: readonly Column[],
  at: number,
  sample: SampledPairs,
  weights: Float64Array,
): Float64Array {
  const seen = new Float64Array(traits[columns[at]!.kind].levels.length)
  for (let pair = 0; pair < sample.count; pair++) {
    const level = sample.levels[pair * columns.length + at]!
    if (level !== MISSING) seen[level]! += weights[pair]!
  }
  return seen
}

// One of the records that have a value is the one that is looked at; the others, and what is usual, say how likely a
// stranger has it. What names one person by itself is not judged by how often its owner was entered.
function termChances({ kind, counts, filled }: Column): Float64Array {
  const { chance, chanceTrust, identifies } = traits[kind]
  if (identifies) return new Float64Array(counts.length).fill(chance)
  return Float64Array.from(counts, (count) =>
    Math.min(0.999, (Math.max(count - 1, 1) + chance * chanceTrust) / (filled + chanceTrust)),
  )
}

function levelChances(
  { kind, counts, filled }: Column,
  ofTerm: Float64Array,
  seen: Float64Array,
): Float64Array {
  const before = strangersOf(kind)
  const total = sumOf(seen)
  const trust = 40
  const chances = seen.map((count, level) => (count + before[level]! * trust) / (total + trust))
  let same = 0
  ofTerm.forEach((chance, term) => (same += (counts[term]! / Math.max(1, filled)) * chance))
  return withSame(chances, Math.max(same, 1e-9))
}

// Where what it leans on agrees, as counted; few pairs say little and leave it at what is usual.
function leaningChances(column: Column, ofTerm: Float64Array, ofLevel: Float64Array, seen: Float64Array) {
  const total = sumOf(seen)
  const trust = 40
  const counted = seen.map((count, level) => (count + ofLevel[level]! * trust) / (total + trust))
  if (traits[column.kind].identifies) return { ofTerm, ofLevel: withSame(counted, ofLevel[0]!) }
  const lift = Math.max(1, counted[0]! / ofLevel[0]!)
  return { ofTerm: ofTerm.map((chance) => Math.min(0.999, chance * lift)), ofLevel: counted }
}

function withSame(chances: Float64Array, same: number): Float64Array {
  const rest = sumOf(chances) - chances[0]!
  return chances.map((chance, level) => (level === 0 ? same : (chance / rest) * (1 - same)))
}

function sumOf(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

const usual: Record<string, number> = {
  almost: 0.003,
  alike: 0.005,
  initial: 0.004,
  part: 0.01,
  somewhat: 0.04,
  moved: 0.0005,
}

function strangersOf(kind: Kind): number[] {
  const { levels, chance, identifies } = traits[kind]
  const near = levels.map(({ name }) => {
    if (name === 'same') return chance
    return identifies ? (usual[name] ?? 0) / 20 : (usual[name] ?? 0)
  })
  const known = near.reduce((sum, part) => sum + part, 0)
  return near.map((part, at) => (levels[at]!.name === 'different' ? 1 - known : part))
}
