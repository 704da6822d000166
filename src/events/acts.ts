// What a person did, as text of SQL over the log's columns: the same as `isAct` says of an event in memory.
import { catalogue, isAct } from './catalogue.ts'
import { categories } from './contract.ts'

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ')
const acting = categories.filter((category) => isAct('', category))
const passive = catalogue
  .filter(({ name, category }) => isAct('', category) && !isAct(name, category))
  .map(({ name }) => name)

/** Holds for acts of people and of machines; `is_bot` tells these apart. */
export const actsSql = `category in (${quoted(acting)}) and name not in (${quoted(passive)})`
