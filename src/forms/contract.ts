// The nouns of website forms and the endpoints of their editor; /f/{id} itself is served to everybody.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { formDefinitionSchema, refusalReasons } from './nouns.ts'

export * from './nouns.ts'
export { controlNames, formCss, renderForm, renderThanks } from './render.ts'
export type { RenderOptions } from './render.ts'
export { formWords, languageNames, languages } from './words.ts'
export type { Language } from './words.ts'

const counts = z.object({
  views: z.number().int(),
  submissions: z.number().int(),
  /** submissions out of views; null while nobody saw it */
  conversion: z
    .number()
    .nullable()
    .describe('between 0 and 1; above 1 where forms were sent without being shown'),
  /** sent back, whatever for */
  refused: z.number().int(),
  confirmed: z.number().int(),
})
export type FormCounts = z.infer<typeof counts>

export const formSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** raised by every change of what people see */
  version: z.number().int(),
  definition: formDefinitionSchema,
  /** why it takes nothing yet, in sentences; empty where it does */
  problems: z.array(z.string()),
  archivedAt: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** the hosted page */
  url: z.string(),
  /** of the last 30 days */
  counts,
})
export type Form = z.infer<typeof formSchema>

const params = z.object({ id: z.uuid() })
const name = z.string().trim().min(1).max(100)

export const listForms = endpoint({
  id: 'listForms',
  method: 'GET',
  path: '/api/forms',
  access: { permission: 'leads.read' },
  summary: 'Website forms with what they counted in the last 30 days, archived ones last',
  tag: 'Forms',
  reply: z.object({
    items: z.array(formSchema),
    /** whether mails that confirm an address can be sent: SMTP_URL and MAIL_FROM are set */
    hasMail: z.boolean(),
  }),
})

export const createForm = endpoint({
  id: 'createForm',
  method: 'POST',
  path: '/api/forms',
  access: { permission: 'leads.write' },
  summary: 'Make a form; without a definition it asks for name, e-mail and consent to e-mail',
  tag: 'Forms',
  body: z.object({ name, definition: formDefinitionSchema.optional() }),
  reply: formSchema,
  status: 201,
})

export const getForm = endpoint({
  id: 'getForm',
  method: 'GET',
  path: '/api/forms/:id',
  access: { permission: 'leads.read' },
  summary: 'A form as it stands',
  tag: 'Forms',
  params,
  reply: formSchema.extend({ hasMail: z.boolean() }),
})

export const updateForm = endpoint({
  id: 'updateForm',
  method: 'PATCH',
  path: '/api/forms/:id',
  access: { permission: 'leads.write' },
  summary: 'Change a form; another definition is another version, and older ones are kept as proof',
  tag: 'Forms',
  params,
  body: z.object({
    name: name.optional(),
    definition: formDefinitionSchema.optional(),
    version: z.number().int().optional().describe('the one that was changed: an older one is refused (409)'),
  }),
  reply: formSchema,
})

export const duplicateForm = endpoint({
  id: 'duplicateForm',
  method: 'POST',
  path: '/api/forms/:id/duplicate',
  access: { permission: 'leads.write' },
  summary: 'Make a copy of a form under another name; it counts from nothing',
  tag: 'Forms',
  params,
  reply: formSchema,
  status: 201,
})

export const archiveForm = endpoint({
  id: 'archiveForm',
  method: 'POST',
  path: '/api/forms/:id/archive',
  access: { permission: 'leads.write' },
  summary: 'Let a form take nothing more; leads, counts and versions stay',
  tag: 'Forms',
  params,
  reply: formSchema,
})

export const restoreForm = endpoint({
  id: 'restoreForm',
  method: 'POST',
  path: '/api/forms/:id/restore',
  access: { permission: 'leads.write' },
  summary: 'Let an archived form take answers again',
  tag: 'Forms',
  params,
  reply: formSchema,
})

export const formStatistics = endpoint({
  id: 'getFormStatistics',
  method: 'GET',
  path: '/api/forms/:id/statistics',
  access: { permission: 'leads.read' },
  summary:
    'What a form counted: views, submissions, what was sent back and why, and addresses that wait to be confirmed',
  tag: 'Forms',
  params,
  query: z.object({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  reply: z.object({
    counts,
    /** days in UTC, the oldest first, each there */
    days: z.array(
      z.object({
        on: z.string(),
        views: z.number().int(),
        submissions: z.number().int(),
        refused: z.number().int(),
      }),
    ),
    /** the most frequent first */
    refused: z.array(
      z.object({ reason: z.enum(refusalReasons), count: z.number().int(), explanation: z.string() }),
    ),
    confirmations: z.object({
      waiting: z.number().int(),
      confirmed: z.number().int(),
      /** mails that could not be sent, or were not because the address had several that day */
      unsent: z.number().int(),
      /** the mail server's words about the newest that failed */
      words: z.string().nullable(),
    }),
  }),
})
export type FormStatistics = z.infer<NonNullable<typeof formStatistics.reply>>
