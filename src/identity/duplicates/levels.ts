// Compares two records column by column: the level at which each column agrees.
import { areAlike, compareTerms } from './compare.ts'
import { traits } from './kinds.ts'
import type { Kind, LevelName } from './kinds.ts'
import type { Column } from './prepare.ts'

/** The place of a level among those of its kind, by name; undefined where the kind has none of that name. */
export function levelPlaces(kind: Kind): Partial<Record<LevelName, number>> {
  return Object.fromEntries(traits[kind].levels.map(({ name }, at) => [name, at]))
}

/** A cell of the answer where one of two records says nothing. */
export const MISSING = 255

/**
 * Writes the level of each column for two records into `into`, from `offset` on; `MISSING` where either says nothing.
 * @returns a function of two places of records
 */
export function comparerOf(
  columns: readonly Column[],
): (a: number, b: number, into: Uint8Array, offset: number) => void {
  const places = columns.map(({ kind }) => levelPlaces(kind))
  const comparisons = columns.map(({ kind }) => traits[kind].comparison)
  const first = columns.findIndex(({ kind }) => kind === 'first_name')
  const last = columns.findIndex(({ kind }) => kind === 'last_name')
  return (a, b, into, offset) => {
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at]!
      const one = column.termOf[a]!
      const other = column.termOf[b]!
      if (one < 0 || other < 0) {
        into[offset + at] = MISSING
        continue
      }
      if (one === other) {
        into[offset + at] = 0
        continue
      }
      const level = compareTerms(comparisons[at]!, column.terms[one]!, column.terms[other]!)
      into[offset + at] =
        level === 'different' && standsElsewhere(columns, column, a, b)
          ? (places[at]!.moved ?? places[at]!.different!)
          : (places[at]![level] ?? places[at]!.different!)
    }
    if (first >= 0 && last >= 0) crossNames(a, b, into, offset)
  }

  // Where one name stands in the other's place, the other may do so misspelt.
  function crossNames(a: number, b: number, into: Uint8Array, offset: number): void {
    const { moved, different } = places[first]!
    const lasts = places[last]!
    const [firsts, surnames] = [columns[first]!, columns[last]!]
    if (into[offset + first] === moved && into[offset + last] === lasts.different) {
      if (areAlike(surnames.terms[surnames.termOf[a]!]!, firsts.terms[firsts.termOf[b]!]!))
        into[offset + last] = lasts.moved!
    } else if (into[offset + last] === lasts.moved && into[offset + first] === different) {
      if (areAlike(firsts.terms[firsts.termOf[a]!]!, surnames.terms[surnames.termOf[b]!]!))
        into[offset + first] = moved!
    }
  }
}

// The first record's value in another column of the second: names exchanged, the second line of an address in the first. The
// other way round is the other column's matter, so that one coincidence counts once.
function standsElsewhere(columns: readonly Column[], column: Column, a: number, b: number): boolean {
  const one = column.termOf[a]!
  return column.elsewhere.some(
    ({ column: partner, at }) => at[one]! >= 0 && at[one] === columns[partner]!.termOf[b],
  )
}
