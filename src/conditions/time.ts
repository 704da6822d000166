// Which conditions come true or false with time alone, though nothing happens to anybody.
import type { Facts } from './fact.ts'
import type { Condition } from './tree.ts'
import { leavesOf } from './uses.ts'

/** Whether a condition compares with the moment at which it is asked, or asks for a fact that moves by itself. */
export function movesWithTime<Subject>(condition: Condition, facts: Facts<Subject>): boolean {
  return leavesOf(condition).some(({ leaf }) => {
    if ('fact' in leaf) return MOVING.has(leaf.op) || facts.byName.get(leaf.fact)?.movesWithTime === true
    const { within, test, where = [] } = leaf
    return [within, test, ...where].some((part) => part !== undefined && MOVING.has(part.op))
  })
}

/** Operators that ask how long ago or ahead something is. */
const MOVING: ReadonlySet<string> = new Set([
  'in_last',
  'not_in_last',
  'more_than_ago',
  'in_next',
  'today',
  'anniversary_in_next',
])
