// Holds a comparison of events against what can be asked of events: its window, its properties, its count or sum.
import { Refusal } from '../lib/refusal.ts'
import { textProblem } from '../lib/text.ts'
import { eventDetails, propertyLabel, propertyPath } from './details.ts'
import type { PropertyPath } from './details.ts'
import type { DateTest } from './dates.ts'
import { NEGATED_OPERATORS, instantOperators, operators } from './operators.ts'
import type { EventComparison, PropertyComparison, PropertyType, Value } from './tree.ts'
import { dateTest, numberTest, sumTest, textTest, valueUnfit } from './values.ts'
import type { NumberTest, TextTest } from './values.ts'

/** Where a property is read: a column of the log, or within the sender's properties. */
export type PropertyPlace = { detail: (typeof eventDetails)[number] } | { path: PropertyPath }

export type InstantTest = Exclude<DateTest, { op: 'anniversary_in_next' | 'in_next' }>

interface PropertyTests {
  text: TextTest | { op: 'is_set' }
  number: NumberTest | { op: 'is_set' }
  boolean: { op: 'is_true' | 'is_false' | 'is_set' }
  date: DateTest | { op: 'is_set' }
}
export type PropertyTest = {
  [Type in PropertyType]: { type: Type; at: PropertyPlace; test: PropertyTests[Type]; negated: boolean }
}[PropertyType]

export type EventMeasure =
  | { op: 'count'; test: NumberTest }
  | { op: 'sum'; of: PropertyPath; test: NumberTest }
  | { op: 'first' | 'last'; test: InstantTest }

/** A checked comparison of events; `did` is a count of at least 1, `did_not` one of 0. */
export interface EventTest {
  event: string
  where: PropertyTest[]
  within: InstantTest | null
  measure: EventMeasure
}

/** Throws a Refusal (400) where something of it does not fit. */
export function checkEvent(asked: EventComparison): EventTest {
  const problem = textProblem(JSON.stringify(asked.event))
  if (problem) throw valueUnfit(problem)
  return {
    event: asked.event,
    where: (asked.where ?? []).map(checkProperty),
    within: asked.within ? instantTest(asked.within.op, asked.within.value, 'The time of an event') : null,
    measure: measureOf(asked),
  }
}

function measureOf({ op, of, test, event }: EventComparison): EventMeasure {
  switch (op) {
    case 'did':
      return { op: 'count', test: { op: 'at_least', number: 1 } }
    case 'did_not':
      return { op: 'count', test: { op: 'equals', number: 0 } }
    case 'count': {
      if (!test)
        throw valueUnfit(`Say how often ${event} is meant: give a test such as at_least with a number.`)
      const counted = numberTest(numberOperator(test.op), test.value, `The number of ${event}`)
      return { op, test: counted }
    }
    case 'sum': {
      const path = of === undefined ? null : propertyPath(of)
      if (!path)
        throw valueUnfit(`Say what is summed over ${event}: name one of its properties that is a number.`)
      if (!test) throw valueUnfit(`Say what the sum over ${event} is compared with.`)
      refuseBadText(of ?? '')
      return { op, of: path, test: sumTest(numberOperator(test.op), test.value, `The sum over ${event}`) }
    }
    case 'first':
    case 'last':
      if (!test) throw valueUnfit(`Say when the ${op} ${event} was: give a test such as before with a day.`)
      return { op, test: instantTest(test.op, test.value, `The ${op} ${event}`) }
  }
}

function checkProperty({ property, type, op, value }: PropertyComparison): PropertyTest {
  const detail = eventDetails.find(({ name }) => name === property)
  const path = detail ? null : propertyPath(property)
  if (!detail && (!path || property.startsWith('$'))) {
    throw new Refusal(
      'property_unknown',
      400,
      `${property} is no property of an event; write it like total, address.city or products[].sku, or name one of ${eventDetails.map(({ name }) => name).join(', ')}.`,
    )
  }
  refuseBadText(property)
  const at: PropertyPlace = detail ? { detail } : { path: path! }
  const label = propertyLabel(property)
  if (detail && type !== 'text')
    throw new Refusal('operator_unfit', 400, `${label} is a text and can only be asked as one.`)
  const fitting: readonly string[] = operators[type]
  if (!fitting.includes(op)) {
    throw new Refusal(
      'operator_unfit',
      400,
      `${label} as a ${type} cannot be asked with ${op}; use one of ${fitting.join(', ')}.`,
    )
  }
  const negated = NEGATED_OPERATORS.has(op)
  if (op === 'is_set' || op === 'is_not_set') return { type, at, test: { op: 'is_set' }, negated }
  switch (type) {
    case 'text':
      return { type, at, test: textTest(op, value, label), negated }
    case 'number':
      return { type, at, test: numberTest(op, value, label), negated }
    case 'boolean':
      return { type, at, test: { op: op === 'is_true' ? 'is_true' : 'is_false' }, negated }
    case 'date':
      return { type, at, test: dateTest(op, value, label), negated }
  }
}

function refuseBadText(property: string): void {
  const problem = textProblem(JSON.stringify(property))
  if (problem) throw valueUnfit(problem)
}

function instantTest(op: string, value: Value | undefined, label: string): InstantTest {
  const fitting = instantOperators.find((known) => known === op)
  if (!fitting)
    throw new Refusal(
      'operator_unfit',
      400,
      `${label} cannot be asked with ${op}; use one of ${instantOperators.join(', ')}.`,
    )
  const test = dateTest(fitting, value, label)
  if (test.op === 'in_next' || test.op === 'anniversary_in_next') throw new Error('no operator of instants')
  return test
}

function numberOperator(op: string) {
  const fitting = operators.number.find((known) => known === op)
  if (!fitting || fitting === 'is_set' || fitting === 'is_not_set')
    throw new Refusal(
      'operator_unfit',
      400,
      `A count or sum cannot be asked with ${op}; use one of ${operators.number.slice(0, -2).join(', ')}.`,
    )
  return fitting
}
