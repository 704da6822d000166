// Asks a test of one value in memory: a text, a date.
import { dayInZone } from '../lib/instant.ts'
import { anniversaries, stretchOf } from './dates.ts'
import type { AsOf, DateTest, Stretch } from './dates.ts'
import { DAY, INSTANT, fold } from './text.ts'
import type { TextTest } from './values.ts'

/** The test of texts; an empty one is not known and fits nothing. */
export function textPredicate(test: TextTest | { op: 'is_set' }): (text: string) => boolean {
  switch (test.op) {
    case 'is_set':
      return (text) => text !== ''
    case 'any_of': {
      const wanted = new Set(test.texts.map(fold))
      return (text) => wanted.has(fold(text))
    }
    case 'contains': {
      const part = fold(test.text)
      return (text) => fold(text).includes(part)
    }
    case 'starts_with': {
      const part = fold(test.text)
      return (text) => fold(text).startsWith(part)
    }
    case 'ends_with': {
      const part = fold(test.text)
      return (text) => fold(text).endsWith(part)
    }
  }
}

/** The test of dates: of instants, and of days that are no more than that. */
export function datePredicate(test: DateTest | { op: 'is_set' }, asOf: AsOf): (date: string) => boolean {
  if (test.op === 'is_set') return (date) => DAY.test(date) || INSTANT.test(date)
  if (test.op === 'anniversary_in_next') {
    const days = new Set(anniversaries(test.span, asOf))
    return (date) =>
      DAY.test(date)
        ? days.has(date.slice(5))
        : INSTANT.test(date) && days.has(dayInZone(Date.parse(date), asOf.timeZone).slice(5))
  }
  const stretch = stretchOf(test, asOf)
  const from = stretch.fromMs === undefined ? undefined : isoOf(stretch.fromMs)
  const to = stretch.toMs === undefined ? undefined : isoOf(stretch.toMs)
  return (date) => {
    if (DAY.test(date)) {
      const { fromDay, toDay } = stretch
      return (fromDay === undefined || date >= fromDay) && (toDay === undefined || date <= toDay)
    }
    return INSTANT.test(date) && (from === undefined || date >= from) && (to === undefined || date < to)
  }
}

/** An instant as facts and the log have it: compared as text, since both sides have the same form. */
export function isoOf(ms: number): string {
  return new Date(Math.min(Math.max(ms, EARLIEST), LATEST)).toISOString()
}

/** Whether an instant in ms lies within a stretch. */
export function isWithin({ fromMs, toMs }: Stretch, ms: number): boolean {
  return (fromMs === undefined || ms >= fromMs) && (toMs === undefined || ms < toMs)
}

// Four digits of year, so that the order of texts is that of time.
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')
