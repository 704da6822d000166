// Adds journeys up under every model asked for: what each channel earned, and the same as a ledger that adds up exactly.
import type { AttributionModel, ModelSettings, ModelUsed } from './contract.ts'
import { OTHER, UNATTRIBUTED, ruleModels } from './contract.ts'
import { COUNT_UNITS, allocate } from './allocate.ts'
import { bootstrap } from './intervals.ts'
import type { Interval, Intervals } from './intervals.ts'
import { fitMarkov, mostMarkovChannels } from './markov.ts'
import type { MarkovFit, MarkovOrder } from './markov.ts'
import { collectPaths, pathAt, withFewChannels } from './paths.ts'
import type { Paths } from './paths.ts'
import { lastNonDirectOf, shareByChannel, weigh } from './rules.ts'
import { channelSetsOf, overTouches, prepareShapley } from './shapley.ts'

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

export interface ChannelCredit {
  channel: string
  /** real numbers, as the model has them */
  conversions: number
  valueMinor: number
  /** the credits of single conversions, each whole and adding up to its conversion, added up by channel */
  ledger: { countUnits: number; valueMinor: number }
  /** Markov: what share of conversions, and of value, would be lost without the channel */
  removalEffect?: number
  valueRemovalEffect?: number
  /** 95 % intervals of the channel's share of attributed conversions and value */
  intervals?: { conversions: Interval; value: Interval }
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
  const converted: { place: number; valueMinor: number; conversions: number }[] = []
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
    converted.push({ place, valueMinor, conversions })
    fit(ids.length)
    const weighable = {
      channels: ids,
      lastNonDirect: lastNonDirectOf(ids, (id) => isDirect[id] ?? false),
      agesDays: journey.agesDays,
      leadIndex: journey.leadIndex,
      opportunityIndex: journey.opportunityIndex,
    }
    for (const { model, sums, used } of rules) {
      const modelUsed = weigh(model, weighable, settings, weights)
      used.set(modelUsed, (used.get(modelUsed) ?? 0) + conversions)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] ?? 0
        sums.conversions[id] = (sums.conversions[id] ?? 0) + (weights[i] ?? 0) * conversions
        sums.valueMinor[id] = (sums.valueMinor[id] ?? 0) + (weights[i] ?? 0) * valueMinor
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
    for (let i = 0; i < ids.length; i++)
      sums.ledgerUnits[ids[i] ?? 0] = (sums.ledgerUnits[ids[i] ?? 0] ?? 0) + (parts[i] ?? 0)
    if (valueMinor === 0) return
    allocate(valueMinor, weights, parts)
    for (let i = 0; i < ids.length; i++)
      sums.ledgerMinor[ids[i] ?? 0] = (sums.ledgerMinor[ids[i] ?? 0] ?? 0) + (parts[i] ?? 0)
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
    const byPath = converted
      .map((journey) => ({ ...journey, place: placeOf[journey.place] ?? 0 }))
      .sort((a, b) => a.place - b.place)
    for (const order of [1, 2, 3] as const)
      if (left.includes(`markov_${order}`)) yield markov(paths, byPath, order)
    if (left.includes('shapley')) yield shapley(paths, byPath)
  }

  function markov(all: Paths, byPath: typeof converted, order: MarkovOrder): ModelCredit {
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

  function shapley(paths: Paths, byPath: typeof converted): ModelCredit {
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
    const drawn = intervals.includes('shapley') ? bootstrap(sets, estimate) : null
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
    byPath: typeof converted,
    share: (ids: Uint16Array, place: number) => void,
  ): void {
    let shown = -1
    let ids = new Uint16Array(0)
    for (const { place, conversions, valueMinor } of byPath) {
      if (place !== shown) {
        ids = Uint16Array.from(pathAt(paths, place))
        fit(ids.length)
        share(ids, place)
        shown = place
      }
      post(sums, ids, conversions, valueMinor)
    }
  }

  return {
    add,
    totals: () => ({ ...totals, unattributed: { ...unattributed }, paths: collector.size() }),
    unsupported,
    credits,
  }
}

interface Sums {
  conversions: Float64Array
  valueMinor: Float64Array
  ledgerUnits: Float64Array
  ledgerMinor: Float64Array
}

function createSums(channels: number): Sums {
  const column = () => new Float64Array(channels)
  return { conversions: column(), valueMinor: column(), ledgerUnits: column(), ledgerMinor: column() }
}

function rowsOf(
  channels: readonly string[],
  sums: Sums,
  unattributed: AttributionTotals['unattributed'],
  { found, drawn }: { found?: MarkovFit; drawn?: Intervals | null } = {},
): ChannelCredit[] {
  const rows = channels.map((channel, id): ChannelCredit => {
    const conversions = drawn?.conversions[id]
    const value = drawn?.value[id]
    return {
      channel,
      conversions: sums.conversions[id] ?? 0,
      valueMinor: sums.valueMinor[id] ?? 0,
      ledger: { countUnits: sums.ledgerUnits[id] ?? 0, valueMinor: sums.ledgerMinor[id] ?? 0 },
      ...(found
        ? {
            removalEffect: found.removalEffects[id] ?? 0,
            valueRemovalEffect: found.valueRemovalEffects[id] ?? 0,
          }
        : {}),
      ...(conversions && value ? { intervals: { conversions, value } } : {}),
    }
  })
  const { conversions, valueMinor } = unattributed
  if (conversions === 0 && valueMinor === 0) return rows
  const ledger = { countUnits: conversions * COUNT_UNITS, valueMinor }
  return [...rows, { channel: UNATTRIBUTED, conversions, valueMinor, ledger }]
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
