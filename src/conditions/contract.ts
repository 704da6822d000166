// The nouns of conditions: the tree, its operators, what it speaks of, and how it reads as words.
export { factTypes, instantOperators, operatorWords, operators, valueShape } from './operators.ts'
export type { FactType, InstantOperator, NumberOperator, Operator, ValueShape } from './operators.ts'
export { DEPTH_LIMIT, SIZE_LIMIT, conditionSchema, filterSchema, propertyTypes, spanUnits } from './tree.ts'
export type {
  Comparison,
  Condition,
  EventComparison,
  Leaf,
  PropertyComparison,
  PropertyType,
  Span,
  Value,
  Window,
} from './tree.ts'
export { eventDetails, propertyLabel } from './details.ts'
export { customFactName, customFieldKeys, factNames, leavesOf, renameFact } from './uses.ts'
export { conditionWords, testWords } from './words.ts'
export type { Vocabulary } from './words.ts'
export { deedWords } from './event-words.ts'
export { suggestEvents, suggestProperties, suggestPropertyValues } from './endpoints.ts'
