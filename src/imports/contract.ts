// The nouns of imports: the file, how its columns are read, what a row becomes, and the endpoints.
import { z } from 'zod'
import { leadFieldsSchema, purposeSchema } from '../leads/contract.ts'
import type { LeadFields, Purpose } from '../leads/contract.ts'
import { importTargets, importKindSchema } from '../connectors/contract.ts'
import type { ImportKind } from '../connectors/contract.ts'
import { endpoint } from '../lib/endpoint.ts'

export { importKindSchema, importTargets } from '../connectors/contract.ts'
export type { ImportKind, ImportTarget } from '../connectors/contract.ts'

/** Bytes of one upload at most. */
export const maxUploadBytes = 536_870_912

/** `uploading` until the last byte is stored; `mapped` once a person has looked at the columns; then the worker's. */
export const importStatuses = [
  'uploading',
  'uploaded',
  'mapped',
  'running',
  'done',
  'failed',
  'cancelled',
] as const
export type ImportStatus = (typeof importStatuses)[number]

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'shift_jis'] as const
export const encodingSchema = z.enum(encodings)
export const delimiters = [',', ';', '\t', '|'] as const
export const delimiterSchema = z.enum(delimiters)

/** A consent that a row states. Without `actedAt` it may narrow, never widen (DESIGN of consent). */
export interface ImportedConsent {
  purpose: Purpose
  state: 'granted' | 'denied'
  /** the instant of the person's act, ISO 8601 UTC */
  actedAt?: string
  /** the columns and cells that say so */
  proof: Record<string, string>
}

export interface ImportedLine {
  title: string
  sku: string
  quantity: number
  /** per unit, in minor units of the order's currency */
  priceMinor: number
  discountMinor: number
}

/** Amounts are integer minor units of `currency`; instants ISO 8601 UTC. */
export interface ImportedOrder {
  externalId: string
  /** what people call it: `#1001` */
  number: string
  /** the shop's word for the state of payment: paid, pending, refunded, partially_refunded, voided, ... */
  status: string
  currency: string
  totalMinor: number
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  refundedMinor: number
  placedAt: string
  cancelledAt: string | null
  lines: ImportedLine[]
  isTest: boolean
}

/** What one row (of an order: its rows) becomes. At least one of userId, vendorCustomerId, email, phone is set. */
export interface ImportItem {
  /** the row as a spreadsheet counts it (the first row of the file is 1; a cell with line breaks is in one row) */
  row: number
  /** how many rows of the file it stands for: 1, or the rows of one order */
  rows: number
  userId?: string
  /** with whose id it is in front: `shopify:6001` */
  vendorCustomerId?: string
  /** normalised (lib/email.ts) */
  email?: string
  /** what two addresses of one mailbox share */
  emailKey?: string
  /** E.164 */
  phone?: string
  /** filled ones only */
  fields: Partial<Omit<LeadFields, 'email' | 'phone'>>
  /** by custom field key, in the type that the mapping gives the field */
  custom: Record<string, string | number | boolean>
  tags: string[]
  consents: ImportedConsent[]
  /** when the sender says the lead was created, ISO 8601 UTC */
  createdAt?: string
  order?: ImportedOrder
}

/** `rejected`: the row became nothing. `warning`: the row came in without that cell. */
export interface RowProblem {
  row: number
  severity: 'rejected' | 'warning'
  /** the column's header, or empty where the row as a whole is meant */
  column: string
  problem: string
  /** the cells of the row as they stood in the file */
  cells: string[]
}

/** A custom field that an import fills. */
export interface ImportedField {
  key: string
  label: string
  type: 'text' | 'number' | 'date' | 'boolean'
}

/**
 * What a reader hands out at once: everything in rows fromRow to toRow. Each data row in it is part of exactly one item
 * or is rejected by exactly one problem: `rows = sum(items.rows) + rejected rows`.
 */
export interface ImportBatch {
  importId: string
  workspaceId: string
  kind: ImportKind
  /** the checkpoint it follows on */
  fromRow: number
  /** the checkpoint after it */
  toRow: number
  rows: number
  items: ImportItem[]
  problems: RowProblem[]
  /** lines after the data that are no data (totals, copyright) */
  footerRows: number
  /** bytes of the file read so far, for the progress bar */
  readBytes: number
  /** true: nothing follows */
  done: boolean
  /** a sentence where the file cannot be read any further: nothing follows, and the import ends as failed */
  failure: string | null
}

/** What became of a batch's items. `created + updated + skipped + rejected` must be the number of its items. */
export interface BatchOutcome {
  created: number
  updated: number
  /** left alone on purpose: nothing new in it, or its lead was erased */
  skipped: number
  /** items that could not be decided */
  rejected: RowProblem[]
}

export const fieldTypeSchema = z.enum(['text', 'number', 'date', 'boolean'])
export const dateOrderSchema = z.enum(['YMD', 'DMY', 'MDY'])
export type DateOrder = z.infer<typeof dateOrderSchema>

export const columnMappingSchema = z.object({
  header: z.string().max(200),
  target: z.enum(importTargets),
  /** where target is `custom`: the field it fills, and its type */
  key: z
    .string()
    .regex(/^[a-z0-9_]{1,100}$/, 'may hold a to z, 0 to 9 and _ only')
    .optional(),
  label: z.string().trim().min(1).max(100).optional(),
  type: fieldTypeSchema.optional(),
  /** how numbers of this column are written; the decimal point unless told */
  decimal: z.enum(['.', ',']).optional(),
  /** how dates such as 01/06/2024 are meant in this column */
  dateOrder: dateOrderSchema.optional(),
  /** what stands in front of each cell and is no part of the value: `l:` in `l:123` */
  prefix: z.string().min(1).max(20).optional(),
  /** phone numbers of this column are international without their + */
  lacksPlus: z.boolean().optional(),
})
export type ColumnMapping = z.infer<typeof columnMappingSchema>

export const mappingSchema = z.object({
  kind: importKindSchema,
  /** the export that the headers were recognised as, or `generic` */
  preset: z.string().max(60),
  /** whose customer ids the file holds; `customer 7` of two systems are two people */
  idSpace: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/, 'may hold a to z, 0 to 9 and _ only')
    .default('csv'),
  /** country of phone numbers without country code, ISO 3166 alpha-2 */
  region: z.string().length(2).toUpperCase().nullable(),
  /** zone of dates without an offset */
  timeZone: z.string().min(1).max(64),
  /** currency of amounts, ISO 4217, where no column tells it */
  currency: z.string().length(3).toUpperCase().optional(),
  /** payment methods (lower case, in part) that mark a test order */
  testPaymentMethods: z.array(z.string().min(1).max(60)).max(20).optional(),
  /** one per column of the file, in its order */
  columns: z.array(columnMappingSchema).min(1).max(2000),
})
export type Mapping = z.infer<typeof mappingSchema>

export const importCountsSchema = z.object({
  /** data rows read; equals created + updated + skipped + rejected + joined */
  rows: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  skipped: z.number().int(),
  rejected: z.number().int(),
  /** rows that are further lines of an order */
  joined: z.number().int(),
  warnings: z.number().int(),
  /** lines after the data that are no data */
  footers: z.number().int(),
})

export const importSchema = z.object({
  id: z.string(),
  kind: importKindSchema,
  fileName: z.string(),
  status: z.enum(importStatuses),
  encoding: encodingSchema,
  delimiter: delimiterSchema,
  sizeBytes: z.number().int(),
  /** 0 to 1, of the file's bytes */
  progress: z.number(),
  counts: importCountsSchema,
  mapping: mappingSchema,
  /** why it failed, in a sentence */
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type Import = z.infer<typeof importSchema>

const problemSchema = z.object({
  row: z.number().int(),
  severity: z.enum(['rejected', 'warning']),
  column: z.string(),
  problem: z.string(),
})

export const importPreviewSchema = z.object({
  encoding: encodingSchema,
  delimiter: delimiterSchema,
  /** row of the header; what stands above it is not read */
  headerRow: z.number().int(),
  columns: z.array(z.object({ header: z.string(), samples: z.array(z.string()) })),
  /** what the headers were recognised as, and each column's reading */
  mapping: mappingSchema,
  /** why it cannot start as it is, in a sentence */
  obstacle: z.string().nullable(),
  /** the first rows as they will be */
  items: z.array(
    z.object({
      row: z.number().int(),
      rows: z.number().int(),
      userId: z.string().optional(),
      vendorCustomerId: z.string().optional(),
      email: z.string().optional(),
      phone: z.string().optional(),
      fields: leadFieldsSchema.partial(),
      custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      tags: z.array(z.string()),
      consents: z.array(
        z.object({
          purpose: purposeSchema,
          state: z.enum(['granted', 'denied']),
          actedAt: z.string().optional(),
          proof: z.record(z.string(), z.string()),
        }),
      ),
      createdAt: z.string().optional(),
      order: z
        .object({
          externalId: z.string(),
          number: z.string(),
          status: z.string(),
          currency: z.string(),
          totalMinor: z.number().int(),
          refundedMinor: z.number().int(),
          placedAt: z.string(),
          lines: z.array(z.object({ title: z.string(), quantity: z.number() })),
        })
        .optional(),
    }),
  ),
  problems: z.array(problemSchema),
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

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
})
