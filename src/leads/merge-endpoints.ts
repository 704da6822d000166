// The endpoints of merging leads: by hand, undone, previewed, proposed.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import {
  consentStateSchema,
  customFieldsSchema,
  leadFieldsSchema,
  leadSchema,
  purposeSchema,
} from './nouns.ts'

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
