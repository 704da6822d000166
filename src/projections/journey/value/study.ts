// A study of one list of orders: every model fitted, held against a holdout, and each buyer's expectation, value and risk.
import { churnRiskOf, learnChurn, riskBandOf } from '../churn/churn-risk.ts'
import type { ChurnMethod, ChurnOutlook, RiskBand } from '../churn/churn-risk.ts'
import { judge } from '../churn/judge.ts'
import type { Judged } from '../churn/judge.ts'
import { repeatChances } from './beta-geometric.ts'
import type { BetaGeometric } from './beta-geometric.ts'
import { ordersBetween, standingOn } from './buyers.ts'
import type { OrderDays, Standing } from './buyers.ts'
import { tallyOf } from './model.ts'
import type { BuyingModel, Fitted, ModelName } from './model.ts'
import { fitNbd } from './nbd.ts'
import { defaultOutlookSettings, fitModel, isDegenerate, learnOutlook, valueOf } from './outlook.ts'
import type { Outlook, OutlookSettings } from './outlook.ts'

export interface StudySettings extends OutlookSettings {
  /** days at the end of the data that no model may see; null for none */
  holdoutDays: number | null
  /** else what is usual for the shop */
  churnHorizonDays: number | null
}

export const defaultStudySettings: StudySettings = {
  ...defaultOutlookSettings,
  holdoutDays: null,
  churnHorizonDays: null,
}

/** Expected against actual order days in the holdout. */
export interface HoldoutFit {
  expected: number
  actual: number
  /** of expected minus actual, person by person: mean of the sizes, root of the mean square; and their correlation */
  meanAbsoluteError: number
  rootMeanSquareError: number
  correlation: number | null
}

export interface StudiedModel {
  name: ModelName
  isUsed: boolean
  isDegenerate: boolean
  parameters: Readonly<Record<string, number>>
  logLikelihood: number
  /** the log-likelihood that each start of the search led to */
  reached: number[]
  holdout: HoldoutFit | null
}

export interface Study {
  outlook: Outlook
  models: StudiedModel[]
  /** how many buyers had 0, 1, ... 6, and 7 or more repeat days, and how many the used model expects; null where it is not (M)BG/NBD */
  repeats: { repeats: number; actual: number; expected: number }[] | null
  holdout: {
    days: number
    orders: HoldoutFit
    /** the used model's chance of no order in the whole holdout, against what came */
    noOrder: Judged
  } | null
  churn: {
    /** as of the study's day */
    outlook: ChurnOutlook
    /** its risks against the first days of the holdout; null where the holdout is shorter than the horizon */
    holdout: Judged | null
    /** each method as of one horizon before the end of all orders, against that last horizon; null where that cannot be said */
    lastHorizon: { asOfDay: number; by: Partial<Record<ChurnMethod, Judged>> } | null
  }
  buyerOf(buyerId: string): StudiedBuyer | null
}

export interface StudiedBuyer {
  standing: Standing
  historicMinor: number
  predicted: ReturnType<typeof valueOf>['predicted']
  /** by model: order days in the holdout, or within the horizon of value where there is none */
  expectedOrders: Partial<Record<ModelName, number>>
  /** in the holdout */
  actualOrders: number | null
  churn: { risk: number; band: RiskBand } | null
}

/**
 * Studies all orders up to the evening of `lastDay`, less the holdout. Steps yield what was done, for progress to be
 * shown; the study is what is returned.
 */
export function* studyOrders(
  buyers: OrderDays,
  lastDay: number,
  settings: StudySettings = defaultStudySettings,
): Generator<string, Study> {
  const asOfDay = lastDay - (settings.holdoutDays ?? 0)
  const outlook = learnOutlook(buyers, asOfDay, settings)
  yield 'outlook'
  const standings = new Map<string, Standing>()
  for (const [buyerId, days] of buyers) {
    const standing = standingOn(days, asOfDay)
    if (standing) standings.set(buyerId, standing)
  }
  const fits: Fitted[] = []
  if (outlook.buying) {
    const tally = tallyOf(standings.values())
    for (const name of ['mbg_nbd', 'bg_nbd', 'pareto_nbd'] as const) {
      fits.push(fitModel(name, tally))
      yield name
    }
    fits.push(fitNbd(tally))
  }
  const used = outlook.buying?.used.model ?? null
  const actual = (buyerId: string, days: number): number =>
    ordersBetween(buyers.get(buyerId) ?? [], asOfDay, asOfDay + days)
  const holdoutOf = (model: BuyingModel, days: number): HoldoutFit => {
    const pairs: [number, number][] = []
    for (const [buyerId, standing] of standings)
      pairs.push([model.expectedOrders(standing, days / 7), actual(buyerId, days)])
    return fitOf(pairs)
  }
  const horizon = settings.churnHorizonDays ?? undefined
  const churn = learnChurn(buyers, asOfDay, { horizonDays: horizon, model: settings.model })
  yield 'churn'
  const latest =
    settings.holdoutDays === null
      ? churn
      : learnChurn(buyers, lastDay, { horizonDays: churn.horizonDays, model: settings.model })
  yield 'last horizon'
  const risks: number[] = []
  const silent: (0 | 1)[] = []
  const hasHoldout = settings.holdoutDays !== null && settings.holdoutDays >= churn.horizonDays
  if (hasHoldout) {
    for (const [buyerId, days] of buyers) {
      const risk = churnRiskOf(churn, days)
      if (risk === null) continue
      risks.push(risk)
      silent.push(actual(buyerId, churn.horizonDays) === 0 ? 1 : 0)
    }
  }
  const { holdoutDays } = settings
  return {
    outlook,
    models: fits.map((fit) => ({
      name: fit.model.name,
      isUsed: fit.model.name === used?.name,
      isDegenerate: isDegenerate(fit.model),
      parameters: fit.model.parameters,
      logLikelihood: fit.logLikelihood,
      reached: fit.reached,
      holdout: holdoutDays === null ? null : holdoutOf(fit.model, holdoutDays),
    })),
    repeats: used ? repeatsOf(used, [...standings.values()]) : null,
    holdout:
      holdoutDays === null || !used
        ? null
        : {
            days: holdoutDays,
            orders: holdoutOf(used, holdoutDays),
            noOrder: judge(
              [...standings.values()].map((standing) => used.noOrderChance(standing, holdoutDays / 7)),
              [...standings.keys()].map((buyerId) => (actual(buyerId, holdoutDays) === 0 ? 1 : 0)),
            ),
          },
    churn: {
      outlook: churn,
      holdout: risks.length > 0 ? judge(risks, silent) : null,
      lastHorizon: latest.judged,
    },
    buyerOf(buyerId) {
      const standing = standings.get(buyerId)
      const days = buyers.get(buyerId)
      if (!standing || !days) return null
      const risk = churnRiskOf(churn, days)
      const weeks = (holdoutDays ?? outlook.settings.horizonDays) / 7
      return {
        standing,
        ...valueOf(outlook, standing),
        expectedOrders: Object.fromEntries(
          fits.map(({ model }) => [model.name, model.expectedOrders(standing, weeks)]),
        ),
        actualOrders: holdoutDays === null ? null : actual(buyerId, holdoutDays),
        churn: risk === null ? null : { risk, band: riskBandOf(risk) },
      }
    },
  }
}

/** Steps that a study yields at most. */
export const studySteps = 6

function fitOf(pairs: readonly [expected: number, actual: number][]): HoldoutFit {
  const count = Math.max(1, pairs.length)
  let expected = 0
  let actual = 0
  let absolute = 0
  let square = 0
  for (const [told, came] of pairs) {
    expected += told
    actual += came
    absolute += Math.abs(told - came)
    square += (told - came) ** 2
  }
  let both = 0
  let left = 0
  let right = 0
  for (const [told, came] of pairs) {
    both += (told - expected / count) * (came - actual / count)
    left += (told - expected / count) ** 2
    right += (came - actual / count) ** 2
  }
  return {
    expected,
    actual,
    meanAbsoluteError: absolute / count,
    rootMeanSquareError: Math.sqrt(square / count),
    correlation: left > 0 && right > 0 ? both / Math.sqrt(left * right) : null,
  }
}

const mostRepeats = 7

// Buyers of one age share the chances of every number of repeat days.
function repeatsOf({ name, parameters }: BuyingModel, standings: readonly Standing[]): Study['repeats'] {
  if (name !== 'mbg_nbd' && name !== 'bg_nbd') return null
  const { r = 1, alpha = 1, a = 1, b = 1 } = parameters
  const of: BetaGeometric = { r, alpha, a, b }
  const rows = Array.from({ length: mostRepeats + 1 }, (_, repeats) => ({ repeats, actual: 0, expected: 0 }))
  const byAge = new Map<number, number>()
  for (const { repeats, ageWeeks } of standings) {
    const row = rows[Math.min(repeats, mostRepeats)]
    if (row) row.actual++
    byAge.set(ageWeeks, (byAge.get(ageWeeks) ?? 0) + 1)
  }
  for (const [weeks, people] of byAge) {
    let rest = 1
    repeatChances(name, of, weeks, mostRepeats - 1).forEach((chance, repeats) => {
      const row = rows[repeats]
      if (row) row.expected += people * chance
      rest -= chance
    })
    const last = rows[mostRepeats]
    if (last) last.expected += people * Math.max(0, rest)
  }
  return rows
}
