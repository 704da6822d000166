// The nouns of the audit log: entries, what to filter them by, and the endpoints around them.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

export const auditEntrySchema = z.object({
  id: z.string(),
  occurredAt: z.string(),
  /** `user:<id>`, `key:<id>` or `cli` */
  actor: z.string(),
  /** the name of the person or key, as it is now */
  actorLabel: z.string(),
  /** past tense: `role_changed` */
  action: z.string(),
  /** what it was done to: `api_key:<id>` */
  subject: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

const instantSchema = z.iso.datetime({ offset: true })
const filterSchema = z.object({
  actor: z.string().min(1).max(100).optional().describe('`user:<id>`, `key:<id>` or `cli`'),
  action: z.string().min(1).max(100).optional().describe('`role_changed`'),
  from: instantSchema.optional(),
  to: instantSchema.optional().describe('exclusive'),
})

export const listAuditLog = endpoint({
  id: 'listAuditLog',
  method: 'GET',
  path: '/api/audit-log',
  access: { permission: 'audit.read' },
  summary: 'Who changed what, newest first: this workspace and what concerns the whole team',
  tag: 'Accounts',
  query: filterSchema.extend({
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ items: z.array(auditEntrySchema), nextCursor: z.string().nullable() }),
})

export const listAuditChoices = endpoint({
  id: 'listAuditChoices',
  method: 'GET',
  path: '/api/audit-log/choices',
  access: { permission: 'audit.read' },
  summary: 'Who and what stands in the audit log, to filter it by',
  tag: 'Accounts',
  reply: z.object({
    actors: z.array(z.object({ actor: z.string(), label: z.string() })),
    actions: z.array(z.string()),
  }),
})

/** Served as text/csv, streamed; declared so that the reference page and the rule of permissions know it. */
export const exportAuditLog = endpoint({
  id: 'exportAuditLog',
  method: 'GET',
  path: '/api/audit-log.csv',
  access: { permission: 'audit.read' },
  summary: 'The audit log as CSV, oldest last, narrowed like the list',
  tag: 'Accounts',
  query: filterSchema,
})
