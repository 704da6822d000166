// Writes a test of one value as SQL for ClickHouse: a text, a number, a date.
import { anniversaries, stretchOf } from './dates.ts'
import type { AsOf, DateTest, Stretch } from './dates.ts'
import { chSql, joinedBy, param } from './fragment.ts'
import type { Fragment } from './fragment.ts'
import { isoOf } from './memory-value.ts'
import { DAY, INSTANT, fold } from './text.ts'
import type { NumberTest, TextTest } from './values.ts'

/** @param folded a String as `fold` gives it */
export function foldedTextSql(test: TextTest | { op: 'is_set' }, folded: Fragment): Fragment {
  switch (test.op) {
    case 'is_set':
      return chSql`(${folded} != '')`
    case 'any_of': {
      const [only, ...more] = [...new Set(test.texts.map(fold))]
      return more.length === 0
        ? chSql`(${folded} = ${param('String', only)})`
        : chSql`(${folded} in ${param('Array(String)', [only, ...more])})`
    }
    case 'contains':
      return chSql`(position(${folded}, ${param('String', fold(test.text))}) > 0)`
    case 'starts_with':
      return chSql`startsWith(${folded}, ${param('String', fold(test.text))})`
    case 'ends_with':
      return chSql`endsWith(${folded}, ${param('String', fold(test.text))})`
  }
}

/** As `fold` of text.ts. */
export function foldSql(text: Fragment): Fragment {
  return chSql`replaceAll(lowerUTF8(${text}), 'ς', 'σ')`
}

/**
 * Null where the number is null.
 * @param type of the numbers compared with; whole ones for `Int64`
 */
export function numberSql(
  test: NumberTest,
  number: Fragment,
  type: 'Float64' | 'Int64' = 'Float64',
): Fragment {
  const value = (given: number) => param(type, type === 'Int64' ? String(BigInt(given)) : given)
  switch (test.op) {
    case 'equals':
      return chSql`${number} = ${value(test.number)}`
    case 'more_than':
      return chSql`${number} > ${value(test.number)}`
    case 'at_least':
      return chSql`${number} >= ${value(test.number)}`
    case 'less_than':
      return chSql`${number} < ${value(test.number)}`
    case 'at_most':
      return chSql`${number} <= ${value(test.number)}`
    case 'between':
      return chSql`(${number} >= ${value(test.from)} and ${number} <= ${value(test.to)})`
  }
}

/** Null where the instant is null. @param instant DateTime64(3) */
export function withinSql({ fromMs, toMs }: Stretch, instant: Fragment): Fragment {
  const ends = [
    ...(fromMs === undefined ? [] : [chSql`${instant} >= ${instantParam(fromMs)}`]),
    ...(toMs === undefined ? [] : [chSql`${instant} < ${instantParam(toMs)}`]),
  ]
  return ends.length === 0 ? chSql`1` : chSql`(${joinedBy('and', ends)})`
}

/** @param text a String that is a day, an instant, or no date at all */
export function textDateSql(test: DateTest | { op: 'is_set' }, text: Fragment, asOf: AsOf): Fragment {
  const isDay = chSql`match(${text}, ${param('String', DAY.source)})`
  const isInstant = chSql`match(${text}, ${param('String', INSTANT.source)})`
  if (test.op === 'is_set') return chSql`(${isDay} or ${isInstant})`
  if (test.op === 'anniversary_in_next') {
    const days = param('Array(String)', anniversaries(test.span, asOf))
    const local = localDay(chSql`parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')`, asOf)
    return chSql`ifNull(multiIf(${isDay}, substring(${text}, 6) in ${days}, ${isInstant}, ${local} in ${days}, 0), 0)`
  }
  const { fromMs, toMs, fromDay, toDay } = stretchOf(test, asOf)
  const days = [
    ...(fromDay === undefined ? [] : [chSql`${text} >= ${param('String', fromDay)}`]),
    ...(toDay === undefined ? [] : [chSql`${text} <= ${param('String', toDay)}`]),
  ]
  const instants = [
    ...(fromMs === undefined ? [] : [chSql`${text} >= ${param('String', isoOf(fromMs))}`]),
    ...(toMs === undefined ? [] : [chSql`${text} < ${param('String', isoOf(toMs))}`]),
  ]
  return chSql`multiIf(${isDay}, ${joinedBy('and', days)}, ${isInstant}, ${joinedBy('and', instants)}, 0)`
}

/** The day of the year, `MM-DD`, that an instant falls on. */
export function localDay(instant: Fragment, { timeZone }: AsOf): Fragment {
  return chSql`formatDateTime(${instant}, '%m-%d', ${param('String', timeZone)})`
}

function instantParam(ms: number): Fragment {
  return chSql`fromUnixTimestamp64Milli(${param('Int64', Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS))}, 'UTC')`
}

// What a DateTime64(3) holds: from 1900 up to 2299.
const EARLIEST_MS = Date.UTC(1900, 0, 1)
const LATEST_MS = Date.UTC(2299, 11, 31)
