// What a workspace may say of risk and value: the horizon of churn, and how far ahead and at what margin value is counted. Pure.
import { z } from 'zod'

export const journeySettingsSchema = z
  .strictObject({
    churnHorizonDays: z
      .number()
      .int()
      .min(7, 'is 7 days at least')
      .max(730, 'is 730 days at most')
      .nullable()
      .default(null)
      .describe(
        'so long without an order counts as lost; null: 90 days, or twice the usual gap between orders where that is longer',
      ),
    valueHorizonDays: z
      .number()
      .int()
      .min(30, 'is 30 days at least')
      .max(1_095, 'is 1,095 days at most')
      .default(365)
      .describe('how far ahead lifetime value is predicted'),
    yearlyDiscount: z
      .number()
      .min(0)
      .max(0.5, 'is half at most')
      .default(0.1)
      .describe('0.1: what comes in a year is worth a tenth less'),
    margin: z
      .number()
      .gt(0, 'is above 0')
      .max(1, 'is all of it at most')
      .default(1)
      .describe('what is left of revenue once goods are paid; 1 makes predicted value mean revenue'),
  })
  .meta({ id: 'JourneySettings' })
export type JourneySettings = z.output<typeof journeySettingsSchema>

export const defaultJourneySettings: JourneySettings = journeySettingsSchema.parse({})
