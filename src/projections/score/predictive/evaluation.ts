// Everything that is published about how good probabilities were.
import type { Evaluation } from './contract.ts'
import { sigmoid } from './logistic.ts'
import { calibrationTable, liftByDecile, metricsOf } from './metrics.ts'

/** Metrics, calibration table and lift of log odds, once outcomes are known. */
export function evaluate(logOdds: Float64Array, outcomes: Uint8Array): Evaluation {
  const probabilities = logOdds.map(sigmoid)
  return {
    ...metricsOf(probabilities, outcomes),
    calibration: calibrationTable(probabilities, outcomes),
    lift: liftByDecile(probabilities, outcomes),
  }
}
