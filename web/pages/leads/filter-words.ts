// Conditions as a filter bar shows them: a list of comparisons with one joining word, each read as words. Pure.
import { factTypes, operatorWords as wordsOf, valueShape } from '../../../src/conditions/contract.ts'
import type { Comparison, Condition, FactType, Operator, Span } from '../../../src/conditions/contract.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'
import { formatDay, formatNumber } from '../../ui/format.ts'

export type { OfferedFact }

export interface FlatFilter {
  join: 'and' | 'or'
  parts: Comparison[]
}

/** The comparisons of a condition of one level; undefined where it is nested deeper than the bar can show. */
export function flatten(condition: Condition | undefined): FlatFilter | undefined {
  if (condition === undefined) return { join: 'and', parts: [] }
  if ('fact' in condition) return isSimple(condition) ? { join: 'and', parts: [condition] } : undefined
  if ('not' in condition || 'event' in condition) return undefined
  const join = 'or' in condition ? 'or' : 'and'
  const parts = 'or' in condition ? condition.or : condition.and
  const comparisons = parts.filter((part): part is Comparison => 'fact' in part && isSimple(part))
  return comparisons.length === parts.length ? { join, parts: comparisons } : undefined
}

export function asCondition({ join, parts }: FlatFilter): Condition | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  if (parts.length === 1) return first
  return join === 'or' ? { or: parts } : { and: parts }
}

/** What a comparison starts with when its fact is chosen. */
export function firstComparison(fact: OfferedFact): Comparison {
  switch (fact.type) {
    case 'text':
      return { fact: fact.name, op: 'contains', value: '' }
    case 'choice':
      return { fact: fact.name, op: 'is', value: '' }
    case 'number':
      return { fact: fact.name, op: 'at_least', value: 1 }
    case 'date':
      return { fact: fact.name, op: 'in_last', value: { count: 30, unit: 'days' } }
    case 'boolean':
      return { fact: fact.name, op: 'is_true' }
    case 'tags':
      return { fact: fact.name, op: 'has_any', value: [] }
    case 'consent':
      return { fact: fact.name, op: 'granted' }
  }
}

/** The operator as the middle of a sentence. */
export function operatorWords(op: Operator, type: FactType): string {
  return wordsOf(type, op)
}

/** The rest of the sentence that begins with the fact's label: `is Germany`, `is in the last 30 days`. */
export function sentenceOf({ op, value }: Comparison, fact: OfferedFact | undefined): string {
  const words = operatorWords(op, fact?.type ?? 'text')
  if (value === undefined) return words
  if (isSpan(value))
    return words.includes('…') ? words.replace('…', spanWords(value)) : `${words} ${spanWords(value)}`
  if (typeof value === 'number') return `${words} ${formatNumber(value)}`
  const labelled = (one: string) => fact?.choices?.find((choice) => choice.value === one)?.label ?? one
  if (Array.isArray(value)) return `${words} ${value.map((one) => labelled(String(one))).join(', ')}`
  if (fact?.type === 'date') return `${words} ${formatDay(value.slice(0, 10))}`
  return `${words} ${labelled(value)}`
}

export function takesValue(op: Operator, type: FactType): boolean {
  return valueShape(type, op) !== 'none'
}

/** The same comparison with another operator, its value kept where it still fits. */
export function withOperator(comparison: Comparison, op: Operator, type: FactType): Comparison {
  const { fact, value } = comparison
  switch (valueShape(type, op)) {
    case 'none':
      return { fact, op }
    case 'span':
    case 'future_span':
      return { fact, op, value: isSpan(value) ? value : { count: 30, unit: 'days' } }
    case 'number':
      return { fact, op, value: typeof value === 'number' ? value : 1 }
    case 'texts':
      return { fact, op, value: Array.isArray(value) ? value : [] }
    default:
      return { fact, op, value: typeof value === 'string' ? value : '' }
  }
}

/** Whether it can be asked as it stands. */
export function isComplete({ op, value }: Comparison, type: FactType): boolean {
  if (!takesValue(op, type)) return true
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'number' ? Number.isFinite(value) : (value ?? '') !== ''
}

export function isSpan(value: Comparison['value']): value is Span {
  return typeof value === 'object' && !Array.isArray(value)
}

function spanWords({ count, unit }: Span): string {
  return count === 1 ? `1 ${unit.slice(0, -1)}` : `${formatNumber(count)} ${unit}`
}

/** The operators that the bar has an editor for. */
export function offeredOperators(type: FactType): Operator[] {
  switch (type) {
    case 'text':
      return ['is', 'is_not', 'contains', 'not_contains', 'starts_with', 'ends_with', 'is_set', 'is_not_set']
    case 'choice':
      return ['is', 'is_not', 'is_set', 'is_not_set']
    case 'number':
      return ['equals', 'at_least', 'at_most', 'is_set', 'is_not_set']
    case 'date':
      return ['in_last', 'not_in_last', 'more_than_ago', 'before', 'after', 'on', 'is_set', 'is_not_set']
    case 'boolean':
      return ['is_true', 'is_false']
    case 'tags':
      return ['has_any', 'has_none', 'is_set', 'is_not_set']
    case 'consent':
      return []
  }
}

// What the bar has no editor for is left to the builder.
function isSimple({ op, value }: Comparison): boolean {
  return simpleOperators.has(op) && !(Array.isArray(value) && value.length > 1)
}

const simpleOperators = new Set(factTypes.flatMap(offeredOperators))
