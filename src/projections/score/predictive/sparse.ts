// Rows of features, of which most are zero, and the two products that a fit needs.

/** Row r has the features `features[starts[r]]` up to `features[starts[r + 1]]` (exclusive) with the values beside them. */
export interface SparseRows {
  rows: number
  /** how many features there are */
  width: number
  starts: Int32Array
  features: Int32Array
  values: Float64Array
}

export interface RowWriter {
  /** adds a feature to the row that is being written; zero is left out */
  put(feature: number, value: number): void
  endRow(): void
  finish(): SparseRows
}

/** Writes rows one after the other. `rows` is their exact number, `perRow` a guess that only saves time. */
export function createRowWriter(rows: number, width: number, perRow: number): RowWriter {
  const starts = new Int32Array(rows + 1)
  let features = new Int32Array(Math.max(16, rows * perRow))
  let values = new Float64Array(features.length)
  let used = 0
  let row = 0
  return {
    put(feature, value) {
      if (value === 0) return
      if (used === features.length) {
        features = grown(features, new Int32Array(used * 2))
        values = grown(values, new Float64Array(used * 2))
      }
      features[used] = feature
      values[used] = value
      used++
    },
    endRow() {
      row++
      starts[row] = used
    },
    finish: () => ({
      rows,
      width,
      starts,
      features: features.subarray(0, used),
      values: values.subarray(0, used),
    }),
  }
}

/** X w + intercept, a number for each row. */
export function timesWeights(x: SparseRows, weights: Float64Array, intercept: number): Float64Array {
  const result = new Float64Array(x.rows)
  for (let row = 0; row < x.rows; row++) {
    let sum = intercept
    const end = x.starts[row + 1] as number
    for (let at = x.starts[row] as number; at < end; at++)
      sum += (x.values[at] as number) * (weights[x.features[at] as number] as number)
    result[row] = sum
  }
  return result
}

/** X' v, a number for each feature. */
export function timesRows(x: SparseRows, perRow: Float64Array): Float64Array {
  const result = new Float64Array(x.width)
  for (let row = 0; row < x.rows; row++) {
    const factor = perRow[row] as number
    const end = x.starts[row + 1] as number
    for (let at = x.starts[row] as number; at < end; at++) {
      const feature = x.features[at] as number
      result[feature] = (result[feature] as number) + factor * (x.values[at] as number)
    }
  }
  return result
}

function grown<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
