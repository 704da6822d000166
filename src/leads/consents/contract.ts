// Consent by purpose: who said what, what would be withheld today and why, and where the words come from.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { purposeSchema, purposes } from '../nouns.ts'

/** Why a lead would get nothing today; the first that applies counts, so that each lead is counted once. */
export const withheldReasons = ['no_email', 'no_phone', 'denied', 'unknown'] as const
export type WithheldReason = (typeof withheldReasons)[number]

const groupSchema = z.object({
  count: z.number().int(),
  /** who they are: a condition as JSON, as `listLeads` takes it with the audience `all` */
  filter: z.string(),
})
export type ConsentGroup = z.infer<typeof groupSchema>

/** All active leads, known or not, three ways by what they said and two ways by what holds today. */
const purposeCountsSchema = z.object({
  purpose: purposeSchema,
  granted: groupSchema,
  denied: groupSchema,
  unknown: groupSchema,
  /** may be acted on today, and there is an address or number to do so where the purpose needs one */
  allowed: groupSchema,
  /** everybody else */
  withheld: groupSchema,
})
export type PurposeCounts = z.infer<typeof purposeCountsSchema>

const purposeParams = z.object({ purpose: z.string().max(100).describe(purposes.join(', ')) })

export const listConsentPurposes = endpoint({
  id: 'listConsentPurposes',
  method: 'GET',
  path: '/api/consent-purposes',
  access: { permission: 'leads.read' },
  summary: 'Per purpose how many leads agreed, refused and never said, and how many would be withheld today',
  tag: 'Leads',
  reply: z.object({
    /** active leads */
    leads: z.number().int(),
    items: z.array(purposeCountsSchema),
    /** true while the copy that is asked is being filled: there may be more */
    isPartial: z.boolean(),
  }),
})

export const getConsentPurpose = endpoint({
  id: 'getConsentPurpose',
  method: 'GET',
  path: '/api/consent-purposes/:purpose',
  access: { permission: 'leads.read' },
  summary: 'One purpose: who would be withheld today and why, and what silence means by country',
  tag: 'Leads',
  params: purposeParams,
  reply: purposeCountsSchema.extend({
    leads: z.number().int(),
    reasons: z.array(groupSchema.extend({ reason: z.enum(withheldReasons) })),
    /** who never said, by country; empty for messages, where silence is a no everywhere */
    silence: z.array(
      groupSchema.extend({
        /** ISO 3166 alpha-2; null where it is not known */
        country: z.string().nullable(),
        effective: z.enum(['granted', 'denied']),
        because: z.string(),
      }),
    ),
    /** not among the leads: in the bin, and addresses, numbers or ids of people who were erased */
    keptOut: z.object({ binned: z.number().int(), erased: z.number().int() }),
    isPartial: z.boolean(),
  }),
})
export type ConsentPurpose = z.infer<NonNullable<typeof getConsentPurpose.reply>>

export const listConsentActs = endpoint({
  id: 'listConsentActs',
  method: 'GET',
  path: '/api/consent-purposes/:purpose/acts',
  access: { permission: 'leads.read' },
  summary: 'Where the consents of a purpose that stand come from, and the newest of them with their proof',
  tag: 'Leads',
  params: purposeParams,
  reply: z.object({
    sources: z.array(
      z.object({
        /** `import`, `user`, `api`, `tracker`, `http`, ...; of a merge, that of the lead that brought it */
        source: z.string(),
        /** of a tracking call: the choice that every call carries, or an event of its own (a form, a preference page) */
        via: z.enum(['choice', 'event']).nullable(),
        granted: z.number().int(),
        denied: z.number().int(),
      }),
    ),
    newest: z.array(
      z.object({
        leadId: z.string(),
        label: z.string(),
        state: z.enum(['granted', 'denied']),
        source: z.string(),
        actor: z.string().nullable(),
        proof: z.record(z.string(), z.unknown()),
        actedAt: z.string().nullable(),
        recordedAt: z.string(),
      }),
    ),
  }),
})
export type ConsentActs = z.infer<NonNullable<typeof listConsentActs.reply>>
