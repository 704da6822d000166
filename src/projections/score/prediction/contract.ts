// The nouns of the prediction: what was learnt of a workspace's leads, and the chance of one of them; and their endpoints.
import { z } from 'zod'
import { endpoint } from '../../../lib/endpoint.ts'
import { columnReportSchema, evaluationSchema } from '../predictive/contract.ts'

export { predictionFactList } from './fact-list.ts'

/** A first paid order, or reaching the stage `opportunity`. */
export const targets = ['order', 'opportunity'] as const
const targetSchema = z.enum(targets)
export type Target = z.infer<typeof targetSchema>

/** How long after the moment of prediction a conversion may come. */
export const horizonDays = 90

/** What is asked, as a sentence goes on after "chance to ...". */
export const targetWords: Record<Target, string> = {
  order: 'place a first paid order',
  opportunity: 'become an opportunity',
}

export const verdicts = ['trained', 'too_little_data', 'nothing_tells'] as const

const modelSchema = z.object({
  leads: z.number().int(),
  conversions: z.number().int(),
  /** learnt from the older 70 % of the leads, tested on the newest 30 %; null with the reason in `temporalMissing` */
  temporal: evaluationSchema.nullable(),
  temporalMissing: z.string().nullable(),
  /** tested on leads drawn by chance, five times a fifth */
  crossValidation: evaluationSchema,
  /** strongest first, at most 30; log odds, for numbers per standard deviation */
  coefficients: z.array(z.object({ words: z.string(), logOdds: z.number() })),
  /** features that know the outcome because it filled them in: left out */
  leaks: z.array(z.object({ column: z.string(), sentence: z.string() })),
  aucWithLeaks: z.number().nullable(),
  /** each feature that was looked at */
  features: z.array(
    columnReportSchema.pick({ column: true, kind: true, filled: true, isUsed: true, note: true }),
  ),
  drift: z
    .object({
      isDrifting: z.boolean(),
      older: z.number(),
      newest: z.number(),
      columns: z.array(z.object({ column: z.string(), psi: z.number() })),
      /** expected conversions over those that came, less 1, on the newest leads */
      miss: z.number().nullable(),
    })
    .nullable(),
  /** what a person should know, in sentences: leaks, drift, misses */
  findings: z.array(z.string()),
})

export const predictiveModelSchema = z
  .object({
    target: targetSchema,
    horizonDays: z.number().int(),
    /** the newest training; null before the first */
    training: z
      .object({
        trainedAt: z.string(),
        target: targetSchema,
        verdict: z.enum(verdicts),
        sentence: z.string(),
        counted: z.object({
          open: z.number().int().describe('leads that were learnt from'),
          censored: z.number().int().describe('leads whose 90 days are not over'),
          converted: z.number().int().describe('leads that had converted before they were looked at'),
        }),
        model: modelSchema.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'PredictiveModel' })
export type PredictiveModel = z.infer<typeof predictiveModelSchema>

export const getPredictiveModel = endpoint({
  id: 'getPredictiveModel',
  method: 'GET',
  path: '/api/lead-tracking/predictive-model',
  access: { permission: 'settings.read' },
  summary: 'What the chance to convert was learnt from, how good it is, and what it goes by',
  tag: 'Scoring',
  reply: predictiveModelSchema,
})

export const trainPredictiveModel = endpoint({
  id: 'trainPredictiveModel',
  method: 'POST',
  path: '/api/lead-tracking/predictive-model/train',
  access: { permission: 'settings.write' },
  summary:
    'Learn now rather than next Sunday night, in the background; every lead is predicted anew afterwards',
  tag: 'Scoring',
  reply: z.object({ queued: z.literal(true) }),
  status: 202,
})

export const setPredictiveTarget = endpoint({
  id: 'setPredictiveTarget',
  method: 'PUT',
  path: '/api/lead-tracking/predictive-model/target',
  access: { permission: 'settings.write' },
  summary:
    'Choose what the chance is asked of: a first paid order, or becoming an opportunity; it is learnt at once',
  tag: 'Scoring',
  body: z.object({ target: targetSchema }),
  reply: z.object({ target: targetSchema }),
})

export const predictionSchema = z
  .object({
    leadId: z.string(),
    status: z.enum(['predicted', 'no_model', 'converted', 'not_known']),
    /** what the chance is, or why there is none */
    sentence: z.string(),
    prediction: z
      .object({
        chance: z.number().describe('0 to 1: to convert within `horizonDays` of `asOf`'),
        logOdds: z.number(),
        /** of the average lead that was learnt from; with `reasons` and `others` it adds up to `logOdds` */
        base: z.number(),
        baseChance: z.number(),
        /** the strongest first, at most 12; positive speaks for a conversion */
        reasons: z.array(z.object({ words: z.string(), logOdds: z.number() })),
        /** what the weaker features add together */
        others: z.object({ features: z.number().int(), logOdds: z.number() }),
        target: targetSchema,
        horizonDays: z.number().int(),
        asOf: z.string(),
        trainedAt: z.string(),
      })
      .nullable(),
  })
  .meta({ id: 'Prediction' })
export type Prediction = z.infer<typeof predictionSchema>

export const getPrediction = endpoint({
  id: 'getPrediction',
  method: 'GET',
  path: '/api/lead-tracking/scoring/:id/prediction',
  access: { permission: 'leads.read' },
  summary: 'The chance of a lead to convert within 90 days, with its strongest reasons',
  tag: 'Scoring',
  params: z.object({ id: z.uuid() }),
  reply: predictionSchema,
})
