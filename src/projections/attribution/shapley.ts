// Shapley values per set of channels, from the conversion rates of journeys with exactly those channels.
import type { PathWeights } from './chain.ts'
import type { Parts } from './intervals.ts'
import { pathAt } from './paths.ts'
import type { Paths } from './paths.ts'

/** Journeys by the set of channels they touched. */
export interface ChannelSets {
  /** by set its channel ids, ascending */
  sets: number[][]
  conversions: Float64Array
  value: Float64Array
  nulls: Float64Array
  /** by path the set it belongs to, -1 for a path without touches */
  setOfPath: Int32Array
}

export interface ShapleyFit {
  /** conversions per journey, over all */
  globalRate: number
  /** by set, by channel of the set: its share of what the set converted, adding up to 1 */
  shares: Float64Array[]
  /** by channel id */
  conversions: number[]
  value: number[]
  /** sets in which a channel's value was negative and became zero, and the conversions of those sets */
  floored: { sets: number; conversions: number }
}

/** How many journeys of the global rate each set's rate is shrunk by. */
const SHRINKAGE = 30

/** Adds journeys up by their distinct channels; of more than `most` the latest count, by where they were touched last. */
export function channelSetsOf(paths: Paths, most: number): ChannelSets {
  const known = new Map<string, number>()
  const sets: number[][] = []
  const setOfPath = new Int32Array(paths.starts.length - 1)
  const conversions: number[] = []
  const value: number[] = []
  const nulls: number[] = []
  for (let path = 0; path < setOfPath.length; path++) {
    const ids = latestChannels(pathAt(paths, path), most)
    const key = keyOf(ids)
    let set = ids.length === 0 ? -1 : known.get(key)
    if (set === undefined) {
      set = sets.length
      known.set(key, set)
      sets.push(ids)
    }
    setOfPath[path] = set
    if (set < 0) continue
    conversions[set] = (conversions[set] ?? 0) + (paths.conversions[path] ?? 0)
    value[set] = (value[set] ?? 0) + (paths.value[path] ?? 0)
    nulls[set] = (nulls[set] ?? 0) + (paths.nulls[path] ?? 0)
  }
  return {
    sets,
    setOfPath,
    conversions: Float64Array.from(conversions),
    value: Float64Array.from(value),
    nulls: Float64Array.from(nulls),
  }
}

/**
 * `phi_i(S) = sum over T in S without i of |T|! (|S|-|T|-1)! / |S|! * (rho(T with i) - rho(T))`, where rho is the
 * conversion rate of journeys with exactly those channels, shrunk by 30 journeys of the global rate, and rho of nothing
 * is 0; negative values become 0, the rest is normalised (all zero: equal shares) and shares what S converted.
 * After Zhao et al. (https://arxiv.org/abs/1804.05327), with journeys that did not convert in the rates.
 * @returns a function, so that resamples of the same sets look subsets up once
 */
export function prepareShapley(
  { sets }: ChannelSets,
  channelCount: number,
): (weights: PathWeights) => ShapleyFit {
  const placeOf = new Map(sets.map((ids, set) => [keyOf(ids), set]))
  const subsets = sets.map((ids) => (ids.length <= 8 ? subsetsOf(ids, placeOf) : null))
  return (weights) => {
    let conversions = 0
    let journeys = 0
    for (let set = 0; set < sets.length; set++) {
      conversions += weights.conversions[set] ?? 0
      journeys += (weights.conversions[set] ?? 0) + (weights.nulls[set] ?? 0)
    }
    const globalRate = journeys > 0 ? conversions / journeys : 0
    const rateOf = (set: number) => {
      if (set < 0) return globalRate
      const converted = weights.conversions[set] ?? 0
      return (converted + SHRINKAGE * globalRate) / (converted + (weights.nulls[set] ?? 0) + SHRINKAGE)
    }
    const fit: ShapleyFit = {
      globalRate,
      shares: [],
      conversions: new Array<number>(channelCount).fill(0),
      value: new Array<number>(channelCount).fill(0),
      floored: { sets: 0, conversions: 0 },
    }
    sets.forEach((ids, set) => {
      const converted = weights.conversions[set] ?? 0
      const earned = weights.value[set] ?? 0
      // What did not convert shares nothing; in a resample that spares most of the work.
      if (converted === 0 && earned === 0) {
        fit.shares.push(new Float64Array(ids.length).fill(1 / ids.length))
        return
      }
      const shares = valuesOf(ids.length, subsets[set] ?? subsetsOf(ids, placeOf), rateOf)
      if (normalise(shares)) {
        fit.floored.sets++
        fit.floored.conversions += converted
      }
      fit.shares.push(shares)
      ids.forEach((id, i) => {
        fit.conversions[id] = (fit.conversions[id] ?? 0) + (shares[i] ?? 0) * converted
        fit.value[id] = (fit.value[id] ?? 0) + (shares[i] ?? 0) * earned
      })
    })
    return fit
  }
}

/** Of a path's distinct channels the `most` that were touched last, in order of their ids. */
export function latestChannels(path: ArrayLike<number>, most: number): number[] {
  const seen: number[] = []
  for (let i = path.length - 1; i >= 0 && seen.length < most; i--) {
    const id = path[i] ?? 0
    if (!seen.includes(id)) seen.push(id)
  }
  return seen.sort((a, b) => a - b)
}

/** Parts of paths as parts of the sets that these belong to. */
export function partsBySet(parts: Parts, { setOfPath }: ChannelSets): Parts {
  return { ...parts, places: Int32Array.from(parts.places, (path) => setOfPath[path] ?? -1) }
}

/** Shares a set's worth over the touches of one of its paths: equally over a channel's touches, none to channels left out. */
export function overTouches(
  path: ArrayLike<number>,
  ids: readonly number[],
  shares: ArrayLike<number>,
  out: Float64Array,
): void {
  const touches = new Array<number>(ids.length).fill(0)
  for (let i = 0; i < path.length; i++) {
    const place = ids.indexOf(path[i] ?? -1)
    if (place >= 0) touches[place] = (touches[place] ?? 0) + 1
  }
  for (let i = 0; i < path.length; i++) {
    const place = ids.indexOf(path[i] ?? -1)
    out[i] = place < 0 ? 0 : (shares[place] ?? 0) / (touches[place] ?? 1)
  }
}

/** By mask of a set's channels the place of that subset, -1 where no journey had exactly those. */
export function subsetsOf(ids: readonly number[], placeOf: ReadonlyMap<string, number>): Int32Array {
  const keys = new Array<string>(2 ** ids.length).fill('')
  const places = new Int32Array(keys.length).fill(-1)
  for (let mask = 1; mask < keys.length; mask++) {
    const highest = 31 - Math.clz32(mask)
    const key = (keys[mask ^ (1 << highest)] ?? '') + String.fromCharCode(ids[highest] ?? 0)
    keys[mask] = key
    places[mask] = placeOf.get(key) ?? -1
  }
  return places
}

/** Shapley values of a set's channels: each subset's rate counts for its members by w(|T| - 1) and against the others by w(|T|). */
export function valuesOf(size: number, subsets: Int32Array, rateOf: (set: number) => number): Float64Array {
  const weights = Float64Array.from({ length: size }, (_, others) => orderings(others, size))
  const values = new Float64Array(size)
  for (let mask = 1; mask < subsets.length; mask++) {
    const rate = rateOf(subsets[mask] ?? -1)
    const members = bitsOf(mask)
    const gain = (weights[members - 1] ?? 0) * rate
    const loss = (weights[members] ?? 0) * rate
    for (let i = 0; i < size; i++) values[i] = (values[i] ?? 0) + ((mask >>> i) & 1 ? gain : -loss)
  }
  return values
}

/** |T|! (n-|T|-1)! / n! */
function orderings(others: number, size: number): number {
  let choices = size
  for (let i = 0; i < others; i++) choices *= (size - 1 - i) / (i + 1)
  return 1 / choices
}

/**
 * Takes negative values for 0 and brings the rest to a sum of 1, in place.
 * @returns whether a value was below zero
 */
export function normalise(values: Float64Array): boolean {
  let total = 0
  let isFloored = false
  for (let i = 0; i < values.length; i++) {
    if ((values[i] ?? 0) < 0) {
      values[i] = 0
      isFloored = true
    }
    total += values[i] ?? 0
  }
  for (let i = 0; i < values.length; i++) values[i] = total > 0 ? (values[i] ?? 0) / total : 1 / values.length
  return isFloored
}

function bitsOf(mask: number): number {
  let count = 0
  for (let rest = mask; rest > 0; rest &= rest - 1) count++
  return count
}

/** A set as the key of a map. */
export function keyOf(ids: readonly number[]): string {
  return String.fromCharCode(...ids)
}
