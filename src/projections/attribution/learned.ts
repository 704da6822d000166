// What the data-driven models learn from all journeys, and the credit of single journeys by what they learned. Pure.
import { COUNT_UNITS, allocate } from './allocate.ts'
import { bootstrap } from './intervals.ts'
import type { Interval, Parts } from './intervals.ts'
import { fitMarkov, mostMarkovChannels } from './markov.ts'
import { collectPaths, withFewChannels } from './paths.ts'
import type { Paths } from './paths.ts'
import { OTHER } from './contract.ts'
import { shareByChannel } from './rules.ts'
import { channelSetsOf, latestChannels, overTouches, partsBySet, prepareShapley } from './shapley.ts'
import { prepareShapleyLimit } from './shapley-limit.ts'

/** Journeys along one path of channels. */
export interface LearnedPath {
  path: readonly string[]
  conversions: number
  /** minor units */
  valueMinor: number
  nulls: number
  /** the same in parts, by groups of people: numbers from 0, below `PEOPLE_GROUPS`; without it every journey is somebody else's */
  parts?: readonly PathPart[]
}

/** Journeys along one path by one group of people. */
export interface PathPart {
  group: number
  conversions: number
  valueMinor: number
  nulls: number
}

/** So many that few share one in a small workspace, and that journeys by group are not many more than by path in a large one. */
export const PEOPLE_GROUPS = 256

export interface LearnedChannel {
  channel: string
  /** of all conversions and of all value that touches led to */
  share: number
  valueShare: number
  interval: Interval
  valueInterval: Interval
  /** Markov: what share of conversions would be lost without the channel */
  removalEffect?: number
}

/** What a run found; a model that the journeys do not support says why. */
export interface Found {
  journeys: number
  conversions: number
  markov_1: { channels: LearnedChannel[]; baseRate: number } | { reason: string }
  shapley:
    | {
        channels: LearnedChannel[]
        baseRate: number
        /** by channels in order of their names, as JSON: what share each has of what exactly these convert */
        sets: Record<string, number[]>
      }
    | { reason: string }
}

/** Most channels of a set: of journeys with more, the latest count. */
const SET_CHANNELS = 6
/** Conversions below which shares would be chance alone. */
const FEWEST_CONVERSIONS = 20
/** Resamples for intervals. */
const RESAMPLES = 200

/** Learns from journeys by path, in whatever order they come. Without resamples, intervals are the shares alone. */
export function learn(
  journeys: readonly LearnedPath[],
  { resamples = RESAMPLES }: { resamples?: number } = {},
): Found {
  const { paths, parts } = pathsOf(journeys)
  const conversions = sum(paths.conversions)
  const nulls = sum(paths.nulls)
  const found = { journeys: conversions + nulls, conversions }
  const reason = tooLittle(conversions, nulls)
  if (reason !== null) return { ...found, markov_1: { reason }, shapley: { reason } }
  return {
    ...found,
    markov_1: learnMarkov(paths, parts, resamples),
    shapley: learnShapley(paths, parts, resamples),
  }
}

/** Why journeys tell nothing of channels; null where they do. */
export function tooLittle(conversions: number, nulls: number): string | null {
  if (conversions < FEWEST_CONVERSIONS)
    return `It takes ${FEWEST_CONVERSIONS} conversions that touches led to; there are ${conversions} in the last year.`
  if (nulls === 0)
    return 'Every journey converted, so that nothing tells channels apart. It takes journeys that did not convert, too.'
  return null
}

function learnMarkov(all: Paths, parts: Parts | undefined, resamples: number): Found['markov_1'] {
  const paths = withFewChannels(all, mostMarkovChannels[1], OTHER)
  const fit = fitMarkov(paths, 1)
  const drawn = bootstrap(paths, (weights) => fitMarkov(paths, 1, weights), {
    resamples,
    ...(parts ? { parts } : {}),
  })
  return { baseRate: fit.baseRate, channels: channelsOf(paths.channels, fit, drawn, fit.removalEffects) }
}

function learnShapley(paths: Paths, parts: Parts | undefined, resamples: number): Found['shapley'] {
  const sets = channelSetsOf(paths, SET_CHANNELS)
  const estimate = prepareShapley(sets, paths.channels.length)
  const fit = estimate(sets)
  const drawn = bootstrap(sets, estimate, {
    resamples,
    limit: resamples > 0 ? prepareShapleyLimit(sets, paths.channels.length) : null,
    ...(parts ? { parts: partsBySet(parts, sets) } : {}),
  })
  const shares = Object.fromEntries(
    sets.sets.flatMap((ids, set) => {
      if ((sets.conversions[set] ?? 0) === 0) return []
      const names = ids.map((id) => paths.channels[id] ?? '')
      return [[JSON.stringify(names), Array.from(fit.shares[set] ?? [])]]
    }),
  )
  return { baseRate: fit.globalRate, channels: channelsOf(paths.channels, fit, drawn), sets: shares }
}

/** Channels by name with their shares and intervals, as a fit and its resamples have them by id. */
export function channelsOf(
  names: readonly string[],
  fit: { conversions: readonly number[]; value: readonly number[] },
  drawn: { conversions: readonly Interval[]; value: readonly Interval[] },
  removalEffects?: readonly number[],
): LearnedChannel[] {
  const [conversions, value] = [sum(fit.conversions), sum(fit.value)]
  return names.map((channel, id) => ({
    channel,
    share: conversions > 0 ? (fit.conversions[id] ?? 0) / conversions : 0,
    valueShare: value > 0 ? (fit.value[id] ?? 0) / value : 0,
    interval: drawn.conversions[id] ?? [0, 0],
    valueInterval: drawn.value[id] ?? [0, 0],
    ...(removalEffects ? { removalEffect: removalEffects[id] ?? 0 } : {}),
  }))
}

/** By channel what it earned: minor units, and millionths of a conversion. */
export type Ledger = Map<string, { minor: number; units: number }>

/**
 * The credit of journeys by what a run learned, whole units that add up exactly; empty where the run could not learn the model.
 */
export function creditByLearned(
  model: LearnedModel,
  found: Found,
  journeys: readonly Omit<LearnedPath, 'nulls' | 'parts'>[],
): Ledger {
  const ledger: Ledger = new Map()
  for (const { path, conversions, valueMinor } of journeys) {
    const weights = weighByLearned(model, found, path)
    if (!weights) return ledger
    const parts = new Float64Array(path.length)
    allocate(conversions * COUNT_UNITS, weights, parts)
    path.forEach((channel, i) => add(ledger, channel, 0, parts[i] ?? 0))
    allocate(valueMinor, weights, parts)
    path.forEach((channel, i) => add(ledger, channel, parts[i] ?? 0, 0))
  }
  return ledger
}

export type LearnedModel = 'markov_1' | 'shapley'

/**
 * The share of each touch of a journey: a channel's part is in ratio of its removal effect (Markov), or that of its set of
 * channels (Shapley; a set that the run has not seen shares alike), split equally over its touches. Null where the run has not
 * learned the model.
 */
export function weighByLearned(
  model: LearnedModel,
  found: Found,
  path: readonly string[],
): Float64Array | null {
  const learned = found[model]
  if ('reason' in learned) return null
  const weights = new Float64Array(path.length)
  if ('sets' in learned) weighSet(path, learned.sets, weights)
  else {
    const effects = new Map(
      learned.channels.map(({ channel, removalEffect }) => [channel, removalEffect ?? 0]),
    )
    shareByChannel(path, (channel) => effects.get(channel) ?? effects.get(OTHER) ?? 0, weights)
  }
  return weights
}

function weighSet(path: readonly string[], sets: Record<string, number[]>, out: Float64Array): void {
  const names = [...new Set(path)].sort()
  const ids = path.map((channel) => names.indexOf(channel))
  const latest = latestChannels(ids, SET_CHANNELS)
  const shares = sets[JSON.stringify(latest.map((id) => names[id] ?? ''))]
  overTouches(ids, latest, shares ?? latest.map(() => 1 / latest.length), out)
}

function add(ledger: Ledger, channel: string, minor: number, units: number): void {
  const sum = ledger.get(channel) ?? { minor: 0, units: 0 }
  ledger.set(channel, { minor: sum.minor + minor, units: sum.units + units })
}

/** Journeys as paths of numbered channels: in the order of their names, so that the same journeys give the same bytes. */
export function pathsOf(journeys: readonly LearnedPath[]): { paths: Paths; parts: Parts | undefined } {
  const channels = [...new Set(journeys.flatMap(({ path }) => path))].sort()
  const numbers = new Map(channels.map((channel, id) => [channel, id]))
  const collector = collectPaths()
  const told = journeys.filter(({ path }) => path.length > 0)
  const places = told.map(({ path, conversions, valueMinor, nulls }) =>
    collector.add(
      path.map((channel) => numbers.get(channel) ?? 0),
      { conversions, value: valueMinor, nulls },
    ),
  )
  const { paths, placeOf } = collector.paths(channels)
  if (!told.every(({ parts }) => parts)) return { paths, parts: undefined }
  const parts = told.flatMap((one, i) =>
    (one.parts ?? []).map((part) => ({ ...part, place: placeOf[places[i] ?? 0] ?? -1 })),
  )
  return {
    paths,
    parts: {
      places: Int32Array.from(parts, ({ place }) => place),
      groups: Uint16Array.from(parts, ({ group }) => group),
      groupCount: PEOPLE_GROUPS,
      conversions: Float64Array.from(parts, ({ conversions }) => conversions),
      value: Float64Array.from(parts, ({ valueMinor }) => valueMinor),
      nulls: Float64Array.from(parts, ({ nulls }) => nulls),
    },
  }
}

function sum(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((total, number) => total + number, 0)
}
