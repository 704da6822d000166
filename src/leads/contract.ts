// The nouns of leads: the record, its list and filters, notes, consent, and their endpoints.
import { z } from 'zod'
import { timelineCategories, timelineItemSchema } from '../events/contract.ts'
import { conditionSchema, filterSchema } from '../conditions/contract.ts'
import { endpoint } from '../lib/endpoint.ts'
import {
  consentEntrySchema,
  consentStateSchema,
  customFieldsSchema,
  identifierKinds,
  leadFieldNames,
  leadFieldsSchema,
  leadSchema,
  leadSorts,
  noteSchema,
  purposeSchema,
  trimmedText,
} from './nouns.ts'

export { standingFacts } from './fact-list.ts'
export type { LeadChange } from './changes.ts'
export * from './nouns.ts'
export * from './merge-endpoints.ts'

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
    userId: trimmedText(200).optional(),
    tags: z.array(trimmedText(100)).max(100).optional(),
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
        email: z.string().nullable(),
        reason: z.string(),
        /** `user:<id>` or `key:<id>`; empty where evidence merged them */
        actor: z.string(),
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
    tags: z.array(trimmedText(100)).max(100).optional(),
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
  summary: 'Every touch of a lead with how its stage and score moved, newest first, merged leads included',
  tag: 'Leads',
  params: leadParams,
  query: z.object({
    category: z.enum(timelineCategories).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({
    items: z.array(timelineItemSchema),
    nextCursor: z.string().nullable(),
    counts: z.partialRecord(z.enum(timelineCategories), z.number().int()),
  }),
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

const facetField = z.object({ key: z.string(), label: z.string(), type: z.string() })

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
    customFields: z.array(facetField),
    /** out of the choices; views and leads that have them go on to show them */
    archivedFields: z.array(facetField),
  }),
})
