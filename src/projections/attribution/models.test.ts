// Markov and Shapley against the definition and a fixture worked by hand.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bootstrap } from './intervals.ts'
import { fitMarkov } from './markov.ts'
import type { MarkovOrder } from './markov.ts'
import { collectPaths, withFewChannels } from './paths.ts'
import type { Paths } from './paths.ts'
import { channelSetsOf, prepareShapley } from './shapley.ts'

interface PathRow {
  path: string[]
  conversions: number
  value: number
  nulls: number
}

function pathsOf(rows: PathRow[]): Paths {
  const names = [...new Set(rows.flatMap(({ path }) => path))].sort()
  const ids = new Map(names.map((name, id) => [name, id]))
  const collector = collectPaths()
  for (const { path, ...totals } of rows)
    collector.add(
      path.map((name) => ids.get(name) ?? 0),
      totals,
    )
  return collector.paths(names).paths
}

/** Nine journeys of three conversions each, small enough to solve by hand. */
const nine = pathsOf(
  ['A', 'A B', 'A B C', 'B', 'B A', 'B C A', 'C', 'C A', 'C B A'].map((path) => ({
    path: path.split(' '),
    conversions: 3,
    value: 300,
    nulls: 0,
  })),
)

test('removal effects of nine journeys are those worked by hand', () => {
  // Without A: B converts 1/2 of what leaves it (the rest goes to A or C), C likewise; 2/3 of all is lost.
  const fit = fitMarkov(nine, 1)
  expect(fit.removalEffects).toEqual([
    expect.closeTo(2 / 3, 12),
    expect.closeTo(8 / 15, 12),
    expect.closeTo(28 / 57, 12),
  ])
  expect(fit.conversions).toEqual([
    expect.closeTo(10.643153526970956, 9),
    expect.closeTo(8.514522821576762, 9),
    expect.closeTo(7.842323651452283, 9),
  ])
})

const rowLists = fc.array(
  fc.record({
    path: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { minLength: 1, maxLength: 9 }),
    conversions: fc.nat(20),
    value: fc.nat(100_000),
    nulls: fc.nat(50),
  }),
  { minLength: 1, maxLength: 25 },
)

test('the chance to convert at the start of the chain is the observed rate, at every order', () => {
  fc.assert(
    fc.property(rowLists, fc.constantFrom<MarkovOrder>(1, 2, 3), (rows, order) => {
      const paths = pathsOf(rows)
      const sum = (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0)
      const conversions = sum(paths.conversions)
      const journeys = conversions + sum(paths.nulls)
      fc.pre(conversions > 0)
      const fit = fitMarkov(paths, order)
      expect(Math.abs(fit.baseRate / (conversions / journeys) - 1)).toBeLessThan(1e-12)
      expect(fit.conversions.reduce((total, credit) => total + credit, 0)).toBeCloseTo(conversions, 9)
    }),
  )
})

test('a long way to and fro is solved as exactly as a short one', () => {
  const path = Array.from({ length: 2_000 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'))
  const fit = fitMarkov(pathsOf([{ path, conversions: 1, value: 1, nulls: 2 }]), 1)
  expect(Math.abs(fit.baseRate * 3 - 1)).toBeLessThan(1e-12)
  expect(fit.removalEffects).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)])
})

test('value is shared by the value that is lost, and like conversions where nothing was earned', () => {
  const rows = [
    { path: ['a'], conversions: 1, value: 900, nulls: 1 },
    { path: ['b'], conversions: 1, value: 100, nulls: 1 },
  ]
  const fit = fitMarkov(pathsOf(rows), 1)
  expect([fit.conversions, fit.value]).toEqual([
    [expect.closeTo(1), expect.closeTo(1)],
    [expect.closeTo(900), expect.closeTo(100)],
  ])
  const unpaid = fitMarkov(pathsOf(rows.map((row) => ({ ...row, value: 0 }))), 1)
  expect(unpaid.value).toEqual([0, 0])
})

test('channels beyond the most become one, and the busiest keep their names', () => {
  const rows = [
    { path: ['a', 'z'], conversions: 5, value: 5, nulls: 0 },
    { path: ['b', 'c', 'd'], conversions: 1, value: 1, nulls: 1 },
    { path: ['z'], conversions: 1, value: 1, nulls: 0 },
  ]
  const few = withFewChannels(pathsOf(rows), 2, '(other)')
  expect(few.channels).toEqual(['a', 'z', '(other)'])
  expect([...few.ids]).toEqual([0, 1, 2, 2, 2, 1])
  expect(withFewChannels(few, 3, '(other)')).toBe(few)
})

describe('Shapley', () => {
  test('is the mean over all orders of joining, by definition, for up to eight channels', () => {
    fc.assert(
      fc.property(rowLists, (rows) => {
        const paths = pathsOf(rows)
        const sets = channelSetsOf(paths, 8)
        const fit = prepareShapley(sets, paths.channels.length)(sets)
        sets.sets.forEach((ids, set) => {
          if ((sets.conversions[set] ?? 0) === 0) return
          const want = byDefinition(ids, (members) => rateOf(sets, members))
          want.forEach((share, i) => expect(fit.shares[set]?.[i]).toBeCloseTo(share, 9))
        })
      }),
      { numRuns: 25 },
    )
  })

  test('of many channels the latest count, and the others get nothing', () => {
    const path = ['a', 'b', 'c', 'a', 'd']
    const paths = pathsOf([{ path, conversions: 4, value: 0, nulls: 1 }])
    const sets = channelSetsOf(paths, 2)
    expect(sets.sets).toEqual([[0, 3]])
    expect(prepareShapley(sets, 4)(sets).conversions.slice(1, 3)).toEqual([0, 0])
  })

  test('a channel that does harm gets nothing, and that is counted', () => {
    const paths = pathsOf([
      { path: ['a'], conversions: 900, value: 0, nulls: 100 },
      { path: ['b'], conversions: 0, value: 0, nulls: 9_000 },
      { path: ['a', 'b'], conversions: 10, value: 0, nulls: 9_000 },
    ])
    const sets = channelSetsOf(paths, 6)
    const fit = prepareShapley(sets, 2)(sets)
    expect(fit.floored).toEqual({ sets: 1, conversions: 10 })
    expect(fit.conversions).toEqual([910, 0])
  })
})

test('intervals hold the estimate, narrow with more journeys, and are the same for the same seed', () => {
  const rows = (times: number) =>
    pathsOf([
      { path: ['a', 'b'], conversions: 20 * times, value: 0, nulls: 80 * times },
      { path: ['a'], conversions: 5 * times, value: 0, nulls: 90 * times },
      { path: ['b'], conversions: 9 * times, value: 0, nulls: 60 * times },
    ])
  const width = (times: number) => {
    const paths = rows(times)
    const draw = () => bootstrap(paths, (drawn) => fitMarkov(paths, 1, drawn))
    const [first, again] = [draw(), draw()]
    expect(again).toEqual(first)
    const fit = fitMarkov(paths, 1)
    const share = (fit.conversions[0] ?? 0) / (34 * times)
    const [low, high] = first.conversions[0] ?? [1, 0]
    expect(low < share && share < high).toBe(true)
    return high - low
  }
  const ratio = width(1) / width(100)
  expect(ratio > 6 && ratio < 16).toBe(true)
})

// Walks through every order in which the channels can join, each as likely as the others.
function byDefinition(ids: number[], rate: (members: number[]) => number): number[] {
  const rates = Array.from({ length: 2 ** ids.length }, (_, mask) =>
    rate(ids.filter((_, i) => (mask >> i) & 1)),
  )
  const values = ids.map(() => 0)
  const join = (mask: number, left: number, chance: number) => {
    for (let i = 0; i < ids.length; i++) {
      if ((mask >> i) & 1) continue
      const next = mask | (1 << i)
      values[i]! += (chance / left) * (rates[next]! - rates[mask]!)
      join(next, left - 1, chance / left)
    }
  }
  join(0, ids.length, 1)
  const floored = values.map((value) => Math.max(0, value))
  const total = floored.reduce((sum, value) => sum + value, 0)
  return floored.map((value) => (total > 0 ? value / total : 1 / ids.length))
}

function rateOf({ sets, conversions, nulls }: ReturnType<typeof channelSetsOf>, members: number[]): number {
  if (members.length === 0) return 0
  const sum = (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0)
  const globalRate = sum(conversions) / (sum(conversions) + sum(nulls))
  const sorted = [...members].sort((a, b) => a - b).join()
  const set = sets.findIndex((ids) => ids.join() === sorted)
  const converted = conversions[set] ?? 0
  return (converted + 30 * globalRate) / (converted + (nulls[set] ?? 0) + 30)
}
