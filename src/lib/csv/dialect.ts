// Finds the delimiter, the header row and the names of the columns from the beginning of a CSV text.
import { cutText } from './cut.ts'
import { createRowCutter } from './rows.ts'

export type Delimiter = ',' | ';' | '\t' | '|'
export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']

export interface Dialect {
  delimiter: Delimiter
  /** the row that names the columns, the file's first being 1; 0 where none does */
  headerRow: number
  /** one name per column: trimmed, never empty, never twice */
  headers: string[]
}

/**
 * Reads the dialect off a sample. `isWhole` is false where the text goes on after the sample.
 *
 * Delimiter: the one told, else that of a `sep=` line, else the one under which most rows have the same number of
 * cells, more cells counting for more, and cells that look like values (addresses, numbers, dates, plain words) too.
 * Header: the first row as wide as the rest that is mostly filled; rows above it are preamble. Where that row holds
 * data (an address, a number, a date), the header is the row of names above the data, narrower by a cell or more where
 * the rows end in a delimiter; where there is none such and the row holds an e-mail address, the file has no header.
 */
export function detectDialect(sample: string, isWhole: boolean, told?: Delimiter): Dialect {
  const text = isWhole ? sample : sample.slice(0, endOfLastRow(sample))
  const hinted = /^\ufeff?"?sep=([,;|\t])"?[ \t]*\r?(?:\n|$)/i.exec(text)?.[1]
  const delimiter = told ?? delimiters.find((candidate) => candidate === hinted) ?? likeliestDelimiter(text)
  const rows = readRows(text, delimiter)
  const headerRow = findHeader(rows)
  const width = headerRow > 0 ? (rows[headerRow - 1]?.length ?? 0) : modalWidth(rows)
  const cells = headerRow > 0 ? (rows[headerRow - 1] ?? []) : Array.from({ length: width }, () => '')
  return { delimiter, headerRow, headers: nameColumns(cells) }
}

/** Names for a header row's cells: blanks become `Column 4`, a name that is there already gets ` (2)`. */
export function nameColumns(cells: readonly string[]): string[] {
  const taken = new Set<string>()
  /** by name the number to try next: trying all from 2 took minutes for 100,000 columns of one name */
  const next = new Map<string, number>()
  return cells.map((cell, index) => {
    const bare = cutText(cell.replace(/[\s\u00a0\ufeff\p{Cc}]+/gu, ' ').trim(), 180) || `Column ${index + 1}`
    let name = bare
    let count = next.get(bare.toLowerCase()) ?? 2
    while (taken.has(name.toLowerCase())) name = `${bare} (${count++})`
    next.set(bare.toLowerCase(), count)
    taken.add(name.toLowerCase())
    return name
  })
}

/** The rows of a sample under a delimiter, as the streaming reader would give them; blank rows are `['']`. */
export function readRows(text: string, delimiter: Delimiter, most = 200): string[][] {
  const cutter = createRowCutter('utf-8', delimiter)
  cutter.write(Buffer.from(text))
  cutter.end()
  const rows: string[][] = []
  for (let row = cutter.next(); row && rows.length < most; row = cutter.next()) rows.push(row)
  return rows
}

function endOfLastRow(text: string): number {
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
  return end > 0 ? end + 1 : text.length
}

function likeliestDelimiter(text: string): Delimiter {
  let best: Delimiter = ','
  let bestScore = 0
  for (const delimiter of delimiters) {
    if (!text.includes(delimiter)) continue
    const score = scoreOf(readRows(text, delimiter))
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}

function scoreOf(rows: string[][]): number {
  const filled = rows.filter((row) => !isBlank(row))
  const width = modalWidth(filled)
  if (width < 2) return 0
  const regular = filled.filter((row) => row.length === width)
  let cells = 0
  let plain = 0
  for (const row of regular) {
    for (const cell of row) {
      cells++
      if (looksPlain.test(cell)) plain++
    }
  }
  return (regular.length / filled.length) ** 2 * Math.sqrt(width - 1) * (0.5 + (0.5 * plain) / cells)
}

// A cell that would not look like this was likely cut in a wrong place: it starts with a blank or holds a stray quote.
const looksPlain = /^(?:|[^\s"][^"]*)$/

function findHeader(rows: string[][]): number {
  const width = modalWidth(rows)
  const index = rows.findIndex((row) => {
    if (row.length < width || isBlank(row) || /^\ufeff?sep=/i.test(row[0] ?? '')) return false
    const filled = row.filter((cell) => cell.trim() !== '').length
    return filled >= row.length / 2
  })
  if (index < 0) return rows.length > 0 && !isBlank(rows[0] ?? ['']) ? 1 : 0
  const first = rows[index] ?? []
  if (!holdsData(first)) return index + 1
  let above = index - 1
  while (above >= 0 && holdsData(rows[above] ?? [])) above--
  const names = rows[above] ?? []
  const isHeader = names.length >= Math.max(2, width / 2) && names.every((cell) => cell.trim() !== '')
  if (isHeader) return above + 1
  return first.some(isAddress) ? 0 : index + 1
}

function holdsData(row: string[]): boolean {
  return row.some((cell) => isAddress(cell) || /^[+-]?\d[\d\s.,:/()-]*$/.test(cell.trim()))
}

function isAddress(cell: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(cell.trim())
}

function modalWidth(rows: string[][]): number {
  const counts = new Map<number, number>()
  let best = 0
  for (const row of rows) {
    if (isBlank(row)) continue
    const count = (counts.get(row.length) ?? 0) + 1
    counts.set(row.length, count)
    const record = counts.get(best) ?? 0
    if (count > record || (count === record && row.length > best)) best = row.length
  }
  return best
}

/** True where no cell holds anything. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}
