// The chance of leads by a model, and why. Pure.
import {
  columnsByShape,
  featuresAt,
  logOddsOf,
  reasonWords,
  reasonsOf,
  sigmoid,
} from '../predictive/index.ts'
import type { LeadFacts, Model, Shape } from '../predictive/index.ts'

interface Trained {
  model: Model
  shape: Shape
}

/**
 * The moment that a lead is predicted for: the end of the hour, so that what just happened counts, and a lead of whom nothing
 * is new says the same all the hour.
 */
export function momentOf(now: number): number {
  return Math.ceil(now / HOUR_MS) * HOUR_MS
}

const HOUR_MS = 3_600_000

/** Chances of leads to convert within 90 days of `at`, 0 to 1. */
export function chancesOf({ model, shape }: Trained, leads: readonly LeadFacts[], at: number): number[] {
  const columns = columnsByShape(
    leads.map((lead) => featuresAt(lead, at)),
    at,
    shape,
  )
  return [
    ...logOddsOf(
      model,
      columns,
      Int32Array.from(leads, (_, row) => row),
    ),
  ].map(sigmoid)
}

/** The chance of a lead with what speaks for and against it: `base`, `reasons` and `others` add up to `logOdds`. */
export function explained({ model, shape }: Trained, lead: LeadFacts, at: number, most: number) {
  const columns = columnsByShape([featuresAt(lead, at)], at, shape)
  const { logOdds, base, contributions } = reasonsOf(model, columns, 0)
  const weaker = contributions.slice(most)
  return {
    chance: sigmoid(logOdds),
    logOdds,
    base,
    baseChance: sigmoid(base),
    reasons: contributions
      .slice(0, most)
      .map((one) => ({ words: reasonWords(model, columns, 0, one), logOdds: one.logOdds })),
    others: { features: weaker.length, logOdds: weaker.reduce((sum, one) => sum + one.logOdds, 0) },
  }
}
