// An imported file: its state, how its columns are read, and what a look at it shows.
import { z } from 'zod'
import { leadFieldsSchema, purposeSchema } from '../leads/contract.ts'
import { importTargets, importKindSchema } from '../connectors/contract.ts'

/** Bytes of one upload at most. */
export const maxUploadBytes = 2_147_483_648

/** How long an import can be taken back. */
export const undoDays = 30

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

export const fieldTypeSchema = z.enum(['text', 'number', 'date', 'boolean'])
export const dateOrderSchema = z.enum(['YMD', 'DMY', 'MDY'])
export type DateOrder = z.infer<typeof dateOrderSchema>

export const columnMappingSchema = z.object({
  header: z.string().max(200),
  target: z.enum(importTargets),
  /** where target is `custom`: the field it fills, and its type */
  key: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_]{0,99}$/,
      'may hold a to z, 0 to 9 and _ only, and starts with a letter or digit',
    )
    .optional(),
  label: z.string().trim().min(1).max(100).optional(),
  type: fieldTypeSchema.optional(),
  /** how numbers of this column are written; the decimal point unless told */
  decimal: z.enum(['.', ',']).optional(),
  /** how dates such as 01/06/2024 are meant in this column */
  dateOrder: dateOrderSchema.optional(),
  /** what stands in front of each cell and is no part of the value: `l:` in `l:123` */
  prefix: z.string().min(1).max(20).optional(),
  /** what the words of this column (lower case) are called here; others stay as they are */
  words: z.record(z.string().max(100), z.string().max(100)).optional(),
  /** phone numbers of this column are international without their + */
  lacksPlus: z.boolean().optional(),
})
export type ColumnMapping = z.infer<typeof columnMappingSchema>

/**
 * What counts where a lead is known already. `update`: the file, except over what a person or a member told; `fill`: the
 * file only where nothing stands; `overwrite`: the file, except over what was verified; `skip`: known leads are left alone.
 * Whatever is chosen, an unsubscribe in the file counts.
 */
export const importConflicts = ['update', 'fill', 'overwrite', 'skip'] as const
export type ImportConflict = (typeof importConflicts)[number]

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
  conflict: z.enum(importConflicts).optional(),
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

/** What taking an import back came to. */
export const undoSchema = z.object({
  status: z.enum(['running', 'done', 'failed']),
  /** 0 to 1, of the import's rows */
  progress: z.number(),
  /** leads that the import made and nothing touched since: they lie in the bin */
  binned: z.number().int(),
  /** leads of which fields, tags or consents went back to what they were */
  restored: z.number().int(),
  /** merges that the import caused and that are undone */
  parted: z.number().int().default(0),
  /** orders that were taken out */
  orders: z.number().int(),
  /** what stays, by why: merged, binned, changed or active since, or an order that was changed since */
  kept: z.record(z.string(), z.number().int()),
  /** some of the leads that stay */
  examples: z.array(z.object({ leadId: z.string(), reason: z.string() })),
})
export type Undo = z.infer<typeof undoSchema>

/** What an import would come to if it were started now: decided row by row and rolled back. */
export const rehearsalSchema = z.object({
  status: z.enum(['running', 'done', 'failed']),
  /** 0 to 1, of the file */
  progress: z.number(),
  counts: importCountsSchema,
  /** false where more rows spoke of the same people than could be decided together */
  isExact: z.boolean(),
  /** why it failed, in a sentence */
  error: z.string().nullable(),
})
export type Rehearsal = z.infer<typeof rehearsalSchema>

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
  /** a rehearsal of a file that waits, if one was asked for */
  rehearsal: rehearsalSchema.nullable(),
  undo: undoSchema.nullable(),
  undoneAt: z.string().nullable(),
  /** who took it back */
  undoneBy: z.string().nullable(),
  /** false where it did nothing, runs, was taken back or ended too long ago */
  canUndo: z.boolean(),
  createdBy: z.string(),
  createdByName: z.string(),
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

/** The key of the custom field that a column fills, by its header: `Größe (2)` is `grosse_2`; empty where no letter or digit is left. */
export function fieldKeyOf(header: string): string {
  return header
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 90)
    .replace(/^_+|_+$/g, '')
}
