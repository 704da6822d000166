// How far estimated shares could be off: bootstrap intervals over aggregated journeys, people drawn whole.
import type { PathWeights } from './chain.ts'

/** Credits by channel id. */
export interface Estimate {
  conversions: readonly number[]
  value: readonly number[]
}

/** Bounds of a share, with the share itself between them, that hold what many more journeys would tell 95 times of a hundred. */
export type Interval = [low: number, high: number]

export interface Intervals {
  resamples: number
  /** by channel id: of the share of all conversions, and of all value */
  conversions: Interval[]
  value: Interval[]
}

/** The observed weights in parts, each of the journeys at one place that a group of people made. */
export interface Parts {
  /** of the weights that the part belongs to; -1 for none */
  places: ArrayLike<number>
  /** from 0 */
  groups: ArrayLike<number>
  groupCount: number
  conversions: ArrayLike<number>
  value: ArrayLike<number>
  nulls: ArrayLike<number>
}

export interface Drawing {
  resamples?: number
  seed?: number
  /**
   * Whose journeys are drawn together: people go ways of their own time and again, so that single journeys tell less than
   * their number says. Without it every journey is somebody else's.
   */
  parts?: Parts
  /** the estimate without what is due to few journeys alone */
  limit?: ((drawn: PathWeights) => Estimate) | null
}

/**
 * Draws the groups of people anew, each as often as a Poisson number of mean 1 says (a bootstrap whose size varies,
 * https://research.google/pubs/estimating-uncertainty-for-massive-data-streams/); without groups every path's journeys, converted
 * ones and others apart. Bounds lie 1.96 times the root mean square of what the resamples are off: quantiles of the resamples
 * would count twice by how much few journeys bend an estimate. Where `limit` is told, they lie about that, and reach to the
 * estimate where it lies outside. The same seed and journeys give the same intervals.
 */
export function bootstrap(
  observed: PathWeights,
  estimate: (drawn: PathWeights) => Estimate,
  drawing: Drawing = {},
): Intervals {
  const steps = bootstrapSteps(observed, estimate, drawing)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same resample by resample, for whoever lets others have their turn in between; yields how many were drawn. */
export function* bootstrapSteps(
  observed: PathWeights,
  estimate: (drawn: PathWeights) => Estimate,
  { resamples = 200, seed = 1, parts, limit }: Drawing = {},
): Generator<number, Intervals> {
  const random = createRandom(seed)
  const size = observed.conversions.length
  const drawn = {
    conversions: new Float64Array(size),
    value: new Float64Array(size),
    nulls: new Float64Array(size),
  }
  const again = limit ?? estimate
  const found = sharesOf(estimate(observed))
  const about = limit ? sharesOf(limit(observed)) : found
  const squares = { conversions: found.conversions.map(() => 0), value: found.value.map(() => 0) }
  for (let sample = 0; sample < resamples; sample++) {
    if (parts) drawGroups(parts, drawn, random)
    else drawJourneys(observed, drawn, random)
    const shares = sharesOf(again(drawn))
    for (const kind of ['conversions', 'value'] as const)
      shares[kind].forEach((share, id) => (squares[kind][id]! += (share - (about[kind][id] ?? 0)) ** 2))
    yield sample + 1
  }
  const intervals = (kind: 'conversions' | 'value') =>
    squares[kind].map((square, id): Interval => {
      const reach = BOUND * Math.sqrt(square / Math.max(1, resamples))
      const [share, middle] = [found[kind][id] ?? 0, about[kind][id] ?? 0]
      return [Math.min(share, Math.max(0, middle - reach)), Math.max(share, Math.min(1, middle + reach))]
    })
  return { resamples, conversions: intervals('conversions'), value: intervals('value') }
}

/** The normal law's quantile at 97.5 %. */
const BOUND = 1.959964

type Drawn = Record<'conversions' | 'value' | 'nulls', Float64Array>

function drawJourneys(observed: PathWeights, drawn: Drawn, random: () => number): void {
  for (let i = 0; i < drawn.nulls.length; i++) {
    const count = observed.conversions[i] ?? 0
    const again = count > 0 ? poisson(count, random) : 0
    drawn.conversions[i] = again
    drawn.value[i] = count > 0 ? ((observed.value[i] ?? 0) * again) / count : 0
    drawn.nulls[i] = poisson(observed.nulls[i] ?? 0, random)
  }
}

function drawGroups(parts: Parts, drawn: Drawn, random: () => number): void {
  const times = Float64Array.from({ length: parts.groupCount }, () => poisson(1, random))
  for (const kind of ['conversions', 'value', 'nulls'] as const) {
    const into = drawn[kind].fill(0)
    for (let i = 0; i < parts.places.length; i++) {
      const place = parts.places[i] ?? -1
      if (place >= 0) into[place]! += (parts[kind][i] ?? 0) * (times[parts.groups[i] ?? 0] ?? 0)
    }
  }
}

function sharesOf({ conversions, value }: Estimate): { conversions: number[]; value: number[] } {
  const shared = (credits: readonly number[]) => {
    const total = credits.reduce((sum, credit) => sum + credit, 0)
    return credits.map((credit) => (total === 0 ? 0 : credit / total))
  }
  return { conversions: shared(conversions), value: shared(value) }
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
