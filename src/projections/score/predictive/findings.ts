// What a person should know about a predictive score, in sentences, what matters most first.
import type { PredictReport } from './contract.ts'
import { notableMiss } from './drift.ts'
import { percent } from './words.ts'

/** The findings of a report: leaks, drift, misses, what was not tested. */
export function findingsOf(report: PredictReport): string[] {
  const { crossValidation, temporal, drift, leaks, withLeaks, outcome, rows } = report
  const found: string[] = leaks.map(({ sentence }) => sentence)
  if (withLeaks && withLeaks.auc !== null && crossValidation.auc !== null)
    found.push(
      `With ${leaks.length === 1 ? 'that column' : 'those columns'} the AUC would be ${withLeaks.auc.toFixed(3)} instead of ${crossValidation.auc.toFixed(3)}: a figure that open leads cannot keep.`,
    )
  if (drift?.isDrifting) {
    const rates = drift.parts.map(({ rate }) => rate)
    found.push(
      `The rate of "${outcome.conversion}" drifts: ${percent(Math.min(...rates))} to ${percent(Math.max(...rates))} over ten parts of the rows, ${percent(drift.older)} in the older 70 % and ${percent(drift.newest)} in the newest 30 %. Trust the ranking more than the probabilities, and train again often.`,
    )
  }
  if (drift && drift.miss !== null && temporal && isNotable(drift.miss, temporal))
    found.push(
      `On the newest 30 % the model expected ${percent(temporal.expected)} conversions and ${percent(temporal.observed)} came: ${percent(Math.abs(drift.miss))} too ${drift.miss < 0 ? 'few' : 'many'}. Its final calibration is learnt from the newest rows for that reason.`,
    )
  if (drift && drift.columns.length > 0)
    found.push(
      `Other values than before stand in ${drift.columns.map(({ column, psi }) => `${column} (PSI ${psi.toFixed(2)})`).join(', ')} among the newest 30 %.`,
    )
  if (
    temporal &&
    temporal.auc !== null &&
    crossValidation.auc !== null &&
    crossValidation.auc - temporal.auc > 0.03
  )
    found.push(
      `The AUC of ${crossValidation.auc.toFixed(3)} from rows drawn by chance is ${temporal.auc.toFixed(3)} on rows newer than those learnt from: count on the second.`,
    )
  if (report.temporalMissing !== null) found.push(report.temporalMissing)
  const falling = report.order?.by === 'file' ? report.columns.find(({ falls }) => falls) : undefined
  if (falling)
    found.push(
      `${falling.column} falls from row to row, so the file may stand newest first: if it does, tell ${falling.column} as the time, or the test on newer rows is one on older rows.`,
    )
  const best = temporal?.auc ?? crossValidation.auc
  if (best !== null && best < 0.55)
    found.push(
      `An AUC of ${best.toFixed(3)} is hardly better than chance: the columns tell next to nothing about the outcome.`,
    )
  if (rows.withoutOutcome > 0)
    found.push(`${rows.withoutOutcome.toLocaleString('en-US')} rows without an outcome were left out.`)
  return found
}

// Off by a fifth, and by more than chance makes of that many conversions.
function isNotable(
  miss: number,
  { rows, expected, observed }: { rows: number; expected: number; observed: number },
): boolean {
  const spread = Math.sqrt((expected * (1 - expected)) / rows)
  return Math.abs(miss) > notableMiss && Math.abs(expected - observed) > 2 * spread
}
