// What the endpoints of leads speak of: the record and its fields, purposes of consent, notes.
import { z } from 'zod'

export const identifierKinds = ['user_id', 'vendor_customer_id', 'email', 'anonymous_id', 'phone'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

export const purposes = [
  'email_marketing',
  'sms_marketing',
  'analytics',
  'ad_user_data',
  'ad_personalisation',
] as const
export const purposeSchema = z.enum(purposes)
export type Purpose = z.infer<typeof purposeSchema>
export const consentStateSchema = z.enum(['granted', 'denied', 'unknown'])

/** A text without the blanks around it. */
export const trimmedText = (max: number) => z.string().trim().max(max)

/** The fields of a lead that people, imports and `identify` may fill. */
export const leadFieldsSchema = z.object({
  email: trimmedText(254).nullable(),
  phone: trimmedText(40).nullable(),
  firstName: trimmedText(100).nullable(),
  lastName: trimmedText(100).nullable(),
  company: trimmedText(200).nullable(),
  jobTitle: trimmedText(200).nullable(),
  city: trimmedText(100).nullable(),
  country: z.string().length(2).toUpperCase().nullable().describe('ISO 3166 alpha-2'),
  language: trimmedText(35).nullable(),
  timeZone: trimmedText(64).nullable(),
})
export type LeadFields = z.infer<typeof leadFieldsSchema>
export const leadFieldNames = Object.keys(leadFieldsSchema.shape) as [
  keyof LeadFields,
  ...(keyof LeadFields)[],
]

export const customFieldsSchema = z.record(
  z.string().min(1).max(100),
  z.union([z.string().max(5000), z.number(), z.boolean(), z.null()]),
)

export const leadSchema = leadFieldsSchema.extend({
  id: z.string(),
  /** name, else e-mail, else phone, else "Visitor 1a2b" */
  label: z.string(),
  status: z.enum(['active', 'merged', 'binned']),
  mergedInto: z.string().nullable(),
  binnedAt: z.string().nullable(),
  isKnown: z.boolean(),
  source: z.string(),
  ownerId: z.string().nullable(),
  tags: z.array(z.string()),
  fields: z.record(z.string(), z.unknown()),
  /** raise it with each edit: an edit that names an older one is refused (409) */
  revision: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  firstSeenAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  eventCount: z.number().int(),
  sessionCount: z.number().int(),
  lastChannel: z.string().nullable(),
  firstChannel: z.string().nullable(),
  /** what is understood of the lead as of now, where lists show it; null before it is */
  standing: z
    .object({
      score: z.number().nullable().describe('0 to 100; null where nothing is known that the rules ask for'),
      grade: z.string().nullable(),
      temperature: z.string().nullable(),
      confidence: z.number().nullable(),
      stage: z.string().nullable(),
      predicted: z
        .number()
        .nullable()
        .describe('chance to convert in percent; null where nothing is predicted'),
    })
    .nullable()
    .optional(),
})
export type Lead = z.infer<typeof leadSchema>

/** Sorts by what is understood of leads, each the name of a fact: only the copy of the leads has it. */
export const factSorts = ['score', 'predictedScore'] as const
export const leadSorts = ['lastSeenAt', 'createdAt', 'name', 'email', 'eventCount', ...factSorts] as const

export const noteSchema = z.object({
  id: z.string(),
  author: z.string(),
  body: z.string(),
  createdAt: z.string(),
})

export const consentEntrySchema = z.object({
  id: z.string(),
  purpose: purposeSchema,
  state: consentStateSchema,
  source: z.string(),
  actor: z.string().nullable(),
  proof: z.record(z.string(), z.unknown()),
  actedAt: z.string().nullable(),
  recordedAt: z.string(),
  tookEffect: z.boolean(),
})
