// Turns the columns of a file into columns to compare: values as terms, records in an order that only their content decides.
import { splitName } from '../../lib/names.ts'
import { mixPair, textHash } from './draw.ts'
import { traits } from './kinds.ts'
import type { Kind } from './kinds.ts'
import type { RawColumn, Recognised } from './recognise.ts'
import { termOf } from './terms.ts'
import type { Reading, Term } from './terms.ts'

/** A column to compare. */
export interface Column {
  header: string
  kind: Kind
  /** sorted by text */
  terms: readonly Term[]
  /** by record the place of its term; -1 where it says nothing */
  termOf: Int32Array
  /** by term, on how many records it stands */
  counts: Int32Array
  /** records that say something */
  filled: number
  /** other columns in which a value of this one may stand by mistake: where each term of this one is among theirs, or -1 */
  elsewhere: { column: number; at: Int32Array }[]
}

/** Records to compare, in an order of their own: by what they say, so that the order of the file does not matter. */
export interface Prepared {
  columns: readonly Column[]
  recordCount: number
  /** by place, the record of the file */
  recordAt: Int32Array
}

/**
 * Prepares the columns that are compared.
 * @param ids what tells apart records that say the same; the order of such records follows it
 */
export function prepareRecords(
  raw: readonly RawColumn[],
  { uses }: Recognised,
  ids: readonly string[],
): Prepared {
  const parts = raw.flatMap((column, at) => {
    const use = uses[at]!
    if (use.as === 'left_out') return []
    if (use.as === 'whole_name') return wholeNames(column)
    return [{ column, kind: use.as, reading: use.reading }]
  })
  const columns = parts.map(columnOf).filter(({ terms }) => terms.length > 1)
  const recordAt = orderOf(columns, ids)
  for (const column of columns) column.termOf = recordAt.map((record) => column.termOf[record]!)
  columns.forEach((column, at) => (column.elsewhere = partnersOf(columns, at)))
  return { columns, recordCount: ids.length, recordAt }
}

interface Part {
  column: RawColumn
  kind: Kind
  reading: Reading
}

function wholeNames({ header, values, valueOf }: RawColumn): Part[] {
  const split = values.map(splitName)
  const part = (kind: 'first_name' | 'last_name', names: (string | null)[]): Part => ({
    column: { header, values: names.map((name) => name ?? ''), valueOf },
    kind,
    reading: {},
  })
  return [
    part(
      'first_name',
      split.map(({ firstName }) => firstName),
    ),
    part(
      'last_name',
      split.map(({ lastName }) => lastName),
    ),
  ]
}

function columnOf({ column, kind, reading }: Part): Column {
  const byText = new Map<string, Term>()
  const textOf = column.values.map((value) => {
    const term = termOf(kind, value, reading)
    if (!term) return null
    const known = byText.get(term.text)
    if (!known || wordsOf(term) < wordsOf(known)) byText.set(term.text, term)
    return term.text
  })
  const terms = [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  const placeOf = new Map(terms.map(({ text }, at) => [text, at]))
  const termOfValue = Int32Array.from(textOf, (text) => (text === null ? -1 : placeOf.get(text)!))
  const counts = new Int32Array(terms.length)
  let filled = 0
  const ofRecord = column.valueOf.map((value) => {
    const term = value < 0 ? -1 : termOfValue[value]!
    if (term >= 0) {
      counts[term]!++
      filled++
    }
    return term
  })
  const made: Column = { header: column.header, kind, terms, termOf: ofRecord, counts, filled, elsewhere: [] }
  if (traits[kind].identifies) forgetShared(made)
  if (traits[kind].comparison === 'words') weighWords(made)
  return made
}

// "maryann" and "mary ann" are one name; whichever is met first, the same one of them stands for it.
function wordsOf({ words }: Term): string {
  return words?.words.join(' ') ?? ''
}

// An address or number on more than ten records is a desk's, a switchboard's or a placeholder.
function forgetShared(column: Column): void {
  const most = Math.max(10, column.filled * 0.002)
  column.termOf.forEach((term, record) => {
    if (term < 0 || column.counts[term]! <= most) return
    column.termOf[record] = -1
    column.filled--
  })
}

// A word is worth more the fewer records have it.
function weighWords({ terms, counts, filled }: Column): void {
  const records = new Map<string, number>()
  terms.forEach(({ words }, at) => {
    for (const word of new Set(words?.words)) records.set(word, (records.get(word) ?? 0) + counts[at]!)
  })
  for (const { words } of terms) {
    if (!words) continue
    const weights = words.words.map((word) => Math.log(1 + filled / (records.get(word) ?? 1)))
    words.weights = weights
    words.total = weights.reduce((sum, weight) => sum + weight, 0)
  }
}

function orderOf(columns: readonly Column[], ids: readonly string[]): Int32Array {
  const hashes = new Uint32Array(ids.length)
  for (const { terms, termOf: ofRecord } of columns) {
    const termHash = terms.map(({ text }) => textHash(text))
    for (let record = 0; record < ids.length; record++) {
      const term = ofRecord[record]!
      hashes[record] = mixPair(hashes[record]!, term < 0 ? 0 : termHash[term]!)
    }
  }
  const order = Int32Array.from(ids, (_, record) => record)
  return order.sort((a, b) => {
    if (hashes[a] !== hashes[b]) return hashes[a]! - hashes[b]!
    for (const column of columns) {
      const differs = column.termOf[a]! - column.termOf[b]!
      if (differs !== 0) return differs
    }
    return ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b
  })
}

const partners: Partial<Record<Kind, readonly Kind[]>> = {
  first_name: ['last_name', 'middle_name'],
  last_name: ['first_name', 'middle_name'],
  middle_name: ['first_name', 'last_name'],
  street: ['street', 'city'],
  city: ['city', 'street'],
  phone: ['phone'],
  email: ['email'],
  company: ['company', 'street'],
  postcode: ['house_number'],
}

function partnersOf(columns: readonly Column[], at: number): Column['elsewhere'] {
  const { kind, terms } = columns[at]!
  return columns.flatMap((other, column) => {
    if (column === at || !partners[kind]?.includes(other.kind)) return []
    const placeOf = new Map(other.terms.map(({ text }, place) => [text, place]))
    return [{ column, at: Int32Array.from(terms, ({ text }) => placeOf.get(text) ?? -1) }]
  })
}
