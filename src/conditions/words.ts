// A condition as a sentence: "Country is DE and did not place an order in the last 30 days". Pure, the same in API and web.
import { propertyLabel } from './details.ts'
import { deedWords } from './event-words.ts'
import { operatorWords } from './operators.ts'
import type { FactType, Operator } from './operators.ts'
import type {
  Comparison,
  Condition,
  EventComparison,
  Leaf,
  PropertyComparison,
  Span,
  Value,
  Window,
} from './tree.ts'

/** What the names in a condition are called. */
export interface Vocabulary {
  /** a fact that is not known keeps its name */
  factOf(name: string): { label: string; type: FactType } | undefined
  /** what a value is called, such as a country by its code; the value itself unless told */
  valueLabel?(fact: string, value: string): string
}

/** The whole condition as one sentence without a full stop; groups within groups stand in brackets. */
export function conditionWords(condition: Condition, vocabulary: Vocabulary): string {
  const sentence = partWords(condition, vocabulary, false)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** What stands behind the subject: `is any of DE or AT`, `is more than 30 days ago`. */
export function testWords(
  type: FactType,
  op: Operator,
  value: Value | undefined,
  label: (value: string) => string = (text) => (type === 'text' ? `“${text}”` : text),
): string {
  if (type === 'tags' || op === 'any_of' || op === 'none_of') {
    const list = Array.isArray(value) ? value.map((one) => label(String(one))) : []
    if (list.length === 1) return `${single[op] ?? operatorWords(type, op)} ${list[0]}`
    if (list.length > 0)
      return `${operatorWords(type, op)} ${listWords(list, op === 'has_all' ? 'and' : 'or')}`
  }
  const words = operatorWords(type, op)
  const shown = valueWords(type, value, label)
  if (shown === '') return words
  return words.includes('…') ? words.replace('…', shown) : `${words} ${shown}`
}

const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const numberFormat = new Intl.NumberFormat('en', { maximumFractionDigits: 10 })

const single: Partial<Record<Operator, string>> = {
  any_of: 'is',
  none_of: 'is not',
  has_any: 'include',
  has_all: 'include',
  has_none: 'do not include',
}

function partWords(condition: Condition, vocabulary: Vocabulary, isInner: boolean): string {
  if ('and' in condition) return joined(condition.and, ' and ', vocabulary, isInner)
  if ('or' in condition) return joined(condition.or, ' or ', vocabulary, isInner)
  if ('not' in condition) return `not (${partWords(condition.not, vocabulary, false)})`
  return leafWords(condition, vocabulary)
}

// Its subject included: `Country is DE`, `did not place an order`.
function leafWords(leaf: Leaf, vocabulary: Vocabulary): string {
  return 'event' in leaf ? eventWords(leaf) : comparisonWords(leaf, vocabulary)
}

function joined(parts: Condition[], word: string, vocabulary: Vocabulary, isInner: boolean): string {
  const [only, ...more] = parts
  if (only && more.length === 0) return partWords(only, vocabulary, isInner)
  const sentence = parts.map((part) => partWords(part, vocabulary, true)).join(word)
  return isInner ? `(${sentence})` : sentence
}

function comparisonWords({ fact, op, value }: Comparison, vocabulary: Vocabulary): string {
  const known = vocabulary.factOf(fact)
  const type = known?.type ?? 'text'
  const label = (text: string) =>
    type === 'text' ? `“${text}”` : (vocabulary.valueLabel?.(fact, text) ?? text)
  return `${known?.label ?? fact} ${testWords(type, op, value, label)}`
}

function eventWords(asked: EventComparison): string {
  const { did, doIt } = deedWords(asked.event)
  const where = (asked.where ?? []).map(propertyWords)
  const filters = where.length === 0 ? '' : ` where ${where.join(' and ')}`
  const when = asked.within ? ` ${whenWords(asked.within)}` : ''
  switch (asked.op) {
    case 'did':
      return `${did}${filters}${when}`
    case 'did_not':
      return `did not ${doIt}${filters}${when}`
    case 'count':
      return `${did} ${timesWords(asked.test)}${filters}${when}`
    case 'sum': {
      const { op = 'equals', value } = asked.test ?? {}
      const test = testWords('number', op, value).replace(/^is /, '')
      return `${did} with ${propertyLabel(asked.of ?? '')} adding up to ${test}${filters}${when}`
    }
    case 'first':
    case 'last':
      return `${asked.op} ${did}${filters}${asked.test ? ` ${whenWords({ op: asked.test.op as Window['op'], value: asked.test.value })}` : ''}${asked.within ? `, counting what was ${whenWords(asked.within)}` : ''}`
  }
}

function propertyWords({ property, type, op, value }: PropertyComparison): string {
  return `${propertyLabel(property)} ${testWords(type, op, value)}`
}

/** When, without a verb: `in the last 30 days`, `before 1 Jan 2026`. */
function whenWords({ op, value }: Window): string {
  return testWords('date', op, value).replace(/^is /, '')
}

function timesWords(test: EventComparison['test']): string {
  const { op = 'at_least', value } = test ?? {}
  const [low = 0, high = 0] = Array.isArray(value) ? value.map(Number) : [Number(value ?? 0)]
  const times = (count: number) => (count === 1 ? 'once' : `${numberWords(count)} times`)
  switch (op) {
    case 'equals':
      return `exactly ${times(low)}`
    case 'not_equals':
      return `any number of times but ${numberWords(low)}`
    case 'more_than':
      return `more than ${times(low)}`
    case 'less_than':
      return `fewer than ${numberWords(low)} times`
    case 'at_most':
      return `at most ${times(low)}`
    case 'between':
      return `between ${numberWords(low)} and ${numberWords(high)} times`
    default:
      return `at least ${times(low)}`
  }
}

function valueWords(type: FactType, value: Value | undefined, label: (value: string) => string): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return numberWords(value)
  if (Array.isArray(value)) {
    const [first, last] = value
    const one = (end: string | number | undefined) =>
      typeof end === 'number' ? numberWords(end) : dayWords(String(end ?? ''))
    return `${one(first)} and ${one(last)}`
  }
  if (typeof value === 'object') return spanWords(value)
  return type === 'date' ? dayWords(value) : label(value)
}

// `30 days`, `1 month`.
function spanWords({ count, unit }: Span): string {
  return count === 1 ? `1 ${unit.slice(0, -1)}` : `${numberWords(count)} ${unit}`
}

// `31 Jan 2026` for `2026-01-31`; anything else as it is.
function dayWords(day: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? dayFormat.format(new Date(`${day}T00:00:00Z`)) : day
}

function listWords(list: readonly string[], word: 'and' | 'or'): string {
  return `${list.slice(0, -1).join(', ')} ${word} ${list.at(-1)}`
}

function numberWords(number: number): string {
  return numberFormat.format(number)
}
