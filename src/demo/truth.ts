// How far attribution is from the truth of the demo: from its own value on the generating process, and from what channels cause.
import { dataModels, ruleModels } from '../projections/attribution/contract.ts'
import type { AttributionSettings } from '../projections/attribution/contract.ts'
import { learn } from '../projections/attribution/index.ts'
import type { Found } from '../projections/attribution/index.ts'
import { creditsIn } from './credit.ts'
import { trueEffectsIn } from './simulate.ts'
import { worldFor } from './stream.ts'
import type { DemoOptions, World } from './world.ts'

/** Data-driven models that are learned with intervals. */
export const learnedModels = dataModels.filter((model) => model === 'markov_1' || model === 'shapley')
export type LearnedModel = (typeof learnedModels)[number]

/** A channel's share by a model in one demo, and what the same model says of the process behind it. */
export interface Share {
  model: LearnedModel
  seed: number
  channel: string
  share: number
  low: number
  high: number
  /** of a hundred times as many journeys */
  processShare: number
}

/** Channels by what they earned: of 100 orders, the mean over the demos. */
export type Of100 = Record<string, number>

export interface Comparison {
  shares: Share[]
  /** orders lost where the channel is switched off, and what no channel caused */
  caused: Of100
  /** by model */
  credited: Record<string, Of100>
}

/** What no channel caused, and what no touch led to. */
export const nobody = '(no channel)'

/**
 * Holds every model against the demos of some seeds: all of one process, the density of visits that the first options find.
 * @param times how many times the people of a demo the process is taken from, of a seed of its own
 */
export function compareWithTruth(
  options: Omit<DemoOptions, 'seed'>,
  seeds: readonly number[],
  settings: AttributionSettings,
  times = 100,
): Comparison {
  const base = worldFor({ ...options, seed: 1 })
  const known = processOf({ ...base, seed: PROCESS_SEED, people: base.people * times }, settings)
  const comparison: Comparison = { shares: [], caused: {}, credited: {} }
  const add = (to: Of100, channel: string, of100: number) =>
    (to[channel] = (to[channel] ?? 0) + of100 / seeds.length)
  for (const seed of seeds) {
    const world = { ...base, seed }
    const { paths, earned } = creditsIn(world, settings)
    const found = learn(paths)
    const total = sum(earned.linear.values())
    for (const model of ruleModels) {
      const into = (comparison.credited[model] ??= {})
      for (const [channel, units] of earned[model])
        add(into, channel === UNATTRIBUTED ? nobody : channel, (100 * units) / total)
    }
    const alone = (100 * (earned.linear.get(UNATTRIBUTED) ?? 0)) / total
    for (const model of learnedModels) {
      const into = (comparison.credited[model] ??= {})
      add(into, nobody, alone)
      for (const { channel, share, interval } of channelsOf(found, model)) {
        add(into, channel, share * (100 - alone))
        const [low, high] = interval
        const processShare = known.get(`${model} ${channel}`) ?? 0
        comparison.shares.push({ model, seed, channel, share, low, high, processShare })
      }
    }
    const truth = trueEffectsIn(world)
    const lost = truth.effects.map(({ channel, orders }) => ({ channel, orders }))
    const rest = truth.total.orders - sum(lost.map(({ orders }) => orders))
    for (const { channel, orders } of [...lost, { channel: nobody, orders: rest }])
      add(comparison.caused, channel, (100 * orders) / truth.total.orders)
  }
  return comparison
}

/** The part of shares that lie inside their interval on the process. */
export function coverageOf(shares: readonly Share[], model: LearnedModel): number {
  const own = shares.filter((share) => share.model === model)
  return (
    own.filter(({ low, high, processShare }) => low <= processShare && processShare <= high).length /
    own.length
  )
}

/** Of 100 orders, how many a model gives to another than caused them. */
export function misplaced(caused: Of100, credited: Of100): number {
  const channels = new Set([...Object.keys(caused), ...Object.keys(credited)])
  return sum([...channels].map((one) => Math.abs((caused[one] ?? 0) - (credited[one] ?? 0)))) / 2
}

const PROCESS_SEED = 4_000_000_000
const UNATTRIBUTED = '(unattributed)'

function processOf(world: World, settings: AttributionSettings): Map<string, number> {
  const found = learn(creditsIn(world, settings).paths, { resamples: 0 })
  return new Map(
    learnedModels.flatMap((model) =>
      channelsOf(found, model).map(({ channel, share }) => [`${model} ${channel}`, share] as const),
    ),
  )
}

function channelsOf(found: Found, model: LearnedModel) {
  const learned = found[model]
  if ('reason' in learned) throw new Error(`${model} was not learned: ${learned.reason}`)
  return learned.channels
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
