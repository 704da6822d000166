// The nouns of the score: what it is and why, its history, its rules, and their endpoints.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { dimensions, grades, scoreRulesSchema, temperatures } from './rules.ts'

export { defaultScoreRules } from './defaults.ts'
export { scoreFactList } from './fact-list.ts'
export {
  RULES_LIMIT,
  deedDimensions,
  dimensions,
  fitDimensions,
  grades,
  scoreRulesSchema,
  temperatures,
} from './rules.ts'
export type { Dimension, Grade, ScoreRule, ScoreRules, ScoreScale, Temperature } from './rules.ts'

/** Leads that may be named in one call. */
export const BULK_LIMIT = 10_000

const leadParams = z.object({ id: z.uuid() })
const gradeSchema = z.enum(grades)
const temperatureSchema = z.enum(temperatures)
const pointsSchema = z.number().describe('0 to 100')

export const scoreSchema = z
  .object({
    leadId: z.string(),
    /** null where nothing is known that the rules ask for */
    total: pointsSchema.nullable(),
    grade: gradeSchema.nullable(),
    temperature: temperatureSchema,
    confidence: z.number().describe('the share of what the rules ask for that is known, 0 to 1'),
    components: z.array(
      z.object({
        dimension: z.enum(dimensions),
        value: pointsSchema.nullable().describe('null where nothing is known'),
        weight: z.number().describe('as the rules have it'),
        share: z.number().describe('how much of the total it decides: weights of what is known add up to 1'),
      }),
    ),
    deductions: z.number(),
    ruleVersion: z.number().int(),
    /** the moment that all of this is computed for */
    asOf: z.string(),
    /** points that add up to the total exactly */
    reasons: z.array(
      z.object({
        rule: z.object({ id: z.string(), name: z.string(), version: z.number().int() }),
        place: z.enum([...dimensions, 'deductions', 'limits']),
        points: z.number(),
        /** the newest 20 */
        events: z.array(
          z.object({ eventId: z.string(), name: z.string(), at: z.string(), points: z.number() }),
        ),
        eventCount: z.number().int(),
      }),
    ),
    /** rules that cannot be asked in this workspace */
    asleep: z.array(z.object({ id: z.string(), why: z.string() })),
  })
  .meta({ id: 'Score' })
export type Score = z.infer<typeof scoreSchema>

export const getScore = endpoint({
  id: 'getScore',
  method: 'GET',
  path: '/api/lead-tracking/scoring/:id',
  access: { permission: 'leads.read' },
  summary: 'The score of a lead as of now, with the rules and events that give each point',
  tag: 'Scoring',
  params: leadParams,
  reply: scoreSchema,
})

export const calculateScore = endpoint({
  id: 'calculateScore',
  method: 'POST',
  path: '/api/lead-tracking/scoring/:id/calculate',
  access: { permission: 'leads.write' },
  summary: 'Score a lead anew from everything that happened until now, and answer with the score',
  tag: 'Scoring',
  params: leadParams,
  reply: scoreSchema,
})

export const scorePointSchema = z.object({
  at: z.string(),
  total: pointsSchema.nullable(),
  grade: gradeSchema.nullable(),
  temperature: temperatureSchema,
  ruleVersion: z.number().int(),
})

export const getScoreHistory = endpoint({
  id: 'getScoreHistory',
  method: 'GET',
  path: '/api/lead-tracking/scoring/:id/history',
  access: { permission: 'leads.read' },
  summary:
    'How the score of a lead went: as it was scored, with the cause of each change, and as the rules of today would have scored it',
  tag: 'Scoring',
  params: leadParams,
  reply: z.object({
    /** the newest first, at most 500 */
    items: z.array(
      scorePointSchema.extend({
        before: pointsSchema
          .nullable()
          .describe('right before the change, fallen with silence by then; null where that is not known'),
        confidence: z.number(),
        kind: z.enum(['live', 'recomputed']),
        cause: z.object({
          kind: z.enum(['event', 'record', 'rules']),
          /** the event's name where an event is the cause */
          name: z.string(),
          eventId: z.string().nullable(),
        }),
      }),
    ),
    /** a second line, recomputed from the events by the rules in force: the score right after each event that counted, the newest 200, the oldest first, and now */
    recomputed: z.array(scorePointSchema),
  }),
})

const runSchema = z
  .object({
    id: z.string(),
    cause: z.enum(['asked', 'adopted']),
    status: z.enum(['running', 'done', 'failed']),
    total: z.number().int(),
    done: z.number().int(),
    error: z.string().nullable(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .meta({ id: 'ScoreRun' })
export type ScoreRun = z.infer<typeof runSchema>

export const bulkCalculateScores = endpoint({
  id: 'bulkCalculateScores',
  method: 'POST',
  path: '/api/lead-tracking/scoring/bulk-calculate',
  access: { permission: 'leads.write' },
  summary: 'Score the named leads anew in the background, or every lead where none is named',
  tag: 'Scoring',
  body: z.object({ leadIds: z.array(z.uuid()).min(1).max(BULK_LIMIT).optional() }),
  reply: runSchema,
  status: 202,
})

export const getScoreRun = endpoint({
  id: 'getScoreRun',
  method: 'GET',
  path: '/api/lead-tracking/scoring/bulk-calculate/:id',
  access: { permission: 'leads.read' },
  summary: 'How far scoring many leads is',
  tag: 'Scoring',
  params: leadParams,
  reply: runSchema,
})

const versionSchema = z.object({
  version: z.number().int(),
  /** null of the rules that every workspace begins with */
  adoptedAt: z.string().nullable(),
  actor: z.string(),
  note: z.string(),
})

export const getScoreRules = endpoint({
  id: 'getScoreRules',
  method: 'GET',
  path: '/api/lead-tracking/scoring-rules',
  access: { permission: 'settings.read' },
  summary: 'The rules of the score in force, the draft, the scale, and the versions before',
  tag: 'Scoring',
  reply: z.object({
    version: z.number().int(),
    rules: scoreRulesSchema,
    defaults: scoreRulesSchema,
    draft: z.object({ rules: scoreRulesSchema, savedAt: z.string(), actor: z.string() }).nullable(),
    scale: z.object({
      s50: z.object({ behavioural: z.number(), engagement: z.number(), intent: z.number() }),
      /** leads that reached opportunity, of which it was made; 0: the defaults */
      leads: z.number().int(),
    }),
    asleep: z.array(z.object({ id: z.string(), why: z.string() })),
    /** newest first */
    versions: z.array(versionSchema),
    /** work that scores by them now */
    run: runSchema.nullable(),
  }),
})

export const getScoreRulesVersion = endpoint({
  id: 'getScoreRulesVersion',
  method: 'GET',
  path: '/api/lead-tracking/scoring-rules/:version',
  access: { permission: 'settings.read' },
  summary: 'The rules of one version, as they were adopted',
  tag: 'Scoring',
  params: z.object({ version: z.coerce.number().int().min(0).max(1_000_000) }),
  reply: versionSchema.extend({ rules: scoreRulesSchema }),
})

export const saveScoreDraft = endpoint({
  id: 'saveScoreDraft',
  method: 'PUT',
  path: '/api/lead-tracking/scoring-rules/draft',
  access: { permission: 'settings.write' },
  summary: 'Keep changed rules as the draft; nobody is scored by them yet',
  tag: 'Scoring',
  body: scoreRulesSchema,
  reply: z.object({ savedAt: z.string() }),
})

export const dropScoreDraft = endpoint({
  id: 'dropScoreDraft',
  method: 'DELETE',
  path: '/api/lead-tracking/scoring-rules/draft',
  access: { permission: 'settings.write' },
  summary: 'Throw the draft away',
  tag: 'Scoring',
  reply: z.object({}),
})

const sideSchema = z.object({ now: z.number().int(), then: z.number().int() })

export const simulateScoreRules = endpoint({
  id: 'simulateScoreRules',
  method: 'POST',
  path: '/api/lead-tracking/scoring-rules/simulate',
  access: { permission: 'settings.read' },
  summary: 'What changed rules would make of real leads, beside what the rules in force make of them',
  tag: 'Scoring',
  body: scoreRulesSchema,
  reply: z.object({
    /** leads that were looked at: those seen last */
    leads: z.number().int(),
    changed: z.number().int().describe('by half a point or more, or in grade or temperature'),
    meanNow: z.number().nullable(),
    meanThen: z.number().nullable(),
    grades: z.array(sideSchema.extend({ grade: gradeSchema.nullable() })),
    temperatures: z.array(sideSchema.extend({ temperature: temperatureSchema })),
    /** ten points each: 0 to 10, 10 to 20, ... */
    histogram: z.array(sideSchema.extend({ from: z.number().int() })),
    /** those that move most, at most 20 */
    examples: z.array(
      z.object({
        leadId: z.string(),
        label: z.string(),
        now: pointsSchema.nullable(),
        then: pointsSchema.nullable(),
        gradeNow: gradeSchema.nullable(),
        gradeThen: gradeSchema.nullable(),
      }),
    ),
    asleep: z.array(z.object({ id: z.string(), why: z.string() })),
  }),
})

export const adoptScoreRules = endpoint({
  id: 'adoptScoreRules',
  method: 'POST',
  path: '/api/lead-tracking/scoring-rules/adopt',
  access: { permission: 'settings.write' },
  summary: 'Put rules in force: every lead is scored anew by them in the background',
  tag: 'Scoring',
  body: z.object({
    rules: scoreRulesSchema,
    basedOn: z
      .number()
      .int()
      .min(0)
      .describe(
        'the version that they were made from; where another was adopted meanwhile, they are refused',
      ),
    note: z.string().trim().max(300).default(''),
  }),
  reply: versionSchema.extend({ run: runSchema }),
})
