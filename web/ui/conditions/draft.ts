// A condition while it is written: groups of comparisons, some of them not complete yet. Pure.
import { valueShape } from '../../../src/conditions/contract.ts'
import type {
  Condition,
  EventComparison,
  FactType,
  Leaf,
  Operator,
  Value,
} from '../../../src/conditions/contract.ts'

export interface OfferedFact {
  /** as conditions name it */
  name: string
  label: string
  type: FactType
  /** the values in use, where they are few */
  choices?: { value: string; label: string }[]
  /** known where a condition names it, but no choice for a new one */
  isArchived?: boolean
}

export interface Group {
  join: 'and' | 'or'
  /** whether it must not hold */
  negated: boolean
  parts: (Leaf | Group)[]
}

/** A condition as groups; a single comparison becomes a group of one. */
export function toGroup(condition: Condition | undefined): Group {
  if (condition === undefined) return { join: 'and', negated: false, parts: [] }
  if ('not' in condition) {
    const inner = toGroup(condition.not)
    return inner.negated ? { join: 'and', negated: true, parts: [inner] } : { ...inner, negated: true }
  }
  if ('and' in condition) return { join: 'and', negated: false, parts: condition.and.map(toPart) }
  if ('or' in condition) return { join: 'or', negated: false, parts: condition.or.map(toPart) }
  return { join: 'and', negated: false, parts: [condition] }
}

/** The condition that a group says; undefined where it is empty. */
export function toCondition({ join, negated, parts }: Group): Condition | undefined {
  const said = parts.flatMap((part): Condition[] => {
    const condition = 'parts' in part ? toCondition(part) : part
    return condition ? [condition] : []
  })
  const [first] = said
  if (first === undefined) return undefined
  const condition: Condition = said.length === 1 ? first : join === 'and' ? { and: said } : { or: said }
  return negated ? { not: condition } : condition
}

/** Whether every comparison can be asked as it stands. */
export function isComplete(group: Group, typeOf: (fact: string) => FactType): boolean {
  return group.parts.every((part) => {
    if ('parts' in part) return isComplete(part, typeOf)
    if ('fact' in part) return hasValue(typeOf(part.fact), part.op, part.value)
    return isEventComplete(part)
  })
}

/** Whether a comparison has the value that its operator wants. */
export function hasValue(type: FactType, op: Operator, value: Value | undefined): boolean {
  if (valueShape(type, op) === 'none') return true
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => one !== '')
  return value !== undefined && value !== ''
}

/** What a comparison starts with when its fact is chosen. */
export function firstOperator(type: FactType): Operator {
  const first = {
    text: 'contains',
    number: 'at_least',
    date: 'in_last',
    boolean: 'is_true',
    tags: 'has_any',
    choice: 'any_of',
    consent: 'granted',
  } as const satisfies Record<FactType, Operator>
  return first[type]
}

/** The value under another operator: kept where it still fits, else what is usual. */
export function valueUnder(type: FactType, op: Operator, value: Value | undefined): Value | undefined {
  switch (valueShape(type, op)) {
    case 'none':
      return undefined
    case 'text':
      return typeof value === 'string' ? value : ''
    case 'texts':
      return Array.isArray(value)
        ? value.map(String)
        : typeof value === 'string' && value !== ''
          ? [value]
          : []
    case 'number':
      return typeof value === 'number' ? value : 1
    case 'numbers':
      return Array.isArray(value) && typeof value[0] === 'number' ? value : [1, 10]
    case 'day':
      return typeof value === 'string' ? value : ''
    case 'days':
      return Array.isArray(value) && typeof value[0] === 'string' && value.length === 2 ? value : ['', '']
    case 'span':
    case 'future_span':
      return typeof value === 'object' && !Array.isArray(value) ? value : { count: 30, unit: 'days' }
  }
}

/** The same event asked in another way. */
export function askedAs(asked: EventComparison, op: EventComparison['op']): EventComparison {
  const { event, where, within } = asked
  const kept = { event, op, ...(where ? { where } : {}), ...(within ? { within } : {}) }
  if (op === 'count') return { ...kept, test: { op: 'at_least', value: 2 } }
  if (op === 'sum') return { ...kept, of: asked.of ?? '', test: { op: 'at_least', value: 100 } }
  if (op === 'first' || op === 'last')
    return { ...kept, test: { op: 'in_last', value: { count: 30, unit: 'days' } } }
  return kept
}

function toPart(condition: Condition): Leaf | Group {
  return 'fact' in condition || 'event' in condition ? condition : toGroup(condition)
}

function isEventComplete({ event, op, of, test, where, within }: EventComparison): boolean {
  const isDated = op === 'first' || op === 'last'
  return (
    event !== '' &&
    (op !== 'sum' || (of ?? '') !== '') &&
    (test === undefined || hasValue(isDated ? 'date' : 'number', test.op, test.value)) &&
    (within === undefined || hasValue('date', within.op, within.value)) &&
    (where ?? []).every((one) => one.property !== '' && hasValue(one.type, one.op, one.value))
  )
}
