// Custom fields as people look after them: what there is, what uses it, and how it is renamed, retyped, merged and removed.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import {
  fieldJobSchema,
  fieldSchema,
  fieldTypeSchema,
  fieldUseSchema,
  readingSchema,
  winsSchema,
} from './nouns.ts'

export * from './nouns.ts'

const params = z.object({ key: z.string().min(1).max(100) })
const label = z.string().trim().min(1).max(100)
const example = z.union([z.string(), z.number(), z.boolean()])

export const listFields = endpoint({
  id: 'listFields',
  method: 'GET',
  path: '/api/fields',
  access: { permission: 'leads.read' },
  summary: 'Custom fields with their type, where they came from and what uses them, archived ones last',
  tag: 'Custom fields',
  reply: z.object({ items: z.array(fieldSchema) }),
})

export const countFields = endpoint({
  id: 'countFields',
  method: 'GET',
  path: '/api/fields/values',
  access: { permission: 'leads.read' },
  summary: 'How many leads have a value of each custom field, with up to three examples',
  tag: 'Custom fields',
  reply: z.object({
    items: z.array(
      z.object({
        key: z.string(),
        /** active leads with any value */
        leads: z.number().int(),
        /** of those the ones whose value is of another type; filters take it as unknown */
        unfit: z.number().int(),
        examples: z.array(example),
      }),
    ),
    /** true while the copy that is asked is being filled: there may be more */
    isPartial: z.boolean(),
  }),
})

export const createField = endpoint({
  id: 'createField',
  method: 'POST',
  path: '/api/fields',
  access: { permission: 'leads.write' },
  summary: 'Make a custom field before anything fills it',
  tag: 'Custom fields',
  body: z.object({
    label,
    type: fieldTypeSchema,
    key: z
      .string()
      .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, 'takes small letters, digits and single underscores')
      .max(100)
      .optional()
      .describe('how programs and files name it; made of the label unless told'),
  }),
  reply: fieldSchema,
  status: 201,
})

export const renameField = endpoint({
  id: 'renameField',
  method: 'PATCH',
  path: '/api/fields/:key',
  access: { permission: 'leads.write' },
  summary: 'Give a custom field another label; its key stays, so nothing that names it breaks',
  tag: 'Custom fields',
  params,
  body: z.object({ label }),
  reply: fieldSchema,
})

export const archiveField = endpoint({
  id: 'archiveField',
  method: 'POST',
  path: '/api/fields/:key/archive',
  access: { permission: 'leads.write' },
  summary: 'Take a custom field out of every choice; its values stay, and views that name it go on',
  tag: 'Custom fields',
  params,
  reply: fieldSchema,
})

export const restoreField = endpoint({
  id: 'restoreField',
  method: 'POST',
  path: '/api/fields/:key/restore',
  access: { permission: 'leads.write' },
  summary: 'Offer an archived custom field again',
  tag: 'Custom fields',
  params,
  reply: fieldSchema,
})

const brokenView = z.object({ id: z.string(), name: z.string().nullable(), owner: z.string() })
const brokenSegment = z.object({ id: z.string(), name: z.string(), owner: z.string() })
const brokenRule = brokenSegment
const counted = z.object({ value: example, leads: z.number().int() })

export const previewFieldType = endpoint({
  id: 'previewFieldType',
  method: 'POST',
  path: '/api/fields/:key/type/preview',
  access: { permission: 'leads.read' },
  summary: 'What another type would do to the values of a custom field; changes nothing',
  tag: 'Custom fields',
  params,
  body: z.object({ type: fieldTypeSchema, reading: readingSchema.default({}) }),
  reply: z.object({
    /** leads with a value, those in the bin too */
    total: z.number().int(),
    /** values that are of the type already */
    same: z.number().int(),
    /** values that would be read as the type */
    converted: z.number().int(),
    /** values that cannot be; they stay as they are, and filters take them as unknown */
    unfit: z.number().int(),
    examples: z.array(z.object({ value: example, becomes: example, leads: z.number().int() })),
    unfitExamples: z.array(counted),
    /** as asked, and what the values themselves settle where nothing was asked */
    reading: readingSchema,
    /** views whose filter asks in a way that the type has no answer to; they refuse until somebody changes them */
    brokenViews: z.array(brokenView),
    /** segments of which the same is true; nobody enters or leaves them from then on */
    brokenSegments: z.array(brokenSegment),
    /** rules of the score and the lifecycle of which it is true; they sleep until somebody changes them */
    brokenRules: z.array(brokenRule),
  }),
})

export const changeFieldType = endpoint({
  id: 'changeFieldType',
  method: 'POST',
  path: '/api/fields/:key/type',
  access: { permission: 'settings.write' },
  summary: 'Change the type of a custom field; its values follow in the background',
  tag: 'Custom fields',
  params,
  body: z.object({ type: fieldTypeSchema, reading: readingSchema.default({}) }),
  reply: fieldJobSchema,
  status: 202,
})

export const previewFieldMerge = endpoint({
  id: 'previewFieldMerge',
  method: 'POST',
  path: '/api/fields/:key/merge/preview',
  access: { permission: 'leads.read' },
  summary: 'What merging one custom field into another would do; changes nothing',
  tag: 'Custom fields',
  params,
  body: z.object({ into: z.string().min(1).max(100) }),
  reply: z.object({
    /** leads with a value of the field that goes, those in the bin too */
    total: z.number().int(),
    /** they have no value of the field that stays */
    moved: z.number().int(),
    /** they have the same value of both */
    same: z.number().int(),
    /** they have another value of each; one of them goes */
    conflicts: z.number().int(),
    /** of the conflicts those where the value of the field that goes is the newer word */
    newer: z.number().int(),
    /** values that are not of the type of the field that stays; they come over as they are */
    unfit: z.number().int(),
    conflictExamples: z.array(
      z.object({ leadId: z.string(), label: z.string(), from: example, into: example }),
    ),
    unfitExamples: z.array(counted),
    /** what names the field that goes, and is rewritten */
    uses: z.array(fieldUseSchema),
    brokenViews: z.array(brokenView),
    brokenSegments: z.array(brokenSegment),
    /** rules of the score and the lifecycle of which it is true; they sleep until somebody changes them */
    brokenRules: z.array(brokenRule),
  }),
})

export const mergeFields = endpoint({
  id: 'mergeFields',
  method: 'POST',
  path: '/api/fields/:key/merge',
  access: { permission: 'settings.write' },
  summary: 'Merge a custom field into another for good; its values follow in the background',
  tag: 'Custom fields',
  params,
  body: z.object({
    into: z.string().min(1).max(100),
    wins: winsSchema,
    expected: z
      .number()
      .int()
      .min(0)
      .describe('leads with a value of the field that goes, as the preview said'),
  }),
  reply: fieldJobSchema,
  status: 202,
})

export const previewFieldRemoval = endpoint({
  id: 'previewFieldRemoval',
  method: 'GET',
  path: '/api/fields/:key/removal',
  access: { permission: 'leads.read' },
  summary: 'How many leads lose a value where a custom field is removed',
  tag: 'Custom fields',
  params,
  reply: z.object({ leads: z.number().int(), uses: z.array(fieldUseSchema) }),
})

export const removeField = endpoint({
  id: 'removeField',
  method: 'POST',
  path: '/api/fields/:key/remove',
  access: { permission: 'settings.write' },
  summary: 'Remove an archived custom field and all its values for good, in the background',
  tag: 'Custom fields',
  params,
  body: z.object({ expected: z.number().int().min(0).describe('leads that lose a value, as asked before') }),
  reply: fieldJobSchema,
  status: 202,
})

export const listFieldJobs = endpoint({
  id: 'listFieldJobs',
  method: 'GET',
  path: '/api/fields/jobs',
  access: { permission: 'leads.read' },
  summary: 'Work on custom fields that runs and the last 20 that ended',
  tag: 'Custom fields',
  reply: z.object({ items: z.array(fieldJobSchema) }),
})

export const cancelFieldJob = endpoint({
  id: 'cancelFieldJob',
  method: 'POST',
  path: '/api/fields/jobs/:id/cancel',
  access: { permission: 'settings.write' },
  summary:
    'Stop work on a custom field: what was changed stays changed, and the field keeps what was not reached',
  tag: 'Custom fields',
  params: z.object({ id: z.uuid() }),
  reply: fieldJobSchema,
})

export const retryFieldJob = endpoint({
  id: 'retryFieldJob',
  method: 'POST',
  path: '/api/fields/jobs/:id/retry',
  access: { permission: 'settings.write' },
  summary: 'Let work on a custom field that failed go on where it stopped',
  tag: 'Custom fields',
  params: z.object({ id: z.uuid() }),
  reply: fieldJobSchema,
})
