// What `throughline dedupe` writes: pairs and clusters with their probability and reasons.
import { z } from 'zod'
import { kinds } from './kinds.ts'

const share = z.number().min(0).max(1)
const measureSchema = z.object({ precision: share, recall: share, f1: share })

export const needsPersonSchema = z.enum([
  'birth_dates_differ',
  'registered_numbers_differ',
  'names_differ',
  'only_names_agree',
])

export const reasonSchema = z.object({
  column: z.string(),
  kind: z.enum(kinds),
  level: z.enum(['same', 'almost', 'alike', 'initial', 'part', 'somewhat', 'moved', 'different']),
  /** each bit doubles the odds that the two are one; a negative one halves them */
  bits: z.number(),
})

export const dedupeReportSchema = z.object({
  records: z.number().int(),
  subject: z.enum(['people', 'companies']),
  /** the column whose values name the records below; null: their rows do, the first below the header being 1 */
  id: z.string().nullable(),
  settings: z.object({ mergeAt: share, reviewAt: share, region: z.string().nullable() }),
  columns: z.array(
    z.object({
      column: z.string(),
      /** the kind that it is compared as; null where it is left out, and why in `because` */
      kind: z.enum([...kinds, 'whole_name']).nullable(),
      because: z.string().nullable(),
    }),
  ),
  model: z.object({
    /** of all pairs of the file, how many are one person or company, and how many are related */
    shares: z.record(z.string(), share),
    columns: z.array(
      z.object({
        column: z.string(),
        kind: z.enum(kinds),
        levels: z.array(
          z.object({
            level: z.string(),
            /** how often two records of one person stand here (m), and how often two strangers do (u) */
            ofOne: share,
            ofStrangers: share,
          }),
        ),
        /** the same two where the named columns agree, which makes this one agree by itself; null where none does */
        leaning: z
          .object({
            on: z.array(z.string()),
            levels: z.array(z.object({ level: z.string(), ofOne: share, ofStrangers: share })),
          })
          .nullable(),
      }),
    ),
  }),
  candidates: z.object({ pairs: z.number().int(), rules: z.array(z.string()) }),
  /** the surest first */
  pairs: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      probability: share,
      /** may be merged without a person: sure enough, and nothing in `needsPerson` */
      merge: z.boolean(),
      needsPerson: needsPersonSchema.nullable(),
      reasons: z.array(reasonSchema),
    }),
  ),
  clusters: z.array(
    z.object({
      records: z.array(z.string()),
      /** of the weakest link that holds it together */
      probability: share,
      /** every link that holds it together may be merged without a person */
      merge: z.boolean(),
    }),
  ),
  /** links that were not followed: the cluster would have passed fifty records, or its records contradict each other */
  refused: z.array(
    z.object({ a: z.string(), b: z.string(), because: z.enum(['too_large', 'contradiction']) }),
  ),
  /** against the column that says whose each record is; null where none was named */
  measures: z
    .object({
      pairs: measureSchema,
      merges: measureSchema,
      clusterPairs: measureSchema,
      wholeClusters: measureSchema,
      bCubed: measureSchema,
    })
    .nullable(),
})
export type DedupeReport = z.infer<typeof dedupeReportSchema>
