// From a table to a model and all that is published of it: leak guard, both tests, final model, drift.
import { Refusal } from '../../../lib/refusal.ts'
import { fewestToCalibrate } from './calibration.ts'
import type { Column } from './columns.ts'
import type { PredictReport } from './contract.ts'
import { columnsOfDate } from './dates.ts'
import { isSortedByOutcome } from './drift.ts'
import { evaluate } from './evaluation.ts'
import { inOrder, stratifiedFolds } from './folds.ts'
import { findLeaks, signsOf } from './leaks.ts'
import type { Leak } from './leaks.ts'
import { aucOf, metricsOf } from './metrics.ts'
import { logOddsOf } from './model.ts'
import type { Model } from './model.ts'
import { sigmoid } from './logistic.ts'
import type { Table } from './table.ts'
import { choose, crossValidate, foldCount, outcomesOf, stepsToChoose, train } from './training.ts'
import type { Choice, Lesson } from './training.ts'
import { describeLearning } from './report.ts'

/** Of the rarer outcome; below, a rule score is the better guide. */
export const fewestConversions = 120

/** What came of learning, before it is put into words. */
export interface Learnt {
  table: Table
  /** what the model is made of, by column of the table; leaks are not in it */
  columns: Column[]
  signs: ReturnType<typeof signsOf>
  leaks: Leak[]
  /** all rows, oldest first; `isTimed` false where that order says nothing */
  order: Int32Array
  isTimed: boolean
  choice: Choice
  model: Model
  /** not calibrated, in the order of `order` */
  crossValidated: Float64Array
  crossValidation: PredictReport['crossValidation']
  temporal: PredictReport['temporal']
  /** calibrated log odds of the newest 30 % from the model of the older rows, in the order of the last of `order` */
  newest: Float64Array | null
  temporalMissing: string | null
  withLeaks: PredictReport['withLeaks']
}

/** How many steps `learn` yields at the most. */
export const stepsToLearn = 1 + (stepsToChoose + 2) + (stepsToChoose + foldCount + 1 + foldCount) + foldCount

/**
 * Learns from a table: names leaking columns and leaves them out, chooses the penalty, tests by five-fold cross
 * validation and on the newest 30 %, trains on everything and calibrates on the newest rows. Yields after each piece of
 * work. Refuses with fewer than 120 rows of either outcome, and where no column may be used.
 */
export function* learn(table: Table): Generator<undefined, { report: PredictReport; learnt: Learnt }> {
  refuseTooLittle(table)
  const { outcomes } = table
  const rows = outcomes.length
  const inFile = table.time === null
  const order = inOrder(rows, table.time?.values ?? null)
  const isTimed = !inFile || !isSortedByOutcome(outcomes)

  const made = new Map(table.columns.map((column) => [column.name, columnsOf(column, table)]))
  const signs = signsOf(
    table.columns.map((column) => signColumnOf(column, made.get(column.name) ?? [])),
    outcomes,
    table.changedAfterOutcome,
  )
  const leaks = findLeaks(signs)
  const leaking = new Set(leaks.map(({ source }) => source))
  yield
  const columns = [...made].flatMap(([name, all]) => (leaking.has(name) ? [] : all))
  if (columns.length === 0) throw new Refusal('columns_missing', 422, nothingLeft(leaks))

  const lesson: Lesson = { columns, outcomes, rows: order, isTimed, ruleScores: table.ruleScores }
  const temporal = isTimed ? yield* testOnNewest(lesson) : sortedByOutcome
  const choice = yield* choose(lesson)
  const crossValidated = yield* crossValidate(lesson, choice)
  const ordered = outcomesOf(lesson, order)
  const model = yield* train(lesson, choice)

  let withLeaks: Learnt['withLeaks'] = null
  if (leaks.length > 0) {
    const all = { ...lesson, columns: [...made.values()].flat() }
    const { auc, brier } = metricsOf((yield* crossValidate(all, choice)).map(sigmoid), ordered)
    withLeaks = { auc, brier }
  }
  const folds = stratifiedFolds(ordered, foldCount)
  const learnt: Learnt = {
    table,
    columns,
    signs,
    leaks,
    order,
    isTimed,
    choice,
    model,
    crossValidated,
    crossValidation: {
      ...evaluate(crossValidated, ordered),
      folds: foldCount,
      aucByFold: Array.from({ length: foldCount }, (_, fold) =>
        aucOf(
          crossValidated.filter((_, at) => folds[at] === fold),
          ordered.filter((_, at) => folds[at] === fold),
        ),
      ),
    },
    temporal: typeof temporal === 'string' ? null : temporal.report,
    newest: typeof temporal === 'string' ? null : temporal.logOdds,
    temporalMissing: typeof temporal === 'string' ? temporal : null,
    withLeaks,
  }
  return { report: describeLearning(learnt), learnt }
}

function refuseTooLittle(table: Table): void {
  const conversions = table.outcomes.reduce((total, outcome) => total + outcome, 0)
  const others = table.outcomes.length - conversions
  if (Math.min(conversions, others) >= fewestConversions) return
  const few = conversions <= others ? [conversions, table.conversion] : [others, table.other]
  throw new Refusal(
    'outcomes_too_few',
    422,
    `Only ${few[0]} of ${table.outcomes.length} rows are ${table.label} = "${few[1]}": a predictive score takes ${fewestConversions} of either outcome. Until then a score by rules is the better guide; add rows whose outcome is known and try again.`,
  )
}

/** What a model is made of for a column of the table; nothing where it cannot tell anything. */
function columnsOf({ kind, column, filled }: Table['columns'][number], table: Table): Column[] {
  if (kind === 'empty' || kind === 'constant') return []
  if (kind === 'identifier' || kind === 'text') return filled === table.outcomes.length ? [] : [column]
  if (kind === 'date' && column.kind === 'number')
    return columnsOfDate(column, table.time?.isDate ? table.time.values : null)
  return [column]
}

// A date tells by how long it lies before the moment of prediction; its place in the calendar is drift, not leak.
function signColumnOf(
  { kind, column, name }: Table['columns'][number],
  made: Column[],
): Column & { isDate: boolean } {
  if (kind !== 'date') return { ...column, isDate: false }
  const before = made.find((one) => one.kind === 'number')
  return before ? { ...before, name, isDate: false } : { ...column, isDate: true }
}

function* testOnNewest(
  lesson: Lesson,
): Generator<undefined, { report: NonNullable<Learnt['temporal']>; logOdds: Float64Array } | string> {
  const cut = Math.round(lesson.rows.length * 0.7)
  const older = lesson.rows.subarray(0, cut)
  const newest = lesson.rows.subarray(cut)
  for (const [rows, name] of [
    [older, 'older 70 %'],
    [newest, 'newest 30 %'],
  ] as const) {
    const conversions = outcomesOf(lesson, rows).reduce((total, outcome) => total + outcome, 0)
    const fewest = Math.min(conversions, rows.length - conversions)
    if (fewest < fewestToCalibrate)
      return `The ${name} of the rows hold only ${fewest} of the rarer outcome: there is no test on newer rows.`
  }
  const training = { ...lesson, rows: older }
  const choice = yield* choose(training)
  const model = yield* train(training, choice)
  const outcomes = outcomesOf(lesson, newest)
  const raw = logOddsOf(
    { ...model, calibration: { slope: 1, shift: 0 } },
    lesson.columns,
    newest,
    lesson.ruleScores,
  )
  const logOdds = logOddsOf(model, lesson.columns, newest, lesson.ruleScores)
  return {
    logOdds,
    report: {
      ...evaluate(logOdds, outcomes),
      trainedRows: older.length,
      trainedConversions: model.conversions,
      uncalibrated: metricsOf(raw.map(sigmoid), outcomes),
    },
  }
}

const sortedByOutcome =
  'The rows stand sorted by their outcome, so their order is no time and there is no test on newer rows: name a column with --time.'

function nothingLeft(leaks: readonly Leak[]): string {
  return leaks.length > 0
    ? `Every column that could tell something is filled in by the outcome (${leaks.map(({ source }) => source).join(', ')}): add columns that are known beforehand.`
    : 'No column can tell anything: all are empty, the same in every row, or ids. Add columns that are known before the outcome.'
}
