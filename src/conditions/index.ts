// The verbs of conditions: check one against the facts, ask it in memory, write it as SQL.
export { checkCondition, factNames } from './check.ts'
export type { Checked } from './check.ts'
export { factsOf } from './fact.ts'
export type { Fact, Facts } from './fact.ts'
export { holds } from './memory.ts'
export { conditionSql } from './sql.ts'
export { chSql, joinedBy, param, written } from './fragment.ts'
export type { Fragment } from './fragment.ts'
