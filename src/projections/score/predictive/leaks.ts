// Finds columns that know the outcome because the outcome filled them in.
import { binOf, isMissing, quantileEdges } from './columns.ts'
import type { Column } from './columns.ts'
import { stratifiedFolds } from './folds.ts'
import { aucOf } from './metrics.ts'

/** What a column tells about the outcome alone. */
export interface ColumnSigns {
  source: string
  /** AUC of the outcome rate by value, learnt on other folds; null where the column is a date, whose drift is no leak */
  auc: number | null
  /** share of rows with a value, among conversions and among the others */
  filledOfConversions: number
  filledOfOthers: number
  /** share of conversions of which the value was changed after the outcome; null where that is not known */
  changedAfterOutcome: number | null
}

export type LeakSign =
  /** it ranks far better alone than the best of the columns that are left, `nextBest` (0.5 where there is none) */
  | { sign: 'tells_alone'; auc: number; nextBest: number }
  | { sign: 'filled_by_outcome'; filledOfConversions: number; filledOfOthers: number }
  | { sign: 'changed_after_outcome'; share: number }

export interface Leak {
  source: string
  signs: LeakSign[]
}

const leakAuc = 0.78
const leakGap = 0.1
const leakFillGap = 0.4
/** A column this good alone may have company: two that the outcome filled in hide each other's gap. */
const certainAuc = 0.9
const mostCompany = 5
/** A correction typed in later is no leak; a tenth of all conversions is. */
const leakChanged = 0.1

/**
 * Names columns by three signs: an AUC alone of 0.78 and 0.10 above the next best column; filled more than 40
 * percentage points more often with one outcome than with the other; changed after the outcome. A column that is named
 * no longer counts as next best, so that a second leak shows behind the first.
 */
export function findLeaks(signs: readonly ColumnSigns[]): Leak[] {
  const found = new Map<string, LeakSign[]>()
  const note = (source: string, sign: LeakSign) => found.set(source, [...(found.get(source) ?? []), sign])
  for (const { source, filledOfConversions, filledOfOthers, changedAfterOutcome } of signs) {
    if (Math.abs(filledOfConversions - filledOfOthers) > leakFillGap)
      note(source, { sign: 'filled_by_outcome', filledOfConversions, filledOfOthers })
    if (changedAfterOutcome !== null && changedAfterOutcome >= leakChanged)
      note(source, { sign: 'changed_after_outcome', share: changedAfterOutcome })
  }
  const ranked = signs
    .flatMap(({ source, auc }) => (auc === null ? [] : { source, auc }))
    .sort((left, right) => right.auc - left.auc)
  const alone = ranked.filter(({ source }) => found.has(source))
  const rest = ranked.filter(({ source }) => !found.has(source))
  for (let taken = leading(rest); taken > 0; taken = leading(rest)) alone.push(...rest.splice(0, taken))
  const nextBest = rest[0]?.auc ?? 0.5
  for (const { source, auc } of alone)
    if (auc >= leakAuc && auc - nextBest >= leakGap - rounding)
      note(source, { sign: 'tells_alone', auc, nextBest })
  return [...found]
    .map(([source, all]) => ({ source, signs: all }))
    .sort((left, right) => strengthOf(right) - strengthOf(left))
}

/** The signs of each source column; `changedAfter` holds what is known of changes after the outcome. */
export function signsOf(
  columns: readonly (Column & { isDate?: boolean })[],
  outcomes: Uint8Array,
  changedAfter: ReadonlyMap<string, number> = new Map(),
): ColumnSigns[] {
  const folds = stratifiedFolds(outcomes, 5)
  return columns.map((column) => {
    const filled = [0, 0]
    const all = [0, 0]
    outcomes.forEach((outcome, row) => {
      all[outcome] = (all[outcome] as number) + 1
      if (!isMissing(column, row)) filled[outcome] = (filled[outcome] as number) + 1
    })
    return {
      source: column.name,
      auc: column.isDate ? null : aucAlone(column, outcomes, folds),
      filledOfConversions: (filled[1] as number) / Math.max(1, all[1] as number),
      filledOfOthers: (filled[0] as number) / Math.max(1, all[0] as number),
      changedAfterOutcome: changedAfter.get(column.name) ?? null,
    }
  })
}

/**
 * AUC of the outcome rate by value (numbers in 20 quantile bins, a gap being a value), each row's rate learnt from the
 * other folds and drawn towards the rate of all by ten rows, so that ids and rare values know nothing.
 */
export function aucAlone(column: Column, outcomes: Uint8Array, folds: Uint8Array): number {
  const { groups, count } = groupsOf(column)
  const perFold = Array.from({ length: 5 }, () => ({
    rows: new Float64Array(count),
    hits: new Float64Array(count),
  }))
  const rows = new Float64Array(count)
  const hits = new Float64Array(count)
  groups.forEach((group, row) => {
    const fold = perFold[folds[row] as number]
    if (!fold) return
    const outcome = outcomes[row] as number
    rows[group] = (rows[group] as number) + 1
    hits[group] = (hits[group] as number) + outcome
    fold.rows[group] = (fold.rows[group] as number) + 1
    fold.hits[group] = (fold.hits[group] as number) + outcome
  })
  const rate = outcomes.reduce((total, outcome) => total + outcome, 0) / outcomes.length
  const rates = Float64Array.from(groups, (group, row) => {
    const fold = perFold[folds[row] as number]
    const others = (rows[group] as number) - (fold?.rows[group] as number)
    const othersHits = (hits[group] as number) - (fold?.hits[group] as number)
    return (othersHits + 10 * rate) / (others + 10)
  })
  return aucOf(rates, outcomes) ?? 0.5
}

// How many of the leading columns stand together above the rest: one, or up to five where the first is certain.
function leading(ranked: readonly { auc: number }[]): number {
  const most = (ranked[0]?.auc ?? 0) >= certainAuc ? mostCompany : 1
  for (let taken = 1; taken <= Math.min(most, ranked.length); taken++) {
    const last = ranked[taken - 1]?.auc ?? 0
    if (last < leakAuc) return 0
    if (last - (ranked[taken]?.auc ?? 0.5) >= leakGap - rounding) return taken
  }
  return 0
}

const rounding = 1e-12

function strengthOf({ signs }: Leak): number {
  return Math.max(
    ...signs.map((sign) =>
      sign.sign === 'tells_alone'
        ? 1 + sign.auc
        : sign.sign === 'filled_by_outcome'
          ? Math.abs(sign.filledOfConversions - sign.filledOfOthers)
          : sign.share,
    ),
  )
}

function groupsOf(column: Column): { groups: Int32Array; count: number } {
  if (column.kind === 'category')
    return { groups: column.codes.map((code) => code + 1), count: column.values.length + 1 }
  const sorted = column.numbers.filter((value) => !Number.isNaN(value)).sort()
  const edges = quantileEdges(sorted, 20)
  const groups = Int32Array.from(column.numbers, (value) =>
    Number.isNaN(value) ? 0 : 1 + binOf(edges, value),
  )
  return { groups, count: edges.length + 2 }
}
