// The nouns of segments: a condition with a name, who is in it since when and why, and the endpoints.
import { z } from 'zod'
import { conditionSchema } from '../conditions/contract.ts'
import { leadSchema } from '../leads/contract.ts'
import { endpoint } from '../lib/endpoint.ts'

/** Why a lead entered or left. */
export const moveReasonSchema = z.object({
  /**
   * `event`: something that the lead did; `time`: nothing but time; `change`: what is known of the lead; `definition`: the
   * segment was made or changed; `gone`: the lead went to the bin or became part of another
   */
  kind: z.enum(['event', 'time', 'change', 'definition', 'gone']),
  /** the condition that decided, as a sentence; null where the whole did */
  words: z.string().nullable(),
  /** whether that condition came true, or is true no more */
  holds: z.boolean(),
  event: z.object({ id: z.string(), name: z.string(), occurredAt: z.string() }).nullable(),
})
export type MoveReason = z.infer<typeof moveReasonSchema>

export const segmentStatuses = ['filling', 'live', 'broken'] as const

const named = z.object({ id: z.string(), name: z.string() })

export const segmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  condition: conditionSchema,
  /** the condition as a sentence */
  words: z.string(),
  version: z.number().int(),
  /** `filling` while all leads are held against a definition that is new; `broken` where it cannot be asked any more */
  status: z.enum(segmentStatuses),
  /** why it is broken, and what to do */
  problem: z.string().nullable(),
  /** while it is filled */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** members now */
  size: z.number().int(),
  /** sizes on the last days, oldest first; the last is today so far */
  trend: z.array(z.object({ day: z.string(), size: z.number().int() })),
  /** whether leads enter or leave it with time alone, which is looked at every ten minutes */
  movesWithTime: z.boolean(),
  /** segments that its condition names */
  uses: z.array(named),
  /** segments whose conditions name it */
  usedBy: z.array(named),
  createdBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Segment = z.infer<typeof segmentSchema>

export const segmentMemberSchema = z.object({
  lead: leadSchema,
  enteredAt: z.string(),
  reason: moveReasonSchema,
})

export const segmentMoveSchema = z.object({
  id: z.string(),
  leadId: z.string(),
  leadLabel: z.string(),
  kind: z.enum(['entered', 'left']),
  movedAt: z.string(),
  /** of who left: since when they were in it */
  enteredAt: z.string().nullable(),
  version: z.number().int(),
  reason: moveReasonSchema,
})
export type SegmentMove = z.infer<typeof segmentMoveSchema>

/** A line of the explanation why a lead is in a segment or not: a group, or a condition within groups. */
export const explainedLineSchema = z.object({
  /** groups around it */
  depth: z.number().int(),
  /** what joins the lines of a group: all, any, or none of them must hold; null of a condition */
  group: z.enum(['all', 'any', 'not']).nullable(),
  holds: z.boolean(),
  /** the condition as a sentence; empty of a group */
  words: z.string(),
  /** what is known of the lead: a value, an instant, how many times, or nothing */
  found: z.object({
    kind: z.enum(['text', 'number', 'instant', 'times', 'unknown']),
    value: z.union([z.string(), z.number()]).nullable(),
  }),
  /** the newest event that counts */
  event: z.object({ id: z.string(), name: z.string(), occurredAt: z.string() }).nullable(),
})
export type ExplainedLine = z.infer<typeof explainedLineSchema>

const params = z.object({ id: z.uuid() })
const name = z.string().trim().min(1).max(80)
const description = z.string().trim().max(500)
const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

export const listSegments = endpoint({
  id: 'listSegments',
  method: 'GET',
  path: '/api/segments',
  access: { permission: 'leads.read' },
  summary: 'All segments by name, with their sizes',
  tag: 'Segments',
  reply: z.object({ items: z.array(segmentSchema) }),
})

export const createSegment = endpoint({
  id: 'createSegment',
  method: 'POST',
  path: '/api/segments',
  access: { permission: 'leads.write' },
  summary: 'Make a segment; its members are looked up in the background, and kept from then on',
  tag: 'Segments',
  body: z.object({ name, description: description.default(''), condition: conditionSchema }),
  reply: segmentSchema,
  status: 201,
})

export const getSegment = endpoint({
  id: 'getSegment',
  method: 'GET',
  path: '/api/segments/:id',
  access: { permission: 'leads.read' },
  summary: 'One segment',
  tag: 'Segments',
  params,
  reply: segmentSchema,
})

export const updateSegment = endpoint({
  id: 'updateSegment',
  method: 'PATCH',
  path: '/api/segments/:id',
  access: { permission: 'leads.write' },
  summary: 'Rename a segment, or give it another condition, which becomes its next version',
  tag: 'Segments',
  params,
  body: z.object({
    name: name.optional(),
    description: description.optional(),
    condition: conditionSchema.optional(),
  }),
  reply: segmentSchema,
})

export const removeSegment = endpoint({
  id: 'removeSegment',
  method: 'DELETE',
  path: '/api/segments/:id',
  access: { permission: 'leads.write' },
  summary: 'Remove a segment with its history; refused while another segment or a shared view names it',
  tag: 'Segments',
  params,
  reply: z.object({ removed: z.literal(true) }),
})

export const listSegmentMembers = endpoint({
  id: 'listSegmentMembers',
  method: 'GET',
  path: '/api/segments/:id/members',
  access: { permission: 'leads.read' },
  summary: 'Who is in a segment, since when and why: the leads that were created last come first',
  tag: 'Segments',
  params,
  query: z.object(page),
  reply: z.object({ items: z.array(segmentMemberSchema), nextCursor: z.string().nullable() }),
})

export const listSegmentMoves = endpoint({
  id: 'listSegmentMoves',
  method: 'GET',
  path: '/api/segments/:id/moves',
  access: { permission: 'leads.read' },
  summary: 'Who entered and left a segment, and why, newest first',
  tag: 'Segments',
  params,
  query: z.object({ ...page, kind: z.enum(['entered', 'left']).optional() }),
  reply: z.object({ items: z.array(segmentMoveSchema), nextCursor: z.string().nullable() }),
})

export const listSegmentVersions = endpoint({
  id: 'listSegmentVersions',
  method: 'GET',
  path: '/api/segments/:id/versions',
  access: { permission: 'leads.read' },
  summary: 'The definitions that a segment had, newest first, with who gave them and when',
  tag: 'Segments',
  params,
  reply: z.object({
    items: z.array(
      z.object({
        version: z.number().int(),
        condition: conditionSchema,
        words: z.string(),
        actor: z.string(),
        adoptedAt: z.string(),
      }),
    ),
  }),
})

export const explainMembership = endpoint({
  id: 'explainMembership',
  method: 'GET',
  path: '/api/segments/:id/leads/:leadId',
  access: { permission: 'leads.read' },
  summary: 'Why a lead is in a segment or not: condition by condition, with what is known of the lead',
  tag: 'Segments',
  params: z.object({ id: z.uuid(), leadId: z.uuid() }),
  reply: z.object({
    leadId: z.string(),
    leadLabel: z.string(),
    /** whether the condition holds now */
    holds: z.boolean(),
    /** since when it is a member; null where it is none */
    enteredAt: z.string().nullable(),
    reason: moveReasonSchema.nullable(),
    lines: z.array(explainedLineSchema),
    /** its entries and exits, newest first, at most 20 */
    moves: z.array(segmentMoveSchema),
  }),
})

export const listSegmentsOfLead = endpoint({
  id: 'listSegmentsOfLead',
  method: 'GET',
  path: '/api/leads/:id/segments',
  access: { permission: 'leads.read' },
  summary: 'The segments that a lead is in, since when and why',
  tag: 'Segments',
  params,
  reply: z.object({
    items: z.array(named.extend({ enteredAt: z.string(), reason: moveReasonSchema })),
  }),
})
