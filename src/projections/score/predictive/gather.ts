// Gathers the cells of one column of a file, in bounded memory, and finds out what they are: numbers, dates, categories or ids.
import { dateOrderOf, looksLikeDate, readDate } from '../../../lib/csv/dates.ts'
import type { DateOrder } from '../../../lib/csv/dates.ts'
import { readNumber } from '../../../lib/csv/values.ts'
import type { Column } from './columns.ts'

/** `identifier` and `text`: values that hardly ever repeat, of which only is known whether there is one. */
export const columnKinds = ['number', 'date', 'category', 'identifier', 'text', 'constant', 'empty'] as const
export type ColumnKind = (typeof columnKinds)[number]

export interface GatheredColumn {
  kind: ColumnKind
  /** dates as milliseconds since 1970 UTC; of identifiers and texts one category that says that there is a value */
  column: Column
  /** where the cells are numbers or dates: those, whatever else was made of them; for an order in time */
  numbers: Float64Array | null
  /** rows with a value */
  filled: number
  /** how many values differ; null above `mostKnown` */
  distinct: number | null
}

export interface Gatherer {
  add(cell: string): void
  finish(): GatheredColumn
}

/** Different values of a column that are kept; a column with more is decided by those. */
export const mostKnown = 20_000

/** True for an empty cell and for what forms and exports write where nothing was chosen. `unknown` is an answer and stays one. */
export function isPlaceholder(cell: string): boolean {
  if (cell.length > longestPlaceholder && cell.charCodeAt(0) > 0x20) return false
  const first = cell.charCodeAt(0)
  if (first >= 0x30 && first <= 0x39) return false
  const bare = cell.trim().toLowerCase()
  return bare === '' || placeholders.has(bare)
}

const placeholders = new Set([
  ...[
    '-',
    '--',
    '---',
    '–',
    '—',
    '.',
    '?',
    'n/a',
    'na',
    '#n/a',
    'n.a.',
    'nan',
    'null',
    '(null)',
    'nil',
    'undefined',
  ],
  ...[
    'select',
    'select...',
    'select one',
    'please select',
    '-select-',
    '--select--',
    '- select -',
    '-- select --',
  ],
  ...[
    'choose',
    'choose one',
    'please choose',
    '(blank)',
    '(empty)',
    '(none)',
    '<null>',
    '[null]',
    '\\n',
    'not set',
    '(not set)',
  ],
])
const longestPlaceholder = Math.max(...[...placeholders].map((one) => one.length))

/** A cell of our own records read as a number, or as a date in ms since 1970 UTC; NaN where it is none. */
export function readAs(kind: 'number' | 'date', cell: string): number {
  if (isPlaceholder(cell)) return Number.NaN
  return kind === 'number' ? (numberOf(cell, '.') ?? Number.NaN) : dateOf(cell, 'MDY')
}

/** Gathers a column. `name` decides only whether unique whole numbers are taken for ids. */
export function createGatherer(name: string): Gatherer {
  let rows = 0
  let filled = 0
  /** by value in lower case; null once there were too many, and cells are read as what they turned out to be */
  let known: Map<string, number> | null = new Map()
  const texts: string[] = []
  const counts: number[] = []
  let codes = new Int32Array(1024)
  let numbers: Float64Array | null = null
  let reading: Reading | null = null

  function settle(): void {
    reading = readingOf(texts, counts)
    known = null
    if (reading.kind === 'words') return
    const byCode = Float64Array.from(texts, reading.read)
    numbers = new Float64Array(codes.length)
    for (let row = 0; row < rows; row++) {
      const code = codes[row] as number
      numbers[row] = code < 0 ? Number.NaN : (byCode[code] as number)
    }
  }

  return {
    add(cell) {
      if (rows === codes.length) {
        codes = grown(codes, new Int32Array(rows * 2))
        if (numbers) numbers = grown(numbers, new Float64Array(rows * 2))
      }
      const isFilled = !isPlaceholder(cell)
      if (isFilled) filled++
      if (known === null) {
        codes[rows] = isFilled ? 0 : -1
        if (numbers) numbers[rows] = isFilled && reading ? reading.read(cell) : Number.NaN
      } else if (!isFilled) codes[rows] = -1
      else {
        const text = cell.trim()
        const key = text.toLowerCase()
        let code = known.get(key)
        if (code === undefined) {
          code = texts.length
          texts.push(text)
          counts.push(0)
          known.set(key, code)
        }
        counts[code] = (counts[code] as number) + 1
        codes[rows] = code
        if (texts.length > mostKnown) {
          rows++
          settle()
          return
        }
      }
      rows++
    },
    finish() {
      const isWide = known === null
      if (!isWide) settle()
      const distinct = isWide ? null : texts.length
      const ends = { filled, distinct, numbers: numbers?.slice(0, rows) ?? null }
      const presence: Column = {
        kind: 'category',
        name,
        source: name,
        codes: codes.slice(0, rows).map((code) => (code < 0 ? -1 : 0)),
        values: ['filled'],
      }
      if (filled === 0) return { kind: 'empty', column: presence, ...ends }
      if (distinct === 1)
        return {
          kind: filled === rows ? 'constant' : 'category',
          column: { ...presence, values: [texts[0] as string] },
          ...ends,
        }
      if (
        ends.numbers &&
        reading &&
        reading.kind !== 'words' &&
        (reading.kind === 'date' || distinct !== 2)
      ) {
        const column: Column = { kind: 'number', name, source: name, numbers: ends.numbers }
        const isId = reading.kind === 'number' && looksLikeIds(name, column.numbers, filled)
        return isId
          ? { kind: 'identifier', column: presence, ...ends }
          : { kind: reading.kind, column, ...ends }
      }
      const repeats = distinct !== null && (distinct <= 50 || distinct <= filled / 2)
      if (!repeats)
        return {
          kind: texts.some((text) => /\s/.test(text)) ? 'text' : 'identifier',
          column: presence,
          ...ends,
        }
      return {
        kind: 'category',
        column: { kind: 'category', name, source: name, codes: codes.slice(0, rows), values: texts },
        ...ends,
      }
    },
  }
}

type Reading = { kind: 'number' | 'date' | 'words'; read(cell: string): number }

// A stray word among numbers, or among dates, is a gap; more than one in twenty and the column is words.
const fewestReadable = 0.95

function readingOf(texts: readonly string[], counts: readonly number[]): Reading {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const shareOf = (reads: (text: string) => boolean) =>
    texts.reduce((sum, text, at) => sum + (reads(text) ? (counts[at] as number) : 0), 0) / Math.max(1, total)
  const withPoint = shareOf((text) => numberOf(text, '.') !== null)
  const withComma = shareOf((text) => numberOf(text, ',') !== null)
  if (Math.max(withPoint, withComma) >= fewestReadable) {
    const decimal = withComma > withPoint ? ',' : '.'
    return { kind: 'number', read: (cell) => numberOf(cell, decimal) ?? Number.NaN }
  }
  if (shareOf(looksLikeDate) >= fewestReadable) {
    // Where no value settles it, the order that most public exports have.
    const order = dateOrderOf(texts) ?? 'MDY'
    const read = (cell: string) => dateOf(cell, order)
    if (shareOf((text) => !Number.isNaN(read(text))) >= fewestReadable) return { kind: 'date', read }
  }
  return { kind: 'words', read: () => Number.NaN }
}

// Programs write more digits and exponents than people do.
function numberOf(text: string, decimal: '.' | ','): number | null {
  if (decimal === '.' && machineNumber.test(text)) return Number(text)
  return readNumber(text.trim(), decimal)
}

const machineNumber = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$/

function dateOf(cell: string, order: DateOrder): number {
  const found = readDate(cell, order, 'UTC')
  return 'problem' in found ? Number.NaN : Date.parse(found.startsAt)
}

// Whole numbers, nearly all different, that are named as ids, count up or down, or are as long as phone numbers.
function looksLikeIds(name: string, numbers: Float64Array, filled: number): boolean {
  const known = numbers.filter((value) => !Number.isNaN(value))
  if (filled < 50 || !known.every(Number.isInteger)) return false
  if (new Set(known).size < filled * 0.98) return false
  let rises = 0
  for (let at = 1; at < known.length; at++) if ((known[at] as number) > (known[at - 1] as number)) rises++
  const isCounting = rises >= (known.length - 1) * 0.98 || rises <= (known.length - 1) * 0.02
  const isNamed =
    /(?:^|[^a-z])(?:id|ids|number|no|nr|key|code|uuid|guid|phone|mobile|tel)(?:$|[^a-z])|[a-z]Id$/i.test(name)
  const isLong = known.filter((value) => Math.abs(value) >= 1e8).length >= known.length / 2
  return isCounting || isNamed || isLong
}

function grown<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
