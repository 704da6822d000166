// How often journeys with exactly some channels convert, where few journeys tell: by what their channels and pairs of channels do elsewhere.
import { lnBeta } from '../../lib/maths/special.ts'

/** By set: how many journeys with exactly its channels converted, and how many there are. */
export interface SetCounts {
  conversions: ArrayLike<number>
  journeys: ArrayLike<number>
}

/** Effects of channels and pairs beyond these, by journeys, are taken for none: solving takes their cube. */
const MOST_CHANNELS = 40
const MOST_PAIRS = 80
/** Log-odds that a channel, or a pair beyond its two channels, adds: normal, of mean 0 and standard deviations 2 and 1. */
const CHANNEL_PRECISION = 1 / 4
const PAIR_PRECISION = 1
/** How many journeys of the predicted rate a set's own rate is weighed against; the likeliest is taken. */
const STRENGTHS = [10, 20, 40, 80, 160, 320, 640, 10_000]

/**
 * Fits a logistic model over sets, with an effect for each channel and each pair of channels, and how far sets depart from it
 * (beta-binomial, by its likelihood).
 * @param sets channel ids ascending; those of which there is no journey get a rate as well
 * @returns a function that gives the rates of all sets by counts of the same sets: a resample is fitted from here in two steps
 * of Newton's method, with the departure found here
 */
export function fitSetRates(
  sets: readonly (readonly number[])[],
  observed: SetCounts,
): (counts: SetCounts) => Float64Array {
  const terms = termsOf(sets, observed.journeys)
  const fitted = climb(terms, observed, null, 30)
  const strength = likeliestStrength(predict(terms, fitted), observed)
  return (counts) => {
    const rates = predict(terms, climb(terms, counts, fitted, 2))
    return rates.map((rate, set) => {
      const journeys = counts.journeys[set] ?? 0
      return ((counts.conversions[set] ?? 0) + strength * rate) / (journeys + strength)
    })
  }
}

interface Terms {
  /** by set the terms that it holds; term 0, which all hold, left out */
  held: Int32Array[]
  /** by term */
  precision: Float64Array
}

function termsOf(sets: readonly (readonly number[])[], journeys: ArrayLike<number>): Terms {
  const channels = new Map<string, number>()
  const pairs = new Map<string, number>()
  const count = (into: Map<string, number>, key: string, set: number) =>
    into.set(key, (into.get(key) ?? 0) + (journeys[set] ?? 0))
  sets.forEach((ids, set) => {
    if ((journeys[set] ?? 0) === 0) return
    for (const key of ids) count(channels, String(key), set)
    for (const key of pairsOf(ids)) count(pairs, key, set)
  })
  const kept = [...most(channels, MOST_CHANNELS), ...most(pairs, MOST_PAIRS)]
  const places = new Map(kept.map((key, place) => [key, place + 1]))
  return {
    held: sets.map((ids) =>
      Int32Array.from([...ids.map(String), ...pairsOf(ids)].flatMap((key) => places.get(key) ?? [])),
    ),
    precision: Float64Array.from([0, ...kept], (key) =>
      key === 0 ? 1e-6 : String(key).includes('+') ? PAIR_PRECISION : CHANNEL_PRECISION,
    ),
  }
}

function pairsOf(ids: readonly number[]): string[] {
  return ids.flatMap((one, i) => ids.slice(i + 1).map((other) => `${one}+${other}`))
}

function most(counts: ReadonlyMap<string, number>, limit: number): string[] {
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([key]) => key)
}

function predict({ held }: Terms, effects: Float64Array): Float64Array {
  return Float64Array.from(held, (terms) => {
    let logit = effects[0] ?? 0
    for (const term of terms) logit += effects[term] ?? 0
    return 1 / (1 + Math.exp(-logit))
  })
}

// Newton's method on the penalised likelihood, which has one summit.
function climb(
  terms: Terms,
  { conversions, journeys }: SetCounts,
  from: Float64Array | null,
  steps: number,
): Float64Array {
  const { held, precision } = terms
  const size = precision.length
  const effects = from ? Float64Array.from(from) : new Float64Array(size)
  if (!from) {
    let [converted, all] = [0.5, 1]
    for (let set = 0; set < held.length; set++) {
      converted += conversions[set] ?? 0
      all += journeys[set] ?? 0
    }
    effects[0] = Math.log(converted / (all - converted))
  }
  for (let step = 0; step < steps; step++) {
    const rates = predict(terms, effects)
    const curve = Array.from(precision, (own, term) => {
      const row = new Float64Array(size)
      row[term] = own
      return row
    })
    const slope = precision.map((own, term) => -own * (effects[term] ?? 0))
    held.forEach((own, set) => {
      const count = journeys[set] ?? 0
      if (count === 0) return
      const rate = rates[set] ?? 0
      const error = (conversions[set] ?? 0) - count * rate
      const weight = count * rate * (1 - rate)
      for (let i = -1; i < own.length; i++) {
        const term = i < 0 ? 0 : own[i]!
        const row = curve[term]!
        slope[term]! += error
        row[0]! += weight
        for (const other of own) row[other]! += weight
      }
    })
    const change = solve(curve, slope)
    let largest = 0
    change.forEach((by, term) => {
      // A step beyond this leaves the range in which the curve is known.
      const bounded = Math.max(-4, Math.min(4, by))
      effects[term]! += bounded
      largest = Math.max(largest, Math.abs(bounded))
    })
    if (largest < 1e-7) break
  }
  return effects
}

/** Cholesky's decomposition, for a symmetric matrix with positive eigenvalues; `matrix` is overwritten. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length
  for (let i = 0; i < size; i++) {
    const row = matrix[i]!
    for (let j = 0; j <= i; j++) {
      const other = matrix[j]!
      let sum = row[j]!
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!
      row[j] = i === j ? Math.sqrt(sum) : sum / other[j]!
    }
  }
  const solution = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i]! -= matrix[i]![k]! * solution[k]!
    solution[i]! /= matrix[i]![i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i]! -= matrix[k]![i]! * solution[k]!
    solution[i]! /= matrix[i]![i]!
  }
  return solution
}

function likeliestStrength(rates: Float64Array, { conversions, journeys }: SetCounts): number {
  let best = { strength: STRENGTHS[0]!, likelihood: -Infinity }
  for (const strength of STRENGTHS) {
    let likelihood = 0
    rates.forEach((rate, set) => {
      const [converted, count] = [conversions[set] ?? 0, journeys[set] ?? 0]
      if (count === 0) return
      const [wins, losses] = [strength * rate, strength * (1 - rate)]
      likelihood += lnBeta(converted + wins, count - converted + losses) - lnBeta(wins, losses)
    })
    if (likelihood > best.likelihood) best = { strength, likelihood }
  }
  return best.strength
}
