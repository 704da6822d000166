// Adds journeys up under every model asked for: what each channel earned, and the same as a ledger that adds up exactly.
import type { AttributionModel, ModelSettings, ModelUsed, RuleModel } from './contract.ts'
import { OTHER, ruleModels } from './contract.ts'
import { COUNT_UNITS, allocate } from './allocate.ts'
import { bootstrap } from './intervals.ts'
import { fitMarkov, mostMarkovChannels } from './markov.ts'
import type { MarkovOrder } from './markov.ts'
import { createColumn, groupedBy } from './column.ts'
import { collectPaths, pathAt, withFewChannels } from './paths.ts'
import type { Paths } from './paths.ts'
import { lastNonDirectOf, shareByChannel, weigh } from './rules.ts'
import type { Weighable } from './rules.ts'
import { createSums, rowsOf } from './sums.ts'
import type { ChannelCredit, Sums } from './sums.ts'
import { channelSetsOf, overTouches, prepareShapley } from './shapley.ts'
import { prepareShapleyLimit } from './shapley-limit.ts'

/** A journey by numbers of channels. */
export interface CountedJourney {
  ids: ArrayLike<number>
  /** by touch; null where the times are not known */
  agesDays: ArrayLike<number> | null
  leadIndex: number | null
  opportunityIndex: number | null
  /** whole numbers: how many journeys converted, what they were worth in minor units, how many did not convert */
  conversions: number
  valueMinor: number
  nulls: number
}

export interface ModelCredit {
  model: AttributionModel
  /** by name; `(unattributed)` last, where something is */
  channels: ChannelCredit[]
  /** conversions by what was used, where a model may fall back */
  modelUsed?: Partial<Record<ModelUsed, number>>
  /** Markov: the chance to convert that the chain has at its start; Shapley: conversions per journey */
  baseRate?: number
  /** Shapley: sets with a channel whose negative value became zero, and their conversions */
  floored?: { sets: number; conversions: number }
  resamples?: number
}

export interface AttributionTotals {
  conversions: number
  valueMinor: number
  unattributed: { conversions: number; valueMinor: number }
  nulls: number
  /** distinct */
  paths: number
}

export interface ReportOptions {
  channels: readonly string[]
  models: readonly AttributionModel[]
  settings: ModelSettings
  /** whether journeys have times, and whether anything says when a person became a lead or an opportunity */
  hasTimes: boolean
  hasMilestones: boolean
  /** data-driven models that get intervals */
  intervals?: readonly AttributionModel[]
}

/** A model that the journeys cannot support, and the sentence that says why. */
export interface Unsupported {
  model: AttributionModel
  reason: string
}

export interface Report {
  add(journey: CountedJourney): void
  totals(): AttributionTotals
  /** of the models asked for, those that the journeys added cannot support */
  unsupported(): Unsupported[]
  /** all others, one after the other, so that whoever waits can be told how far it is */
  credits(): Generator<ModelCredit>
}

/** Journeys must come in an order of their own (as by person), since sums of real numbers depend on it in their last digits. */
export function createReport(options: ReportOptions): Report {
  const { channels, models, settings, intervals = [] } = options
  const collector = collectPaths()
  const directs = new Set(settings.directChannels.map((name) => name.toLowerCase()))
  const isDirect = channels.map((name) => directs.has(name.toLowerCase()))
  const rules = ruleModels
    .filter((model) => models.includes(model) && reasonAgainst(model, options) === null)
    .map((model) => ({ model, sums: createSums(channels.length), used: new Map<ModelUsed, number>() }))
  /** journeys with a conversion: their path as the collector numbers it, and what they came to */
  const converted = {
    path: createColumn(Int32Array),
    conversions: createColumn(Float64Array),
    valueMinor: createColumn(Float64Array),
  }
  const unattributed = { conversions: 0, valueMinor: 0 }
  const totals = { conversions: 0, valueMinor: 0, nulls: 0, paths: 0 }
  let weights = new Float64Array(16)
  let parts = new Float64Array(16)

  function add(journey: CountedJourney): void {
    totals.conversions += journey.conversions
    totals.valueMinor += journey.valueMinor
    totals.nulls += journey.nulls
    const { ids, conversions, valueMinor, nulls } = journey
    if (ids.length === 0) {
      unattributed.conversions += conversions
      unattributed.valueMinor += valueMinor
      return
    }
    const place = collector.add(ids, { conversions, value: valueMinor, nulls })
    if (conversions === 0 && valueMinor === 0) return
    converted.path.push(place)
    converted.conversions.push(conversions)
    converted.valueMinor.push(valueMinor)
    fit(ids.length)
    const weighable = {
      channels: ids,
      lastNonDirect: lastNonDirectOf(ids, (id) => isDirect[id] ?? false),
      agesDays: journey.agesDays,
      leadIndex: journey.leadIndex,
      opportunityIndex: journey.opportunityIndex,
    }
    for (const { model, sums, used } of rules) {
      const only = onlyTouch(model, weighable)
      if (only !== null) {
        postOnly(sums, ids[only] ?? 0, conversions, valueMinor)
        continue
      }
      const modelUsed = weigh(model, weighable, settings, weights)
      if (model === 'w_shaped') used.set(modelUsed, (used.get(modelUsed) ?? 0) + conversions)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] as number
        const weight = weights[i] as number
        sums.conversions[id]! += weight * conversions
        sums.valueMinor[id]! += weight * valueMinor
      }
      post(sums, ids, conversions, valueMinor)
    }
  }

  function fit(length: number): void {
    if (weights.length === length) return
    weights = new Float64Array(length)
    parts = new Float64Array(length)
  }

  /** Enters into the ledger what `weights` says of one conversion. */
  function post(sums: Sums, ids: ArrayLike<number>, conversions: number, valueMinor: number): void {
    allocate(conversions * COUNT_UNITS, weights, parts)
    for (let i = 0; i < ids.length; i++) sums.ledgerUnits[ids[i] as number]! += parts[i] as number
    if (valueMinor === 0) return
    allocate(valueMinor, weights, parts)
    for (let i = 0; i < ids.length; i++) sums.ledgerMinor[ids[i] as number]! += parts[i] as number
  }

  function unsupported(): Unsupported[] {
    return models.flatMap((model) => {
      const reason = reasonAgainst(model, options, totals, unattributed)
      return reason === null ? [] : { model, reason }
    })
  }

  function* credits(): Generator<ModelCredit> {
    const left = models.filter((model) => !unsupported().some((without) => without.model === model))
    for (const { model, sums, used } of rules) {
      const rows = rowsOf(channels, sums, unattributed)
      yield {
        model,
        channels: rows,
        ...(model === 'w_shaped' ? { modelUsed: Object.fromEntries([...used].sort()) } : {}),
      }
    }
    const { paths, placeOf } = collector.paths(channels)
    const byPath = { ...groupedBy(converted.path, collector.size()), placeOf }
    for (const order of [1, 2, 3] as const)
      if (left.includes(`markov_${order}`)) yield markov(paths, byPath, order)
    if (left.includes('shapley')) yield shapley(paths, byPath)
  }

  function markov(all: Paths, byPath: ConvertedByPath, order: MarkovOrder): ModelCredit {
    const model = `markov_${order}` as const
    const paths = withFewChannels(all, mostMarkovChannels[order], OTHER)
    const found = fitMarkov(paths, order)
    const sums = createSums(paths.channels.length)
    sums.conversions.set(found.conversions)
    sums.valueMinor.set(found.value)
    postAll(sums, paths, byPath, (ids) => shareByChannel(ids, (id) => found.removalEffects[id] ?? 0, weights))
    const drawn = intervals.includes(model)
      ? bootstrap(paths, (weights) => fitMarkov(paths, order, weights))
      : null
    return {
      model,
      baseRate: found.baseRate,
      ...(drawn ? { resamples: drawn.resamples } : {}),
      channels: rowsOf(paths.channels, sums, unattributed, { found, drawn }),
    }
  }

  function shapley(paths: Paths, byPath: ConvertedByPath): ModelCredit {
    const sets = channelSetsOf(paths, settings.shapleyChannels)
    const estimate = prepareShapley(sets, channels.length)
    const found = estimate(sets)
    const sums = createSums(channels.length)
    sums.conversions.set(found.conversions)
    sums.valueMinor.set(found.value)
    postAll(sums, paths, byPath, (ids, place) => {
      const set = sets.setOfPath[place] ?? -1
      overTouches(ids, sets.sets[set] ?? [], found.shares[set] ?? [], weights)
    })
    const drawn = intervals.includes('shapley')
      ? bootstrap(sets, estimate, { limit: prepareShapleyLimit(sets, channels.length) })
      : null
    return {
      model: 'shapley',
      baseRate: found.globalRate,
      floored: found.floored,
      ...(drawn ? { resamples: drawn.resamples } : {}),
      channels: rowsOf(channels, sums, unattributed, { drawn }),
    }
  }

  // All conversions along one path are shared alike, so its shares are worked out once.
  function postAll(
    sums: Sums,
    paths: Paths,
    byPath: ConvertedByPath,
    share: (ids: Uint16Array, place: number) => void,
  ): void {
    const { order, starts, placeOf } = byPath
    placeOf.forEach((place, path) => {
      const from = starts[path] ?? 0
      const to = starts[path + 1] ?? 0
      if (from === to) return
      const ids = pathAt(paths, place)
      fit(ids.length)
      share(ids, place)
      for (let i = from; i < to; i++) {
        const journey = order[i] ?? 0
        post(sums, ids, converted.conversions.at(journey), converted.valueMinor.at(journey))
      }
    })
  }

  return {
    add,
    totals: () => ({ ...totals, unattributed: { ...unattributed }, paths: collector.size() }),
    unsupported,
    credits,
  }
}

/** Journeys that converted, by their path as the collector numbers it, and the place of that path. */
interface ConvertedByPath {
  order: Int32Array
  starts: Int32Array
  placeOf: Int32Array
}

// Before any journey was added only what the journeys lack as such speaks against a model.
function reasonAgainst(
  model: AttributionModel,
  { hasTimes, hasMilestones, settings }: ReportOptions,
  totals?: Pick<AttributionTotals, 'conversions' | 'nulls'>,
  unattributed?: AttributionTotals['unattributed'],
): string | null {
  if (model === 'time_decay' && !hasTimes)
    return 'Paths do not say when their touches were: give touch rows with occurred_at.'
  if (model === 'w_shaped' && !hasMilestones)
    return 'Nothing says when a person became a lead and an opportunity: give touch rows with a column milestone.'
  if (model === 'position' && !settings.positionWeights)
    return 'No weights were given for the first touch, those between and the last one.'
  if ((ruleModels as readonly string[]).includes(model) || !totals) return null
  if (totals.conversions === (unattributed?.conversions ?? 0))
    return 'No conversion has a touch before it, so there is nothing to learn from.'
  if (model === 'shapley' && totals.nulls === 0)
    return 'Without journeys that did not convert all channels convert alike, and the answer would be unique_linear under another name.'
  return null
}

/** The touch that gets all under a model that credits one alone; null under others. */
function onlyTouch(model: RuleModel, { channels, lastNonDirect }: Weighable): number | null {
  if (model === 'first') return 0
  if (model === 'last') return channels.length - 1
  return model === 'last_non_direct' ? lastNonDirect : null
}

function postOnly(sums: Sums, id: number, conversions: number, valueMinor: number): void {
  sums.conversions[id]! += conversions
  sums.valueMinor[id]! += valueMinor
  sums.ledgerUnits[id]! += conversions * COUNT_UNITS
  sums.ledgerMinor[id]! += valueMinor
}
