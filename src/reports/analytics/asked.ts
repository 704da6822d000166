// What reports are asked: the days, and whom they are about. Pure.
import { z } from 'zod'
import { filterSchema } from '../../conditions/contract.ts'

/** Days of a range that ends today. */
export const ranges = ['7', '30', '90', '180', '365'] as const
export const steps = ['day', 'week', 'month'] as const
export type Step = (typeof steps)[number]
export const audiences = ['known', 'anonymous', 'all'] as const

const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, written as 2026-05-31')
  .describe('a calendar day of the workspace, YYYY-MM-DD')

/** What every question over many leads takes. */
export const scopeQuery = {
  range: z.enum(ranges).default('30').describe('so many days up to today; `from` and `to` go before it'),
  from: daySchema.optional(),
  to: daySchema.optional().describe('the last day, counted in; today where only `from` is given'),
  audience: z.enum(audiences).default('all').describe('whether leads are known, by an address or an id'),
  source: z.string().max(200).optional().describe('where leads came from, as the list of leads says it'),
  segment: z.uuid().optional(),
  filter: filterSchema.optional().describe('any conditions as JSON, as the list of leads takes them'),
}
