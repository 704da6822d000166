// RFM: how lately, how often and for how much each buyer ordered, in fifths of the shop's buyers, and the segment that makes.
import { quantileOf } from '../../lib/maths/quantile.ts'

/** A buyer on the day of the analysis. */
export interface RfmBuyer {
  /** days since the last order */
  recencyDays: number
  /** orders */
  frequency: number
  /** net of refunds, in minor units of one currency or any other one unit */
  monetary: number
}

/** Fifths, 5 being best: ordered most lately, most often, for most. */
export interface RfmScores {
  r: number
  f: number
  m: number
}

/** Values above which a score goes up by one, ascending; days of silence above which it goes down. */
export interface RfmCuts {
  recencyDays: readonly number[]
  frequency: readonly number[]
  monetary: readonly number[]
}

/** One segment of a table: from and to, both included, of each score. */
export interface SegmentRule {
  segment: string
  r: readonly [from: number, to: number]
  f: readonly [from: number, to: number]
  m: readonly [from: number, to: number]
}

/** Where orders per buyer have too few different values for fifths: two, three, five and eight orders go up by one each. */
export const fixedFrequencyCuts = [1, 2, 4, 7] as const

/**
 * The ten segments, first match wins. The first ten rules are those of the R package rfm
 * (https://rfm.rsquaredacademy.com); the others give a segment to the scores
 * that they leave out, so that everybody has one.
 */
export const rfmSegments: readonly SegmentRule[] = [
  { segment: 'Champions', r: [5, 5], f: [5, 5], m: [5, 5] },
  { segment: 'Potential Loyalist', r: [3, 5], f: [3, 5], m: [2, 5] },
  { segment: 'Loyal Customers', r: [2, 4], f: [2, 4], m: [2, 4] },
  { segment: 'Promising', r: [3, 4], f: [1, 3], m: [3, 5] },
  { segment: 'New Customers', r: [4, 5], f: [1, 3], m: [1, 5] },
  { segment: "Can't Lose Them", r: [1, 2], f: [3, 4], m: [4, 5] },
  { segment: 'At Risk', r: [1, 2], f: [2, 5], m: [4, 5] },
  { segment: 'Need Attention', r: [1, 3], f: [3, 5], m: [3, 5] },
  { segment: 'About To Sleep', r: [2, 3], f: [1, 3], m: [1, 4] },
  { segment: 'Lost', r: [1, 1], f: [1, 5], m: [1, 5] },
  // Often but for little, or seldom but for much: by how lately.
  { segment: 'Potential Loyalist', r: [4, 5], f: [4, 5], m: [1, 5] },
  { segment: 'Need Attention', r: [3, 3], f: [4, 5], m: [1, 5] },
  { segment: 'At Risk', r: [2, 2], f: [1, 5], m: [1, 5] },
]

/**
 * The cuts of a shop: type-7 quantiles (Hyndman and Fan, The American Statistician 50(4)) at each fifth of its buyers,
 * rounded up to whole days, orders and `moneyUnit`s (100 where money is in cents), so that people can say them.
 */
export function rfmCuts(buyers: readonly RfmBuyer[], moneyUnit: number): RfmCuts {
  const fifths = (of: (buyer: RfmBuyer) => number, unit: number): number[] =>
    fifthsOf(buyers.map(of)).map((cut) => unit * Math.ceil(cut / unit - 1e-9))
  const frequency = fifths((buyer) => buyer.frequency, 1)
  return {
    recencyDays: fifths((buyer) => buyer.recencyDays, 1),
    frequency: new Set(frequency).size < 3 ? [...fixedFrequencyCuts] : frequency,
    monetary: fifths((buyer) => buyer.monetary, moneyUnit),
  }
}

/** The scores of a buyer; equal values have equal scores. */
export function rfmScores(buyer: RfmBuyer, cuts: RfmCuts): RfmScores {
  return {
    r: 5 - exceeded(buyer.recencyDays, cuts.recencyDays),
    f: 1 + exceeded(buyer.frequency, cuts.frequency),
    m: 1 + exceeded(buyer.monetary, cuts.monetary),
  }
}

/** The first segment whose ranges hold all three scores; null where a table has none. */
export function segmentOf(
  { r, f, m }: RfmScores,
  table: readonly SegmentRule[] = rfmSegments,
): string | null {
  const holds = (score: number, [from, to]: readonly [number, number]): boolean =>
    score >= from && score <= to
  return table.find((rule) => holds(r, rule.r) && holds(f, rule.f) && holds(m, rule.m))?.segment ?? null
}

function fifthsOf(values: readonly number[]): number[] {
  if (values.length === 0) return []
  const sorted = Float64Array.from(values).sort()
  return [0.2, 0.4, 0.6, 0.8].map((share) => quantileOf(sorted, share))
}

function exceeded(value: number, cuts: readonly number[]): number {
  return cuts.filter((cut) => value > cut).length
}
