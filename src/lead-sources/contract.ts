// The nouns of lead sources: how each stands, what it caught, how its forms fill leads, and their endpoints.
import { z } from 'zod'
import { connectionStatuses } from '../connectors/contract.ts'
import { endpoint } from '../lib/endpoint.ts'
import { caughtStatuses, mappedLeadSchema, mappingSchema, qualityPartSchema } from './nouns.ts'

export { caughtStatuses, fillable } from './nouns.ts'
export type { CaughtStatus, LeadMapping, MappedLead, QualityPart } from './nouns.ts'

export const leadSourceSchema = z.object({
  connectionId: z.string(),
  connector: z.string(),
  /** its part of addresses: `/api/lead-sources/<path>/webhook` */
  path: z.string(),
  name: z.string(),
  status: z.enum(connectionStatuses),
  /** `good`: leads arrive as they should; `warning`: something to do; `bad`: none arrive; `new`: none has been told of yet */
  health: z.enum(['good', 'new', 'warning', 'bad']),
  /** what is wrong and what to do, each a sentence */
  words: z.array(z.string()),
  /** where the vendor calls us */
  webhookUrl: z.string(),
  /** what a person does at the vendor */
  steps: z.array(z.object({ label: z.string(), value: z.string().nullable() })),
  isListening: z.boolean(),
  canListen: z.boolean(),
  canCatchUp: z.boolean(),
  canListForms: z.boolean(),
  canSendTest: z.boolean(),
  testHow: z.string(),
  isCatchingUp: z.boolean(),
  waiting: z.number().int(),
  caught: z.number().int(),
  tests: z.number().int(),
  failed: z.number().int(),
  withdrawn: z.number().int(),
  /** leads that only a catch-up found */
  missed: z.number().int(),
  /** of the leads of the last 30 days, 0 to 100; null without any */
  quality: z.number().int().nullable(),
  lastLeadAt: z.string().nullable(),
  lastTestAt: z.string().nullable(),
  toldAt: z.string().nullable(),
  challengedAt: z.string().nullable(),
  caughtUpAt: z.string().nullable(),
})
export type LeadSourceCard = z.infer<typeof leadSourceSchema>

const params = z.object({ connectionId: z.uuid() })

export const listLeadSources = endpoint({
  id: 'listLeadSources',
  method: 'GET',
  path: '/api/lead-sources',
  access: { permission: 'settings.read' },
  summary: 'Vendors that leads can come from, and how each connected one stands',
  tag: 'Lead sources',
  reply: z.object({
    catalogue: z.array(
      z.object({ connector: z.string(), name: z.string(), summary: z.string(), initials: z.string() }),
    ),
    items: z.array(leadSourceSchema),
  }),
})

export const leadFormSchema = z.object({
  id: z.string(),
  name: z.string(),
  isOpen: z.boolean(),
  language: z.string().nullable(),
  leadCount: z.number().int().nullable(),
  questions: z.array(z.object({ key: z.string(), label: z.string() })),
  consents: z.array(z.object({ key: z.string(), words: z.string() })),
  /** whether somebody made a mapping of its own for it */
  isMapped: z.boolean(),
})
export type LeadFormCard = z.infer<typeof leadFormSchema>
export const formsReply = z.object({
  items: z.array(leadFormSchema.extend({ connectionId: z.string() })),
})

export const listLeadForms = endpoint({
  id: 'listLeadForms',
  method: 'GET',
  path: '/api/lead-sources/connections/:connectionId/forms',
  access: { permission: 'settings.read' },
  summary: 'The forms of a source, as the vendor shows them now',
  tag: 'Lead sources',
  params,
  reply: formsReply,
})

const formQuery = z.object({
  formId: z.string().max(100).default('').describe('of the vendor; without it, the mapping of all forms'),
})

export const mappingReply = z.object({
  formId: z.string(),
  /** whether it is a person's; else the defaults of the source */
  isOwn: z.boolean(),
  mapping: mappingSchema,
  questions: z.array(z.object({ key: z.string(), label: z.string() })),
  consents: z.array(z.object({ key: z.string(), words: z.string() })),
})
export type MappingReply = z.infer<typeof mappingReply>

export const getLeadMapping = endpoint({
  id: 'getLeadMapping',
  method: 'GET',
  path: '/api/lead-sources/connections/:connectionId/mapping',
  access: { permission: 'settings.read' },
  summary: 'How the answers of a form fill a lead',
  tag: 'Lead sources',
  params,
  query: formQuery,
  reply: mappingReply,
})

export const setLeadMapping = endpoint({
  id: 'setLeadMapping',
  method: 'PUT',
  path: '/api/lead-sources/connections/:connectionId/mapping',
  access: { permission: 'settings.write' },
  summary: 'Say how the answers of a form fill a lead, or of all forms; for leads that come from now on',
  tag: 'Lead sources',
  params,
  query: formQuery,
  body: z.object({ mapping: mappingSchema }),
  reply: mappingReply,
})

export const resetLeadMapping = endpoint({
  id: 'resetLeadMapping',
  method: 'DELETE',
  path: '/api/lead-sources/connections/:connectionId/mapping',
  access: { permission: 'settings.write' },
  summary: 'Go back to the defaults of the source',
  tag: 'Lead sources',
  params,
  query: formQuery,
  reply: z.object({ reset: z.boolean() }),
})

export const previewLead = endpoint({
  id: 'previewLead',
  method: 'POST',
  path: '/api/lead-sources/connections/:connectionId/preview',
  access: { permission: 'settings.read' },
  summary: 'What a filled-in form would say of a person by a mapping; nothing is kept',
  tag: 'Lead sources',
  params,
  query: formQuery,
  body: z.object({
    mapping: mappingSchema.optional().describe('the one in force unless given'),
    answers: z
      .record(z.string().max(300), z.string().max(2000))
      .optional()
      .describe('by question; made up unless given'),
    ticked: z.array(z.string().max(300)).max(30).optional().describe('boxes; all of them unless given'),
  }),
  reply: mappedLeadSchema.extend({ isMadeUp: z.boolean() }),
})

export const startListening = endpoint({
  id: 'listenToLeads',
  method: 'POST',
  path: '/api/lead-sources/connections/:connectionId/listen',
  access: { permission: 'settings.write' },
  summary: 'Ask the vendor to tell of leads at our address from now on',
  tag: 'Lead sources',
  params,
  reply: z.object({ words: z.string() }),
})

export const syncReply = z.object({
  /** connections whose vendor is asked now; what they find follows within seconds */
  connectionIds: z.array(z.string()),
  /** leads that had failed and are tried again */
  revived: z.number().int(),
})

export const syncLeads = endpoint({
  id: 'syncLeads',
  method: 'POST',
  path: '/api/lead-sources/connections/:connectionId/sync',
  access: { permission: 'settings.write' },
  summary: 'Ask the vendor for leads that it did not tell of, and try those again that failed',
  tag: 'Lead sources',
  params,
  reply: syncReply,
  status: 202,
})

export const testReply = z.object({
  /** the vendor's id of the test lead; null where somebody has to make it there */
  leadId: z.string().nullable(),
  words: z.string(),
})

export const sendTestLead = endpoint({
  id: 'sendTestLead',
  method: 'POST',
  path: '/api/lead-sources/connections/:connectionId/test',
  access: { permission: 'settings.write' },
  summary:
    'Have the vendor make a test lead, which comes back the way that every lead comes and is made none',
  tag: 'Lead sources',
  params,
  body: z.object({ formId: z.string().max(100).optional().describe('the first that is open unless told') }),
  reply: testReply,
})

export const caughtLeadSchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  source: z.string(),
  vendorLeadId: z.string(),
  formId: z.string(),
  formName: z.string(),
  campaign: z.string(),
  status: z.enum(caughtStatuses),
  toldBy: z.enum(['webhook', 'catch_up']),
  toldAt: z.string(),
  submittedAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  attempts: z.number().int(),
  nextAt: z.string().nullable(),
  problem: z.string().nullable(),
  quality: z.number().int().nullable(),
  qualityParts: z.array(qualityPartSchema),
  /** null until the inbox is worked */
  leadId: z.string().nullable(),
  leadLabel: z.string().nullable(),
})
export type CaughtLead = z.infer<typeof caughtLeadSchema>

export const listCaughtLeads = endpoint({
  id: 'listCaughtLeads',
  method: 'GET',
  path: '/api/lead-sources/leads',
  access: { permission: 'leads.read' },
  summary: 'Leads that vendors told of, the newest first, and what became of each',
  tag: 'Lead sources',
  query: z.object({
    connectionId: z.uuid().optional(),
    status: z.enum(caughtStatuses).optional(),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ items: z.array(caughtLeadSchema), nextCursor: z.string().nullable() }),
})

export const retryCaughtLead = endpoint({
  id: 'retryCaughtLead',
  method: 'POST',
  path: '/api/lead-sources/leads/:id/retry',
  access: { permission: 'settings.write' },
  summary: 'Ask the vendor once more for a lead that failed',
  tag: 'Lead sources',
  params: z.object({ id: z.uuid() }),
  reply: z.object({ retried: z.boolean() }),
})
