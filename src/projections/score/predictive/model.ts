// A trained model as plain data, the log odds it gives to rows, and the reasons for them.
import type { Calibration } from './calibration.ts'
import type { Column } from './columns.ts'
import { encodeRows } from './design.ts'
import type { Design, Feature } from './design.ts'
import { timesWeights } from './sparse.ts'

export interface Model {
  design: Design
  /** how strongly large weights were penalised: penalty / 2 times the sum of their squares, beside the summed log loss */
  penalty: number
  intercept: number
  /** one per feature of the design */
  weights: number[]
  /** the training rows' mean of each feature: reasons are told against the average row */
  means: number[]
  calibration: Calibration
  /** where a rule score was at hand: its line, and how much the model counts against it, from 0 to 1 */
  rule: (Calibration & { modelShare: number }) | null
  /** what it was trained on */
  rows: number
  conversions: number
}

/** Why a row has its log odds: `base` and all contributions add up to `logOdds`. */
export interface Reasons {
  logOdds: number
  /** the log odds of the average training row */
  base: number
  /** one per column that counts, the strongest first; positive speaks for a conversion */
  contributions: { source: string; column: string; features: Feature[]; logOdds: number }[]
  /** what the rule score adds, where the model is drawn towards one */
  ruleLogOdds: number
}

/** Calibrated log odds of the named rows. `ruleScores` has an entry per row of the columns. */
export function logOddsOf(
  model: Model,
  columns: readonly Column[],
  rows: Int32Array,
  ruleScores: Float64Array | null = null,
): Float64Array {
  const raw = timesWeights(
    encodeRows(model.design, columns, rows),
    Float64Array.from(model.weights),
    model.intercept,
  )
  const { slope, shift } = model.calibration
  return raw.map((value, at) => {
    const own = shift + slope * value
    return model.rule === null
      ? own
      : model.rule.modelShare * own + ruleLogOddsOf(model, ruleScores, rows[at] as number)
  })
}

/** The reasons of one row, column by column, against the average row. */
export function reasonsOf(
  model: Model,
  columns: readonly Column[],
  row: number,
  ruleScores: Float64Array | null = null,
): Reasons {
  const { features } = model.design
  const encoded = encodeRows(model.design, columns, Int32Array.of(row))
  const share = (model.rule?.modelShare ?? 1) * model.calibration.slope
  const byColumn = new Map<string, Reasons['contributions'][number]>()
  let base = model.intercept
  features.forEach((feature, at) => {
    const average = (model.weights[at] as number) * (model.means[at] as number)
    base += average
    const entry = byColumn.get(feature.column)
    if (entry) entry.logOdds -= share * average
    else {
      const { column, source } = feature
      byColumn.set(column, { source, column, features: [], logOdds: -share * average })
    }
  })
  encoded.features.forEach((at, place) => {
    const feature = features[at] as Feature
    const entry = byColumn.get(feature.column)
    if (!entry) return
    entry.features.push(feature)
    entry.logOdds += share * (model.weights[at] as number) * (encoded.values[place] as number)
  })
  const ruleLogOdds = model.rule ? ruleLogOddsOf(model, ruleScores, row) : 0
  const contributions = [...byColumn.values()].sort(
    (left, right) => Math.abs(right.logOdds) - Math.abs(left.logOdds),
  )
  base = share * base + (model.rule?.modelShare ?? 1) * model.calibration.shift
  const logOdds = contributions.reduce((total, entry) => total + entry.logOdds, base + ruleLogOdds)
  return { logOdds, base, contributions, ruleLogOdds }
}

function ruleLogOddsOf(model: Model, ruleScores: Float64Array | null, row: number): number {
  if (model.rule === null) return 0
  if (ruleScores === null)
    throw new RangeError('a model that is drawn towards a rule score needs that of each row')
  return (1 - model.rule.modelShare) * (model.rule.shift + model.rule.slope * (ruleScores[row] as number))
}
