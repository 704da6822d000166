// The endpoints of merging leads: by hand, undone, previewed, proposed.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import {
  consentStateSchema,
  customFieldsSchema,
  identifierKinds,
  leadFieldsSchema,
  leadSchema,
  purposeSchema,
} from './nouns.ts'

const mergedIds = {
  /** the lead that stays */
  winnerId: z.uuid(),
  loserId: z.uuid(),
  /** further leads of the same person, merged in the same step */
  furtherLoserIds: z.array(z.uuid()).max(8).optional(),
}

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
  summary: 'Merge leads into one; reversible, and the stricter consent wins',
  tag: 'Leads',
  body: z.object({
    ...mergedIds,
    /** values that shall hold, where they differ from what the stronger and newer word gives */
    fields: leadFieldsSchema.partial().optional(),
    custom: customFieldsSchema.optional(),
    /** one of the leads' owners; the winner's own unless told, or the first that a loser has */
    ownerId: z.string().max(100).optional(),
    /** by lead, the revisions that whoever decides saw; a newer one on the server refuses the merge with 409 */
    revisions: z.record(z.uuid(), z.number().int()).optional(),
  }),
  reply: z.object({
    mergeId: z.string(),
    leadId: z.string(),
    /** one for each lead that was merged, in their order: each can be undone by itself */
    mergeIds: z.array(z.string()),
  }),
})

export const previewMerge = endpoint({
  id: 'previewMerge',
  method: 'POST',
  path: '/api/leads/merge/preview',
  access: { permission: 'leads.read' },
  summary: 'What a merge would come to, field by field, and what comes along; nothing is changed',
  tag: 'Leads',
  body: z.object(mergedIds),
  reply: z.object({
    /** the one that stays first, the others in the order that was asked */
    leads: z.array(
      leadSchema.extend({
        orderCount: z.number().int(),
        noteCount: z.number().int(),
        identifiers: z.array(z.object({ kind: z.enum(identifierKinds), value: z.string() })),
      }),
    ),
    fields: z.array(
      z.object({
        /** a field of every lead, or `fields.<key>` */
        field: z.string(),
        /** in the order of `leads` */
        values: z.array(z.unknown()),
        result: z.unknown(),
      }),
    ),
    tags: z.array(z.string()),
    ownerId: z.string().nullable(),
    consents: z.array(
      z.object({
        purpose: purposeSchema,
        /** in the order of `leads` */
        states: z.array(consentStateSchema),
        /** the strictest of them */
        result: consentStateSchema,
        because: z.string(),
      }),
    ),
  }),
})

export const listProposals = endpoint({
  id: 'listProposals',
  method: 'GET',
  path: '/api/leads/duplicates',
  access: { permission: 'leads.read' },
  summary: 'Merges that are proposed and wait for a person, the likeliest first, 200 at most',
  tag: 'Leads',
  reply: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        reason: z.string(),
        proposedAt: z.string(),
        /** that the two are one person; null where a shared identifier proposed them and no look has compared them */
        probability: z.number().nullable(),
        /** why no rule merges them by itself; null where nothing speaks against it but the probability */
        needsPerson: z.string().nullable(),
        /** what each field says, the heaviest first: a bit more doubles the odds, a bit less halves them */
        because: z.array(z.object({ column: z.string(), level: z.string(), bits: z.number() })),
        leads: z.array(
          leadFieldsSchema
            .pick({ email: true, phone: true, company: true, jobTitle: true, city: true, country: true })
            .extend({ id: z.string(), label: z.string(), createdAt: z.string() }),
        ),
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
