// Says what each column of a file holds, by its header and by what stands in it, and which columns are left out of comparing.
import { dateOrderOf, looksLikeDate } from '../../lib/csv/dates.ts'
import { textHash } from './draw.ts'
import { isGivenName } from './given-names.ts'
import { meaningOfHeader } from './header-kinds.ts'
import type { HeaderMeaning } from './header-kinds.ts'
import type { Kind } from './kinds.ts'
import type { Reading } from './terms.ts'
import { foldedWords, hasLegalForm, saysNothing } from './text-terms.ts'

/** A column as it was read: each different cell once, and which one each record has; -1 where it has none. */
export interface RawColumn {
  header: string
  values: readonly string[]
  valueOf: Int32Array
}

/** What becomes of a column; `whole_name` is taken apart into first and last name. */
export type Use = { as: Kind | 'whole_name'; reading: Reading } | { as: 'left_out'; because: LeftOut }

export type LeftOut =
  | 'told_to'
  | 'id'
  | 'empty'
  | 'one_value'
  | 'tells_when'
  | 'link'
  | 'said_by_first_and_last_name'
  | 'copy_of_another'

export type Subject = 'people' | 'companies'

export interface Recognised {
  subject: Subject
  /** in the order of the columns */
  uses: Use[]
}

/**
 * Recognises columns. A header that names a kind is believed unless the cells are of quite another shape; other columns go by
 * their cells. Neither the order of the rows nor of the cells matters.
 * @param told headers that are not compared: ids and what the user ignores
 */
export function recogniseColumns(
  columns: readonly RawColumn[],
  recordCount: number,
  told: { ids: ReadonlySet<string>; ignored: ReadonlySet<string>; region?: string | undefined },
): Recognised {
  const looks = columns.map((column) => lookAt(column, recordCount))
  const meanings = columns.map(({ header }) => meaningOfHeader(header))
  const has = (meaning: HeaderMeaning) =>
    meanings.some(
      (found, at) => found === meaning && looks[at]!.filled > 0 && !told.ignored.has(columns[at]!.header),
    )
  const hasNames = has('first_name') || has('last_name')
  const hasPeople = hasNames || has('full_name') || has('birth_date')
  const settled = columns.map((column, at): HeaderMeaning | LeftOut => {
    if (told.ids.has(column.header)) return 'id'
    if (told.ignored.has(column.header)) return 'told_to'
    const look = looks[at]!
    if (look.filled === 0) return 'empty'
    const meaning = meanings[at] ?? null
    if (meaning === 'id') return look.isUnique || recordCount < 3 ? 'id' : shapeOf(look, hasNames)
    if (meaning === 'name') return nameOf(look, { hasNames, hasCompany: has('company') })
    if (meaning === 'full_name' && hasNames && has('first_name') && has('last_name'))
      return 'said_by_first_and_last_name'
    if (meaning !== null && fits(meaning, look)) return meaning
    return shapeOf(look, hasNames)
  })
  const isAboutPeople = hasPeople || settled.some((as) => as === 'full_name' || as === 'first_name')
  const isAboutCompanies = !isAboutPeople && settled.includes('company')
  const uses = settled.map((as, at): Use =>
    useOf(as, columns[at]!, looks[at]!, isAboutCompanies, told.region),
  )
  leaveOutCopies(columns, uses)
  return { subject: isAboutCompanies ? 'companies' : 'people', uses }
}

interface Look {
  /** records that say something in this column */
  filled: number
  /** different cells */
  different: number
  isUnique: boolean
  /** shares of the different cells that look like something, and means over them */
  emails: number
  dates: number
  phones: number
  digits: number
  links: number
  legal: number
  given: number
  letters: number
  words: number
  sample: string[]
}

const sampleSize = 2_000

function lookAt({ values, valueOf }: RawColumn, recordCount: number): Look {
  const says = values.map((value) => !saysNothing(value))
  let filled = 0
  for (const value of valueOf) if (value >= 0 && says[value]) filled++
  const all = values.filter((_, at) => says[at])
  const sample =
    all.length <= sampleSize
      ? all
      : all
          .map((value) => ({ value, hash: textHash(value) }))
          .sort((a, b) => a.hash - b.hash || (a.value < b.value ? -1 : 1))
          .slice(0, sampleSize)
          .map(({ value }) => value)
  const share = (is: (value: string) => boolean) =>
    sample.length === 0 ? 0 : sample.filter(is).length / sample.length
  const worded = sample.map(foldedWords)
  return {
    filled,
    different: all.length,
    isUnique: all.length === filled && filled === recordCount,
    emails: share((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())),
    dates: share(looksLikeDay),
    phones: share(
      (value) =>
        /^\+?[\d\s()./-]{7,22}(x ?\d+)?$/i.test(value.trim()) && value.replace(/\D/g, '').length >= 7,
    ),
    digits: share((value) => /\d/.test(value)),
    links: share((value) => /^(https?:\/\/|www\.)/i.test(value.trim())),
    legal: share(hasLegalForm),
    given:
      worded.length === 0
        ? 0
        : worded.filter(([first]) => first !== undefined && isGivenName(first)).length / worded.length,
    letters: share((value) => /^[\p{L}\p{M}\s.'’-]+$/u.test(value)),
    words: worded.length === 0 ? 0 : worded.reduce((sum, words) => sum + words.length, 0) / worded.length,
    sample,
  }
}

function looksLikeDay(value: string): boolean {
  const text = value.trim()
  const packed = /^(1[89]|20)\d\d(\d\d)(\d\d)$/.exec(text)
  if (packed) return Number(packed[2]) <= 13 && Number(packed[3]) <= 32
  return looksLikeDate(text)
}

// A header may say one thing and the cells another: an "address" full of @, a "number" that is a telephone.
function fits(meaning: HeaderMeaning, look: Look): boolean {
  if (meaning === 'email' || meaning === 'street' || meaning === 'website')
    return meaning === 'email' || look.emails < 0.5
  if (meaning === 'birth_date') return look.dates >= 0.5
  if (meaning === 'phone') return look.digits >= 0.5
  if (meaning === 'first_name' || meaning === 'last_name' || meaning === 'middle_name')
    return look.digits < 0.5
  if (meaning === 'house_number') return look.digits >= 0.3 && look.words < 3
  if (meaning === 'category') return look.different <= Math.max(60, look.filled * 0.1)
  return true
}

function nameOf(look: Look, beside: { hasNames: boolean; hasCompany: boolean }): HeaderMeaning {
  if (beside.hasNames) return beside.hasCompany ? 'text' : 'company'
  if (look.legal >= 0.05) return 'company'
  if (look.given >= 0.2 && look.words >= 1.5 && look.words <= 4) return 'full_name'
  return beside.hasCompany && look.letters >= 0.9 && look.words >= 1.7 && look.words <= 3
    ? 'full_name'
    : 'company'
}

function shapeOf(look: Look, hasNames: boolean): HeaderMeaning {
  if (look.emails >= 0.7) return 'email'
  if (look.links >= 0.7) return 'url'
  if (look.dates >= 0.9) return 'date'
  if (look.phones >= 0.8 && look.different > look.filled * 0.3) return 'phone'
  if (!hasNames && look.given >= 0.3 && look.letters >= 0.8)
    return look.words < 1.4 ? 'first_name' : look.words <= 3.5 ? 'full_name' : 'text'
  if (look.legal >= 0.2) return 'company'
  if (look.different <= Math.max(12, look.filled * 0.002)) return 'category'
  if (look.digits >= 0.7 && look.words < 2) return 'code'
  return 'text'
}

function useOf(
  as: HeaderMeaning | LeftOut,
  { header }: RawColumn,
  look: Look,
  isAboutCompanies: boolean,
  region: string | undefined,
): Use {
  const leave = (because: LeftOut): Use => ({ as: 'left_out', because })
  switch (as) {
    case 'id':
    case 'told_to':
    case 'empty':
    case 'one_value':
    case 'tells_when':
    case 'link':
    case 'said_by_first_and_last_name':
    case 'copy_of_another':
      return leave(as)
    case 'moment':
      return leave('tells_when')
    case 'url':
      return leave('link')
    default:
  }
  if (look.different === 1) return leave('one_value')
  if (as === 'full_name') return { as: 'whole_name', reading: {} }
  if (as === 'name') throw new Error(`column ${header} was not settled`)
  const isDate = as === 'birth_date' || as === 'date'
  return {
    as,
    reading: {
      ...(isDate ? { dateOrder: dateOrderOf(look.sample) ?? 'DMY' } : {}),
      ...(as === 'phone' ? { region } : {}),
      ...(as === 'email' ? { desksCount: isAboutCompanies } : {}),
    },
  }
}

// The same cells under two headers are one piece of evidence.
function leaveOutCopies(columns: readonly RawColumn[], uses: Use[]): void {
  for (let at = 1; at < columns.length; at++) {
    if (uses[at]!.as === 'left_out') continue
    for (let before = 0; before < at; before++) {
      if (uses[before]!.as === 'left_out' || !areCopies(columns[before]!, columns[at]!)) continue
      uses[at] = { as: 'left_out', because: 'copy_of_another' }
      break
    }
  }
}

function areCopies(one: RawColumn, other: RawColumn): boolean {
  let both = 0
  let equal = 0
  for (let record = 0; record < one.valueOf.length; record++) {
    const a = one.valueOf[record]!
    const b = other.valueOf[record]!
    if (a < 0 && b < 0) continue
    both++
    if (a >= 0 && b >= 0 && one.values[a] === other.values[b]) equal++
    else if (both > 50 && equal < both * 0.8) return false
  }
  return both > 0 && equal >= both * 0.95
}
