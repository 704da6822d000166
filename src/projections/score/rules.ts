// The rules of the score: what one is, how they are held together, and what is refused. Pure.
import { z } from 'zod'
import { conditionSchema } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'

export const dimensions = ['demographic', 'firmographic', 'behavioural', 'engagement', 'intent'] as const
export type Dimension = (typeof dimensions)[number]
/** Dimensions of who somebody is: each 100 times the share of points that they have. */
export const fitDimensions = ['demographic', 'firmographic'] as const
/** Dimensions of what somebody does: a saturating sum of points that may decay. */
export const deedDimensions = ['behavioural', 'engagement', 'intent'] as const
export type DeedDimension = (typeof deedDimensions)[number]

export const grades = ['A+', 'A', 'B', 'C', 'D'] as const
export type Grade = (typeof grades)[number]
export const temperatures = ['hot', 'warm', 'cold', 'do_not_contact'] as const
export type Temperature = (typeof temperatures)[number]

/** Rules in one list. */
export const RULES_LIMIT = 60

export const scoreRuleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9_]{1,60}$/, 'is made of small letters, digits and _')
      .describe('stays the same when the rule is changed; explanations name it'),
    name: z.string().trim().min(1).max(120).describe('what a person reads: “Requested a demo”'),
    points: z.number().min(-1000).max(1000),
    counts: z
      .enum(['while_it_holds', 'each_time'])
      .describe('once as long as the condition holds, or each time that somebody does something'),
    when: conditionSchema.describe('each time: one event that was done, without a window'),
    halfLifeDays: z
      .number()
      .min(0.1)
      .max(3650)
      .nullable()
      .default(null)
      .describe('each time: after so many days half of the points are left; null: they stay'),
    perDay: z.int().min(1).max(1000).nullable().default(20).describe('each time: so many count on one day'),
    perAssetAndDay: z
      .int()
      .min(1)
      .max(1000)
      .nullable()
      .default(3)
      .describe('each time: so many count on one day for the same page, product or link'),
    atMost: z.int().min(1).max(1000).nullable().default(null).describe('each time: so many count ever'),
    repeats: z
      .strictObject({ times: z.int().min(2).max(1000), withinDays: z.number().min(0.1).max(365) })
      .nullable()
      .default(null)
      .describe('each time: counts when it was done so often within so many days; then it begins anew'),
    only: conditionSchema
      .nullable()
      .default(null)
      .describe('each time: counts only while this holds of the lead'),
    clears: z
      .array(z.enum(deedDimensions))
      .max(3)
      .default([])
      .describe('each time: what was gathered so far in these dimensions is taken away'),
    criterion: z
      .string()
      .trim()
      .max(60)
      .default('')
      .describe('fit: of rules with the same criterion the best counts, such as levels of seniority'),
    isHighIntent: z.boolean().default(false).describe('each time: makes a lead hot when it is fresh'),
    isOn: z.boolean().default(true),
  })
  .meta({ id: 'ScoreRule' })
export type ScoreRule = z.output<typeof scoreRuleSchema>

const listSchema = z.array(scoreRuleSchema).max(RULES_LIMIT)
const dimensionSchema = z.strictObject({ weight: z.number().min(0).max(1), rules: listSchema })

export const scoreRulesSchema = z
  .strictObject({
    dimensions: z.strictObject({
      demographic: dimensionSchema,
      firmographic: dimensionSchema,
      behavioural: dimensionSchema,
      engagement: dimensionSchema,
      intent: dimensionSchema,
    }),
    deductions: listSchema.describe('points that are taken off the weighted sum'),
    grades: z
      .strictObject({
        aPlus: z.number().min(0).max(100),
        a: z.number().min(0).max(100),
        b: z.number().min(0).max(100),
        c: z.number().min(0).max(100),
      })
      .describe('from which score on each grade is given'),
    temperature: z.strictObject({
      hotFrom: z.number().min(0).max(100),
      hotDays: z.number().min(0.1).max(365),
      warmFrom: z.number().min(0).max(100),
      warmDays: z.number().min(0.1).max(365),
      doNotContact: conditionSchema.nullable(),
    }),
    unseen: z
      .enum(['unknown', 'zero'])
      .default('unknown')
      .describe('what nobody saw doing anything is: left out of the score, or nothing done'),
  })
  .superRefine((rules, context) => {
    const seen = new Set<string>()
    for (const { list, path } of ruleLists(rules)) {
      list.forEach((rule, at) => {
        const tell = (field: string, message: string) =>
          context.addIssue({
            code: 'custom',
            path: [...path, at, field],
            message: `“${rule.name}” ${message}`,
          })
        if (seen.has(rule.id)) tell('id', `has the id of another rule, ${rule.id}`)
        seen.add(rule.id)
        const isDeduction = path[0] === 'deductions'
        if (isDeduction && rule.points >= 0) tell('points', 'takes points off, so they are below 0')
        if (!isDeduction && rule.points <= 0) tell('points', 'gives points, so they are above 0')
        const isFit = fitDimensions.some((fit) => path.includes(fit))
        if (isFit && rule.counts === 'each_time')
          tell('counts', 'is about who somebody is: let it count while it holds')
        if (rule.counts === 'each_time' && !isDeed(rule.when))
          tell('when', 'counts each time that something is done: name one event, without a window')
      })
    }
    const { aPlus, a, b, c } = rules.grades
    if (!(aPlus >= a && a >= b && b >= c))
      context.addIssue({
        code: 'custom',
        path: ['grades'],
        message: 'must fall from A+ to C: each grade begins at a lower score than the one before',
      })
    if (dimensions.every((dimension) => rules.dimensions[dimension].weight === 0))
      context.addIssue({
        code: 'custom',
        path: ['dimensions'],
        message: 'need a weight: at least one of them must count',
      })
  })
  .meta({ id: 'ScoreRules' })
export type ScoreRules = z.output<typeof scoreRulesSchema>

/** Half of a dimension's 100 points are reached with so many points of rules; from the workspace's own opportunities. */
export interface ScoreScale {
  s50: Record<DeedDimension, number>
  /** leads that it was made of; 0: the defaults */
  leads: number
}

export const defaultScale: ScoreScale = { s50: { behavioural: 30, engagement: 30, intent: 30 }, leads: 0 }

/** Where each list of rules stands. */
export function ruleLists(
  rules: Pick<ScoreRules, 'dimensions' | 'deductions'>,
): { list: ScoreRule[]; path: string[]; place: Dimension | 'deductions' }[] {
  return [
    ...dimensions.map((dimension) => ({
      list: rules.dimensions[dimension].rules,
      path: ['dimensions', dimension, 'rules'],
      place: dimension,
    })),
    { list: rules.deductions, path: ['deductions'], place: 'deductions' },
  ]
}

/** The event that a rule for each time names. */
export function isDeed(when: Condition): when is Extract<Condition, { event: string }> {
  return 'event' in when && when.op === 'did' && when.within === undefined && when.test === undefined
}
