// The nouns of leads: the record, its list and filters, notes, consent, and their endpoints.
import { z } from 'zod'
import { categories, timelineItemSchema } from '../events/contract.ts'
import { conditionSchema, filterSchema } from '../conditions/contract.ts'
import { endpoint } from '../lib/endpoint.ts'

export { standingFacts } from './fact-list.ts'
export type { RecordChange } from './changes.ts'

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

const text = (max: number) => z.string().trim().max(max)

/** The fields of a lead that people, imports and `identify` may fill. */
export const leadFieldsSchema = z.object({
  email: text(254).nullable(),
  phone: text(40).nullable(),
  firstName: text(100).nullable(),
  lastName: text(100).nullable(),
  company: text(200).nullable(),
  jobTitle: text(200).nullable(),
  city: text(100).nullable(),
  country: z.string().length(2).toUpperCase().nullable().describe('ISO 3166 alpha-2'),
  language: text(35).nullable(),
  timeZone: text(64).nullable(),
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
})
export type Lead = z.infer<typeof leadSchema>

export const leadSorts = ['lastSeenAt', 'createdAt', 'name', 'email', 'eventCount'] as const

const leadParams = z.object({ id: z.uuid() })

export const listLeads = endpoint({
  id: 'listLeads',
  method: 'GET',
  path: '/api/leads',
  access: { permission: 'leads.read' },
  summary: 'Leads of the workspace: search, filter, sort, page by cursor',
  tag: 'Leads',
  query: z.object({
    search: z.string().max(200).optional().describe('part of a name, e-mail, phone or company'),
    filter: filterSchema.optional().describe('conditions as JSON, see the schema'),
    audience: z.enum(['known', 'anonymous', 'all']).default('known'),
    status: z.enum(['active', 'binned']).default('active'),
    sort: z.enum(leadSorts).default('lastSeenAt'),
    order: z.enum(['asc', 'desc']).default('desc'),
    cursor: z.string().max(2000).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    items: z.array(leadSchema),
    nextCursor: z.string().nullable(),
    /** exact to 10,000; above that `totalIsExact` is false and the figure is a lower bound */
    total: z.number().int(),
    totalIsExact: z.boolean(),
  }),
})

export const previewLeads = endpoint({
  id: 'previewLeads',
  method: 'POST',
  path: '/api/leads/preview',
  access: { permission: 'leads.read' },
  summary: 'How many leads a condition fits now, and 20 of them, those seen last first',
  tag: 'Leads',
  body: z.object({
    condition: conditionSchema,
    audience: z.enum(['known', 'anonymous', 'all']).default('known'),
  }),
  reply: z.object({
    count: z.number().int(),
    examples: z.array(leadSchema),
    /** true while the copy that is asked is being filled: there may be more */
    isPartial: z.boolean(),
  }),
})

export const suggestValues = endpoint({
  id: 'suggestValues',
  method: 'GET',
  path: '/api/leads/values',
  access: { permission: 'leads.read' },
  summary: 'Values that leads have of a field and that hold what is typed, the most frequent first',
  tag: 'Leads',
  query: z.object({
    fact: z.string().min(1).max(120).describe('as conditions name it: `company`, `tags`, `fields.plan`'),
    search: z.string().max(200).default(''),
  }),
  reply: z.object({ items: z.array(z.object({ value: z.string(), count: z.number().int() })) }),
})

export const createLead = endpoint({
  id: 'createLead',
  method: 'POST',
  path: '/api/leads',
  access: { permission: 'leads.write' },
  summary: 'Enter a lead by hand; an e-mail or user id that exists already updates that lead',
  tag: 'Leads',
  body: leadFieldsSchema.partial().extend({
    userId: text(200).optional(),
    tags: z.array(text(100)).max(100).optional(),
    fields: customFieldsSchema.optional(),
    consents: z.partialRecord(purposeSchema, z.enum(['granted', 'denied'])).optional(),
  }),
  reply: leadSchema,
  status: 201,
})

export const getLead = endpoint({
  id: 'getLead',
  method: 'GET',
  path: '/api/leads/:id',
  access: { permission: 'leads.read' },
  summary: 'One lead; the id of a merged lead gives the lead it is part of now',
  tag: 'Leads',
  params: leadParams,
  reply: leadSchema.extend({
    identifiers: z.array(
      z.object({
        kind: z.enum(identifierKinds),
        value: z.string(),
        seenAt: z.string(),
        isEvidence: z.boolean(),
      }),
    ),
    consents: z.array(
      z.object({
        purpose: purposeSchema,
        state: consentStateSchema,
        /** what the exits act on where the state is unknown, and why */
        effective: z.enum(['granted', 'denied']),
        because: z.string(),
        source: z.string().nullable(),
        actedAt: z.string().nullable(),
        recordedAt: z.string().nullable(),
      }),
    ),
    mergedLeads: z.array(
      z.object({
        mergeId: z.string(),
        leadId: z.string(),
        label: z.string(),
        reason: z.string(),
        mergedAt: z.string(),
      }),
    ),
    firstTouch: z.record(z.string(), z.unknown()).nullable(),
    lastTouch: z.record(z.string(), z.unknown()).nullable(),
    /** the latest browser context, kept for conversions */
    context: z.record(z.string(), z.unknown()).nullable(),
    /** what follows from the rest, computed when asked; it fills no field by itself */
    enrichment: z.object({
      emailKind: z.enum(['business', 'free', 'disposable', 'role', 'placeholder']).nullable(),
      /** ISO 3166 alpha-2 */
      phoneCountry: z.string().nullable(),
      /** for empty fields only, with what each follows from */
      inferred: z.array(z.object({ field: z.enum(leadFieldNames), value: z.string(), from: z.string() })),
    }),
    orders: z.object({
      count: z.number().int(),
      /** net revenue per currency, minor units */
      revenue: z.array(z.object({ currency: z.string(), minor: z.number().int() })),
    }),
  }),
})
export type LeadDetail = z.infer<NonNullable<typeof getLead.reply>>

export const updateLead = endpoint({
  id: 'updateLead',
  method: 'PATCH',
  path: '/api/leads/:id',
  access: { permission: 'leads.write' },
  summary: 'Change fields, tags, owner or custom fields; only what is sent changes',
  tag: 'Leads',
  params: leadParams,
  body: leadFieldsSchema.partial().extend({
    tags: z.array(text(100)).max(100).optional(),
    fields: customFieldsSchema.optional(),
    ownerId: z.string().max(100).nullable().optional(),
    /** the revision that the editor saw; a newer one on the server refuses the edit with 409 */
    revision: z.number().int().optional(),
  }),
  reply: leadSchema,
})

export const binLead = endpoint({
  id: 'binLead',
  method: 'DELETE',
  path: '/api/leads/:id',
  access: { permission: 'leads.delete' },
  summary: 'Move a lead to the bin for 30 days: out of every list, count and send',
  tag: 'Leads',
  params: leadParams,
  reply: leadSchema,
})

export const restoreLead = endpoint({
  id: 'restoreLead',
  method: 'POST',
  path: '/api/leads/:id/restore',
  access: { permission: 'leads.delete' },
  summary: 'Take a lead out of the bin',
  tag: 'Leads',
  params: leadParams,
  reply: leadSchema,
})

export const getTimeline = endpoint({
  id: 'getTimeline',
  method: 'GET',
  path: '/api/leads/:id/timeline',
  access: { permission: 'leads.read' },
  summary: 'Every touch of a lead, newest first, merged leads included',
  tag: 'Leads',
  params: leadParams,
  query: z.object({
    category: z.enum(categories).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({
    items: z.array(timelineItemSchema),
    nextCursor: z.string().nullable(),
    counts: z.partialRecord(z.enum(categories), z.number().int()),
  }),
})

export const noteSchema = z.object({
  id: z.string(),
  author: z.string(),
  body: z.string(),
  createdAt: z.string(),
})

export const listNotes = endpoint({
  id: 'listNotes',
  method: 'GET',
  path: '/api/leads/:id/notes',
  access: { permission: 'leads.read' },
  summary: 'Notes on a lead, newest first',
  tag: 'Leads',
  params: leadParams,
  reply: z.object({ items: z.array(noteSchema) }),
})

export const addNote = endpoint({
  id: 'addNote',
  method: 'POST',
  path: '/api/leads/:id/notes',
  access: { permission: 'leads.write' },
  summary: 'Write a note on a lead',
  tag: 'Leads',
  params: leadParams,
  body: z.object({ body: z.string().trim().min(1).max(10_000) }),
  reply: noteSchema,
  status: 201,
})

export const removeNote = endpoint({
  id: 'removeNote',
  method: 'DELETE',
  path: '/api/leads/:id/notes/:noteId',
  access: { permission: 'leads.write' },
  summary: 'Remove a note',
  tag: 'Leads',
  params: leadParams.extend({ noteId: z.uuid() }),
  reply: z.object({ removed: z.literal(true) }),
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

export const listConsent = endpoint({
  id: 'listConsent',
  method: 'GET',
  path: '/api/leads/:id/consent',
  access: { permission: 'leads.read' },
  summary: 'What a lead agreed to and refused, with source, proof and instant',
  tag: 'Leads',
  params: leadParams,
  reply: z.object({ items: z.array(consentEntrySchema) }),
})

export const setConsent = endpoint({
  id: 'setConsent',
  method: 'POST',
  path: '/api/leads/:id/consent',
  access: { permission: 'leads.write' },
  summary: 'Record an act of consent or refusal for one purpose',
  tag: 'Leads',
  params: leadParams,
  body: z.object({
    purpose: purposeSchema,
    state: z.enum(['granted', 'denied']),
    /** when the person said so; now unless told */
    actedAt: z.iso
      .datetime({ offset: true })
      .refine((text) => Date.parse(text) >= 0, 'is before 1970')
      .optional(),
    proof: z.string().trim().min(3).max(2000).describe('how you know: the form, the call, the letter'),
  }),
  reply: consentEntrySchema,
  status: 201,
})

export const unmergeLeads = endpoint({
  id: 'unmergeLeads',
  method: 'POST',
  path: '/api/leads/unmerge',
  access: { permission: 'leads.write' },
  summary: 'Undo a merge: both leads are again what they were',
  tag: 'Leads',
  body: z.object({ mergeId: z.uuid() }),
  reply: z.object({ winnerId: z.string(), loserId: z.string() }),
})

export const mergeLeads = endpoint({
  id: 'mergeLeads',
  method: 'POST',
  path: '/api/leads/merge',
  access: { permission: 'leads.write' },
  summary: 'Merge one lead into another; reversible, and the stricter consent wins',
  tag: 'Leads',
  body: z.object({
    winnerId: z.uuid(),
    loserId: z.uuid(),
    /** values that shall hold, where they differ from what the stronger and newer word gives */
    fields: leadFieldsSchema.partial().optional(),
    custom: customFieldsSchema.optional(),
  }),
  reply: z.object({ mergeId: z.string(), leadId: z.string() }),
})

export const previewMerge = endpoint({
  id: 'previewMerge',
  method: 'POST',
  path: '/api/leads/merge/preview',
  access: { permission: 'leads.read' },
  summary: 'What a merge of two leads would come to, field by field; nothing is changed',
  tag: 'Leads',
  body: z.object({ winnerId: z.uuid(), loserId: z.uuid() }),
  reply: z.object({
    winner: leadSchema,
    loser: leadSchema,
    fields: z.array(
      z.object({
        /** a field of every lead, or `fields.<key>` */
        field: z.string(),
        winner: z.unknown(),
        loser: z.unknown(),
        result: z.unknown(),
      }),
    ),
    tags: z.array(z.string()),
    consents: z.array(
      z.object({
        purpose: purposeSchema,
        winner: consentStateSchema,
        loser: consentStateSchema,
        /** the stricter of the two */
        result: consentStateSchema,
      }),
    ),
  }),
})

export const listProposals = endpoint({
  id: 'listProposals',
  method: 'GET',
  path: '/api/leads/duplicates',
  access: { permission: 'leads.read' },
  summary: 'Merges that are proposed and wait for a person',
  tag: 'Leads',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        reason: z.string(),
        proposedAt: z.string(),
        leads: z.array(z.object({ id: z.string(), label: z.string(), email: z.string().nullable() })),
      }),
    ),
  }),
})

export const dismissProposal = endpoint({
  id: 'dismissProposal',
  method: 'POST',
  path: '/api/leads/duplicates/:id/dismiss',
  access: { permission: 'leads.write' },
  summary: 'Say that two proposed leads are two people; no evidence proposes or merges them any more',
  tag: 'Leads',
  params: z.object({ id: z.uuid() }),
  reply: z.object({ dismissed: z.literal(true) }),
})

export const listFacets = endpoint({
  id: 'listFacets',
  method: 'GET',
  path: '/api/leads/facets',
  access: { permission: 'leads.read' },
  summary: 'What the filters may offer: tags in use, sources, custom fields, countries',
  tag: 'Leads',
  reply: z.object({
    tags: z.array(z.string()),
    sources: z.array(z.string()),
    countries: z.array(z.string()),
    customFields: z.array(z.object({ key: z.string(), label: z.string(), type: z.string() })),
  }),
})
