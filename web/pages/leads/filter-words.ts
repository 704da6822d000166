// Conditions as a filter bar shows them: a list of comparisons with one joining word, each read as words. Pure.
import type { Comparison, Condition, FactType, Operator } from '../../../src/conditions/contract.ts'
import { formatDay, formatNumber } from '../../ui/format.ts'

export interface OfferedFact {
  /** as conditions name it */
  name: string
  label: string
  type: FactType
  /** the values in use, where they are few */
  choices?: { value: string; label: string }[]
}

export interface FlatFilter {
  join: 'and' | 'or'
  parts: Comparison[]
}

/** The comparisons of a condition of one level; undefined where it is nested deeper than the bar can show. */
export function flatten(condition: Condition | undefined): FlatFilter | undefined {
  if (condition === undefined) return { join: 'and', parts: [] }
  if ('fact' in condition) return { join: 'and', parts: [condition] }
  if ('not' in condition) return undefined
  const join = 'or' in condition ? 'or' : 'and'
  const parts = 'or' in condition ? condition.or : condition.and
  const comparisons = parts.filter((part) => 'fact' in part)
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
      return { fact: fact.name, op: fact.choices ? 'is' : 'contains', value: '' }
    case 'number':
      return { fact: fact.name, op: 'at_least', value: 1 }
    case 'instant':
      return { fact: fact.name, op: 'in_last_days', value: 30 }
    case 'boolean':
      return { fact: fact.name, op: 'is_true' }
    case 'tags':
      return { fact: fact.name, op: 'has', value: '' }
  }
}

/** The operator as the middle of a sentence. */
export function operatorWords(op: Operator, type: FactType): string {
  if (type === 'tags' && op === 'is_set') return 'are any'
  if (type === 'tags' && op === 'is_not_set') return 'are none'
  return operatorSentences[op]
}

/** The rest of the sentence that begins with the fact's label: `is Germany`, `in the last 30 days`. */
export function sentenceOf({ op, value }: Comparison, fact: OfferedFact | undefined): string {
  const words = operatorWords(op, fact?.type ?? 'text')
  if (!takesValue(op)) return words
  if (op === 'in_last_days' || op === 'not_in_last_days') return `${words} ${value} days`
  if (typeof value === 'number') return `${words} ${formatNumber(value)}`
  if (op === 'before' || op === 'after') return `${words} ${formatDay(String(value).slice(0, 10))}`
  return `${words} ${fact?.choices?.find((choice) => choice.value === value)?.label ?? value}`
}

export function takesValue(op: Operator): boolean {
  return !['is_set', 'is_not_set', 'is_true', 'is_false'].includes(op)
}

/** The same comparison with another operator, its value kept where it still fits. */
export function withOperator(comparison: Comparison, op: Operator): Comparison {
  const { fact, value } = comparison
  if (!takesValue(op)) return { fact, op }
  if (op === 'in_last_days' || op === 'not_in_last_days')
    return { fact, op, value: typeof value === 'number' ? value : 30 }
  if (op === 'before' || op === 'after') return { fact, op, value: typeof value === 'string' ? value : '' }
  if (op === 'equals' || op === 'at_least' || op === 'at_most')
    return { fact, op, value: typeof value === 'number' ? value : 1 }
  return { fact, op, value: typeof value === 'string' ? value : '' }
}

/** Whether it can be asked as it stands. */
export function isComplete({ op, value }: Comparison): boolean {
  return !takesValue(op) || (typeof value === 'number' ? Number.isFinite(value) : (value ?? '') !== '')
}

const operatorSentences: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  starts_with: 'starts with',
  is_set: 'is filled',
  is_not_set: 'is empty',
  equals: 'is',
  at_least: 'is at least',
  at_most: 'is at most',
  before: 'before',
  after: 'after',
  in_last_days: 'in the last',
  not_in_last_days: 'not in the last',
  is_true: 'is yes',
  is_false: 'is no',
  has: 'include',
  has_not: 'do not include',
}
