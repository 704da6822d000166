// Exact and published answers over ten thousand paths, where they are at hand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { referenceTest } from '../../../test/reference.ts'
import { modelSettingsSchema } from './contract.ts'
import { fitMarkov } from './markov.ts'
import type { MarkovOrder } from './markov.ts'
import { collectPaths } from './paths.ts'
import type { Paths } from './paths.ts'
import { createReport } from './report.ts'
import { channelSetsOf, prepareShapley } from './shapley.ts'

interface ExactMarkov {
  base_conversion_probability: number
  removal_effect: Record<string, number>
  attributed_conversions: Record<string, number>
}

const pathData = () =>
  readFileSync(join(process.env.REFERENCE_DIR ?? '', 'attribution', 'PathData.csv'), 'utf8')

describe.each<[string, MarkovOrder]>([
  ['with', 1],
  ['with', 2],
  ['with', 3],
  ['no', 1],
  ['no', 2],
  ['no', 3],
])('on the reference paths, %s null paths, Markov of order %i', (nulls, order) => {
  referenceTest(
    'is the exact solution, states collapsed or not',
    'attribution/ref_exact_markov.json',
    (text) => {
      const exact = JSON.parse(text) as Record<string, ExactMarkov>
      const { paths } = parsePaths(pathData(), nulls === 'with')
      const fit = fitMarkov(paths, order)
      for (const kind of ['collapsed', 'selfloops']) {
        const want = exact[`${nulls}_null_order${order}_${kind}`]!
        expect(fit.baseRate).toBeCloseTo(want.base_conversion_probability, 12)
        paths.channels.forEach((name, id) => {
          expect(fit.removalEffects[id]).toBeCloseTo(want.removal_effect[name]!, 9)
          expect(fit.conversions[id]! / want.attributed_conversions[name]!).toBeCloseTo(1, 9)
        })
      }
    },
  )
})

referenceTest(
  'on the reference paths, Markov by value is the exact solution',
  'attribution/ref_exact_markov_value_order1.json',
  (text) => {
    const exact = JSON.parse(text) as { attributed_value: Record<string, number> }
    const { paths, scale } = parsePaths(pathData(), true)
    const fit = fitMarkov(paths, 1)
    paths.channels.forEach((name, id) =>
      expect(fit.value[id]! / scale / exact.attributed_value[name]!).toBeCloseTo(1, 9),
    )
  },
)

referenceTest(
  'on the reference paths, Shapley per channel set is the reference',
  'attribution/ref_shapley_per_set_shrunk.json',
  (text) => {
    const reference = JSON.parse(text) as Record<
      string,
      { max_set: number; conversions: Record<string, number>; revenue: Record<string, number> }
    >
    const { paths, scale } = parsePaths(pathData(), true)
    for (const want of Object.values(reference)) {
      const sets = channelSetsOf(paths, want.max_set)
      const fit = prepareShapley(sets, paths.channels.length)(sets)
      expect(fit.floored).toEqual({ sets: 0, conversions: 0 })
      paths.channels.forEach((name, id) => {
        expect(fit.conversions[id]! / want.conversions[name]!).toBeCloseTo(1, 8)
        expect(fit.value[id]! / scale / want.revenue[name]!).toBeCloseTo(1, 8)
      })
    }
  },
)

referenceTest(
  'on the reference paths, first, last and linear are those of the reference',
  'attribution/ref_R_heuristic_models.csv',
  (text) => {
    const { paths, scale } = parsePaths(pathData(), true)
    const report = createReport({
      channels: paths.channels,
      models: ['first', 'last', 'linear'],
      settings: modelSettingsSchema.parse({}),
      hasTimes: false,
      hasMilestones: false,
    })
    for (let path = 0; path < paths.nulls.length; path++)
      report.add({
        ids: paths.ids.subarray(paths.starts[path], paths.starts[path + 1]),
        agesDays: null,
        leadIndex: null,
        opportunityIndex: null,
        conversions: paths.conversions[path]!,
        valueMinor: paths.value[path]!,
        nulls: paths.nulls[path]!,
      })
    const credits = [...report.credits()]
    for (const line of text.trim().split('\n').slice(1)) {
      const [name, ...numbers] = line.split(',').map((cell) => cell.replaceAll('"', ''))
      credits.forEach(({ channels }, i) => {
        const credit = channels.find(({ channel }) => channel === name)!
        expect(credit.conversions / Number(numbers[i * 2])).toBeCloseTo(1, 9)
        expect(credit.valueMinor / scale / Number(numbers[i * 2 + 1])).toBeCloseTo(1, 9)
      })
    }
  },
)

function parsePaths(csv: string, hasNulls: boolean): { paths: Paths; scale: number } {
  const scale = 1e10
  const rows = csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map(([path = '', conversions, value, nulls]) => ({
      path: path.split(' > '),
      conversions: Number(conversions),
      value: Math.round(Number(value) * scale),
      nulls: hasNulls ? Number(nulls) : 0,
    }))
  const names = [...new Set(rows.flatMap(({ path }) => path))].sort()
  const collector = collectPaths()
  for (const { path, ...totals } of rows)
    collector.add(
      path.map((name) => names.indexOf(name)),
      totals,
    )
  return { paths: collector.paths(names).paths, scale }
}
