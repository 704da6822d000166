// What was learned of a workspace as data, and what it says of one lead on a day. Pure.
import type { Correction } from './churn/correction.ts'
import { churnRiskOf, learnChurn, riskBandOf } from './churn/churn-risk.ts'
import type { ChurnMethod, ChurnOutlook, RiskBand } from './churn/churn-risk.ts'
import { disengagementHorizonDays, disengagementRiskOf, learnDisengagement } from './churn/disengagement.ts'
import type { DisengagementOutlook, Visitor } from './churn/disengagement.ts'
import { healthOf } from './health.ts'
import type { Health } from './health.ts'
import { rfmCuts, rfmScores, segmentOf } from './rfm.ts'
import type { RfmCuts, RfmScores } from './rfm.ts'
import { defaultJourneySettings } from './settings.ts'
import type { JourneySettings } from './settings.ts'
import type { JourneyState } from './state.ts'
import { trendOn } from './trend.ts'
import type { TrendFinding } from './trend.ts'
import { betaGeometricModel } from './value/beta-geometric.ts'
import { standingOn } from './value/buyers.ts'
import type { OrderDays, Standing } from './value/buyers.ts'
import type { BuyingModel, ModelName } from './value/model.ts'
import { nbdModel } from './value/nbd.ts'
import { defaultOutlookSettings, learnOutlook, valueOf } from './value/outlook.ts'
import type { BuyerValue, Outlook } from './value/outlook.ts'
import { paretoModel } from './value/pareto.ts'
import type { SpendModel } from './value/spend.ts'

/** A model of repeat buying as it is stored: its name and parameters say all. */
interface StoredModel {
  name: ModelName
  parameters: Record<string, number>
}

/** All that was learned, as JSON. */
export interface JourneyModel {
  /** up to the evening of this day everything was known */
  asOfDay: number
  currency: string
  value: Omit<Outlook, 'buying'> & {
    buying: {
      model: StoredModel
      logLikelihood: number
      rejected: StoredModel | null
      spend: SpendModel
    } | null
  }
  churn: Omit<ChurnOutlook, 'used'> & {
    used: {
      method: ChurnMethod
      model: StoredModel
      correction: Correction | null
      usualGapDays: number
    } | null
  }
  disengagement: DisengagementOutlook
  rfm: { cuts: RfmCuts; buyers: number }
  /** net spending of buyers in minor units: of a hundred equal parts, the highest each; empty without buyers */
  spending: number[]
}

/** Learns everything from the buyers and the visitors of a workspace. */
export function learnJourney(
  buyers: OrderDays,
  visitors: readonly Visitor[],
  {
    asOfDay,
    currency,
    moneyUnit,
    clickDays,
    settings = defaultJourneySettings,
  }: {
    asOfDay: number
    currency: string
    /** minor units in one unit of the currency */
    moneyUnit: number
    clickDays?: ReadonlyMap<string, readonly number[]>
    settings?: JourneySettings
  },
): JourneyModel {
  const { churnHorizonDays, valueHorizonDays, yearlyDiscount, margin } = settings
  const value = learnOutlook(buyers, asOfDay, {
    ...defaultOutlookSettings,
    horizonDays: valueHorizonDays,
    yearlyDiscount,
    margin,
  })
  const churn = learnChurn(buyers, asOfDay, { clickDays, horizonDays: churnHorizonDays ?? undefined })
  const standings = [...buyers.values()].flatMap((days) => standingOn(days, asOfDay) ?? [])
  const spent = standings.map(({ spentMinor }) => spentMinor).sort((a, b) => a - b)
  return {
    asOfDay,
    currency,
    value: {
      ...value,
      buying: value.buying && {
        model: storedModel(value.buying.used.model),
        logLikelihood: value.buying.used.logLikelihood,
        rejected: value.buying.rejected && storedModel(value.buying.rejected.model),
        spend: value.buying.spend,
      },
    },
    churn: { ...churn, used: churn.used && { ...churn.used, model: storedModel(churn.used.model) } },
    disengagement: learnDisengagement(visitors, asOfDay),
    rfm: {
      cuts: rfmCuts(
        standings.map((standing) => buyerOf(standing, asOfDay)),
        moneyUnit,
      ),
      buyers: spent.length,
    },
    spending: spent.length === 0 ? [] : PARTS.map((part) => spent[Math.ceil(spent.length * part) - 1]!),
  }
}

const PARTS = Array.from({ length: 100 }, (_, i) => (i + 1) / 100)

/** What is read of a lead's journey on a day. */
export interface Assessment {
  asOfDay: number
  trend: TrendFinding
  /** of buyers; null where there is too little data, as `sentence` says */
  churn: { risk: number; band: RiskBand; horizonDays: number } | null
  /** of those who never bought */
  disengagement: { risk: number; band: RiskBand; horizonDays: number } | null
  /** how the risk is to be understood, or why there is none */
  riskSentence: string
  health: Health
  /** null for those who never bought */
  value: BuyerValue | null
  valueSentence: string
  rfm: (RfmScores & { segment: string }) | null
}

/**
 * What a lead's journey looks like on a day.
 * @param model null where nothing was learned yet
 * @param engagement the engagement of the score, 0 to 100; null where it is not known
 */
export function assess(
  state: JourneyState,
  model: JourneyModel | null,
  day: number,
  engagement: number | null,
): Assessment {
  const standing = standingOn(state.orderDays, day)
  const trend = trendOn(state.activeDays, Math.min(state.createdDay, state.activeDays[0] ?? day), day)
  const value = standing && (model ? valueOf(outlookOn(model, day), standing) : historicOnly(standing))
  const churnRisk =
    standing && model ? churnRiskOf(churnOn(model, day), state.orderDays, state.clickDays) : null
  const visitor: Visitor = { activeDays: state.activeDays, firstOrderDay: state.orderDays[0]?.day ?? null }
  const silentRisk =
    !standing && model ? disengagementRiskOf({ ...model.disengagement, asOfDay: day }, visitor) : null
  const risk = standing ? churnRisk : silentRisk
  return {
    asOfDay: day,
    trend,
    churn:
      churnRisk === null
        ? null
        : { risk: churnRisk, band: riskBandOf(churnRisk), horizonDays: model!.churn.horizonDays },
    disengagement:
      silentRisk === null
        ? null
        : { risk: silentRisk, band: riskBandOf(silentRisk), horizonDays: disengagementHorizonDays },
    riskSentence: riskSentence(model, standing, state),
    health: healthOf({
      risk,
      engagement,
      trend: trend.trend === 'insufficient' ? null : trend.trend,
      valuePercentile: standing && model ? shareBelow(model, standing.spentMinor) : null,
      relationship: state.activeDays.length > 0 || state.orderDays.length > 0 ? state.relationship : null,
    }),
    value,
    valueSentence: model ? model.value.sentence : NOT_LEARNED,
    rfm: standing && model && model.rfm.buyers > 0 ? rfmOf(standing, model, day) : null,
  }
}

const NOT_LEARNED =
  'Nothing was learned of this workspace’s buyers and visitors yet; that happens each night.'

function riskSentence(model: JourneyModel | null, standing: Standing | null, state: JourneyState): string {
  if (!model) return NOT_LEARNED
  if (standing) return model.churn.sentence
  if (state.activeDays.length === 0)
    return 'Nothing that this person did is known, so that nothing can be said of their coming back.'
  return model.disengagement.sentence
}

function outlookOn(model: JourneyModel, asOfDay: number): Outlook {
  const { buying } = model.value
  return {
    ...model.value,
    asOfDay,
    buying: buying && {
      used: { model: modelOf(buying.model), logLikelihood: buying.logLikelihood, reached: [] },
      rejected: null,
      spend: buying.spend,
    },
  }
}

function churnOn(model: JourneyModel, asOfDay: number): ChurnOutlook {
  const { used } = model.churn
  return { ...model.churn, asOfDay, used: used && { ...used, model: modelOf(used.model) } }
}

function storedModel({ name, parameters }: BuyingModel): StoredModel {
  return { name, parameters: { ...parameters } }
}

/** A model out of what was stored of it. */
export function modelOf({ name, parameters }: StoredModel): BuyingModel {
  const { r = 1, alpha = 1, a = 1, b = 1, s = 1, beta = 1 } = parameters
  switch (name) {
    case 'nbd':
      return nbdModel({ r, alpha })
    case 'pareto_nbd':
      return paretoModel({ r, alpha, s, beta })
    default:
      return betaGeometricModel(name, { r, alpha, a, b })
  }
}

function historicOnly({ spentMinor }: Standing): BuyerValue {
  return { historicMinor: Math.round(spentMinor), predicted: null }
}

function buyerOf({ lastDay, repeats, spentMinor }: Standing, day: number) {
  return { recencyDays: day - lastDay, frequency: repeats + 1, monetary: spentMinor }
}

function rfmOf(standing: Standing, { rfm }: JourneyModel, day: number): Assessment['rfm'] {
  const scores = rfmScores(buyerOf(standing, day), rfm.cuts)
  const segment = segmentOf(scores)
  return segment === null ? null : { ...scores, segment }
}

/** Among fewer a rank says nothing. */
const FEWEST_TO_RANK = 20

// Of the hundred parts, those whose highest is below.
function shareBelow({ spending, rfm: { buyers } }: JourneyModel, spentMinor: number): number | null {
  if (spending.length === 0 || buyers < FEWEST_TO_RANK) return null
  return spending.filter((highest) => highest < spentMinor).length / spending.length
}
