// What is published of a predictive score: the model, how good it is, what was left out and what drifts.
import { z } from 'zod'

const share = z.number().min(0).max(1)

const metricsSchema = z.object({
  rows: z.number().int(),
  conversions: z.number().int(),
  /** null where only one of the two outcomes is there */
  auc: share.nullable(),
  prAuc: share.nullable(),
  brier: share,
  logLoss: z.number().min(0),
  /** mean probability, and the share that converted */
  expected: share,
  observed: share,
})

export const evaluationSchema = metricsSchema.extend({
  /** bands by rising probability */
  calibration: z.array(
    z.object({
      rows: z.number().int(),
      from: share,
      to: share,
      expected: share,
      observed: share,
      conversions: z.number(),
    }),
  ),
  /** deciles by falling probability; `captured` is the share of all conversions down to there */
  lift: z.array(
    z.object({
      decile: z.number().int(),
      rows: z.number().int(),
      conversions: z.number(),
      rate: share,
      lift: z.number().min(0),
      captured: z.number().min(0),
    }),
  ),
})
export type Evaluation = z.infer<typeof evaluationSchema>

export const leakSignSchema = z.discriminatedUnion('sign', [
  z.object({ sign: z.literal('tells_alone'), auc: share, nextBest: share }),
  z.object({ sign: z.literal('filled_by_outcome'), filledOfConversions: share, filledOfOthers: share }),
  z.object({ sign: z.literal('changed_after_outcome'), share }),
])

export const columnReportSchema = z.object({
  column: z.string(),
  kind: z.enum(['number', 'date', 'category', 'identifier', 'text', 'constant', 'empty']),
  /** share of rows with a value */
  filled: share,
  filledOfConversions: share,
  filledOfOthers: share,
  /** how many values differ; null where they are too many to count */
  distinct: z.number().int().nullable(),
  isUsed: z.boolean(),
  /** true where its numbers or dates fall from row to row, as in a file that stands newest first */
  falls: z.boolean(),
  /** how it is used, or why not */
  note: z.string().nullable(),
  /** AUC of this column alone, cross-validated; null for a date without a moment to count from */
  aucAlone: share.nullable(),
  /** population stability index, newest 30 % against the rest; null where there is no order or no use */
  psi: z.number().nullable(),
})
export type ColumnReport = z.infer<typeof columnReportSchema>

export const coefficientSchema = z.object({
  column: z.string(),
  /** what it is about the column: `is "cellular"`, `is missing`, `per 3,044 more` */
  feature: z.string(),
  /** log odds; for numbers per standard deviation. Positive speaks for a conversion */
  coefficient: z.number(),
  /** training mean of the feature: for a category the share of rows that have it */
  mean: z.number(),
})

export const predictReportSchema = z.object({
  rows: z.object({ read: z.number().int(), used: z.number().int(), withoutOutcome: z.number().int() }),
  outcome: z.object({
    column: z.string(),
    conversion: z.string(),
    other: z.string(),
    conversions: z.number().int(),
    rate: share,
  }),
  /** what is taken for time; null where rows stand sorted by their outcome and no column tells a time */
  order: z.object({ by: z.enum(['column', 'file']), column: z.string().nullable() }).nullable(),
  columns: z.array(columnReportSchema),
  /** columns that know the outcome because it filled them in: left out of the model */
  leaks: z.array(z.object({ column: z.string(), signs: z.array(leakSignSchema), sentence: z.string() })),
  model: z.object({
    rows: z.number().int(),
    conversions: z.number().int(),
    penalty: z.number(),
    /** true where numbers also count by quantile ranges */
    withRanges: z.boolean(),
    intercept: z.number(),
    /** log odds become shift + slope * log odds, learnt on the newest rows */
    calibration: z.object({ slope: z.number(), shift: z.number() }),
    /** strongest first */
    coefficients: z.array(coefficientSchema),
  }),
  crossValidation: evaluationSchema.extend({ folds: z.number().int(), aucByFold: z.array(share.nullable()) }),
  /** trained on the older 70 %, tested on the newest 30 %; null with the reason in `temporalMissing` */
  temporal: evaluationSchema
    .extend({
      trainedRows: z.number().int(),
      trainedConversions: z.number().int(),
      /** the same rows before calibration */
      uncalibrated: metricsSchema,
    })
    .nullable(),
  temporalMissing: z.string().nullable(),
  /** what the leaking columns would have made of it; null where none was named */
  withLeaks: z.object({ auc: share.nullable(), brier: share }).nullable(),
  drift: z
    .object({
      /** ten parts, oldest first */
      parts: z.array(z.object({ rows: z.number().int(), conversions: z.number().int(), rate: share })),
      isDrifting: z.boolean(),
      older: share,
      newest: share,
      /** columns of which the index passes 0.2 and what chance makes of it */
      columns: z.array(z.object({ column: z.string(), psi: z.number() })),
      /** expected conversions over those that came, less 1, on the newest 30 %; null without a temporal test */
      miss: z.number().nullable(),
    })
    .nullable(),
  /** rows of the highest, middle and lowest probability among the newest, each with its reasons */
  examples: z.array(
    z.object({
      /** row of data in the file, the first being 1 */
      row: z.number().int(),
      probability: share,
      logOdds: z.number(),
      /** log odds of the average row; with all contributions it adds up to `logOdds` */
      base: z.number(),
      contributions: z.array(z.object({ column: z.string(), reason: z.string(), logOdds: z.number() })),
    }),
  ),
  /** what a person should know, in sentences */
  findings: z.array(z.string()),
})
export type PredictReport = z.infer<typeof predictReportSchema>
