// Conditions as a filter bar shows them: a list of comparisons with one joining word, each read as words. Pure.
import { factTypes, testWords } from '../../../src/conditions/contract.ts'
import type { Comparison, Condition, FactType, Operator } from '../../../src/conditions/contract.ts'
import { firstOperator, valueUnder } from '../../ui/conditions/draft.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'

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

/** What a comparison starts with when its fact is chosen; the bar asks for one choice, the builder for any of several. */
export function firstComparison({ name, type }: OfferedFact): Comparison {
  const op = type === 'choice' ? 'is' : firstOperator(type)
  return { fact: name, op, value: valueUnder(type, op, undefined) }
}

/** The rest of the sentence that begins with the fact's label: `is Germany`, `is in the last 30 days`. */
export function sentenceOf({ op, value }: Comparison, fact: OfferedFact | undefined): string {
  const type = fact?.type ?? 'text'
  if (type === 'text') return testWords(type, op, value)
  return testWords(
    type,
    op,
    value,
    (one) => fact?.choices?.find((choice) => choice.value === one)?.label ?? one,
  )
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
