// What a tree speaks of, and the same tree after something was renamed.
import type { Condition, Leaf } from './tree.ts'

/** Every comparison with its place: the numbers, from 0, of the parts that lead to it. */
export function leavesOf(
  condition: Condition,
  place: readonly number[] = [],
): { leaf: Leaf; place: number[] }[] {
  if ('and' in condition) return condition.and.flatMap((part, at) => leavesOf(part, [...place, at]))
  if ('or' in condition) return condition.or.flatMap((part, at) => leavesOf(part, [...place, at]))
  if ('not' in condition) return leavesOf(condition.not, place)
  return [{ leaf: condition, place: [...place] }]
}

/** The names of the facts that a condition asks for, each once. */
export function factNames(condition: Condition): string[] {
  return [...new Set(leavesOf(condition).flatMap(({ leaf }) => ('fact' in leaf ? [leaf.fact] : [])))]
}

/** The keys of the custom fields that a condition asks for, each once. */
export function customFieldKeys(condition: Condition): string[] {
  return factNames(condition)
    .filter((name) => name.startsWith(CUSTOM))
    .map((name) => name.slice(CUSTOM.length))
}

/** The fact of a custom field. */
export function customFactName(key: string): string {
  return CUSTOM + key
}

/** The same condition after a fact, such as `fields.plan`, got another name. */
export function renameFact(condition: Condition, from: string, to: string): Condition {
  return withLeaves(condition, (leaf) =>
    'fact' in leaf && leaf.fact === from ? { ...leaf, fact: to } : leaf,
  )
}

const CUSTOM = 'fields.'

function withLeaves(condition: Condition, change: (leaf: Leaf) => Leaf): Condition {
  if ('and' in condition) return { and: condition.and.map((part) => withLeaves(part, change)) }
  if ('or' in condition) return { or: condition.or.map((part) => withLeaves(part, change)) }
  if ('not' in condition) return { not: withLeaves(condition.not, change) }
  return change(condition)
}
