// How far estimated shares could be off: bootstrap intervals over aggregated journeys.
import type { PathWeights } from './chain.ts'

/** Credits by channel id. */
export interface Estimate {
  conversions: readonly number[]
  value: readonly number[]
}

/** Bounds of a share between which 95 % of the resamples lie. */
export type Interval = [low: number, high: number]

export interface Intervals {
  resamples: number
  /** by channel id: of the share of all conversions, and of all value */
  conversions: Interval[]
  value: Interval[]
}

/**
 * Draws every path's journeys anew, as often as a Poisson number of mean its count says (a bootstrap over journeys whose
 * number varies, https://research.google/pubs/estimating-uncertainty-for-massive-data-streams/), estimates each time, and
 * takes the quantiles at 2.5 and 97.5 %. Converted journeys and others are drawn apart; a path's value goes with its conversions.
 * The same seed and paths give the same intervals.
 */
export function bootstrap(
  observed: PathWeights,
  estimate: (drawn: PathWeights) => Estimate,
  { resamples = 200, seed = 1 }: { resamples?: number; seed?: number } = {},
): Intervals {
  const random = createRandom(seed)
  const size = observed.conversions.length
  const drawn = {
    conversions: new Float64Array(size),
    value: new Float64Array(size),
    nulls: new Float64Array(size),
  }
  const conversions: number[][] = []
  const value: number[][] = []
  for (let sample = 0; sample < resamples; sample++) {
    for (let i = 0; i < size; i++) {
      const count = observed.conversions[i] ?? 0
      const again = count > 0 ? poisson(count, random) : 0
      drawn.conversions[i] = again
      drawn.value[i] = count > 0 ? ((observed.value[i] ?? 0) * again) / count : 0
      drawn.nulls[i] = poisson(observed.nulls[i] ?? 0, random)
    }
    const estimated = estimate(drawn)
    collect(conversions, estimated.conversions)
    collect(value, estimated.value)
  }
  return { resamples, conversions: conversions.map(interval), value: value.map(interval) }
}

function collect(into: number[][], credits: readonly number[]): void {
  const total = credits.reduce((sum, credit) => sum + credit, 0)
  credits.forEach((credit, id) => {
    const shares = (into[id] ??= [])
    shares.push(total === 0 ? 0 : credit / total)
  })
}

function interval(shares: number[]): Interval {
  const sorted = [...shares].sort((a, b) => a - b)
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)]
}

// Type 7 of Hyndman and Fan (https://doi.org/10.2307/2684934).
function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q
  const below = sorted[Math.floor(at)] ?? 0
  return below + ((sorted[Math.ceil(at)] ?? below) - below) * (at - Math.floor(at))
}

/** Uniform numbers in [0, 1): sfc32 of Chris Doty-Humphrey (https://pracrand.sourceforge.net/RNG_engines.txt). */
function createRandom(seed: number): () => number {
  let a = 0
  let b = seed | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return next
}

function poisson(mean: number, random: () => number): number {
  if (mean <= 0) return 0
  if (mean > 500) {
    // By the normal law, off by less than the interval's own uncertainty.
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  const target = random()
  let term = Math.exp(-mean)
  let sum = term
  let count = 0
  while (target > sum && count < mean + 40 * Math.sqrt(mean) + 40) {
    count++
    term *= mean / count
    sum += term
  }
  return count
}
