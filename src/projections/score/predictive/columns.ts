// What is known of each row, as columns: numbers or categories, either of which may be missing.

export interface NumberColumn {
  kind: 'number'
  name: string
  /** the column of the source that it was made from; of `Signed up: weekday` it is `Signed up` */
  source: string
  /** NaN where nothing is known */
  numbers: Float64Array
}

export interface CategoryColumn {
  kind: 'category'
  name: string
  source: string
  /** index into `values`; -1 where nothing is known */
  codes: Int32Array
  values: string[]
}

export type Column = NumberColumn | CategoryColumn

export function isMissing(column: Column, row: number): boolean {
  return column.kind === 'number'
    ? Number.isNaN(column.numbers[row] as number)
    : (column.codes[row] as number) < 0
}

/** The value between which a share `q` (0 to 1) of the sorted values lies, interpolated. */
export function quantile(sorted: Float64Array, q: number): number {
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)] as number
  const above = sorted[Math.ceil(place)] as number
  return below + (above - below) * (place - Math.floor(place))
}

/**
 * At most `count` - 1 rising borders that part the sorted values into about equal bins; a bin holds what lies above its
 * border. A value that fills a bin of its own is parted from the next one above it, however rare those are.
 */
export function quantileEdges(sorted: Float64Array, count: number): number[] {
  const edges: number[] = []
  let last = sorted[0] as number
  for (let at = 1; at < count && sorted.length > 0; at++) {
    const place = Math.min(sorted.length - 1, Math.floor((sorted.length * at) / count))
    const edge = sorted[place] === last ? firstAbove(sorted, last, place) : (sorted[place] as number)
    if (edge === null || edge <= last) continue
    edges.push(edge)
    last = edge
  }
  return edges
}

/** The bin of a value: how many borders do not lie above it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

function firstAbove(sorted: Float64Array, value: number, from: number): number | null {
  for (let at = from; at < sorted.length; at++)
    if ((sorted[at] as number) > value) return sorted[at] as number
  return null
}
