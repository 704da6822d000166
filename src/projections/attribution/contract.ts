// The nouns of attribution: its models, the settings they are asked with, and the channels that are no channel.
import { z } from 'zod'

export * from './endpoints.ts'
export * from './money-endpoints.ts'
export * from './order-endpoints.ts'
export {
  attributionSettingsSchema,
  defaultAttributionSettings,
  goalKey,
  modelLabels,
  shownModels,
  touchTypeLabels,
  touchTypes,
} from './settings.ts'
export type { AttributionSettings, Goal, ShownModel, TouchType } from './settings.ts'

/** Models that look at one journey alone. */
export const ruleModels = [
  'first',
  'last',
  'last_non_direct',
  'linear',
  'unique_linear',
  'time_decay',
  'u_shaped',
  'w_shaped',
  'position',
] as const
/** Models that learn from all journeys, those that ended without a conversion among them. */
export const dataModels = ['markov_1', 'markov_2', 'markov_3', 'shapley'] as const
export const attributionModels = [...ruleModels, ...dataModels] as const

export type RuleModel = (typeof ruleModels)[number]
export type DataModel = (typeof dataModels)[number]
export type AttributionModel = (typeof attributionModels)[number]

/** Takes the credit of conversions that no touch led to, so that the rows add up to all conversions. */
export const UNATTRIBUTED = '(unattributed)'
/** Takes the place of the channels beyond the most that a model counts. */
export const OTHER = '(other)'

const DAY_MS = 86_400_000
const share = z.number().min(0).max(1)

/** How touches and conversions become journeys. */
export const journeySettingsSchema = z.object({
  lookbackMs: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(30 * DAY_MS)
    .describe('how old a touch may be at the conversion, this age included; null for any age'),
  viewLookbackMs: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('the same for ads that were seen and not clicked; null leaves them out'),
  repeat: z
    .enum(['restart', 'reuse'])
    .default('restart')
    .describe('whether a conversion starts after the previous one of its kind, or may use its touches again'),
  sessionMs: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(30 * 60_000)
    .describe('touches of one channel in a row are one touch while no pause is longer; null keeps each'),
})
export type JourneySettings = z.infer<typeof journeySettingsSchema>

/** What the models may be told. Weights are normalised, so that only their ratio counts. */
export const modelSettingsSchema = z.object({
  halfLifeDays: z
    .number()
    .positive()
    .max(3_650)
    .default(7)
    .describe('time decay: the age that halves a touch'),
  positionWeights: z
    .object({ first: share, middle: share, last: share })
    .refine(({ first, middle, last }) => first + middle + last > 0, 'one weight must be above zero')
    .nullable()
    .default(null)
    .describe('the model `position`: the first touch, all between them together, the last touch'),
  wWeights: z
    .object({ first: share, lead: share, opportunity: share, rest: share })
    .refine(
      ({ first, lead, opportunity, rest }) => first + lead + opportunity + rest > 0,
      'one weight must be above zero',
    )
    .default({ first: 0.3, lead: 0.3, opportunity: 0.3, rest: 0.1 })
    .describe(
      'the model `w_shaped`: its three anchors, and all other touches up to the opportunity together',
    ),
  directChannels: z
    .array(z.string())
    .default(['Direct', '(direct)', '(direct) / (none)', 'direct / none'])
    .describe('names of the channel that `last_non_direct` passes over, in any case of letters'),
  shapleyChannels: z
    .number()
    .int()
    .min(1)
    .max(12)
    .default(6)
    .describe('of a journey with more channels than this, the latest ones count'),
})
export type ModelSettings = z.infer<typeof modelSettingsSchema>

/** What a W-shaped credit fell back to where the journey has no lead or no opportunity. */
export type ModelUsed = RuleModel | 'u_shaped_fallback'

/** A touch of a person: `signal` and `kind` are told where they are known, and left out for a plain human click. */
export interface Touch {
  /** ms since 1970 UTC */
  at: number
  /** of its event: what came twice under one id counts once, and orders what happened at one instant */
  id: string
  channel: string
  kind?: 'click' | 'view'
  /** `proxy` and `bot` are no touch */
  signal?: 'human' | 'unknown' | 'proxy' | 'bot'
}

export interface Conversion {
  at: number
  id: string
  /** such as `order`; conversions of different kinds do not take touches from each other */
  kind: string
  /** minor units of one currency, a safe integer */
  valueMinor: number
  /** how many conversions this row stands for */
  count: number
}

/** The moment a person became a lead, or an opportunity. */
export interface Milestone {
  at: number
  kind: 'lead' | 'opportunity'
}
