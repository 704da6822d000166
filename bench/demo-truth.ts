// Attribution held against the demo, whose causes are known: how often intervals hold, and how far each model is from what channels cause.
import { compareWithTruth, coverageOf, learnedModels, misplaced, nobody } from '../src/demo/truth.ts'
import {
  defaultAttributionSettings,
  modelLabels,
  shownModels,
} from '../src/projections/attribution/contract.ts'

const DEMO = { leads: 500, days: 60, events: 20_000, endOn: '2025-06-30' }

/**
 * Prints orders by channel, as caused and as each model gives them, and tells the part of channel shares that lie inside their
 * interval, by data-driven model: of demos of so many seeds, against a hundred times as many people of the same process.
 */
export function demoTruth(seeds: number): number[] {
  const { shares, caused, credited } = compareWithTruth(
    DEMO,
    Array.from({ length: seeds }, (_, i) => i + 1),
    defaultAttributionSettings,
  )
  const models = shownModels.filter((model) => credited[model] && model !== 'position')
  const channels = Object.keys(caused)
    .filter((channel) => channel !== nobody)
    .sort((a, b) => (caused[b] ?? 0) - (caused[a] ?? 0))
  const rows = [
    ['of 100 orders', 'caused', ...models.map((model) => modelLabels[model])],
    ...[...channels, nobody].map((channel) => [
      channel,
      ...[caused, ...models.map((model) => credited[model] ?? {})].map((of100) =>
        (of100[channel] ?? 0).toFixed(1),
      ),
    ]),
    ['given wrongly', '', ...models.map((model) => misplaced(caused, credited[model] ?? {}).toFixed(1))],
  ]
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  for (const model of learnedModels) {
    console.log(`\n${modelLabels[model as 'markov_1']}: share, interval (share of the process), by seed`)
    for (const channel of channels)
      console.log(
        `${channel}: ${shares
          .filter((one) => one.model === model && one.channel === channel)
          .map(({ share, low, high, processShare }) => {
            const isInside = low <= processShare && processShare <= high
            return `${percent(share)} [${percent(low)}, ${percent(high)}] (${percent(processShare)})${isInside ? '' : ' OUTSIDE'}`
          })
          .join('; ')}`,
      )
  }
  return learnedModels.map((model) => coverageOf(shares, model))
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
