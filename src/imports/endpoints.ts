// The endpoints of imports.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { delimiterSchema, encodingSchema, importPreviewSchema, importSchema, mappingSchema } from './file.ts'

const importParams = z.object({ id: z.uuid() })

export const uploadImport = endpoint({
  id: 'uploadImport',
  method: 'POST',
  path: '/api/lead-sources/csv/import',
  access: { permission: 'imports.write' },
  summary:
    'Import a CSV file: as multipart `file` (with an optional JSON field `mapping` before it), or as the body itself with type text/csv',
  tag: 'Imports',
  query: z.object({
    fileName: z.string().trim().min(1).max(200).optional().describe('for a body of type text/csv'),
    encoding: encodingSchema.optional().describe('detected unless told'),
    delimiter: delimiterSchema.optional().describe('detected unless told'),
    region: z
      .string()
      .length(2)
      .toUpperCase()
      .optional()
      .describe('country of phone numbers without country code'),
    start: z.stringbool().default(true).describe('false: only upload; start it with PATCH'),
    dryRun: z.stringbool().default(false).describe('true: only look; nothing is kept'),
  }),
  reply: z.object({ import: importSchema.nullable(), preview: importPreviewSchema }),
  status: 202,
})

export const listImports = endpoint({
  id: 'listImports',
  method: 'GET',
  path: '/api/imports',
  access: { permission: 'imports.read' },
  summary: 'Imports of the workspace, newest first',
  tag: 'Imports',
  query: z.object({
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  reply: z.object({ items: z.array(importSchema), nextCursor: z.string().nullable() }),
})

export const getImport = endpoint({
  id: 'getImport',
  method: 'GET',
  path: '/api/imports/:id',
  access: { permission: 'imports.read' },
  summary: 'One import with its progress and counts',
  tag: 'Imports',
  params: importParams,
  reply: importSchema,
})

export const previewImport = endpoint({
  id: 'previewImport',
  method: 'GET',
  path: '/api/imports/:id/preview',
  access: { permission: 'imports.read' },
  summary: 'The columns of an uploaded file with samples, and its first rows as they will be',
  tag: 'Imports',
  params: importParams,
  reply: importPreviewSchema,
})

export const changeImport = endpoint({
  id: 'changeImport',
  method: 'PATCH',
  path: '/api/imports/:id',
  access: { permission: 'imports.write' },
  summary: 'Change how an uploaded file is read, and start it',
  tag: 'Imports',
  params: importParams,
  body: z.object({
    /** another encoding or delimiter reads the headers anew, so the mapping is suggested anew unless sent along */
    encoding: encodingSchema.optional(),
    delimiter: delimiterSchema.optional(),
    mapping: mappingSchema.optional(),
    start: z.boolean().default(false),
  }),
  reply: importSchema,
})

export const cancelImport = endpoint({
  id: 'cancelImport',
  method: 'POST',
  path: '/api/imports/:id/cancel',
  access: { permission: 'imports.write' },
  summary: 'Stop an import; what came in stays',
  tag: 'Imports',
  params: importParams,
  reply: importSchema,
})

export const rehearseImport = endpoint({
  id: 'rehearseImport',
  method: 'POST',
  path: '/api/imports/:id/rehearse',
  access: { permission: 'imports.write' },
  summary:
    'Count what a waiting file would come to: every row is decided as if it were imported, and nothing is kept. The import tells the progress',
  tag: 'Imports',
  params: importParams,
  reply: importSchema,
  status: 202,
})

export const undoImport = endpoint({
  id: 'undoImport',
  method: 'POST',
  path: '/api/imports/:id/undo',
  access: { permission: 'imports.write' },
  summary:
    'Take an ended import back, as far as nothing touched since what it wrote: new leads go to the bin, fields, tags and consents back to what they were. The import tells the progress and what stays',
  tag: 'Imports',
  params: importParams,
  reply: importSchema,
  status: 202,
})

/** Served as text/csv, streamed; declared so that the reference page and the rule of permissions know it. */
export const getImportErrors = endpoint({
  id: 'getImportErrors',
  method: 'GET',
  path: '/api/imports/:id/errors.csv',
  access: { permission: 'imports.read' },
  summary:
    'The rows that were rejected or came in with a warning, as CSV: row, problem, then the columns of the file',
  tag: 'Imports',
  params: importParams,
  query: z.object({
    only: z.enum(['rejected']).optional().describe('without the rows that came in with a warning'),
  }),
})
