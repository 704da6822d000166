// The tree: comparisons of facts and of events, joined by and / or / not; bounded in depth and size.
import { z } from 'zod'
import { isDeeperThan } from '../lib/text.ts'
import { instantOperators, operators } from './operators.ts'
import type { FactType, InstantOperator, NumberOperator, Operator } from './operators.ts'

/** Groups within groups beyond this are refused. */
export const DEPTH_LIMIT = 8
/** Comparisons beyond this are refused. */
export const SIZE_LIMIT = 200
/** A condition as JSON is at most so long. */
export const JSON_LIMIT = 60_000

export const spanUnits = ['hours', 'days', 'weeks', 'months'] as const
export interface Span {
  count: number
  unit: (typeof spanUnits)[number]
}
/** Days are `YYYY-MM-DD` in the workspace's time zone. */
export type Value = string | number | string[] | number[] | Span

/** What is asked of a fact. */
export interface Comparison {
  /** as a module declares it; `fields.<key>` is a custom field, `consent.<purpose>` a consent */
  fact: string
  op: Operator
  value?: Value | undefined
}

/** What is asked of a detail of an event. */
export interface PropertyComparison {
  /** `total`, `address.city`, `products[].sku` (any of the list), or one of `eventDetails` such as `$channel` */
  property: string
  type: PropertyType
  op: Operator
  value?: Value | undefined
}
export const propertyTypes = ['text', 'number', 'boolean', 'date'] as const satisfies readonly FactType[]
export type PropertyType = (typeof propertyTypes)[number]

/** When an event must have happened to count. */
export interface Window {
  op: InstantOperator
  value?: Value | undefined
}

/** What is asked of the events of one name; events of machines do not count. */
export interface EventComparison {
  event: string
  /** `count` and `sum` are compared as numbers, `first` and `last` as instants */
  op: 'did' | 'did_not' | 'count' | 'sum' | 'first' | 'last'
  /** the property that is summed */
  of?: string | undefined
  /** how the count, sum, first or last time is compared */
  test?: { op: NumberOperator | InstantOperator; value?: Value | undefined } | undefined
  /** all must hold of an event for it to count */
  where?: PropertyComparison[] | undefined
  within?: Window | undefined
}

export type Leaf = Comparison | EventComparison
export type Condition = Leaf | { and: Condition[] } | { or: Condition[] } | { not: Condition }

const valueSchema = z.union([
  z.string().max(1000),
  z.number(),
  z.array(z.string().max(1000)).max(500),
  z.array(z.number()).max(2),
  z.strictObject({ count: z.number(), unit: z.enum(spanUnits) }),
])

const operatorSchema = z.enum([...new Set<Operator>(Object.values(operators).flat())] as [
  Operator,
  ...Operator[],
])

const comparisonSchema = z.strictObject({
  fact: z.string().min(1).max(120),
  op: operatorSchema,
  value: valueSchema.optional(),
})

const numberOperators = operators.number.filter((op) => op !== 'is_set' && op !== 'is_not_set')

const eventComparisonSchema = z.strictObject({
  event: z.string().min(1).max(200),
  op: z.enum(['did', 'did_not', 'count', 'sum', 'first', 'last']),
  of: z.string().min(1).max(200).optional(),
  test: z
    .strictObject({
      op: z.enum([...new Set([...numberOperators, ...instantOperators])] as [NumberOperator]),
      value: valueSchema.optional(),
    })
    .optional(),
  where: z
    .array(
      z.strictObject({
        property: z.string().min(1).max(200),
        type: z.enum(propertyTypes),
        op: operatorSchema,
        value: valueSchema.optional(),
      }),
    )
    .max(10)
    .optional(),
  within: z.strictObject({ op: z.enum(instantOperators), value: valueSchema.optional() }).optional(),
})

const nodeSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    comparisonSchema,
    eventComparisonSchema,
    z.strictObject({ and: z.array(conditionNode).min(1).max(SIZE_LIMIT) }),
    z.strictObject({ or: z.array(conditionNode).min(1).max(SIZE_LIMIT) }),
    z.strictObject({ not: conditionNode }),
  ]),
)
const conditionNode = nodeSchema.meta({ id: 'Condition' })

/** The tree. Its depth is looked at before it is walked, so that a hostile one costs nothing. */
export const conditionSchema: z.ZodType<Condition> = z
  .unknown()
  .superRefine((value, context) => {
    if (isDeeperThan(value, DEPTH_LIMIT * 2 + 4))
      context.addIssue({ code: 'custom', message: `is nested more than ${DEPTH_LIMIT} deep` })
  })
  .pipe(conditionNode)

/** A condition as it stands in a query string: JSON text. */
export const filterSchema = z
  .string()
  .max(JSON_LIMIT)
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
