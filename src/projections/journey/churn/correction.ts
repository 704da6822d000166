// A logistic regression that corrects chances which another model told, and leaves them alone where data is scarce.
import { descend } from '../../../lib/maths/minimise.ts'

/** What was learned: chances are corrected by `intercept + weights . (features - means) / spreads` in log-odds. */
export interface Correction {
  intercept: number
  weights: number[]
  means: number[]
  spreads: number[]
}

/**
 * Fits `log-odds(outcome) = log-odds(told) + intercept + weights . features`, the features standardised, by penalised
 * likelihood: half of `penalty` times the squared weights is added, so weights that data does not ask for stay near 0.
 */
export function learnCorrection(
  told: readonly number[],
  features: readonly (readonly number[])[],
  outcomes: readonly (0 | 1)[],
  penalty: number,
): Correction {
  const width = features[0]?.length ?? 0
  const means = Array.from({ length: width }, (_, at) => meanOf(features, at))
  const spreads = means.map((mean, at) => spreadOf(features, at, mean))
  const rows = features.map((row) => standardised(row, means, spreads))
  const offsets = told.map(logOddsOf)
  const best = descend(
    (at, slope) => {
      const intercept = at[0] as number
      let sum = 0
      if (slope) slope.fill(0)
      for (let row = 0; row < rows.length; row++) {
        const values = rows[row] as number[]
        let z = (offsets[row] as number) + intercept
        for (let i = 0; i < width; i++) z += (at[i + 1] as number) * (values[i] as number)
        const outcome = outcomes[row] as 0 | 1
        sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - outcome * z
        if (!slope) continue
        const error = chanceOf(z) - outcome
        slope[0] = (slope[0] as number) + error
        for (let i = 0; i < width; i++)
          slope[i + 1] = (slope[i + 1] as number) + error * (values[i] as number)
      }
      for (let i = 1; i <= width; i++) {
        const weight = at[i] as number
        sum += (penalty / 2) * weight * weight
        if (slope) slope[i] = (slope[i] as number) + penalty * weight
      }
      return sum
    },
    new Array<number>(width + 1).fill(0),
  )
  const [intercept = 0, ...weights] = best.at
  return { intercept, weights, means, spreads }
}

/** The corrected chance, 0 to 1. */
export function corrected(
  { intercept, weights, means, spreads }: Correction,
  told: number,
  features: readonly number[],
): number {
  let z = logOddsOf(told) + intercept
  const values = standardised(features, means, spreads)
  for (let at = 0; at < weights.length; at++) z += (weights[at] as number) * (values[at] as number)
  return chanceOf(z)
}

/** ln(p / (1 - p)); certainty is taken as one in ten million. */
export function logOddsOf(chance: number): number {
  const inside = Math.min(1 - 1e-7, Math.max(1e-7, chance))
  return Math.log(inside / (1 - inside))
}

function chanceOf(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z))
}

// What lies further out than anything that was learned from is taken as the outermost: three spreads.
function standardised(
  row: readonly number[],
  means: readonly number[],
  spreads: readonly number[],
): number[] {
  return row.map((value, at) => {
    const spread = spreads[at] as number
    return spread > 0 ? Math.min(3, Math.max(-3, (value - (means[at] as number)) / spread)) : 0
  })
}

function meanOf(rows: readonly (readonly number[])[], at: number): number {
  return rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length
}

function spreadOf(rows: readonly (readonly number[])[], at: number, mean: number): number {
  const spread = Math.sqrt(
    rows.reduce((sum, row) => sum + ((row[at] as number) - mean) ** 2, 0) / rows.length,
  )
  return spread > 1e-9 ? spread : 0
}
