// What lead sources speak of: how a form's answers fill a lead, how good a caught lead is, and how a source stands.
import { z } from 'zod'
import { leadFieldNames, purposeSchema } from '../leads/contract.ts'

/** Fields that an answer can fill; a full name is parted. Custom fields are `custom.` and a key. */
export const fillable = [...leadFieldNames.filter((name) => name !== 'timeZone'), 'fullName'] as const
export type Fillable = (typeof fillable)[number]

const fills = z
  .string()
  .max(110)
  .refine(
    (value) =>
      (fillable as readonly string[]).includes(value) || /^custom\.[a-z0-9]+(_[a-z0-9]+)*$/.test(value),
    `is one of ${fillable.join(', ')}, or custom. and a key in small letters, digits and underscores`,
  )

export const mappingSchema = z.object({
  /** what each question fills; one that is not named follows the source's own default */
  answers: z
    .array(
      z.object({
        /** the vendor's name of the question */
        key: z.string().min(1).max(300),
        /** null leaves the answer out */
        fills: fills.nullable(),
        /** where it was not answered */
        fallback: z.string().trim().max(500).default(''),
      }),
    )
    .max(100),
  /** what ticking a box allows; null asks nothing of it */
  consents: z.array(z.object({ key: z.string().min(1).max(300), purpose: purposeSchema.nullable() })).max(30),
  /** values that every lead of the form has, whatever was answered */
  always: z.array(z.object({ fills, value: z.string().trim().min(1).max(500) })).max(30),
})
export type LeadMapping = z.infer<typeof mappingSchema>

export const qualityPartSchema = z.object({
  what: z.string(),
  points: z.number().int(),
  /** as many as there are for it */
  of: z.number().int(),
})
export type QualityPart = z.infer<typeof qualityPartSchema>

/** What a caught lead says of a person, by a mapping. */
export const mappedLeadSchema = z.object({
  fields: z.record(z.string(), z.string()),
  custom: z.record(z.string(), z.string()),
  consents: z.array(z.object({ purpose: purposeSchema, words: z.string() })),
  /** answers that fill nothing, by their questions */
  left: z.array(z.string()),
  quality: z.number().int(),
  qualityParts: z.array(qualityPartSchema),
})
export type MappedLead = z.infer<typeof mappedLeadSchema>

export const caughtStatuses = ['waiting', 'caught', 'test', 'failed', 'withdrawn'] as const
export type CaughtStatus = (typeof caughtStatuses)[number]
