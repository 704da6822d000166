// Reads the dates and times that exports write, where the order of day and month is known for the column.
import { localToInstant } from '../instant.ts'

export type DateOrder = 'YMD' | 'DMY' | 'MDY'

/** A day with, where it was given, an instant: `on` is YYYY-MM-DD as written, `at` ISO 8601 UTC or null for a day alone. */
export type ReadDate = { on: string; at: string | null; startsAt: string } | { problem: string }

/**
 * Reads one date. `order` says how `01/06/2024` is meant; dates that start with the year or name the month need none.
 * A time without offset is the wall clock of `zone`; `startsAt` is the instant, or the day's midnight in `zone`.
 * A date against the column's order (25/06 in a column of month first) is a problem, never turned around.
 */
export function readDate(raw: string, order: DateOrder | undefined, zone: string): ReadDate {
  const plain = readPlain(raw, zone)
  if (plain) return plain
  const text = raw.trim()
  if (text.length > 60) return notADate
  const numeric = numericDate.exec(text)
  if (numeric) {
    const [, first = '', , second = '', third = '', ...rest] = numeric
    if (first.length === 4) return build(Number(first), Number(second), Number(third), rest, zone)
    const year = third.length === 2 ? Number(third) + (Number(third) < 70 ? 2000 : 1900) : Number(third)
    if (third.length === 3 || first.length > 2) return notADate
    const known =
      order === 'DMY' || order === 'MDY' || first === second
        ? (order ?? 'DMY')
        : orderOf(Number(first), Number(second))
    if (!known) {
      return {
        problem: `The date ${text} can be read in two ways; choose the order of day and month for the column.`,
      }
    }
    return known === 'DMY'
      ? build(year, Number(second), Number(first), rest, zone)
      : build(year, Number(first), Number(second), rest, zone)
  }
  const dayFirst = dayMonthName.exec(text)
  if (dayFirst) {
    const [, day = '', month = '', year = '', ...rest] = dayFirst
    return build(Number(year), monthOf(month), Number(day), rest, zone)
  }
  const monthFirst = monthNameDay.exec(text)
  if (monthFirst) {
    const [, month = '', day = '', year = '', ...rest] = monthFirst
    return build(Number(year), monthOf(month), Number(day), rest, zone)
  }
  return notADate
}

/** The order of day and month that a column's values settle (a 25 cannot be a month); null where none does or they differ. */
export function dateOrderOf(samples: Iterable<string>): DateOrder | null {
  let found: DateOrder | null = null
  for (const sample of samples) {
    const numeric = numericDate.exec(sample.trim())
    if (!numeric) continue
    const [, first = '', , second = ''] = numeric
    const order = first.length === 4 ? 'YMD' : orderOf(Number(first), Number(second))
    if (!order) continue
    if (found && found !== order) return null
    found = order
  }
  return found
}

/** True where the text has the shape of a date, whichever way round. */
export function looksLikeDate(text: string): boolean {
  const bare = text.trim()
  return bare.length <= 60 && (numericDate.test(bare) || dayMonthName.test(bare) || monthNameDay.test(bare))
}

// YYYY-MM-DD, alone or with hh:mm:ss behind a blank or a T: what databases write, a tenth of the work of the patterns.
function readPlain(text: string, zone: string): ReadDate | null {
  const { length } = text
  if (length !== 10 && length !== 19 && (length !== 20 || text.charCodeAt(19) !== 0x5a)) return null
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return null
  if (length === 10) {
    if (zone !== daysZone || days.size >= maxDays) {
      days.clear()
      daysZone = zone
    }
    const known = days.get(text)
    if (known) return known
  }
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  if (year < 0 || month < 0 || day < 0) return null
  if (length === 10) {
    const midnight = localToInstant(year, month, day, 0, 0, 0, zone)
    const read =
      midnight === null ? impossible : { on: text, at: null, startsAt: new Date(midnight).toISOString() }
    days.set(text, read)
    return read
  }
  const between = text.charCodeAt(10)
  if (between !== 0x20 && between !== 0x54) return null
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return null
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  if (hour < 0 || minute < 0 || second < 0) return null
  const shown = localToInstant(year, month, day, hour, minute, second, length === 20 ? 'UTC' : zone)
  if (shown === null) return impossible
  const at = new Date(shown).toISOString()
  return { on: text.slice(0, 10), at, startsAt: at }
}

const maxDays = 20_000
const days = new Map<string, ReadDate>()
let daysZone = ''

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

const time = String.raw`(?:[T,]?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?\s*([ap]\.?m\.?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`
// Where the year does not lead it ends with two digits at least: 1.2.3 is a version.
const numericDate = new RegExp(
  String.raw`^(?!\d{1,3}[-/.]\d{1,2}[-/.]\d(?!\d))(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})${time}$`,
  'i',
)
const dayMonthName = new RegExp(String.raw`^(\d{1,2})\.?[ -](\p{L}{3,9})\.?,?[ -](\d{4})${time}$`, 'iu')
const monthNameDay = new RegExp(
  String.raw`^(\p{L}{3,9})\.?[ -](\d{1,2})(?:st|nd|rd|th)?,? (\d{4})${time}$`,
  'iu',
)
const notADate = { problem: 'The cell is not a date that can be read.' }
const impossible = {
  problem: 'The cell holds a date that no calendar has, or day and month are the other way round.',
}

function orderOf(first: number, second: number): DateOrder | null {
  if (first > 12 && second <= 12) return 'DMY'
  if (second > 12 && first <= 12) return 'MDY'
  return null
}

function build(
  year: number,
  month: number,
  day: number,
  rest: (string | undefined)[],
  zone: string,
): ReadDate {
  const [hourText, minuteText, secondText, meridiem, offset] = rest
  const on = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  if (hourText === undefined) {
    const midnight = localToInstant(year, month, day, 0, 0, 0, zone)
    return midnight === null ? impossible : { on, at: null, startsAt: new Date(midnight).toISOString() }
  }
  let hour = Number(hourText)
  if (meridiem) {
    if (hour < 1 || hour > 12) return impossible
    hour = (hour % 12) + (/^p/i.test(meridiem) ? 12 : 0)
  }
  const shown = localToInstant(
    year,
    month,
    day,
    hour,
    Number(minuteText),
    Number(secondText ?? 0),
    offset ? 'UTC' : zone,
  )
  if (shown === null) return impossible
  const at = new Date(shown - offsetMs(offset)).toISOString()
  return { on, at, startsAt: at }
}

function offsetMs(offset: string | undefined): number {
  const match = offset ? /^([+-])(\d{2}):?(\d{2})$/.exec(offset) : null
  if (!match) return 0
  const ms = (Number(match[2]) * 60 + Number(match[3])) * 60_000
  return match[1] === '-' ? -ms : ms
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

function monthOf(name: string): number {
  return monthNames.get(name.toLowerCase().slice(0, 3)) ?? monthNames.get(name.toLowerCase().slice(0, 4)) ?? 0
}

// First letters of the months in English, German, Swedish and French.
const monthNames = new Map<string, number>()
for (const line of [
  'jan feb mar apr may jun jul aug sep oct nov dec',
  'jan feb mär apr mai jun jul aug sep okt nov dez',
  'jan feb mar apr maj jun jul aug sep okt nov dec',
  'janv févr mars avri mai juin juil août sept octo nove déce',
]) {
  line.split(' ').forEach((name, index) => monthNames.set(name, index + 1))
}
monthNames.set('fév', 2).set('avr', 4).set('aoû', 8).set('oct', 10).set('déc', 12)
