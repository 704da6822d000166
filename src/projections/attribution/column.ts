// A column of numbers that grows in pieces, so that growing never copies what is there, and its rows by group.

export interface Column {
  push(number: number): void
  at(place: number): number
  length(): number
  /** gives the memory back; there are no numbers any more */
  clear(): void
}

type Piece = Float64Array | Int32Array | Uint8Array

/** Numbers of the kind that the array holds, a million to a piece. */
export function createColumn(kind: new (length: number) => Piece): Column {
  const pieces: Piece[] = []
  let last: Piece = new kind(0)
  let length = 0
  return {
    push(number) {
      if ((length & MASK) === 0) {
        // The first piece stays small for small files.
        last = new kind(length === 0 ? SMALL : SIZE)
        pieces.push(last)
      } else if (length === SMALL) {
        const whole = new kind(SIZE)
        whole.set(last)
        pieces[0] = last = whole
      }
      last[length & MASK] = number
      length++
    },
    at: (place) => pieces[place >>> BITS]![place & MASK]!,
    length: () => length,
    clear() {
      pieces.length = 0
      last = new kind(0)
      length = 0
    },
  }
}

/** Places of rows by group: group g has `order` from `starts[g]` to `starts[g + 1]`. */
export function groupedBy(groupOf: Column, groups: number): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups + 1)
  const length = groupOf.length()
  for (let row = 0; row < length; row++) starts[groupOf.at(row) + 1]!++
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!
  const next = Int32Array.from(starts)
  const order = new Int32Array(length)
  for (let row = 0; row < length; row++) order[next[groupOf.at(row)]!++] = row
  return { order, starts }
}

const BITS = 20
const SIZE = 2 ** BITS
const MASK = SIZE - 1
const SMALL = 2 ** 14
