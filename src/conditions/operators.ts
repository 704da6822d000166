// The types of facts and the operators of each, with the words that stand between a fact and its value.

/** A fact that conditions may speak of; modules declare theirs. `fields.<key>` is a custom field. */
export const factTypes = ['text', 'number', 'date', 'boolean', 'tags', 'choice', 'consent'] as const
export type FactType = (typeof factTypes)[number]

/** Operators by type of fact. What is not known is different from every value: the negated operators hold for it. */
export const operators = {
  text: [
    'is',
    'is_not',
    'contains',
    'not_contains',
    'starts_with',
    'ends_with',
    'any_of',
    'none_of',
    'is_set',
    'is_not_set',
  ],
  number: [
    'equals',
    'not_equals',
    'more_than',
    'at_least',
    'less_than',
    'at_most',
    'between',
    'is_set',
    'is_not_set',
  ],
  date: [
    'in_last',
    'not_in_last',
    'more_than_ago',
    'in_next',
    'today',
    'on',
    'before',
    'after',
    'between',
    'anniversary_in_next',
    'is_set',
    'is_not_set',
  ],
  boolean: ['is_true', 'is_false', 'is_set', 'is_not_set'],
  tags: ['has_any', 'has_all', 'has_none', 'is_set', 'is_not_set'],
  choice: ['any_of', 'none_of', 'is', 'is_not', 'is_set', 'is_not_set'],
  consent: ['granted', 'denied', 'unknown', 'allowed', 'withheld'],
} as const satisfies Record<FactType, readonly string[]>
export type Operator = (typeof operators)[FactType][number]

/** Operators that compare a number, as counts and sums do. */
export type NumberOperator = Exclude<(typeof operators)['number'][number], 'is_set' | 'is_not_set'>
/** Operators that compare an instant that is there: the first and last time, and the window of an event. */
export const instantOperators = [
  'in_last',
  'more_than_ago',
  'today',
  'on',
  'before',
  'after',
  'between',
] as const satisfies readonly (typeof operators)['date'][number][]
export type InstantOperator = (typeof instantOperators)[number]

/** Operators that are the opposite of another, and so hold for what is not known. */
export const NEGATED_OPERATORS: ReadonlySet<string> = new Set<Operator>([
  'is_not',
  'not_contains',
  'none_of',
  'is_not_set',
  'not_equals',
  'not_in_last',
  'has_none',
  'withheld',
])

/** What an operator wants beside it. */
export type ValueShape =
  'none' | 'text' | 'texts' | 'number' | 'numbers' | 'day' | 'days' | 'span' | 'future_span'

/** The value that an operator of a type takes. */
export function valueShape(type: FactType, op: Operator): ValueShape {
  switch (op) {
    case 'any_of':
    case 'none_of':
    case 'has_any':
    case 'has_all':
    case 'has_none':
      return 'texts'
    case 'is':
    case 'is_not':
    case 'contains':
    case 'not_contains':
    case 'starts_with':
    case 'ends_with':
      return 'text'
    case 'equals':
    case 'not_equals':
    case 'more_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
      return 'number'
    case 'between':
      return type === 'date' ? 'days' : 'numbers'
    case 'on':
    case 'before':
    case 'after':
      return 'day'
    case 'in_last':
    case 'not_in_last':
    case 'more_than_ago':
      return 'span'
    case 'in_next':
    case 'anniversary_in_next':
      return 'future_span'
    default:
      return 'none'
  }
}

/** The operator as the middle of a sentence, its value to follow: `Country` *is not* `Germany`. */
export function operatorWords(type: FactType, op: Operator): string {
  if (type === 'date' && op === 'between') return 'is between'
  if (type === 'tags' && op === 'is_set') return 'are any'
  if (type === 'tags' && op === 'is_not_set') return 'are none'
  return words[op]
}

const words: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  any_of: 'is any of',
  none_of: 'is none of',
  is_set: 'is known',
  is_not_set: 'is unknown',
  equals: 'is',
  not_equals: 'is not',
  more_than: 'is more than',
  at_least: 'is at least',
  less_than: 'is less than',
  at_most: 'is at most',
  between: 'is between',
  in_last: 'is in the last',
  not_in_last: 'is not in the last',
  more_than_ago: 'is more than … ago',
  in_next: 'is in the next',
  today: 'is today',
  on: 'is on',
  before: 'is before',
  after: 'is after',
  anniversary_in_next: 'has its anniversary in the next',
  is_true: 'is yes',
  is_false: 'is no',
  has_any: 'include any of',
  has_all: 'include all of',
  has_none: 'include none of',
  granted: 'was granted',
  denied: 'was refused',
  unknown: 'was never stated',
  allowed: 'is in effect',
  withheld: 'is not in effect',
}
