// Puts what was learnt into the published report: columns, coefficients, drift, examples, findings.
import type { PredictReport } from './contract.ts'
import { isDrifting, isFalling, notablePsi, rateByPart, stabilityOf } from './drift.ts'
import { findingsOf } from './findings.ts'
import type { Learnt } from './learn.ts'
import { sigmoid } from './logistic.ts'
import { logOddsOf, reasonsOf } from './model.ts'
import { outcomesOf } from './training.ts'
import { featureWords, leakSentence, reasonWords } from './words.ts'

/** The report of what was learnt. */
export function describeLearning(learnt: Learnt): PredictReport {
  const { table, leaks, isTimed, model, temporal, crossValidation } = learnt
  const { outcomes } = table
  const conversions = outcomes.reduce((total, outcome) => total + outcome, 0)
  const columns = describeColumns(learnt)
  const report: PredictReport = {
    rows: { read: table.read, used: outcomes.length, withoutOutcome: table.withoutOutcome },
    outcome: {
      column: table.label,
      conversion: table.conversion,
      other: table.other,
      conversions,
      rate: conversions / outcomes.length,
    },
    order: isTimed ? { by: table.time ? 'column' : 'file', column: table.time?.column ?? null } : null,
    columns,
    leaks: leaks.map((leak) => ({ column: leak.source, signs: leak.signs, sentence: leakSentence(leak) })),
    model: {
      rows: model.rows,
      conversions: model.conversions,
      penalty: model.penalty,
      withRanges: learnt.choice.withRanges,
      intercept: model.intercept,
      calibration: model.calibration,
      coefficients: model.design.features
        .map((feature, at) => ({
          column: feature.column,
          feature: featureWords(feature),
          coefficient: model.weights[at] as number,
          mean: model.means[at] as number,
        }))
        .sort((left, right) => Math.abs(right.coefficient) - Math.abs(left.coefficient)),
    },
    crossValidation,
    temporal,
    temporalMissing: learnt.temporalMissing,
    withLeaks: learnt.withLeaks,
    drift: isTimed ? describeDrift(learnt, columns) : null,
    examples: describeExamples(learnt),
    findings: [],
  }
  return { ...report, findings: findingsOf(report) }
}

function describeColumns(learnt: Learnt): PredictReport['columns'] {
  const { table, columns, leaks, signs, isTimed } = learnt
  const rows = table.outcomes.length
  const stability = isTimed ? stabilityBySource(learnt) : new Map<string, never>()
  return [...table.columns, ...table.ignored].map(({ name, kind, filled, distinct, numbers }) => {
    const sign = signs.find(({ source }) => source === name)
    const isIgnored = table.ignored.some((column) => column.name === name)
    const isLeak = leaks.some(({ source }) => source === name)
    const isUsed = !isIgnored && !isLeak && columns.some(({ source }) => source === name)
    return {
      column: name,
      kind,
      filled: filled / rows,
      filledOfConversions: sign?.filledOfConversions ?? 0,
      filledOfOthers: sign?.filledOfOthers ?? 0,
      distinct,
      isUsed,
      falls: numbers !== null && isFalling(numbers),
      note: isIgnored
        ? 'left out as asked'
        : isLeak
          ? 'left out: the outcome fills it in'
          : noteOf(kind, isUsed),
      aucAlone: sign?.auc ?? null,
      psi: isUsed ? (stability.get(name)?.psi ?? null) : null,
    }
  })
}

function noteOf(kind: PredictReport['columns'][number]['kind'], isUsed: boolean): string | null {
  if (kind === 'empty') return 'left out: no row has a value'
  if (kind === 'constant') return 'left out: the same in every row'
  if (kind === 'identifier' || kind === 'text')
    return isUsed
      ? 'its values hardly ever repeat, so only whether there is one counts'
      : 'left out: its values hardly ever repeat, as ids and free text do'
  return kind === 'date'
    ? 'counts by its weekday, its month over years, and the days before the moment of prediction'
    : null
}

function stabilityBySource({ columns, order }: Learnt): Map<string, { psi: number; byChance: number }> {
  const cut = Math.round(order.length * 0.7)
  const [older, newest] = [order.subarray(0, cut), order.subarray(cut)]
  const found = new Map<string, { psi: number; byChance: number }>()
  for (const column of columns) {
    const stability = stabilityOf(column, older, newest)
    if (stability.psi > (found.get(column.source)?.psi ?? -1)) found.set(column.source, stability)
  }
  return found
}

function describeDrift(learnt: Learnt, columns: PredictReport['columns']): PredictReport['drift'] {
  const { order, table, temporal } = learnt
  const ordered = outcomesOf(table, order)
  const parts = rateByPart(ordered)
  const cut = Math.round(ordered.length * 0.7)
  const rateOf = (outcomes: Uint8Array) => rateByPart(outcomes, 1)[0]?.rate ?? 0
  const stability = stabilityBySource(learnt)
  return {
    parts,
    isDrifting: isDrifting(parts),
    older: rateOf(ordered.subarray(0, cut)),
    newest: rateOf(ordered.subarray(cut)),
    columns: columns
      .flatMap(({ column, psi }) =>
        psi !== null && psi > notablePsi + 2 * (stability.get(column)?.byChance ?? 0)
          ? [{ column, psi }]
          : [],
      )
      .sort((left, right) => right.psi - left.psi),
    miss: temporal && temporal.observed > 0 ? temporal.expected / temporal.observed - 1 : null,
  }
}

// Two from the top, one from the middle, two from the end of the newest 30 % (of all rows where none is newer).
function describeExamples({ model, columns, order, isTimed, table }: Learnt): PredictReport['examples'] {
  const newest = isTimed ? order.subarray(Math.round(order.length * 0.7)) : order
  const logOdds = logOddsOf(model, columns, newest, table.ruleScores)
  const ranked = [...newest.keys()].sort((a, b) => (logOdds[b] as number) - (logOdds[a] as number))
  const picked = [0, 1, Math.floor(ranked.length / 2), ranked.length - 2, ranked.length - 1]
  return picked.map((place) => {
    const row = newest[ranked[place] as number] as number
    const reasons = reasonsOf(model, columns, row, table.ruleScores)
    return {
      row: table.rowNumbers[row] as number,
      probability: sigmoid(reasons.logOdds),
      logOdds: reasons.logOdds,
      base: reasons.base,
      contributions: reasons.contributions.map((contribution) => ({
        column: contribution.column,
        reason: reasonWords(model, columns, row, contribution),
        logOdds: contribution.logOdds,
      })),
    }
  })
}
