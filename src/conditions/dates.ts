// What a comparison of dates asks for as a stretch of time: days are those of the workspace's zone, however long its clocks make them.
import { dayInZone, instantToLocal, localToInstant } from '../lib/instant.ts'
import type { Span } from './tree.ts'

/** The moment at which a condition is asked, and where its days begin. */
export interface AsOf {
  now: Date
  /** IANA */
  timeZone: string
}

/** A comparison of dates with its values checked; days are `YYYY-MM-DD`. */
export type DateTest =
  | { op: 'in_last' | 'more_than_ago'; span: Span }
  | { op: 'in_next'; span: Span }
  | { op: 'anniversary_in_next'; span: Span }
  | { op: 'today' }
  | { op: 'on' | 'before' | 'after'; day: string }
  | { op: 'between'; days: [string, string] }

/**
 * The stretch that a test asks for: instants in ms since 1970 from `fromMs` up to and without `toMs`, and for what is known
 * as a day only, days from `fromDay` up to and with `toDay`. An end that is absent is open.
 */
export interface Stretch {
  fromMs?: number
  toMs?: number
  fromDay?: string
  toDay?: string
}

/**
 * `in the last 7 days` goes from the same time of day 7 days ago until now, also where a clock change lies between; of what
 * is a day only, the last 7 days with today. `before`, `after`, `on` and `between` take whole days of the zone. A month
 * before the 31st is the last day of a shorter month.
 */
export function stretchOf(
  test: Exclude<DateTest, { op: 'anniversary_in_next' }>,
  { now, timeZone }: AsOf,
): Stretch {
  const nowMs = now.getTime()
  const today = dayInZone(nowMs, timeZone)
  switch (test.op) {
    case 'in_last': {
      const since = moved(nowMs, test.span, -1, timeZone)
      return {
        fromMs: since + 1,
        toMs: nowMs + 1,
        fromDay: dayAfter(dayInZone(since, timeZone)),
        toDay: today,
      }
    }
    case 'more_than_ago': {
      const since = moved(nowMs, test.span, -1, timeZone)
      return { toMs: since + 1, toDay: dayInZone(since, timeZone) }
    }
    case 'in_next': {
      const until = moved(nowMs, test.span, 1, timeZone)
      return { fromMs: nowMs, toMs: until + 1, fromDay: today, toDay: dayInZone(until, timeZone) }
    }
    case 'today':
      return wholeDays(today, today, timeZone)
    case 'on':
      return wholeDays(test.day, test.day, timeZone)
    case 'between':
      return wholeDays(test.days[0], test.days[1], timeZone)
    case 'before':
      return { toMs: startOfDay(test.day, timeZone), toDay: dayBefore(test.day) }
    case 'after': {
      const next = dayAfter(test.day)
      return { fromMs: startOfDay(next, timeZone), fromDay: next }
    }
  }
}

/** The days of the year, `MM-DD`, from today until the end of the span; 29 February is kept on the 28th of other years. */
export function anniversaries(span: Span, { now, timeZone }: AsOf): string[] {
  const until = dayInZone(moved(now.getTime(), span, 1, timeZone), timeZone)
  const days = new Set<string>()
  for (let day = dayInZone(now.getTime(), timeZone); day <= until && days.size < 366; day = dayAfter(day)) {
    days.add(day.slice(5))
    if (day.endsWith('-02-28') && dayAfter(day).endsWith('-03-01')) days.add('02-29')
  }
  return [...days]
}

/** Whether it is a day of the calendar in the years 1 to 9998, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001' || text >= '9999') return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

function wholeDays(first: string, last: string, timeZone: string): Stretch {
  return {
    fromMs: startOfDay(first, timeZone),
    toMs: startOfDay(dayAfter(last), timeZone),
    fromDay: first,
    toDay: last,
  }
}

function startOfDay(day: string, timeZone: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const at = localToInstant(year, month, date, 0, 0, 0, timeZone)
  if (at === null) throw new Error(`${day} is not a day`)
  return at
}

// Days, weeks and months keep the time of day; hours are hours.
function moved(nowMs: number, { count, unit }: Span, sign: 1 | -1, timeZone: string): number {
  if (unit === 'hours') return nowMs + sign * count * 3_600_000
  const { year, month, day, hour, minute, second } = instantToLocal(nowMs, timeZone)
  const target =
    unit === 'months'
      ? monthsFrom(year, month, day, sign * count)
      : new Date(Date.UTC(year, month - 1, day + sign * count * (unit === 'weeks' ? 7 : 1)))
  const at = localToInstant(
    target.getUTCFullYear(),
    target.getUTCMonth() + 1,
    target.getUTCDate(),
    hour,
    minute,
    second,
    timeZone,
  )
  if (at === null) throw new Error(`${target.toISOString()} is not a day`)
  return at + (((nowMs % 1000) + 1000) % 1000)
}

function monthsFrom(year: number, month: number, day: number, by: number): Date {
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + by + 1, 0))
  return new Date(
    Date.UTC(
      lastOfMonth.getUTCFullYear(),
      lastOfMonth.getUTCMonth(),
      Math.min(day, lastOfMonth.getUTCDate()),
    ),
  )
}

function dayAfter(day: string): string {
  return dayFrom(day, 1)
}

function dayBefore(day: string): string {
  return dayFrom(day, -1)
}

function dayFrom(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10)
}
