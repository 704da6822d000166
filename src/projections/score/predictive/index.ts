// The verbs of the predictive score: gather a table, learn from it, score rows and give the reasons.
export { fewestConversions, learn, stepsToLearn } from './learn.ts'
export type { Learnt } from './learn.ts'
export { logOddsOf, reasonsOf } from './model.ts'
export type { Model, Reasons } from './model.ts'
export { sigmoid } from './logistic.ts'
export { createTableGatherer } from './table.ts'
export type { Table, TableOptions } from './table.ts'
export { reasonWords } from './words.ts'
