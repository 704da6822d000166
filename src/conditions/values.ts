// Reads the value of a comparison as its operator wants it; refuses what does not fit in a sentence that says what would.
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import { isDay } from './dates.ts'
import type { DateTest } from './dates.ts'
import { valueShape } from './operators.ts'
import type { NumberOperator, Operator } from './operators.ts'
import { spanUnits } from './tree.ts'
import type { Span, Value } from './tree.ts'

/** Values as they were given, not folded. */
export type TextTest =
  { op: 'contains' | 'starts_with' | 'ends_with'; text: string } | { op: 'any_of'; texts: string[] }
export type NumberTest =
  | { op: 'equals' | 'more_than' | 'at_least' | 'less_than' | 'at_most'; number: number }
  | { op: 'between'; from: number; to: number }
export interface TagsTest {
  op: 'has_any' | 'has_all'
  tags: string[]
}

type Given = Value | undefined

/** @param label what is compared, as a sentence begins with it */
export function textTest(op: Operator, value: Given, label: string): TextTest {
  switch (op) {
    case 'contains':
    case 'not_contains':
      return { op: 'contains', text: textOf(value, label) }
    case 'starts_with':
    case 'ends_with':
      return { op, text: textOf(value, label) }
    case 'any_of':
    case 'none_of':
      return { op: 'any_of', texts: textsOf(value, label) }
    default:
      return { op: 'any_of', texts: [textOf(value, label)] }
  }
}

export function numberTest(op: Operator | NumberOperator, value: Given, label: string): NumberTest {
  switch (op) {
    case 'more_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
      return { op, number: numberOf(value, label) }
    case 'between': {
      const [from, to] = pairOf(
        value,
        `${label} is compared with two numbers; give the lower and the higher.`,
      )
      return { op, from: numberOf(from, label), to: numberOf(to, label) }
    }
    default:
      return { op: 'equals', number: numberOf(value, label) }
  }
}

/** Sums are exact to a millionth; a number beyond this is neither summed nor compared with a sum. */
export const SUM_LIMIT = 1e12

/** Whether a number fits. */
export function numberHolds(test: NumberTest, number: number | bigint): boolean {
  switch (test.op) {
    case 'equals':
      // Not ===, under which no bigint is a number.
      return number >= test.number && number <= test.number
    case 'more_than':
      return number > test.number
    case 'at_least':
      return number >= test.number
    case 'less_than':
      return number < test.number
    case 'at_most':
      return number <= test.number
    case 'between':
      return number >= test.from && number <= test.to
  }
}

/** The test of a sum, whose numbers are bounded. */
export function sumTest(op: Operator | NumberOperator, value: Given, label: string): NumberTest {
  const test = numberTest(op, value, label)
  const numbers = test.op === 'between' ? [test.from, test.to] : [test.number]
  if (numbers.some((number) => Math.abs(number) > SUM_LIMIT))
    throw valueUnfit(`${label} is compared with numbers up to ${SUM_LIMIT}; give a smaller one.`)
  return test
}

export function dateTest(op: Operator, value: Given, label: string): DateTest {
  switch (op) {
    case 'in_last':
    case 'not_in_last':
      return { op: 'in_last', span: spanOf(op, value, label) }
    case 'more_than_ago':
    case 'in_next':
    case 'anniversary_in_next':
      return { op, span: spanOf(op, value, label) }
    case 'on':
    case 'before':
    case 'after':
      return { op, day: dayOf(value, label) }
    case 'between': {
      const [first, last] = pairOf(value, `${label} is compared with two days; give the first and the last.`)
      return { op, days: [dayOf(first, label), dayOf(last, label)] }
    }
    default:
      return { op: 'today' }
  }
}

export function tagsTest(op: Operator, value: Given, label: string): TagsTest {
  return { op: op === 'has_all' ? 'has_all' : 'has_any', tags: textsOf(value, label) }
}

/** The refusal of a value that does not fit. */
export function valueUnfit(sentence: string): Refusal {
  return new Refusal('value_unfit', 400, sentence)
}

const SPAN_LIMITS: Record<Span['unit'], number> = { hours: 87_600, days: 36_500, weeks: 5_200, months: 1_200 }

function textOf(value: Given, label: string): string {
  if (typeof value !== 'string' || value === '')
    throw valueUnfit(`${label} is compared with a text; give one.`)
  const problem = textProblem(JSON.stringify(value))
  if (problem) throw valueUnfit(problem)
  return value
}

function textsOf(value: Given, label: string): string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw valueUnfit(`${label} is compared with a list; give at least one value.`)
  return [...new Set(value.map((one) => textOf(one, label)))]
}

function numberOf(value: Given, label: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw valueUnfit(`${label} is compared with a number; give one, without quotes.`)
  return value
}

function dayOf(value: Given, label: string): string {
  if (typeof value !== 'string' || !isDay(value))
    throw valueUnfit(`${label} is compared with a day; write it like 2026-01-31.`)
  return value
}

function pairOf(value: Given, sentence: string): [string | number, string | number] {
  if (!Array.isArray(value) || value.length !== 2 || value[0] === undefined || value[1] === undefined)
    throw valueUnfit(sentence)
  if (value[0] > value[1]) throw valueUnfit(`The first of the two values must not be above the second.`)
  return [value[0], value[1]]
}

function spanOf(op: Operator, value: Given, label: string): Span {
  const span = typeof value === 'object' && !Array.isArray(value) ? value : undefined
  const limit = span ? SPAN_LIMITS[span.unit] : 0
  if (!span || !Number.isInteger(span.count) || span.count < 1 || span.count > limit) {
    throw valueUnfit(
      `${label} is compared with a span of time; give a whole number from 1 and one of ${spanUnits.join(', ')}, at most a hundred years.`,
    )
  }
  if (valueShape('date', op) === 'future_span' && span.unit === 'hours')
    throw valueUnfit(`${label} is looked for by whole days ahead; give days, weeks or months.`)
  return span
}
