// Holds a condition against the facts that there are: what comes out names facts, operators and values that fit.
import { Refusal } from '../lib/refusal.ts'
import type { DateTest } from './dates.ts'
import { checkEvent } from './check-event.ts'
import type { EventTest } from './check-event.ts'
import type { Fact, Facts } from './fact.ts'
import { NEGATED_OPERATORS, operators } from './operators.ts'
import type { FactType } from './operators.ts'
import { DEPTH_LIMIT, SIZE_LIMIT } from './tree.ts'
import type { Comparison, Condition } from './tree.ts'
import { dateTest, numberTest, tagsTest, textTest } from './values.ts'
import type { NumberTest, TagsTest, TextTest } from './values.ts'
import { leavesOf } from './uses.ts'

/** What is asked of a fact, `negated` where it must not hold. */
export interface FactTests {
  text: TextTest | { op: 'is_set' }
  choice: TextTest | { op: 'is_set' }
  number: NumberTest | { op: 'is_set' }
  date: DateTest | { op: 'is_set' }
  boolean: { op: 'is_true' | 'is_false' | 'is_set' }
  tags: TagsTest | { op: 'is_set' }
  consent: { op: 'granted' | 'denied' | 'unknown' | 'allowed' }
}

/** A test of a fact of a type, as both interpreters take it. */
export type FactTest<Subject> = {
  [Type in FactType]: {
    type: Type
    fact: Extract<Fact<Subject>, { type: Type }>
    test: FactTests[Type]
    negated: boolean
  }
}[FactType]

export type Checked<Subject> =
  | { kind: 'fact'; asked: FactTest<Subject> }
  | { kind: 'event'; asked: EventTest }
  | { kind: 'and' | 'or'; parts: Checked<Subject>[] }
  | { kind: 'not'; part: Checked<Subject> }

/**
 * Throws a Refusal (400) that names the place: for a fact that is unknown or renamed, an operator or value that does not fit,
 * a tree too deep or too large.
 */
export function checkCondition<Subject>(condition: Condition, facts: Facts<Subject>): Checked<Subject> {
  if (leavesOf(condition).length > SIZE_LIMIT) {
    throw new Refusal(
      'condition_too_large',
      400,
      `One condition may hold at most ${SIZE_LIMIT} comparisons; take some out, or list values in one comparison.`,
    )
  }
  return checkPart(condition, facts, [], 1)
}

/** Where in the tree something stands, as the start of a sentence: `In condition 2 of group 1: `. */
export function placeWords(place: readonly number[]): string {
  if (place.length === 0) return ''
  const [own = 0, ...groups] = [...place].reverse()
  return `In condition ${own + 1}${groups.map((at) => ` of group ${at + 1}`).join('')}: `
}

function checkPart<Subject>(
  condition: Condition,
  facts: Facts<Subject>,
  place: number[],
  depth: number,
): Checked<Subject> {
  if (depth > DEPTH_LIMIT) {
    throw new Refusal(
      'condition_too_deep',
      400,
      `Groups may stand within groups at most ${DEPTH_LIMIT} deep; take some apart.`,
    )
  }
  const partsOf = (parts: Condition[]) =>
    parts.map((part, at) => checkPart(part, facts, [...place, at], depth + 1))
  if ('and' in condition) return { kind: 'and', parts: partsOf(condition.and) }
  if ('or' in condition) return { kind: 'or', parts: partsOf(condition.or) }
  if ('not' in condition) return { kind: 'not', part: checkPart(condition.not, facts, place, depth + 1) }
  try {
    return 'event' in condition
      ? { kind: 'event', asked: checkEvent(condition) }
      : { kind: 'fact', asked: checkComparison(condition, facts) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.code, error.status, placeWords(place) + error.message, { details: { place } })
  }
}

function checkComparison<Subject>(comparison: Comparison, facts: Facts<Subject>): FactTest<Subject> {
  const fact = facts.byName.get(comparison.fact)
  if (!fact) throw factUnknown(comparison.fact, facts)
  const { op } = comparison
  const fitting: readonly string[] = operators[fact.type]
  if (!fitting.includes(op)) {
    throw new Refusal(
      'operator_unfit',
      400,
      `${fact.label} cannot be asked with ${op}; use one of ${fitting.join(', ')}.`,
    )
  }
  const { label } = fact
  const negated = NEGATED_OPERATORS.has(op)
  const { value } = comparison
  if (op === 'is_set' || op === 'is_not_set') {
    if (fact.type === 'consent') throw new Error('a consent is always something')
    return { type: fact.type, fact, test: { op: 'is_set' }, negated } as FactTest<Subject>
  }
  switch (fact.type) {
    case 'text':
      return { type: 'text', fact, test: textTest(op, value, label), negated }
    case 'choice':
      return { type: 'choice', fact, test: textTest(op, value, label), negated }
    case 'number':
      return { type: 'number', fact, test: numberTest(op, value, label), negated }
    case 'date':
      return { type: 'date', fact, test: dateTest(op, value, label), negated }
    case 'boolean':
      return { type: 'boolean', fact, test: { op: op === 'is_true' ? 'is_true' : 'is_false' }, negated }
    case 'tags':
      return { type: 'tags', fact, test: tagsTest(op, value, label), negated }
    case 'consent':
      return { type: 'consent', fact, test: { op: consentOp(op) }, negated }
  }
}

function consentOp(op: string): FactTests['consent']['op'] {
  switch (op) {
    case 'granted':
    case 'denied':
    case 'unknown':
      return op
    default:
      return 'allowed'
  }
}

function factUnknown<Subject>(name: string, facts: Facts<Subject>): Refusal {
  const now = facts.byName.get(facts.former.get(name) ?? '')
  const isCustom = name.startsWith('fields.')
  const sentence = now
    ? `The field ${name.replace('fields.', '')} was renamed to ${now.label}; choose ${now.label} (${now.name}) instead.`
    : isCustom
      ? `There is no custom field ${name.slice('fields.'.length)}; it may have been renamed, merged or removed. Choose another field.`
      : `There is nothing called ${name} to ask for. There are ${[...facts.byName.keys()].slice(0, 40).join(', ')}.`
  return new Refusal(now ? 'fact_renamed' : 'fact_unknown', 400, sentence)
}
