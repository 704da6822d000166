// The nouns of snapshots: how leads stood on a day, as sums. Pure.

/** Sums over leads; each is a column of `score_days`. */
export const sumColumns = [
  'leads',
  'scored',
  'points',
  'grade_a_plus',
  'grade_a',
  'grade_b',
  'grade_c',
  'grade_d',
  'hot',
  'warm',
  'cold',
  'do_not_contact',
  'health_known',
  'health_points',
  'healthy',
  'watched',
  'at_risk',
  'risk_known',
  'risk_high',
] as const
export type DaySums = Record<(typeof sumColumns)[number], number>

/** Health from which a lead is healthy, and from which it is watched; below it is at risk. */
export const HEALTHY_FROM = 70
export const WATCHED_FROM = 40
/** A buyer's risk of no further order from here on is high, 0 to 1. */
export const HIGH_RISK = 0.66
