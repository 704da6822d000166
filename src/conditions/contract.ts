// The rule language, first version: conditions over a lead's facts, joined by and / or / not.
import { z } from 'zod'

/** A fact that conditions may speak of; modules declare theirs. `fields.<key>` is a custom field. */
export const factTypes = ['text', 'number', 'instant', 'boolean', 'tags'] as const
export type FactType = (typeof factTypes)[number]

/** Operators by type of fact. */
export const operators = {
  text: ['is', 'is_not', 'contains', 'starts_with', 'is_set', 'is_not_set'],
  number: ['equals', 'at_least', 'at_most', 'is_set', 'is_not_set'],
  instant: ['before', 'after', 'in_last_days', 'not_in_last_days', 'is_set', 'is_not_set'],
  boolean: ['is_true', 'is_false'],
  tags: ['has', 'has_not', 'is_set', 'is_not_set'],
} as const satisfies Record<FactType, readonly string[]>
export type Operator = (typeof operators)[FactType][number]

export interface Comparison {
  fact: string
  op: Operator
  value?: string | number | undefined
}
export type Condition = Comparison | { and: Condition[] } | { or: Condition[] } | { not: Condition }

const comparisonSchema = z.strictObject({
  fact: z.string().min(1).max(120),
  op: z.enum([...new Set(Object.values(operators).flat())] as [Operator, ...Operator[]]),
  value: z.union([z.string().max(1000), z.number()]).optional(),
})

/** The tree; at most 6 deep. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    comparisonSchema,
    z.strictObject({ and: z.array(conditionSchema).min(1).max(50) }),
    z.strictObject({ or: z.array(conditionSchema).min(1).max(50) }),
    z.strictObject({ not: conditionSchema }),
  ]),
)

/** A condition as it stands in a query string: JSON text. */
export const filterSchema = z
  .string()
  .max(8000)
  .transform((json, context) => {
    try {
      const parsed = conditionSchema.safeParse(JSON.parse(json))
      if (parsed.success) return parsed.data
      context.addIssue({
        code: 'custom',
        message: `is not a condition: ${parsed.error.issues[0]?.message ?? ''}`,
      })
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
    }
    return z.NEVER
  })
