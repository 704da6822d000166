// The nouns of journeys: milestones, trend, risk, health and value of a lead, and what was learned of a workspace.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { healthWeights } from './health.ts'
import { rfmSegments } from './rfm.ts'
import { journeySettingsSchema } from './settings.ts'

export { healthWeights } from './health.ts'
export { journeyFactList } from './fact-list.ts'
/** Names of the segments by recency, frequency and value. */
export const rfmSegmentNames: readonly string[] = [...new Set(rfmSegments.map(({ segment }) => segment))]
export const trends = ['increasing', 'stable', 'declining', 'insufficient'] as const

export { defaultJourneySettings, journeySettingsSchema } from './settings.ts'
export type { JourneySettings } from './settings.ts'

const leadParams = z.object({ id: z.uuid() })
const riskSchema = z.object({
  /** a calibrated chance, 0 to 1 */
  risk: z.number(),
  /** low below 0.33, high above 0.66 */
  band: z.enum(['low', 'medium', 'high']),
  /** within so many days from now */
  horizonDays: z.number().int(),
})
const amount = z.number().int().nullable()

export const journeyStatisticsSchema = z.object({
  leadId: z.string(),
  /** the moment for which all of it holds */
  asOf: z.string(),
  /** when what it is read by was learned; null where nothing was yet */
  learnedAt: z.string().nullable(),
  currency: z.string(),
  trend: z.object({
    trend: z.enum(trends),
    recentDays: z.number().int().describe('days with an act in the last 28'),
    earlierDays: z.number().int().describe('and in the window before'),
    earlierWindowDays: z.number().int(),
    rateRatio: z.number().nullable(),
    midP: z.number().nullable(),
    /** what it means, in words */
    sentence: z.string(),
  }),
  /** of buyers: the chance of no order within the horizon; null of others, and where there is too little data */
  churn: riskSchema.nullable(),
  /** of those who never bought: the chance that they do nothing within the horizon */
  disengagement: riskSchema.nullable(),
  /** how the risk is to be understood, or why there is none */
  riskSentence: z.string(),
  health: z.object({
    /** 0 to 100; null where less than half of the weight is known */
    score: z.number().nullable(),
    band: z.enum(['healthy', 'watch', 'at_risk']).nullable(),
    /** weight that is known, 0 to 1 */
    coverage: z.number(),
    components: z.array(
      z.object({
        name: z.enum(Object.keys(healthWeights) as [keyof typeof healthWeights]),
        weight: z.number(),
        /** 0 to 1, best 1; null where not known */
        value: z.number().nullable(),
      }),
    ),
  }),
  value: z.object({
    /** net merchandise value until now; null of those who never bought */
    historicMinor: amount,
    orders: z.number().int().describe('days with an order'),
    firstOrderOn: z.string().nullable(),
    lastOrderOn: z.string().nullable(),
    /** null where there is too little data, as `sentence` says */
    predicted: z
      .object({
        valueMinor: z.number().int(),
        horizonDays: z.number().int(),
        expectedOrders: z.number(),
        spendMinor: z.number().int().describe('expected of an order'),
        aliveChance: z.number().describe('that the person is still a customer; no churn risk'),
        nextOrderOn: z.string().nullable(),
      })
      .nullable(),
    sentence: z.string(),
    warnings: z.array(z.string()),
  }),
  rfm: z
    .object({
      r: z.number().int(),
      f: z.number().int(),
      m: z.number().int(),
      segment: z.string(),
    })
    .nullable(),
})
export type JourneyStatistics = z.infer<typeof journeyStatisticsSchema>

export const journeyStatistics = endpoint({
  id: 'journeyStatistics',
  method: 'GET',
  path: '/api/lead-tracking/journey/:id/statistics',
  access: { permission: 'leads.read' },
  summary: 'Trend, risk, health and lifetime value of a lead as of now, each with what it is made of',
  tag: 'Journey',
  params: leadParams,
  reply: journeyStatisticsSchema,
})

export const getJourney = endpoint({
  id: 'getJourney',
  method: 'GET',
  path: '/api/lead-tracking/journey/:id',
  access: { permission: 'leads.read' },
  summary: 'The journey of a lead: milestones, moves through the stages, and its days with something done',
  tag: 'Journey',
  params: leadParams,
  reply: z.object({
    leadId: z.string(),
    startedOn: z.string().nullable(),
    stage: z.string(),
    /** oldest first */
    milestones: z.array(
      z.object({
        kind: z.string(),
        label: z.string(),
        at: z.string(),
        eventId: z.string().nullable(),
        orderId: z.string().nullable(),
      }),
    ),
    /** weeks from the first to the last with something done, Mondays in the workspace's zone; at most the last 104 */
    weeks: z.array(
      z.object({ startsOn: z.string(), activeDays: z.number().int(), orderDays: z.number().int() }),
    ),
    activeDays: z.number().int(),
    statistics: journeyStatisticsSchema,
  }),
})

export const getJourneyModel = endpoint({
  id: 'getJourneyModel',
  method: 'GET',
  path: '/api/lead-tracking/journey-model',
  access: { permission: 'reports.read' },
  summary: 'What was learned of the workspace’s buyers and visitors, when, and how far it can be trusted',
  tag: 'Journey',
  reply: z.object({
    settings: journeySettingsSchema,
    /** null where nothing was learned yet */
    model: z
      .object({
        learnedAt: z.string(),
        currency: z.string(),
        value: z.object({
          verdict: z.enum(['fits', 'no_dropout_detectable', 'too_little_data']),
          sentence: z.string(),
          warnings: z.array(z.string()),
          buyers: z.number().int(),
          historyDays: z.number().int(),
          meanOrderMinor: amount,
          meanBuyerMinor: amount,
          name: z.string().nullable(),
          parameters: z.record(z.string(), z.number()).nullable(),
          /** how the value of an order is foretold */
          spend: z
            .object({
              name: z.enum(['gamma_gamma', 'shrunken_mean']),
              parameters: z.record(z.string(), z.number()).nullable(),
            })
            .nullable(),
          horizonDays: z.number().int(),
          yearlyDiscount: z.number(),
          margin: z.number(),
        }),
        churn: z.object({
          horizonDays: z.number().int(),
          sentence: z.string(),
          method: z.string().nullable(),
          auc: z.number().nullable(),
          brier: z.number().nullable(),
        }),
        disengagement: z.object({
          sentence: z.string(),
          auc: z.number().nullable(),
          brier: z.number().nullable(),
        }),
        rfmBuyers: z.number().int(),
      })
      .nullable(),
  }),
})

export const setJourneySettings = endpoint({
  id: 'setJourneySettings',
  method: 'PUT',
  path: '/api/lead-tracking/journey-settings',
  access: { permission: 'settings.write' },
  summary:
    'Say how far ahead churn and value look, and at what margin; what is learned follows in the background',
  tag: 'Journey',
  body: journeySettingsSchema,
  reply: z.object({ settings: journeySettingsSchema }),
})

export const learnJourneyModel = endpoint({
  id: 'learnJourneyModel',
  method: 'POST',
  path: '/api/lead-tracking/journey-model/learn',
  access: { permission: 'settings.write' },
  summary: 'Learn now rather than next night; every lead is read by it afterwards, in the background',
  tag: 'Journey',
  reply: z.object({ queued: z.literal(true) }),
  status: 202,
})
