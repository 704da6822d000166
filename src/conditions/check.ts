// Holds a condition against the facts that there are: what comes out names facts, operators and values that fit.
import { parseInstant } from '../lib/instant.ts'
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import { operators } from './contract.ts'
import type { Comparison, Condition } from './contract.ts'
import type { Fact, Facts } from './fact.ts'

/** Trees deeper than this are refused. */
export const DEPTH_LIMIT = 6
const DAYS_LIMIT = 36_500

type Of<Subject, Type extends Fact<Subject>['type']> = Extract<Fact<Subject>, { type: Type }>

/** A comparison whose operator and value fit the type of its fact. */
export type CheckedComparison<Subject> =
  | { fact: Fact<Subject>; op: 'is_set' | 'is_not_set' }
  | { fact: Of<Subject, 'text'>; op: 'is' | 'is_not' | 'contains' | 'starts_with'; text: string }
  | { fact: Of<Subject, 'number'>; op: 'equals' | 'at_least' | 'at_most'; number: number }
  | { fact: Of<Subject, 'instant'>; op: 'before' | 'after'; at: string }
  | { fact: Of<Subject, 'instant'>; op: 'in_last_days' | 'not_in_last_days'; days: number }
  | { fact: Of<Subject, 'boolean'>; op: 'is_true' | 'is_false' }
  | { fact: Of<Subject, 'tags'>; op: 'has' | 'has_not'; tag: string }

export type Checked<Subject> =
  | { comparison: CheckedComparison<Subject> }
  | { and: Checked<Subject>[] }
  | { or: Checked<Subject>[] }
  | { not: Checked<Subject> }

/** Throws a Refusal (400) for a fact that is unknown, an operator or value that does not fit it, or a tree too deep. */
export function checkCondition<Subject>(
  condition: Condition,
  facts: Facts<Subject>,
  depth = 1,
): Checked<Subject> {
  if (depth > DEPTH_LIMIT) {
    throw new Refusal(
      'condition_too_deep',
      400,
      `Conditions may be nested at most ${DEPTH_LIMIT} deep; take some apart.`,
    )
  }
  if ('and' in condition) return { and: condition.and.map((part) => checkCondition(part, facts, depth + 1)) }
  if ('or' in condition) return { or: condition.or.map((part) => checkCondition(part, facts, depth + 1)) }
  if ('not' in condition) return { not: checkCondition(condition.not, facts, depth + 1) }
  return { comparison: checkComparison(condition, facts) }
}

/** The names of the facts that a condition asks for. */
export function factNames(condition: Condition): string[] {
  if ('and' in condition) return condition.and.flatMap(factNames)
  if ('or' in condition) return condition.or.flatMap(factNames)
  if ('not' in condition) return factNames(condition.not)
  return [condition.fact]
}

function checkComparison<Subject>(comparison: Comparison, facts: Facts<Subject>): CheckedComparison<Subject> {
  const fact = facts.get(comparison.fact)
  if (!fact) {
    throw new Refusal(
      'fact_unknown',
      400,
      `Conditions cannot ask for ${comparison.fact}: there is no such field. Known are ${[...facts.keys()].slice(0, 40).join(', ')}.`,
    )
  }
  const { op } = comparison
  const fitting: readonly string[] = operators[fact.type]
  if (!fitting.includes(op)) {
    throw new Refusal(
      'operator_unfit',
      400,
      `${fact.label} cannot be asked with ${op}; use ${fitting.join(', ')}.`,
    )
  }
  if (op === 'is_set' || op === 'is_not_set') return { fact, op }
  switch (fact.type) {
    case 'text':
      return { fact, op: op as 'is', text: textOf(comparison, fact.label) }
    case 'tags':
      return { fact, op: op as 'has', tag: textOf(comparison, fact.label) }
    case 'number':
      return { fact, op: op as 'equals', number: numberOf(comparison, fact.label) }
    case 'boolean':
      return { fact, op: op as 'is_true' }
    case 'instant':
      return op === 'before' || op === 'after'
        ? { fact, op, at: instantOf(comparison, fact.label) }
        : { fact, op: op as 'in_last_days', days: daysOf(comparison, fact.label) }
  }
}

function textOf({ value }: Comparison, label: string): string {
  if (typeof value !== 'string' || value === '') throw unfit(`${label} is compared with a text; give one.`)
  const problem = textProblem(JSON.stringify(value))
  if (problem) throw unfit(problem)
  return value
}

function numberOf({ value }: Comparison, label: string): number {
  if (typeof value !== 'number') throw unfit(`${label} is compared with a number; give one, without quotes.`)
  return value
}

function daysOf({ value }: Comparison, label: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= DAYS_LIMIT) return value
  throw unfit(`${label} is counted in whole days; give a number from 1 to ${DAYS_LIMIT}.`)
}

function instantOf({ value }: Comparison, label: string): string {
  const at = typeof value === 'string' ? parseInstant(value) : null
  if (at === null)
    throw unfit(
      `${label} is compared with a date or instant; write it like 2026-01-31 or 2026-01-31T09:00:00Z.`,
    )
  return new Date(at).toISOString()
}

function unfit(sentence: string): Refusal {
  return new Refusal('value_unfit', 400, sentence)
}
