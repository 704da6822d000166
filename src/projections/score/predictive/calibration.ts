// Makes a model's log odds say what they mean: probabilities that came true at that rate.
import { fitLogistic, logit, sigmoid } from './logistic.ts'
import { createRowWriter } from './sparse.ts'

/** Log odds z become `shift + slope * z`. */
export interface Calibration {
  slope: number
  shift: number
}

export const uncalibrated: Calibration = { slope: 1, shift: 0 }

/** Conversions, and others, that a calibration is learnt from at the least; with fewer it would follow chance. */
export const fewestToCalibrate = 30

/**
 * Platt's scaling (Platt 1999): a logistic regression of the outcomes on log odds that the model gave to rows it was
 * not trained on. It is a straight line, so it keeps the ranking and lets the reasons of a row still add up. Where the
 * slope would turn the ranking round, or flatten it to nothing, only the level is set. Null with too few outcomes.
 */
export function calibrate(logOdds: Float64Array, outcomes: Uint8Array): Calibration | null {
  const conversions = outcomes.reduce((total, outcome) => total + outcome, 0)
  if (Math.min(conversions, outcomes.length - conversions) < fewestToCalibrate) return null
  const { slope, shift } = lineThrough(logOdds, outcomes)
  return slope >= 0.1 ? { slope, shift } : { slope: 1, shift: levelShift(logOdds, outcomes) }
}

/** The logistic regression of outcomes on one number. */
export function lineThrough(numbers: Float64Array, outcomes: Uint8Array): Calibration {
  const writer = createRowWriter(numbers.length, 1, 1)
  for (const number of numbers) {
    writer.put(0, number)
    writer.endRow()
  }
  // A breath of penalty keeps the slope finite where the numbers part the outcomes fully.
  const fit = fitLogistic(writer.finish(), outcomes, 1e-3)
  return { slope: fit.weights[0] as number, shift: fit.intercept }
}

/** What to add to all log odds so that the probabilities add up to the conversions. */
export function levelShift(logOdds: Float64Array, outcomes: Uint8Array): number {
  const conversions = outcomes.reduce((total, outcome) => total + outcome, 0)
  let shift =
    logit((conversions + 0.5) / (outcomes.length + 1)) - logOdds.reduce((a, b) => a + b, 0) / logOdds.length
  for (let step = 0; step < 50; step++) {
    let excess = conversions
    let curvature = 1e-12
    for (const value of logOdds) {
      const p = sigmoid(value + shift)
      excess -= p
      curvature += p * (1 - p)
    }
    const move = Math.min(Math.max(excess / curvature, -2), 2)
    shift += move
    if (Math.abs(move) < 1e-10) break
  }
  return shift
}
