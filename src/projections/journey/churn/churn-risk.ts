// Churn risk of buyers: the calibrated chance that no order comes within a stated horizon.
import { medianGapDays, ordersBetween, standingOn } from '../value/buyers.ts'
import type { OrderDay, OrderDays, Standing } from '../value/buyers.ts'
import type { BuyingModel } from '../value/model.ts'
import { defaultOutlookSettings, learnOutlook } from '../value/outlook.ts'
import type { Outlook } from '../value/outlook.ts'
import { corrected, learnCorrection, logOddsOf } from './correction.ts'
import type { Correction } from './correction.ts'
import { featuresOn } from './features.ts'
import { judge } from './judge.ts'
import type { Judged } from './judge.ts'

/**
 * `closed_form`: what the model of repeat buying says. `recalibrated`: that, stretched and shifted in log-odds to what
 * happened in the last horizon. `regression`: also corrected by how each buyer ordered lately.
 */
export const churnMethods = ['closed_form', 'recalibrated', 'regression'] as const
export type ChurnMethod = (typeof churnMethods)[number]

export type RiskBand = 'low' | 'medium' | 'high'

export interface ChurnSettings {
  /** how long without an order counts as lost; else `usualHorizonDays` */
  horizonDays?: number
  model?: Outlook['settings']['model']
  /** by buyer the days with a human click in an e-mail, by when they were recorded, ascending */
  clickDays?: ReadonlyMap<string, readonly number[]>
}

export interface ChurnOutlook {
  horizonDays: number
  asOfDay: number
  sentence: string
  /** null where there is too little data */
  used: {
    method: ChurnMethod
    model: BuyingModel
    correction: Correction | null
    usualGapDays: number
  } | null
  /** every method as it would have stood a horizon ago, held against what came since; null where that cannot be said */
  judged: { asOfDay: number; by: Partial<Record<ChurnMethod, Judged>> } | null
}

/** Buyers below which orders of a past horizon are not learned from. */
const fewestToRecalibrate = 500
const fewestToRegress = 1_000
/** How much better, in Brier's score on the last horizon, a regression has to be to be preferred. */
const margin = 0.0005
/** Chosen on the CDNOW sample's horizon of 90 days: between 50 and 200 nothing changes in the third digit. */
const penalty = 100

/** 90 days, or twice the shop's median gap between orders where that is longer. */
export function usualHorizonDays(buyers: OrderDays, asOfDay: number): number {
  return Math.max(90, Math.ceil(2 * (medianGapDays(buyers, asOfDay) ?? 0)))
}

/**
 * Learns from all orders up to the evening of a day; what a buyer was like is taken from before each horizon, what came
 * from within it. A regression is used where it did better on the last horizon than recalibration alone.
 */
export function learnChurn(buyers: OrderDays, asOfDay: number, settings: ChurnSettings = {}): ChurnOutlook {
  const horizonDays = settings.horizonDays ?? usualHorizonDays(buyers, asOfDay)
  const now = snapshotOn(buyers, asOfDay, horizonDays, settings)
  if (now.model === null) {
    return { horizonDays, asOfDay, sentence: now.sentence, used: null, judged: null }
  }
  const before = snapshotOn(buyers, asOfDay - horizonDays, horizonDays, settings)
  const corrections = before.model === null ? {} : learnCorrections(before)
  const judged = before.model === null ? null : judgeOn(buyers, before, horizonDays, settings)
  const method = methodOf(corrections, judged)
  return {
    horizonDays,
    asOfDay,
    sentence: sentences[method](horizonDays),
    used: {
      method,
      model: now.model,
      correction: corrections[method] ?? null,
      usualGapDays: now.usualGapDays,
    },
    judged: judged && { asOfDay: before.asOfDay, by: judged },
  }
}

/** The risk of one buyer on the outlook's day; null where there is no model. */
export function churnRiskOf(
  outlook: ChurnOutlook,
  days: readonly OrderDay[],
  clickDays: readonly number[] = [],
): number | null {
  const standing = standingOn(days, outlook.asOfDay)
  if (!outlook.used || !standing) return null
  const { model, method, correction, usualGapDays } = outlook.used
  const told = model.noOrderChance(standing, outlook.horizonDays / 7)
  if (!correction) return told
  return corrected(
    correction,
    told,
    evidenceOf(method, told, () => featuresOn(days, outlook.asOfDay, usualGapDays, clickDays)),
  )
}

/** Low below 0.33, high above 0.66. */
export function riskBandOf(risk: number): RiskBand {
  if (risk < 0.33) return 'low'
  return risk > 0.66 ? 'high' : 'medium'
}

const sentences: Record<ChurnMethod, (days: number) => string> = {
  closed_form: (days) =>
    `The chance of no order in ${days} days, as the model of repeat buying has it; no past horizon of that length could be learned from.`,
  recalibrated: (days) =>
    `The chance of no order in ${days} days, by the model of repeat buying, recalibrated to the last ${days} days.`,
  regression: (days) =>
    `The chance of no order in ${days} days, by the model of repeat buying, corrected by how each buyer ordered lately; learned from the last ${days} days.`,
}

interface Snapshot {
  asOfDay: number
  sentence: string
  model: BuyingModel | null
  usualGapDays: number
  told: number[]
  features: number[][]
  outcomes: (0 | 1)[]
}

// Everything about a past or present evening: what each buyer was like, and, where it is over, what the horizon brought.
function snapshotOn(
  buyers: OrderDays,
  asOfDay: number,
  horizonDays: number,
  settings: ChurnSettings,
): Snapshot {
  const outlook = learnOutlook(buyers, asOfDay, {
    ...defaultOutlookSettings,
    model: settings.model ?? defaultOutlookSettings.model,
  })
  const model = outlook.buying?.used.model ?? null
  const usualGapDays = medianGapDays(buyers, asOfDay) ?? horizonDays
  const told: number[] = []
  const features: number[][] = []
  const outcomes: (0 | 1)[] = []
  if (model) {
    for (const [buyerId, days] of buyers) {
      const standing: Standing | null = standingOn(days, asOfDay)
      if (!standing) continue
      told.push(model.noOrderChance(standing, horizonDays / 7))
      features.push(featuresOn(days, asOfDay, usualGapDays, settings.clickDays?.get(buyerId)))
      outcomes.push(ordersBetween(days, asOfDay, asOfDay + horizonDays) === 0 ? 1 : 0)
    }
  }
  return { asOfDay, sentence: outlook.sentence, model, usualGapDays, told, features, outcomes }
}

function learnCorrections({ told, features, outcomes }: Snapshot): Partial<Record<ChurnMethod, Correction>> {
  const lost = outcomes.reduce<number>((sum, outcome) => sum + outcome, 0)
  if (told.length < fewestToRecalibrate || lost === 0 || lost === told.length) return {}
  const evidence = (method: ChurnMethod): number[][] =>
    told.map((risk, at) => evidenceOf(method, risk, () => features[at] as number[]))
  const recalibrated = learnCorrection(told, evidence('recalibrated'), outcomes, 1)
  if (told.length < fewestToRegress) return { recalibrated }
  return { recalibrated, regression: learnCorrection(told, evidence('regression'), outcomes, penalty) }
}

function evidenceOf(method: ChurnMethod, told: number, features: () => number[]): number[] {
  return method === 'regression' ? [logOddsOf(told), ...features()] : [logOddsOf(told)]
}

// The methods a horizon ago knew nothing later than that evening: their corrections come from the horizon before.
function judgeOn(
  buyers: OrderDays,
  then: Snapshot,
  horizonDays: number,
  settings: ChurnSettings,
): Partial<Record<ChurnMethod, Judged>> {
  const earlier = snapshotOn(buyers, then.asOfDay - horizonDays, horizonDays, settings)
  const corrections = earlier.model === null ? {} : learnCorrections(earlier)
  const judged: Partial<Record<ChurnMethod, Judged>> = { closed_form: judge(then.told, then.outcomes) }
  for (const method of churnMethods) {
    const correction = corrections[method]
    if (!correction) continue
    const risks = then.told.map((told, at) =>
      corrected(
        correction,
        told,
        evidenceOf(method, told, () => then.features[at] as number[]),
      ),
    )
    judged[method] = judge(risks, then.outcomes)
  }
  return judged
}

function methodOf(
  corrections: Partial<Record<ChurnMethod, Correction>>,
  judged: Partial<Record<ChurnMethod, Judged>> | null,
): ChurnMethod {
  if (!corrections.recalibrated) return 'closed_form'
  const { recalibrated, regression } = judged ?? {}
  const isBetter = recalibrated && regression && regression.brier < recalibrated.brier - margin
  return isBetter && corrections.regression ? 'regression' : 'recalibrated'
}
