// Work on many leads at once: what can be done, to whom, and how far it is.
import { z } from 'zod'
import { filterSchema } from '../../conditions/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'
import { purposeSchema } from '../contract.ts'

/** More leads than this are named by what they have in common. */
export const NAMED_LIMIT = 10_000

/** Which leads: those named, or all that the list shows for the same question. */
export const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.uuid()).min(1).max(NAMED_LIMIT) }),
  z.strictObject({
    search: z.string().trim().max(200).optional(),
    filter: filterSchema.optional(),
    audience: z.enum(['known', 'anonymous', 'all']).default('known'),
  }),
])
export type Selection = z.output<typeof selectionSchema>

const tags = z.array(z.string().trim().min(1).max(100)).min(1).max(20)

/** Fields that identify a person are changed one lead at a time. */
export const bulkFields = [
  'firstName',
  'lastName',
  'company',
  'jobTitle',
  'city',
  'country',
  'language',
  'timeZone',
] as const

export const bulkChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tag'), tags }),
  z.strictObject({ kind: z.literal('untag'), tags }),
  z.strictObject({ kind: z.literal('assign'), ownerId: z.string().min(1).max(100).nullable() }),
  z.strictObject({
    kind: z.literal('set'),
    /** a field of every lead, or `fields.<key>` */
    field: z.union([z.enum(bulkFields), z.string().regex(/^fields\.[^\s]{1,100}$/)]),
    /** null empties the field */
    value: z.union([z.string().trim().max(5000), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({
    kind: z.literal('consent'),
    purpose: purposeSchema,
    state: z.enum(['granted', 'denied']),
    proof: z
      .string()
      .trim()
      .min(3)
      .max(2000)
      .describe('why, and how you know: the form, the call, the letter'),
    /** when the people said so; without it the word can only narrow what stands */
    actedAt: z.iso.datetime({ offset: true }).optional(),
  }),
])
export const bulkBinSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bin') }),
  z.strictObject({ kind: z.literal('restore') }),
])
export const bulkActionSchema = z.union([bulkChangeSchema, bulkBinSchema])
export type BulkAction = z.output<typeof bulkActionSchema>

export const bulkJobSchema = z.object({
  id: z.string(),
  action: bulkActionSchema,
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** leads that were selected when it was confirmed */
  total: z.number().int(),
  done: z.number().int(),
  /** of those done, the ones that it changed; the others were so already, may not be changed so, or had left */
  changed: z.number().int(),
  /** of those done, the ones that had left meanwhile: in the bin or out of it, merged or erased */
  gone: z.number().int(),
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type BulkJob = z.infer<typeof bulkJobSchema>

const asked = {
  selection: selectionSchema,
  /** how many leads the caller believes it is; refused (409) where it became clearly more */
  expected: z.number().int().min(0).optional(),
}

export const countSelection = endpoint({
  id: 'countSelection',
  method: 'POST',
  path: '/api/leads/bulk/count',
  access: { permission: 'leads.read' },
  summary: 'How many leads a selection is, exactly',
  tag: 'Bulk work',
  body: z.object({ selection: selectionSchema, status: z.enum(['active', 'binned']).default('active') }),
  reply: z.object({ total: z.number().int() }),
})

export const changeLeads = endpoint({
  id: 'changeLeads',
  method: 'POST',
  path: '/api/leads/bulk',
  access: { permission: 'leads.write' },
  summary: 'Tag, untag, assign, set a field or record a consent for many leads, in the background',
  tag: 'Bulk work',
  body: z.object({ ...asked, action: bulkChangeSchema }),
  reply: bulkJobSchema,
  status: 202,
})

export const binLeads = endpoint({
  id: 'binLeads',
  method: 'POST',
  path: '/api/leads/bulk/bin',
  access: { permission: 'leads.delete' },
  summary: 'Move many leads to the bin or take them out again, in the background',
  tag: 'Bulk work',
  body: z.object({ ...asked, action: bulkBinSchema }),
  reply: bulkJobSchema,
  status: 202,
})

export const listBulkJobs = endpoint({
  id: 'listBulkJobs',
  method: 'GET',
  path: '/api/bulk-jobs',
  access: { permission: 'leads.read' },
  summary: 'Bulk work that runs and the last 100 that ended',
  tag: 'Bulk work',
  reply: z.object({ items: z.array(bulkJobSchema) }),
})

const jobParams = z.object({ id: z.uuid() })

export const getBulkJob = endpoint({
  id: 'getBulkJob',
  method: 'GET',
  path: '/api/bulk-jobs/:id',
  access: { permission: 'leads.read' },
  summary: 'How far one piece of bulk work is',
  tag: 'Bulk work',
  params: jobParams,
  reply: bulkJobSchema,
})

export const cancelBulkJob = endpoint({
  id: 'cancelBulkJob',
  method: 'POST',
  path: '/api/bulk-jobs/:id/cancel',
  access: { permission: 'leads.write' },
  summary: 'Stop bulk work; what it changed already stays changed',
  tag: 'Bulk work',
  params: jobParams,
  reply: bulkJobSchema,
})
