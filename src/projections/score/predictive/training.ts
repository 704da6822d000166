// Chooses penalty and kind of features by cross validation and trains a model, calibrated on the newest rows.
import { calibrate, lineThrough, uncalibrated } from './calibration.ts'
import type { Calibration } from './calibration.ts'
import type { Column } from './columns.ts'
import { encodeRows, learnDesign } from './design.ts'
import { stratifiedFolds } from './folds.ts'
import { fitLogistic, lossOf } from './logistic.ts'
import type { Fit } from './logistic.ts'
import { aucOf } from './metrics.ts'
import type { Model } from './model.ts'
import { timesRows, timesWeights } from './sparse.ts'

/** What a model learns from. Rows are numbered as in the columns. */
export interface Lesson {
  columns: readonly Column[]
  outcomes: Uint8Array
  /** the training rows, oldest first */
  rows: Int32Array
  /** false where the order says nothing, so that no part of it is newer */
  isTimed: boolean
  ruleScores: Float64Array | null
}

export interface Choice {
  withRanges: boolean
  penalty: number
}

export const foldCount = 5
/** From weak to strong. */
const penalties = [0.3, 1, 3, 10, 30, 100, 300]
/** More rows do not change the choice, only the time it takes, which rises with the square of the columns. */
const mostRowsToChoose = 30_000
const fewestRowsToChoose = 5_000
const mostWorkToChoose = 6e7
/** Ranges are twice the weights: they have to win by this much AUC on rows that are newer than those learnt from. */
const gainOfRanges = 0.01
/** How many conversions a model needs to count as much as the rule score beside it. */
const conversionsOfEqualShare = 120

/** Steps that `choose` yields: for a progress bar. */
export const stepsToChoose = foldCount + 2

/**
 * The penalty with the least log loss in five-fold cross validation, and whether ranges win on the newest 30 %. Yields
 * after each piece of work.
 */
export function* choose(lesson: Lesson): Generator<undefined, Choice> {
  const affordable = Math.floor(mostWorkToChoose / lesson.columns.length ** 2)
  const rows = thinned(lesson.rows, Math.min(mostRowsToChoose, Math.max(fewestRowsToChoose, affordable)))
  const outcomes = outcomesOf(lesson, rows)
  const folds = stratifiedFolds(outcomes, foldCount)
  const losses = penalties.map(() => 0)
  for (let fold = 0; fold < foldCount; fold++) {
    const inside = rows.filter((_, at) => folds[at] !== fold)
    const outside = rows.filter((_, at) => folds[at] === fold)
    for (const [at, fit] of fitPath(lesson, inside, false, penalties).entries())
      losses[at] = (losses[at] as number) + lossOf(fit.logOdds(outside), outcomesOf(lesson, outside))
    yield
  }
  const best = penalties[losses.indexOf(Math.min(...losses))] as number
  const { older, newer } = parted(lesson, rows, folds)
  const newerOutcomes = outcomesOf(lesson, newer)
  const gains: number[] = []
  for (const withRanges of [false, true]) {
    const [fit] = fitPath(lesson, older, withRanges, [best])
    gains.push(fit ? (aucOf(fit.logOdds(newer), newerOutcomes) ?? 0) : 0)
    yield
  }
  return { penalty: best, withRanges: (gains[1] as number) > (gains[0] as number) + gainOfRanges }
}

/** Log odds, not calibrated, that each row got from a model of the other folds; in the order of `lesson.rows`. */
export function* crossValidate(lesson: Lesson, choice: Choice): Generator<undefined, Float64Array> {
  const { rows } = lesson
  const folds = stratifiedFolds(outcomesOf(lesson, rows), foldCount)
  const logOdds = new Float64Array(rows.length)
  for (let fold = 0; fold < foldCount; fold++) {
    const places = new Int32Array(rows.length).map((_, at) => at).filter((at) => folds[at] === fold)
    const inside = rows.filter((_, at) => folds[at] !== fold)
    const [fit] = fitPath(lesson, inside, choice.withRanges, [choice.penalty])
    const found = fit?.logOdds(places.map((at) => rows[at] as number))
    places.forEach((at, place) => (logOdds[at] = found?.[place] ?? 0))
    yield
  }
  return logOdds
}

/**
 * Trains on all rows of the lesson. The calibration is learnt on the newest fifth from a model of the four before it
 * (where the order says nothing: on cross-validated log odds), so that it never sees rows it was trained on.
 */
export function* train(lesson: Lesson, choice: Choice): Generator<undefined, Model> {
  const { columns, rows } = lesson
  const outcomes = outcomesOf(lesson, rows)
  const design = learnDesign(columns, rows, choice)
  const x = encodeRows(design, columns, rows)
  const fit = fitLogistic(x, outcomes, choice.penalty)
  yield
  const conversions = outcomes.reduce((total, outcome) => total + outcome, 0)
  return {
    design,
    penalty: choice.penalty,
    intercept: fit.intercept,
    weights: [...fit.weights],
    means: [...timesRows(x, new Float64Array(rows.length).fill(1 / rows.length))],
    calibration: (yield* learnCalibration(lesson, choice)) ?? uncalibrated,
    rule: ruleOf(lesson, conversions),
    rows: rows.length,
    conversions,
  }
}

export function outcomesOf({ outcomes }: Pick<Lesson, 'outcomes'>, rows: Int32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => outcomes[row] as number)
}

function* learnCalibration(lesson: Lesson, choice: Choice): Generator<undefined, Calibration | null> {
  if (!lesson.isTimed) return calibrate(yield* crossValidate(lesson, choice), outcomesOf(lesson, lesson.rows))
  const cut = Math.round(lesson.rows.length * 0.8)
  const newest = lesson.rows.subarray(cut)
  const [fit] = fitPath(lesson, lesson.rows.subarray(0, cut), choice.withRanges, [choice.penalty])
  yield
  return fit ? calibrate(fit.logOdds(newest), outcomesOf(lesson, newest)) : null
}

function ruleOf(lesson: Lesson, conversions: number): Model['rule'] {
  const { ruleScores, rows } = lesson
  if (ruleScores === null) return null
  const line = lineThrough(
    Float64Array.from(rows, (row) => ruleScores[row] as number),
    outcomesOf(lesson, rows),
  )
  return { ...line, modelShare: conversions / (conversions + conversionsOfEqualShare) }
}

// From the strongest penalty to the weakest each fit begins where the one before ended; given back as asked.
function fitPath(
  { columns, outcomes }: Lesson,
  rows: Int32Array,
  withRanges: boolean,
  asked: readonly number[],
): { logOdds(rows: Int32Array): Float64Array }[] {
  const design = learnDesign(columns, rows, { withRanges })
  const x = encodeRows(design, columns, rows)
  const y = outcomesOf({ outcomes }, rows)
  const fits: Fit[] = []
  for (const penalty of [...asked].reverse()) fits.unshift(fitLogistic(x, y, penalty, fits[0]))
  return fits.map((fit) => ({
    logOdds: (others) => timesWeights(encodeRows(design, columns, others), fit.weights, fit.intercept),
  }))
}

function parted(
  lesson: Lesson,
  rows: Int32Array,
  folds: Uint8Array,
): { older: Int32Array; newer: Int32Array } {
  if (!lesson.isTimed)
    return { older: rows.filter((_, at) => folds[at] !== 0), newer: rows.filter((_, at) => folds[at] === 0) }
  const cut = Math.round(rows.length * 0.7)
  return { older: rows.subarray(0, cut), newer: rows.subarray(cut) }
}

function thinned(rows: Int32Array, most: number): Int32Array {
  if (rows.length <= most) return rows
  return new Int32Array(most).map((_, at) => rows[Math.floor((at * rows.length) / most)] as number)
}
