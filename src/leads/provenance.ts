// The provenance of a record as it is stored: the word behind most values once under `*`, the others by name. Pure.
import { columnsOfFields } from './columns.ts'
import type { LeadRow } from './record.ts'

type Valued = Pick<LeadRow, 'fields'> & Partial<Pick<LeadRow, (typeof columnsOfFields)[number]>>
type Signed = Valued & Pick<LeadRow, 'provenance'>

/**
 * Shortens a record's provenance for the store: an import's row has one word behind all its values, and naming it for each of
 * twenty was a third of the row. What cannot be told back exactly stays as it is.
 */
export function packProvenance(row: Signed): LeadRow['provenance'] {
  if (row.provenance[EVERY]) return row.provenance
  const places = Object.keys(row.provenance)
  if (places.length < PACKED_FROM) return row.provenance
  const common = row.provenance[places[0]!]!
  const packed: LeadRow['provenance'] = { [EVERY]: common }
  for (const place of filledPlaces(row)) {
    const word = row.provenance[place]
    if (!word) return row.provenance
    if (word[0] !== common[0] || word[1] !== common[1]) packed[place] = word
  }
  for (const place of places) if (!isFilled(row, place)) packed[place] = row.provenance[place]!
  return packed
}

/** The provenance with a word for each value again. */
export function unpackProvenance(row: Signed): LeadRow['provenance'] {
  const common = row.provenance[EVERY]
  if (!common) return row.provenance
  const { [EVERY]: _, ...unpacked } = row.provenance
  for (const place of filledPlaces(row)) unpacked[place] ??= common
  return unpacked
}

/** The place under which the word behind all values stands that have none of their own. */
export const EVERY = '*'
/** Values from which on a record is packed. */
export const PACKED_FROM = 3

function filledPlaces(row: Valued): string[] {
  const columns = columnsOfFields.filter((column) => isFilled(row, column))
  return [...columns, ...Object.keys(row.fields).map((key) => `fields.${key}`)]
}

function isFilled(row: Valued, place: string): boolean {
  if (place.startsWith('fields.')) return Object.hasOwn(row.fields, place.slice('fields.'.length))
  const value = row[place as (typeof columnsOfFields)[number]]
  return value !== null && value !== undefined
}
