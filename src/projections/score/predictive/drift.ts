// Tells how the newest rows differ from the older ones: the rate of conversions, the columns, and what was expected.
import { binOf, quantileEdges } from './columns.ts'
import type { Column } from './columns.ts'

export interface Part {
  rows: number
  conversions: number
  rate: number
}

/** A shift that matters, by common usage for the population stability index. */
export const notablePsi = 0.2
/** How far expected conversions may lie off those that came. */
export const notableMiss = 0.2

/** The rate of conversions in parts of about equally many rows, in the order of the rows. */
export function rateByPart(outcomes: Uint8Array, parts = 10): Part[] {
  return Array.from({ length: parts }, (_, part) => {
    const inside = outcomes.subarray(
      Math.round((part * outcomes.length) / parts),
      Math.round(((part + 1) * outcomes.length) / parts),
    )
    const conversions = inside.reduce((total, outcome) => total + outcome, 0)
    return { rows: inside.length, conversions, rate: inside.length > 0 ? conversions / inside.length : 0 }
  })
}

/**
 * True where the rates of the parts differ by more than chance does (chi-square beyond its mean by five standard
 * deviations) and the highest is over half again the lowest.
 */
export function isDrifting(parts: readonly Part[]): boolean {
  const rows = parts.reduce((total, part) => total + part.rows, 0)
  const rate = parts.reduce((total, part) => total + part.conversions, 0) / rows
  const freedom = parts.length - 1
  const statistic = parts.reduce(
    (total, part) => total + (part.rows * (part.rate - rate) ** 2) / Math.max(rate * (1 - rate), 1e-9),
    0,
  )
  const rates = parts.map((part) => part.rate)
  return statistic > freedom + 5 * Math.sqrt(2 * freedom) && Math.max(...rates) > 1.5 * Math.min(...rates)
}

/**
 * Population stability index of a column between older and newer rows: the sum of (n - o) ln(n / o) over ten quantile
 * bins of the older numbers, or over categories (those under 1 % of the older rows taken together), a gap being a bin
 * of its own. `byChance` is what it comes to when nothing moved, from the number of rows alone.
 */
export function stabilityOf(
  column: Column,
  older: Int32Array,
  newer: Int32Array,
): { psi: number; byChance: number } {
  const { groupOf, count } = groupsOf(column, older)
  const before = new Float64Array(count)
  const after = new Float64Array(count)
  for (const row of older) before[groupOf(row)] = (before[groupOf(row)] as number) + 1 / older.length
  for (const row of newer) after[groupOf(row)] = (after[groupOf(row)] as number) + 1 / newer.length
  let psi = 0
  let used = 0
  for (let group = 0; group < count; group++) {
    const [o, n] = [before[group] as number, after[group] as number]
    if (o === 0 && n === 0) continue
    used++
    // An empty bin counts as half a row, so that the logarithm stays finite.
    const [old, now] = [Math.max(o, 0.5 / older.length), Math.max(n, 0.5 / newer.length)]
    psi += (now - old) * Math.log(now / old)
  }
  return { psi, byChance: Math.max(0, used - 1) * (1 / older.length + 1 / newer.length) }
}

/**
 * True where rows stand sorted by their outcome, so that their order is no time: of the changes from one outcome to the
 * other that chance would make, less than a tenth are there.
 */
export function isSortedByOutcome(outcomes: Uint8Array): boolean {
  const rate = outcomes.reduce((total, outcome) => total + outcome, 0) / outcomes.length
  let changes = 0
  for (let row = 1; row < outcomes.length; row++) if (outcomes[row] !== outcomes[row - 1]) changes++
  return changes < 0.1 * 2 * outcomes.length * rate * (1 - rate)
}

/** True where numbers fall from row to row, but for one step in fifty, and from more than a few values. */
export function isFalling(numbers: Float64Array): boolean {
  let steps = 0
  let rises = 0
  let last = Number.NaN
  for (const value of numbers) {
    if (Number.isNaN(value) || value === last) continue
    if (!Number.isNaN(last)) {
      steps++
      if (value > last) rises++
    }
    last = value
  }
  return steps >= 20 && rises <= steps / 50
}

function groupsOf(column: Column, older: Int32Array): { groupOf: (row: number) => number; count: number } {
  if (column.kind === 'number') {
    const sorted = Float64Array.from(older, (row) => column.numbers[row] as number)
      .filter((value) => !Number.isNaN(value))
      .sort()
    const edges = quantileEdges(sorted, 10)
    return {
      count: edges.length + 2,
      groupOf: (row) => {
        const value = column.numbers[row] as number
        return Number.isNaN(value) ? 0 : 1 + binOf(edges, value)
      },
    }
  }
  const counts = new Int32Array(column.values.length)
  for (const row of older) {
    const code = column.codes[row] as number
    if (code >= 0) counts[code] = (counts[code] as number) + 1
  }
  let groups = 2
  const groupByCode = counts.map((count) => (count >= older.length / 100 ? groups++ : 1))
  return {
    count: groups,
    groupOf: (row) => {
      const code = column.codes[row] as number
      return code < 0 ? 0 : (groupByCode[code] as number)
    },
  }
}
