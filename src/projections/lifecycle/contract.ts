// The nouns of the lifecycle: stages, a lead's way through them, the rules, and their endpoints.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { lifecycleRuleSchema, lifecycleRulesSchema } from './rules.ts'
import { stages } from './stages.ts'

export { defaultLifecycleRules } from './rules.ts'
export type { LifecycleRule, LifecycleRules } from './rules.ts'
export { isBackward, rankOf, stageLabels, stages } from './stages.ts'
export type { Stage } from './stages.ts'

const leadParams = z.object({ id: z.uuid() })
const stageSchema = z.enum(stages)

export const stageMoveSchema = z.object({
  at: z.string(),
  from: stageSchema,
  to: stageSchema,
  kind: z.enum(['manual', 'automatic']),
  isBackward: z.boolean(),
  /** stages that a move forward passed over */
  skipped: z.array(stageSchema),
  cause: z.object({
    kind: z.enum(['event', 'order', 'person']),
    /** of the event, the order or the decision */
    id: z.string(),
    /** the event's name; empty for the others */
    name: z.string(),
  }),
  /** null where a person decided; its name as the rules have it now, else its id */
  rule: z.object({ id: z.string(), name: z.string(), version: z.number().int() }).nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  amountMinor: z.number().int().nullable(),
  currency: z.string().nullable(),
  /** how long the stay before it was */
  afterDays: z.number(),
})
export type StageMove = z.infer<typeof stageMoveSchema>

const currentSchema = z.object({
  leadId: z.string(),
  stage: stageSchema,
  since: z.string(),
  /** in this stage so far */
  days: z.number(),
  /** what the person did in it so far */
  touches: z.number().int(),
  /** what brought the lead there; null where it is where it began */
  lastMove: stageMoveSchema.nullable(),
  /** of the rules; 0: those that every workspace begins with */
  ruleVersion: z.number().int(),
})
export type CurrentStage = z.infer<typeof currentSchema>

export const currentStage = endpoint({
  id: 'currentStage',
  method: 'GET',
  path: '/api/lead-tracking/lifecycle/:id/current',
  access: { permission: 'leads.read' },
  summary: 'The stage of a lead, since when, and what brought it there',
  tag: 'Lifecycle',
  params: leadParams,
  reply: currentSchema,
})

export const stageHistory = endpoint({
  id: 'stageHistory',
  method: 'GET',
  path: '/api/lead-tracking/lifecycle/:id/history',
  access: { permission: 'leads.read' },
  summary: 'The whole way of a lead through the stages: moves, stays, touches and speed',
  tag: 'Lifecycle',
  params: leadParams,
  reply: z.object({
    current: currentSchema,
    startedAt: z.string(),
    /** oldest first */
    moves: z.array(stageMoveSchema),
    /** in order of time, one after the other without a gap */
    stays: z.array(
      z.object({
        stage: stageSchema,
        since: z.string(),
        until: z.string().nullable(),
        days: z.number(),
        touches: z.number().int(),
      }),
    ),
    /** each stage that it was ever in, all its stays together */
    stages: z.array(
      z.object({
        stage: stageSchema,
        stays: z.number().int(),
        days: z.number(),
        touches: z.number().int(),
        firstAt: z.string(),
      }),
    ),
    velocity: z.object({
      /** from the beginning to now */
      days: z.number(),
      /** from the beginning to the first time that it was an opportunity, a customer */
      toOpportunityDays: z.number().nullable(),
      toCustomerDays: z.number().nullable(),
      forwardMoves: z.number().int(),
      backwardMoves: z.number().int(),
      /** days of a completed stay, the one in the middle */
      medianStayDays: z.number().nullable(),
    }),
    /** what people decided that the lead was at, or past, by then; it moved nothing */
    confirmations: z.array(
      z.object({
        at: z.string(),
        stage: stageSchema,
        actor: z.string(),
        reason: z.string(),
        amountMinor: z.number().int().nullable(),
        currency: z.string().nullable(),
      }),
    ),
  }),
})

export const moveStage = endpoint({
  id: 'moveStage',
  method: 'POST',
  path: '/api/lead-tracking/lifecycle/:id/transition',
  access: { permission: 'leads.write' },
  summary:
    'Move a lead to a stage, forward or backward, and say why; what was decided so is never overruled by what came before',
  tag: 'Lifecycle',
  params: leadParams,
  body: z.object({
    stage: stageSchema,
    reason: z.string().trim().min(1, 'says why').max(500),
    amount: z
      .object({
        value: z.number().min(0).max(1e12).describe('in major units'),
        currency: z
          .string()
          .regex(/^[A-Za-z]{3}$/, 'is three letters, as EUR')
          .toUpperCase()
          .optional()
          .describe('ISO 4217; the workspace’s unless told'),
      })
      .optional()
      .describe('what an opportunity or a customer is worth; it counts as value where no order does'),
    at: z.iso.datetime({ offset: true }).optional().describe('when it was decided; now unless told'),
  }),
  reply: currentSchema.extend({
    /** false where it is decided but not worked out yet, since much is waiting; it will be within moments */
    isWorkedOut: z.boolean(),
  }),
  status: 201,
})

const versionSchema = z.object({
  version: z.number().int(),
  /** null of the rules that every workspace begins with */
  adoptedAt: z.string().nullable(),
  actor: z.string(),
  note: z.string(),
})

export const getLifecycleRules = endpoint({
  id: 'getLifecycleRules',
  method: 'GET',
  path: '/api/lead-tracking/lifecycle-rules',
  access: { permission: 'settings.read' },
  summary:
    'The rules by which leads move by themselves, the versions before, and the rules that every workspace begins with',
  tag: 'Lifecycle',
  reply: z.object({
    version: z.number().int(),
    rules: z.array(lifecycleRuleSchema),
    defaults: z.array(lifecycleRuleSchema),
    /** rules that move nobody, since what they ask for is no more */
    broken: z.array(z.object({ id: z.string(), sentence: z.string() })),
    /** newest first */
    versions: z.array(versionSchema),
  }),
})

export const tryLifecycleRules = endpoint({
  id: 'tryLifecycleRules',
  method: 'POST',
  path: '/api/lead-tracking/lifecycle-rules/try',
  access: { permission: 'settings.read' },
  summary:
    'What other rules would make of the leads seen last: how many would be in each stage, and whom it concerns',
  tag: 'Lifecycle',
  body: lifecycleRulesSchema,
  reply: z.object({
    /** leads that were looked at: those seen last, at most 1,000 */
    leads: z.number().int(),
    changed: z.number().int(),
    stages: z.array(z.object({ stage: stageSchema, now: z.number().int(), then: z.number().int() })),
    /** how often each rule moved one of them under the rules that are tried */
    rules: z.array(z.object({ id: z.string(), moves: z.number().int() })),
    /** at most 20 */
    examples: z.array(
      z.object({ leadId: z.string(), label: z.string(), now: stageSchema, then: stageSchema }),
    ),
  }),
})

export const adoptLifecycleRules = endpoint({
  id: 'adoptLifecycleRules',
  method: 'PUT',
  path: '/api/lead-tracking/lifecycle-rules',
  access: { permission: 'settings.write' },
  summary: 'Adopt rules: every lead’s way is worked out anew by them, in the background',
  tag: 'Lifecycle',
  body: lifecycleRulesSchema.safeExtend({
    /** the version that they were made from; where another was adopted meanwhile, they are refused (409) */
    basedOn: z.number().int().min(0),
    note: z.string().trim().max(300).default(''),
  }),
  reply: versionSchema,
})
