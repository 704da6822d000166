// A column of numbers that grows in pieces, so that growing never copies what is there.

export interface Column {
  push(number: number): void
  at(place: number): number
  length(): number
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
  }
}

const BITS = 20
const SIZE = 2 ** BITS
const MASK = SIZE - 1
const SMALL = 2 ** 14
