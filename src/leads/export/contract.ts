// The export of leads as CSV: which columns there are, and its endpoints.
import { z } from 'zod'
import { filterSchema } from '../../conditions/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'
import { selectionSchema } from '../bulk/contract.ts'
import { purposes } from '../contract.ts'

/** Columns of every lead, in the order in which a file has them; custom fields follow as `fields.<key>`. */
export const exportColumns = [
  { key: 'id', label: 'Id' },
  { key: 'email', label: 'E-mail' },
  { key: 'phone', label: 'Phone' },
  { key: 'firstName', label: 'First name' },
  { key: 'lastName', label: 'Last name' },
  { key: 'company', label: 'Company' },
  { key: 'jobTitle', label: 'Job title' },
  { key: 'city', label: 'City' },
  { key: 'country', label: 'Country' },
  { key: 'language', label: 'Language' },
  { key: 'timeZone', label: 'Time zone' },
  { key: 'tags', label: 'Tags' },
  { key: 'owner', label: 'Owner' },
  { key: 'source', label: 'Source' },
  { key: 'createdAt', label: 'Created' },
  { key: 'updatedAt', label: 'Changed' },
  { key: 'firstSeenAt', label: 'First seen' },
  { key: 'lastSeenAt', label: 'Last seen' },
  { key: 'eventCount', label: 'Events' },
  { key: 'sessionCount', label: 'Sessions' },
  { key: 'firstChannel', label: 'First channel' },
  { key: 'lastChannel', label: 'Last channel' },
  ...purposes.map((purpose) => ({ key: `consent.${purpose}`, label: `Consent ${purpose}` })),
] as const satisfies readonly { key: string; label: string }[]

const column = z.string().min(1).max(120)
const columnsText = z
  .string()
  .max(12_000)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(column).min(1).max(300))

export const exportLeads = endpoint({
  id: 'exportLeads',
  method: 'GET',
  path: '/api/leads/export',
  access: { permission: 'leads.read' },
  summary: 'All leads that a question finds as CSV, streamed; no cell can run as a formula',
  tag: 'Leads',
  query: z.object({
    search: z.string().trim().max(200).optional(),
    filter: filterSchema.optional().describe('conditions as JSON, as the list takes them'),
    audience: z.enum(['known', 'anonymous', 'all']).default('known'),
    status: z.enum(['active', 'binned']).default('active'),
    columns: columnsText
      .optional()
      .describe('names with commas between, `fields.<key>` for custom fields; all unless told'),
    bom: z.stringbool().default(false).describe('begin with a byte order mark, which Excel needs'),
  }),
})

export const exportSelection = endpoint({
  id: 'exportSelection',
  method: 'POST',
  path: '/api/leads/export',
  access: { permission: 'leads.read' },
  summary: 'The same for a selection of leads',
  tag: 'Leads',
  body: z.object({
    selection: selectionSchema,
    status: z.enum(['active', 'binned']).default('active'),
    columns: z.array(column).min(1).max(300).optional(),
    bom: z.boolean().default(false),
  }),
})
