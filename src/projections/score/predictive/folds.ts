// Divides rows into parts: by chance with equal shares of conversions, or by time.

/**
 * A fold number 0 to `folds` - 1 for each row. Conversions and the others are dealt out apart, so that each fold has
 * its share of both, in an order that the seed settles: the same rows give the same folds.
 */
export function stratifiedFolds(outcomes: Uint8Array, folds: number, seed = 1): Uint8Array {
  const draw = seeded(seed)
  const fold = new Uint8Array(outcomes.length)
  let dealt = 0
  for (const outcome of [1, 0]) {
    const rows: number[] = []
    outcomes.forEach((value, row) => {
      if (value === outcome) rows.push(row)
    })
    for (let at = rows.length - 1; at > 0; at--) {
      const other = Math.floor(draw() * (at + 1))
      const kept = rows[at] as number
      rows[at] = rows[other] as number
      rows[other] = kept
    }
    for (const row of rows) fold[row] = dealt++ % folds
  }
  return fold
}

/** The rows by rising instant (or number), those without one first, equal ones in the order of the file. */
export function inOrder(rows: number, instants: Float64Array | null): Int32Array {
  const order = new Int32Array(rows).map((_, row) => row)
  if (instants === null) return order
  const at = (row: number) => (Number.isNaN(instants[row] as number) ? -Infinity : (instants[row] as number))
  return order.sort((left, right) => {
    const [one, other] = [at(left), at(right)]
    return one === other ? left - right : one < other ? -1 : 1
  })
}

// Mulberry32 (public domain): small, and the same on every machine.
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
