// Intervals of shares: people are drawn whole, and what few journeys flatten is told.
import { describe, expect, test } from 'vitest'
import { learn } from './learned.ts'
import type { LearnedPath } from './learned.ts'
import { bootstrap } from './intervals.ts'
import { fitMarkov } from './markov.ts'
import { collectPaths } from './paths.ts'
import { fitSetRates } from './set-rates.ts'
import { channelSetsOf, prepareShapley } from './shapley.ts'
import { prepareShapleyLimit } from './shapley-limit.ts'

test('journeys that few people made tell less than as many of many people', () => {
  const counts = [
    { path: ['a'], conversions: 60, nulls: 60 },
    { path: ['b'], conversions: 40, nulls: 160 },
    { path: ['a', 'b'], conversions: 30, nulls: 30 },
  ]
  // By so many people in turn; all journeys of a path by one of them at a time.
  const widthOf = (people: number): number => {
    const paths = counts.map(({ path, conversions, nulls }, i): LearnedPath => {
      const parts = Array.from({ length: people }, (_, person) => ({
        group: (person * counts.length + i) % 256,
        conversions: conversions / people,
        valueMinor: 0,
        nulls: nulls / people,
      }))
      return { path, conversions, valueMinor: 0, nulls, parts }
    })
    const { markov_1 } = learn(paths)
    if ('reason' in markov_1) throw new Error(markov_1.reason)
    const [low, high] = markov_1.channels[0]?.interval ?? [0, 0]
    return high - low
  }
  expect(widthOf(5)).toBeGreaterThan(1.5 * widthOf(20))
})

test('resamples of people who each made one journey say what resamples of journeys say', () => {
  const collector = collectPaths()
  const rows = [
    { ids: [0], conversions: 40, nulls: 60 },
    { ids: [1], conversions: 20, nulls: 80 },
    { ids: [0, 1], conversions: 30, nulls: 20 },
  ]
  for (const { ids, conversions, nulls } of rows) collector.add(ids, { conversions, value: 0, nulls })
  const { paths, placeOf } = collector.paths(['a', 'b'])
  const single = rows.flatMap(({ conversions, nulls }, row) => [
    ...Array.from({ length: conversions }, () => ({ place: placeOf[row] ?? 0, conversions: 1, nulls: 0 })),
    ...Array.from({ length: nulls }, () => ({ place: placeOf[row] ?? 0, conversions: 0, nulls: 1 })),
  ])
  const estimate = (weights: Parameters<typeof fitMarkov>[2]) => fitMarkov(paths, 1, weights)
  const alone = bootstrap(paths, estimate, { resamples: 2_000 })
  const people = bootstrap(paths, estimate, {
    resamples: 2_000,
    parts: {
      places: single.map(({ place }) => place),
      groups: single.map((_, i) => i),
      groupCount: single.length,
      conversions: single.map(({ conversions }) => conversions),
      value: single.map(() => 0),
      nulls: single.map(({ nulls }) => nulls),
    },
  })
  const width = ([low, high]: [number, number]) => high - low
  const ratio = width(people.conversions[0] ?? [0, 0]) / width(alone.conversions[0] ?? [0, 0])
  expect(ratio).toBeGreaterThan(0.9)
  expect(ratio).toBeLessThan(1.1)
})

describe('where few journeys flatten Shapley', () => {
  // Rates by main effects on the log-odds: channel 0 sells, 1 a little, 2 to 5 do nothing; each set as often as any.
  const effects = [2.4, 0.9, 0, 0, 0, 0]
  const sets = Array.from({ length: 2 ** effects.length - 1 }, (_, i) =>
    effects.flatMap((_, id) => (((i + 1) >>> id) & 1 ? [id] : [])),
  )
  const rateOf = (ids: readonly number[]) =>
    1 / (1 + Math.exp(3 - ids.reduce((sum, id) => sum + (effects[id] ?? 0), 0)))
  const worldOf = (journeys: number) => {
    const collector = collectPaths()
    for (const ids of sets) {
      const conversions = Math.round(journeys * rateOf(ids))
      collector.add(ids, { conversions, value: 0, nulls: journeys - conversions })
    }
    return channelSetsOf(collector.paths(effects.map((_, id) => `channel ${id}`)).paths, 6)
  }
  const shares = (credits: readonly number[]) => {
    const total = credits.reduce((sum, credit) => sum + credit, 0)
    return credits.map((credit) => credit / total)
  }
  const many = worldOf(1_000_000)
  const truth = shares(prepareShapley(many, 6)(many).conversions)

  test('rates of sets are found again from few journeys, those of sets that nobody took among them', () => {
    const few = worldOf(40)
    const unseen = few.sets.findIndex((ids) => ids.length === 3 && ids.includes(0))
    const counts = {
      conversions: few.conversions.map((count, set) => (set === unseen ? 0 : count)),
      journeys: few.conversions.map((count, set) => (set === unseen ? 0 : count + (few.nulls[set] ?? 0))),
    }
    const rates = fitSetRates(few.sets, counts)(counts)
    few.sets.forEach((ids, set) => expect(Math.abs((rates[set] ?? 0) - rateOf(ids))).toBeLessThan(0.06))
  })

  test('the limit tells what many more journeys would give, and the interval reaches there', () => {
    const few = worldOf(40)
    const estimate = prepareShapley(few, 6)
    const limit = prepareShapleyLimit(few, 6)
    if (!limit) throw new Error('too many sets')
    const [flat, told] = [shares(estimate(few).conversions), shares(limit(few).conversions)]
    expect((truth[0] ?? 0) - (flat[0] ?? 0)).toBeGreaterThan(0.1)
    truth.forEach((share, id) => expect(Math.abs((told[id] ?? 0) - share)).toBeLessThan(0.03))
    const { conversions } = bootstrap(few, estimate, { limit })
    truth.forEach((share, id) => {
      const [low, high] = conversions[id] ?? [1, 0]
      expect(low <= share && share <= high).toBe(true)
      expect(low <= (flat[id] ?? 0) && (flat[id] ?? 0) <= high).toBe(true)
    })
  })
})
