// A report of learning as the settings show it. Pure.
import type { PredictReport } from '../predictive/contract.ts'
import type { PredictiveModel } from './contract.ts'

/** Coefficients that are told. */
const TOLD = 30

export function presentModel(
  report: PredictReport,
): NonNullable<NonNullable<PredictiveModel['training']>['model']> {
  const { model, temporal, temporalMissing, crossValidation, leaks, withLeaks, drift, findings } = report
  return {
    leads: model.rows,
    conversions: model.conversions,
    temporal,
    temporalMissing,
    crossValidation,
    coefficients: model.coefficients
      .slice(0, TOLD)
      .map(({ column, feature, coefficient }) => ({ words: `${column} ${feature}`, logOdds: coefficient })),
    leaks: leaks.map(({ column, sentence }) => ({ column, sentence })),
    aucWithLeaks: withLeaks?.auc ?? null,
    features: report.columns.map(({ column, kind, filled, isUsed, note }) => ({
      column,
      kind,
      filled,
      isUsed,
      note,
    })),
    drift: drift && {
      isDrifting: drift.isDrifting,
      older: drift.older,
      newest: drift.newest,
      columns: drift.columns,
      miss: drift.miss,
    },
    findings,
  }
}
