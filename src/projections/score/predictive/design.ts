// Turns columns into the features of a regression, by what the training rows show, and keeps that as plain data.
import { binOf, isMissing, quantile, quantileEdges } from './columns.ts'
import type { CategoryColumn, Column, NumberColumn } from './columns.ts'
import { createRowWriter } from './sparse.ts'
import type { SparseRows } from './sparse.ts'

/** What one weight of the model stands for. */
export type Feature = { column: string; source: string } & (
  | { is: 'category'; value: string }
  /** a category that fewer than `fewestRows` training rows have, or none */
  | { is: 'rare' }
  | { is: 'missing' }
  /** the standardised number: per standard deviation of `scale` */
  | { is: 'number' }
  /** the one number that many rows share, such as -1 or 0 */
  | { is: 'common'; value: number }
  /** from `from` up to below `to`; null is without a border */
  | { is: 'range'; from: number | null; to: number | null }
)

export interface CategoryCode {
  kind: 'category'
  column: string
  /** feature by value */
  features: Record<string, number>
  rare: number | null
  missing: number | null
}

export interface NumberCode {
  kind: 'number'
  column: string
  /** values beyond these are taken as these, so that an outlier earns no more than what was seen */
  low: number
  high: number
  /** where set, x becomes asinh((x - origin) / unit), a logarithm to both sides: the values are skewed */
  bend: { origin: number; unit: number } | null
  /** of the bent values, the common one left out */
  centre: number
  scale: number
  number: number | null
  missing: number | null
  common: { value: number; feature: number } | null
  /** borders of ranges, with the first range's feature; the others follow */
  ranges: { edges: number[]; feature: number } | null
}

export interface Design {
  features: Feature[]
  codes: (CategoryCode | NumberCode)[]
}

/** A category or a gap gets a weight of its own from this many training rows on. */
export const fewestRows = 10
/** Categories of a column that get a weight of their own at most: the most frequent ones. */
const mostCategories = 200
const rangesPerNumber = 10

/**
 * Learns from the training rows which features there are: a category each, an infrequent bucket, an indicator of what
 * is missing, standardised numbers (bent where skewed), an indicator for a number that many share, and with
 * `withRanges` quantile ranges, which let a number count in a way that neither rises nor falls throughout.
 */
export function learnDesign(
  columns: readonly Column[],
  rows: Int32Array,
  { withRanges }: { withRanges: boolean },
): Design {
  const features: Feature[] = []
  const add = (feature: Feature): number => features.push(feature) - 1
  const codes = columns.map((column) =>
    column.kind === 'category'
      ? learnCategory(column, rows, add)
      : learnNumber(column, rows, withRanges, add),
  )
  return { features, codes }
}

/** The features of the named rows. Columns are found by name; one that is absent counts as missing. */
export function encodeRows(design: Design, columns: readonly Column[], rows: Int32Array): SparseRows {
  const byName = new Map(columns.map((column) => [column.name, column]))
  const writer = createRowWriter(rows.length, design.features.length, design.codes.length * 2)
  const puts = design.codes.map((code) => putterOf(code, byName.get(code.column), writer.put))
  for (const row of rows) {
    for (const put of puts) put(row)
    writer.endRow()
  }
  return writer.finish()
}

function learnCategory(
  column: CategoryColumn,
  rows: Int32Array,
  add: (feature: Feature) => number,
): CategoryCode {
  const { name, source } = column
  const counts = new Int32Array(column.values.length)
  let missing = 0
  for (const row of rows) {
    const code = column.codes[row] as number
    if (code < 0) missing++
    else counts[code] = (counts[code] as number) + 1
  }
  const frequent = column.values
    .map((value, code) => ({ value, count: counts[code] as number }))
    .filter(({ count }) => count >= fewestRows)
    .sort((left, right) => right.count - left.count || (left.value < right.value ? -1 : 1))
    .slice(0, mostCategories)
  const kept = new Set(frequent.map(({ value }) => value))
  const isAnyRare = column.values.some((value, code) => (counts[code] as number) > 0 && !kept.has(value))
  // One value and never a gap tells nothing.
  if (frequent.length < 2 && !isAnyRare && missing < fewestRows)
    return { kind: 'category', column: name, features: {}, rare: null, missing: null }
  return {
    kind: 'category',
    column: name,
    features: Object.fromEntries(
      frequent.map(({ value }) => [value, add({ column: name, source, is: 'category', value })]),
    ),
    rare: isAnyRare ? add({ column: name, source, is: 'rare' }) : null,
    missing: missing >= fewestRows ? add({ column: name, source, is: 'missing' }) : null,
  }
}

function learnNumber(
  column: NumberColumn,
  rows: Int32Array,
  withRanges: boolean,
  add: (feature: Feature) => number,
): NumberCode {
  const { name, source } = column
  const known = Float64Array.from(rows, (row) => column.numbers[row] as number)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const missing =
    rows.length - known.length >= fewestRows ? add({ column: name, source, is: 'missing' }) : null
  const empty: NumberCode = {
    kind: 'number',
    column: name,
    low: 0,
    high: 0,
    bend: null,
    centre: 0,
    scale: 1,
    number: null,
    missing,
    common: null,
    ranges: null,
  }
  if (known.length < fewestRows || known[0] === known[known.length - 1]) return empty

  const shared = commonValue(known)
  const rest = shared === null ? known : known.filter((value) => value !== shared)
  const common =
    shared === null
      ? null
      : { value: shared, feature: add({ column: name, source, is: 'common', value: shared }) }
  const low = quantile(rest, 0.005)
  const high = quantile(rest, 0.995)
  const held = rest.map((value) => Math.min(Math.max(value, low), high))
  const plain = momentsOf(held)
  const width = quantile(rest, 0.75) - quantile(rest, 0.25)
  const bend =
    Math.abs(plain.skew) > 1
      ? { origin: quantile(rest, 0.5), unit: width > 0 ? width : plain.deviation }
      : null
  const { mean, deviation } =
    bend && bend.unit > 0 ? momentsOf(held.map((value) => bent(value, bend))) : plain
  if (!(deviation > 0)) return { ...empty, common }
  const number = add({ column: name, source, is: 'number' })
  const code = { ...empty, low, high, bend, centre: mean, scale: deviation, number, common }
  return { ...code, ranges: withRanges ? learnRanges(column, rest, add) : null }
}

function learnRanges(
  { name, source }: NumberColumn,
  sorted: Float64Array,
  add: (feature: Feature) => number,
): NumberCode['ranges'] {
  const edges = quantileEdges(sorted, rangesPerNumber)
  if (edges.length < 2) return null
  const features = [...edges, null].map((to, at) =>
    add({ column: name, source, is: 'range', from: edges[at - 1] ?? null, to }),
  )
  return { edges, feature: features[0] as number }
}

// A value that a seventh of the known ones share among many others: "never contacted", zero purchases.
function commonValue(sorted: Float64Array): number | null {
  let longest = 0
  let value = 0
  let distinct = 0
  for (let at = 0; at < sorted.length;) {
    let end = at
    while (end < sorted.length && sorted[end] === sorted[at]) end++
    if (end - at > longest) {
      longest = end - at
      value = sorted[at] as number
    }
    distinct++
    at = end
  }
  const isCommon = longest >= sorted.length / 7 && distinct > 10 && sorted.length - longest >= fewestRows
  return isCommon ? value : null
}

function putterOf(
  code: CategoryCode | NumberCode,
  column: Column | undefined,
  put: (feature: number, value: number) => void,
): (row: number) => void {
  const putIf = (feature: number | null) => {
    if (feature !== null) put(feature, 1)
  }
  if (!column || column.kind !== code.kind) return () => putIf(code.missing)
  if (code.kind === 'category' && column.kind === 'category') {
    const known = knownOf(code)
    const byCode = column.values.map((value) => known.get(value.toLowerCase()) ?? code.rare)
    return (row) => {
      const value = column.codes[row] as number
      putIf(value < 0 ? code.missing : (byCode[value] as number | null))
    }
  }
  if (code.kind !== 'number' || column.kind !== 'number') return () => undefined
  return (row) => {
    if (isMissing(column, row)) return putIf(code.missing)
    const value = column.numbers[row] as number
    if (code.common && value === code.common.value) return put(code.common.feature, 1)
    if (code.number !== null) put(code.number, standardised(code, value))
    if (code.ranges) put(code.ranges.feature + binOf(code.ranges.edges, value), 1)
  }
}

// A lead that comes alone would else pay for hundreds of categories to look up its few.
const knownValues = new WeakMap<CategoryCode, Map<string, number>>()

function knownOf(code: CategoryCode): Map<string, number> {
  let known = knownValues.get(code)
  if (!known) {
    known = new Map(Object.entries(code.features).map(([value, feature]) => [value.toLowerCase(), feature]))
    knownValues.set(code, known)
  }
  return known
}

/** The number as the model sees it: held within what was seen, bent where skewed, then standardised. */
function standardised(code: NumberCode, value: number): number {
  const held = Math.min(Math.max(value, code.low), code.high)
  return ((code.bend ? bent(held, code.bend) : held) - code.centre) / code.scale
}

function bent(value: number, { origin, unit }: { origin: number; unit: number }): number {
  return Math.asinh((value - origin) / unit)
}

function momentsOf(values: Float64Array): { mean: number; deviation: number; skew: number } {
  let mean = 0
  for (const value of values) mean += value / values.length
  let second = 0
  let third = 0
  for (const value of values) {
    second += (value - mean) ** 2 / values.length
    third += (value - mean) ** 3 / values.length
  }
  const deviation = Math.sqrt(second)
  return { mean, deviation, skew: deviation > 0 ? third / deviation ** 3 : 0 }
}
