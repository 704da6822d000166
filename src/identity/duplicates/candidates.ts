// The pairs of records that are worth a comparison: those that meet under one of many keys, each pair once.
import { keyRules } from './keys.ts'
import type { KeyRule } from './keys.ts'
import type { Prepared } from './prepare.ts'

/** The rules that were taken, and a walk over their pairs. */
export interface Candidates {
  /** what a record's rules are called; `every pair` for a small file */
  rules: string[]
  /** no more pairs than these will be met */
  most: number
  /** calls back with each pair once, in a fixed order; each step takes some milliseconds */
  walk(meet: (a: number, b: number) => void): Generator<undefined>
}

/** All pairs of so few records are compared: 1.1 million at most. */
const fewRecords = 1_500

/**
 * Chooses rules until their pairs come to `budget`, the finest first. Groups of more than some records are passed over
 * by a rule, as much as the budget asks: such records meet under a finer one.
 */
export function* candidatesOf(
  prepared: Prepared,
  budget = budgetFor(prepared.recordCount),
): Generator<undefined, Candidates> {
  const { recordCount } = prepared
  if (recordCount <= fewRecords) return everyPair(recordCount)
  const { rules, largest, most } = yield* chooseRules(prepared, budget)
  return {
    rules: rules.map(({ name }) => name),
    most,
    walk: (meet) => walkRules(rules, largest, recordCount, meet),
  }
}

function budgetFor(recordCount: number): number {
  return Math.max(4_000_000, Math.min(recordCount * 200, 20_000_000 + recordCount * 20))
}

function everyPair(recordCount: number): Candidates {
  return {
    rules: ['every pair'],
    most: (recordCount * (recordCount - 1)) / 2,
    *walk(meet) {
      for (let a = 0; a < recordCount; a++) {
        for (let b = a + 1; b < recordCount; b++) meet(a, b)
        if (a % 8 === 7) yield
      }
    },
  }
}

const smallestCap = 32
const capSteps = 8
/** Keys that are held at once: 160 MB of them, twice. */
const keyRoom = 40_000_000

interface Priced extends KeyRule {
  /** by step, the pairs of groups of at most smallestCap * 2^step records */
  pairsAt: Float64Array
}

function* chooseRules(
  prepared: Prepared,
  budget: number,
): Generator<undefined, { rules: KeyRule[]; largest: number; most: number }> {
  const priced: Priced[] = []
  const mostRules = Math.max(24, Math.min(300, Math.floor(keyRoom / prepared.recordCount)))
  for (const rule of keyRules(prepared)) {
    const pairsAt = priceOf(rule)
    yield
    if (pairsAt[capSteps]! > 0) priced.push({ ...rule, pairsAt })
    // Rules that are dear at any size are let go of.
    if (priced.length > mostRules * 1.3) priced.sort(byPrice(0)).length = mostRules
  }
  let step = 0
  const total = (at: number) => priced.reduce((sum, { pairsAt }) => sum + pairsAt[at]!, 0)
  while (step < capSteps && total(step + 1) <= budget) step++
  priced.sort(byPrice(step))
  const rules: KeyRule[] = []
  let spent = 0
  for (const rule of priced) {
    const pairs = rule.pairsAt[step]!
    if (pairs === 0) continue
    if (spent + pairs > budget) break
    spent += pairs
    rules.push(rule)
  }
  return { rules, largest: smallestCap * 2 ** step, most: spent }
}

function byPrice(step: number) {
  return (a: Priced, b: Priced) => a.pairsAt[step]! - b.pairsAt[step]! || (a.name < b.name ? -1 : 1)
}

function priceOf({ keyOf }: KeyRule): Float64Array {
  const pairsAt = new Float64Array(capSteps + 1)
  const sorted = keyOf.slice().sort()
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    if (sorted[start] === 0) continue
    const size = end - start
    const pairs = (size * (size - 1)) / 2
    for (let step = 0; step <= capSteps; step++) if (size <= smallestCap * 2 ** step) pairsAt[step]! += pairs
  }
  return pairsAt
}

// A pair is met by the first of the rules that it has a key of in common; the keys of a record lie side by side.
function* walkRules(
  rules: readonly KeyRule[],
  largest: number,
  recordCount: number,
  meet: (a: number, b: number) => void,
): Generator<undefined> {
  const width = rules.length
  const keys = new Uint32Array(recordCount * width)
  const order = new Uint32Array(recordCount)
  for (const [rule, { keyOf }] of rules.entries()) {
    let met = 0
    for (let record = 0; record < recordCount; record++) {
      keys[record * width + rule] = keyOf[record]!
      order[record] = record
    }
    order.sort((a, b) => keyOf[a]! - keyOf[b]! || a - b)
    for (let start = 0, end = 0; start < recordCount; start = end) {
      const key = keyOf[order[start]!]!
      while (end < recordCount && keyOf[order[end]!] === key) end++
      if (key === 0) continue
      if (end - start > largest) for (let at = start; at < end; at++) keys[order[at]! * width + rule] = 0
      else {
        meetAll(start, end, rule)
        met += (end - start) ** 2
        if (met > 8_000) {
          yield
          met = 0
        }
      }
    }
    yield
  }

  function meetAll(start: number, end: number, rule: number): void {
    for (let one = start; one < end; one++) {
      const a = order[one]!
      for (let other = one + 1; other < end; other++) {
        const b = order[other]!
        if (!metBefore(a * width, b * width, rule)) meet(a, b)
      }
    }
  }

  function metBefore(a: number, b: number, rule: number): boolean {
    for (let before = 0; before < rule; before++) {
      const key = keys[a + before]!
      if (key !== 0 && key === keys[b + before]!) return true
    }
    return false
  }
}
