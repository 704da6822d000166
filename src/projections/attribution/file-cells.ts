// Reads the cells of a file of touches or paths: instants, counts, amounts and what kind of conversion a row is.
import { readDate } from '../../lib/csv/dates.ts'
import { readNumber } from '../../lib/csv/values.ts'
import { instantToLocal, localToInstant, parseInstant } from '../../lib/instant.ts'
import { Refusal } from '../../lib/refusal.ts'

/** A row that cannot be used, and why; `row` counts the rows below the header from 1. */
export interface RejectedRow {
  row: number
  reason: string
}

/** Rows left out: how many, and the first few of them. */
export interface Rejected {
  rows: number
  examples: RejectedRow[]
}

export const mostExamples = 10

/** ms since 1970 UTC, or the sentence that says why not. A time without offset is the wall clock of `zone`. */
export function readInstant(cell: string, zone: string): number | string {
  const text = cell.trim()
  if (text === '') return 'The time is empty.'
  const instant = parseInstant(text)
  if (instant !== null) {
    if (zone === 'UTC') return instant
    const isWallClock = text.length <= 10 || !/(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/.test(text.slice(10))
    return isWallClock ? onClocksOf(zone, instant) : instant
  }
  if (epochSeconds.test(text)) return Math.round(Number(text) * 1000)
  if (epochMs.test(text)) return Number(text)
  const read = readDate(text, undefined, zone)
  if ('problem' in read)
    return `${JSON.stringify(text.slice(0, 60))} is no time that can be read for sure: write 2026-03-31T10:00:00Z.`
  return Date.parse(read.startsAt)
}

/** A whole number of zero and more, empty for zero; null for anything else. */
export function readCount(cell: string): number | null {
  const text = cell.trim()
  const count = text === '' ? 0 : readNumber(text)
  return count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null
}

/** An amount, empty for zero, and how many decimals it was written with; null where it is none. */
export function readAmount(cell: string): { amount: number; decimals: number } | null {
  const text = cell.trim()
  if (text === '') return { amount: 0, decimals: 0 }
  const exact = plainAmount.exec(text)
  if (exact) {
    const amount = Number(text)
    const decimals = (exact[1]?.length ?? 0) - Number(exact[2] ?? 0)
    return Number.isFinite(amount) ? { amount, decimals: Math.max(0, decimals) } : null
  }
  const point = readNumber(text, '.')
  const amount = point ?? readNumber(text, ',')
  if (amount === null) return null
  const separator = text.lastIndexOf(point === null ? ',' : '.')
  return { amount, decimals: separator < 0 ? 0 : text.slice(separator).replace(/\D/g, '').length }
}

/** No conversion, or how many of which kind: a yes or a number is of the kind `conversion`, any other word is a kind itself. */
export function readConversion(cell: string): { count: number; kind: string } | 'none' | null {
  const text = cell.trim()
  const word = text.toLowerCase()
  if (noes.has(word)) return 'none'
  if (yeses.has(word)) return { count: 1, kind: 'conversion' }
  if (!/^[+-]?[\d.,]+$/.test(text)) return { count: 1, kind: text }
  const count = readCount(text)
  if (count === null) return null
  return count === 0 ? 'none' : { count, kind: 'conversion' }
}

/**
 * By which power of ten amounts become whole numbers: by as many decimals as were written, fewer where their sum would
 * not be counted exactly any more.
 */
export function decimalsFor(written: number, sum: number): number {
  const room = Math.floor(Math.log10(Number.MAX_SAFE_INTEGER / Math.max(1, Math.ceil(sum)))) - 1
  if (room < 0)
    throw new Refusal('value_too_large', 422, 'The values add up to more than can be counted exactly.')
  return Math.min(written, room)
}

/** The columns of a file by the names they may have; `headers` are compared in small letters, blanks as underscores. */
export function columnsOf<K extends string>(
  headers: readonly string[],
  names: Record<K, readonly string[]>,
): Record<K, number> {
  const given = headers.map((header) =>
    header
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  const entries = Object.entries<readonly string[]>(names).map(([key, known]) => [
    key,
    given.findIndex((header) => known.includes(header)),
  ])
  return Object.fromEntries(entries) as Record<K, number>
}

const epochSeconds = /^\d{9,10}(?:\.\d+)?$/
const epochMs = /^\d{12,13}$/
const plainAmount = /^[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/
const noes = new Set(['', '0', 'no', 'n', 'false', 'f', 'none', 'null', 'nan', 'na', 'n/a', '-'])
const yeses = new Set(['1', 'yes', 'y', 'true', 't'])

function onClocksOf(zone: string, wallClock: number): number {
  const { year, month, day, hour, minute, second } = instantToLocal(wallClock, 'UTC')
  const instant = localToInstant(year, month, day, hour, minute, second, zone) ?? wallClock
  return instant + (((wallClock % 1000) + 1000) % 1000)
}
