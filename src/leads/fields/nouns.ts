// The nouns of custom fields: the field, what uses it, and work on it.
import { z } from 'zod'

export const fieldTypes = ['text', 'number', 'date', 'boolean'] as const
export const fieldTypeSchema = z.enum(fieldTypes)
export type FieldType = (typeof fieldTypes)[number]

/** How written values are read where a field gets another type. */
export const readingSchema = z.strictObject({
  decimal: z.enum(['.', ',']).optional().describe('what stands before the decimals of a number'),
  dateOrder: z.enum(['YMD', 'DMY', 'MDY']).optional().describe('how 01/06/2024 is meant'),
})
export type Reading = z.infer<typeof readingSchema>

/** Which value a lead keeps that has both fields: that of the field that stays, of the one that goes, or the newer word. */
export const winners = ['into', 'from', 'newest'] as const
export const winsSchema = z.enum(winners)
export type Wins = (typeof winners)[number]

export const fieldWorkSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('retype'),
    type: fieldTypeSchema,
    reading: readingSchema,
    /** IANA: in which times without an offset are meant */
    timeZone: z.string(),
  }),
  z.strictObject({
    kind: z.literal('merge'),
    into: z.string(),
    /** of the field that stays, as it was called */
    intoLabel: z.string(),
    /** of the field that stays */
    type: fieldTypeSchema,
    wins: winsSchema,
    timeZone: z.string(),
  }),
  z.strictObject({ kind: z.literal('remove') }),
])
export type FieldWork = z.infer<typeof fieldWorkSchema>

export const fieldJobSchema = z.object({
  id: z.string(),
  key: z.string(),
  label: z.string(),
  work: fieldWorkSchema,
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** leads that had a word of the field when it was begun */
  total: z.number().int(),
  done: z.number().int(),
  changed: z.number().int(),
  /** values that do not fit the type and stay as they are */
  unfit: z.number().int(),
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type FieldJob = z.infer<typeof fieldJobSchema>

/** Something that names a field. A view that its owner keeps to themselves has no name for others. */
export const fieldUseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['view_filter', 'view_column']),
    id: z.string(),
    name: z.string().nullable(),
    owner: z.string(),
  }),
  z.object({
    kind: z.enum(['segment', 'score_rule', 'lifecycle_rule']),
    id: z.string(),
    name: z.string(),
    owner: z.string(),
  }),
  z.object({ kind: z.literal('import'), id: z.string(), name: z.string(), owner: z.string() }),
  z.object({ kind: z.literal('bulk_job'), id: z.string(), owner: z.string() }),
])
export type FieldUse = z.infer<typeof fieldUseSchema>

export const fieldSchema = z.object({
  key: z.string(),
  label: z.string(),
  type: fieldTypeSchema,
  createdAt: z.string(),
  /** who named it first; null where that was not kept */
  origin: z.enum(['tracking', 'import', 'manual', 'api']).nullable(),
  /** files that filled it, the newest first, at most three; `importCount` has all */
  imports: z.array(z.object({ id: z.string(), fileName: z.string(), at: z.string() })),
  importCount: z.number().int(),
  archivedAt: z.string().nullable(),
  /** keys that were merged into it: what still comes in under them is kept here */
  formerKeys: z.array(z.string()),
  uses: z.array(fieldUseSchema),
})
export type Field = z.infer<typeof fieldSchema>
