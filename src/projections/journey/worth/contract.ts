// The nouns of a buyer's worth: what was bought, what is expected and how sure that is. Amounts are minor units.
import { z } from 'zod'

const between = <Value extends z.ZodType>(value: Value) => z.object({ low: value, high: value })

export const worthSchema = z.object({
  leadId: z.string(),
  asOf: z.string(),
  currency: z.string(),
  history: z.object({
    /** net merchandise value until now; null of those who never bought */
    valueMinor: z.number().int().nullable(),
    /** the newest 200 days with an order, oldest first; null: in another currency */
    days: z.array(z.object({ on: z.string(), netMinor: z.number().int().nullable() })),
    orderDays: z.number().int(),
    /** of them, those with amounts in other currencies only: they are added to nothing */
    foreignDays: z.number().int(),
    firstOrderOn: z.string().nullable(),
    lastOrderOn: z.string().nullable(),
    /** mean of a day with an order; null without any in the workspace's currency */
    meanOrderMinor: z.number().int().nullable(),
  }),
  /** null of those who ordered on one day at most */
  cadence: z
    .object({
      gaps: z.number().int(),
      medianDays: z.number(),
      shortestDays: z.number().int(),
      longestDays: z.number().int(),
      sinceLastDays: z.number().int(),
      /** standard deviation of the gaps over their mean: 0 is clockwork, 1 is chance */
      spread: z.number().nullable(),
    })
    .nullable(),
  rfm: z
    .object({ r: z.number().int(), f: z.number().int(), m: z.number().int(), segment: z.string() })
    .nullable(),
  /** null where there is too little data, as the fit says */
  prediction: z
    .object({
      horizonDays: z.number().int(),
      valueMinor: z.number().int(),
      /** within which 80 in 100 of such buyers end: how often they order varies, an order is taken as expected */
      valueBetween: between(z.number().int()).nullable(),
      expectedOrders: z.number(),
      ordersBetween: between(z.number().int()).nullable(),
      spendMinor: z.number().int().describe('expected of an order'),
      aliveChance: z.number().describe('that the person is still a customer'),
      nextOrderOn: z
        .string()
        .nullable()
        .describe('by then an order is as likely as not; null: not foreseeable'),
      /** 80 in 100 of such buyers order between; a null end is not foreseeable */
      nextOrderBetween: between(z.string().nullable()),
    })
    .nullable(),
  churn: z.object({ risk: z.number(), horizonDays: z.number().int() }).nullable(),
  /** what the prediction was learned from, and how well it fits */
  fit: z.object({
    sentence: z.string(),
    warnings: z.array(z.string()),
    /** null where nothing was learned yet */
    learnedAt: z.string().nullable(),
    model: z.string().nullable(),
    buyers: z.number().int(),
    historyDays: z.number().int(),
  }),
})
export type Worth = z.infer<typeof worthSchema>
