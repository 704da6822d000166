// The days of a report: its range, the one before, and the days, weeks or months that they fall into. Pure.
import { chSql } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { instantToLocal, localToInstant } from '../../lib/instant.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { AnalyticsQuery, Report, Step } from './contract.ts'

const DAY_MS = 86_400_000

/** Calendar days in a row, as days since 1970, both ends counted in. */
export interface DaySpan {
  from: number
  to: number
}

export interface Window {
  timeZone: string
  now: DaySpan
  /** as many days right before; undefined where nothing is compared */
  before: DaySpan | undefined
  step: Step
  /** today, as days since 1970 */
  today: number
}

/** A day, week or month of a window. */
export interface Bucket {
  /** what `bucketSql` gives for its days */
  id: number
  /** its first day in the window */
  on: string
  isPartial: boolean
}

/**
 * @param now ms since 1970
 * Throws `range_invalid` (400) where the ends do not make a range of at most ten years.
 */
export function windowOf(
  asked: Pick<AnalyticsQuery, 'range' | 'from' | 'to'> & Partial<Pick<AnalyticsQuery, 'by' | 'compare'>>,
  now: number,
  timeZone: string,
): Window {
  const local = instantToLocal(now, timeZone)
  const today = Date.UTC(local.year, local.month - 1, local.day) / DAY_MS
  const to = asked.to === undefined ? today : dayNumber(asked.to)
  const from = asked.from === undefined ? to - Number(asked.range) + 1 : dayNumber(asked.from)
  const days = to - from + 1
  if (days < 1) throw invalid('It ends before it begins: swap the two days.')
  if (days > 3_660) throw invalid('It is longer than ten years: ask for a shorter one.')
  return {
    timeZone,
    now: { from, to },
    before: asked.compare === 'none' ? undefined : { from: from - days, to: from - 1 },
    step: asked.by ?? (days <= 92 ? 'day' : days <= 371 ? 'week' : 'month'),
    today,
  }
}

/** What an answer says of its range. */
export function rangeOf({ now, before, step, timeZone, today }: Window): Report['range'] {
  return {
    fromOn: dayText(now.from),
    toOn: dayText(now.to),
    days: now.to - now.from + 1,
    beforeFromOn: before ? dayText(before.from) : null,
    beforeToOn: before ? dayText(before.to) : null,
    by: step,
    timeZone,
    isOpen: now.to >= today,
  }
}

/** The days, weeks (from Monday) or months of the range, oldest first; those that its ends or today cut are partial. */
export function bucketsOf({ now, step, today }: Window): Bucket[] {
  const buckets: Bucket[] = []
  for (let day = now.from; day <= now.to;) {
    const id = bucketId(day, step)
    const next = nextStart(day, step)
    const isCut = (step !== 'day' && day !== firstDay(day, step)) || next - 1 > now.to || next - 1 >= today
    buckets.push({ id, on: dayText(day), isPartial: isCut })
    day = next
  }
  return buckets
}

/** ClickHouse's expression for the bucket of a day since 1970. */
export function bucketSql(day: Fragment, step: Step): Fragment {
  switch (step) {
    case 'day':
      return chSql`toInt32(${day})`
    case 'week':
      // 1970 began on a Thursday.
      return chSql`intDiv(toInt32(${day}) + 3, 7)`
    case 'month':
      return chSql`toInt32(toYear(toDate(${day})) * 12 + toMonth(toDate(${day})) - 1)`
  }
}

export function bucketId(day: number, step: Step): number {
  if (step === 'day') return day
  if (step === 'week') return Math.floor((day + 3) / 7)
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** The instants, in ms since 1970, at which days begin and end in a zone: `[from, to)`. A day may have 23 or 25 hours. */
export function instantsOf({ from, to }: DaySpan, timeZone: string): { fromMs: number; toMs: number } {
  return { fromMs: midnight(from, timeZone), toMs: midnight(to + 1, timeZone) }
}

export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Days since 1970 of a calendar day. Throws `range_invalid` (400) for a day that no calendar has. */
export function dayNumber(text: string): number {
  const at = Date.parse(`${text}T00:00:00.000Z`)
  if (Number.isNaN(at) || dayText(at / DAY_MS) !== text || at < 0) throw invalid(`${text} is no day.`)
  return at / DAY_MS
}

function midnight(day: number, timeZone: string): number {
  const date = new Date(day * DAY_MS)
  const at = localToInstant(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    0,
    0,
    0,
    timeZone,
  )
  if (at === null) throw new Error(`no midnight on ${date.toISOString()} in ${timeZone}`)
  return at
}

function firstDay(day: number, step: Step): number {
  if (step === 'week') return day - ((day + 3) % 7)
  const date = new Date(day * DAY_MS)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS
}

function nextStart(day: number, step: Step): number {
  if (step === 'day') return day + 1
  if (step === 'week') return firstDay(day, step) + 7
  const date = new Date(day * DAY_MS)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS
}

function invalid(words: string): Refusal {
  return new Refusal('range_invalid', 400, `The range cannot be used. ${words}`)
}
