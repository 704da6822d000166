// The endpoints of rates of currencies and of spend.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'

/** Days on which money is known to have moved: what lies outside is a slip of the pen. */
const [firstDay, lastDay] = ['1970-01-01', '2100-12-31']
const daySchema = z.iso
  .date()
  .refine((day) => day >= firstDay && day <= lastDay, `must lie between ${firstDay} and ${lastDay}`)
const currencySchema = z
  .string()
  .regex(/^[A-Za-z]{3}$/, 'is three letters, as USD')
  .toUpperCase()
  .describe('ISO 4217')

const rateSchema = z.strictObject({
  currency: currencySchema,
  startsOn: daySchema.describe('it holds from this day on, until the next rate of the currency'),
  rate: z
    .number()
    .positive()
    .min(1e-9)
    .max(1e9)
    .describe('what one unit is worth in the workspace’s currency'),
})
export type CurrencyRate = z.infer<typeof rateSchema>

export const listCurrencyRates = endpoint({
  id: 'listCurrencyRates',
  method: 'GET',
  path: '/api/currency-rates',
  access: { permission: 'settings.read' },
  summary: 'What units of other currencies are worth in the workspace’s own, by day',
  tag: 'Attribution',
  reply: z.object({ currency: z.string(), items: z.array(rateSchema) }),
})

export const setCurrencyRates = endpoint({
  id: 'setCurrencyRates',
  method: 'PUT',
  path: '/api/currency-rates',
  access: { permission: 'settings.write' },
  summary:
    'Enter rates; those of the same currency and day are replaced, and amounts converted anew in the background',
  tag: 'Attribution',
  body: z.object({ rates: z.array(rateSchema).min(1).max(1_000) }),
  reply: z.object({ written: z.number().int() }),
})

export const deleteCurrencyRate = endpoint({
  id: 'deleteCurrencyRate',
  method: 'DELETE',
  path: '/api/currency-rates/:currency/:startsOn',
  access: { permission: 'settings.write' },
  summary: 'Take a rate away',
  tag: 'Attribution',
  params: z.object({ currency: currencySchema, startsOn: daySchema }),
  reply: z.object({}),
})

const spendSchema = z.strictObject({
  spentOn: daySchema,
  channel: z.string().trim().min(1).max(60).describe('as reports name it'),
  campaign: z.string().trim().max(200).default('').describe('empty for the channel as a whole'),
  currency: currencySchema,
  amountMinor: z
    .number()
    .int()
    .min(0)
    .max(1e15)
    .describe('minor units of the currency; 0 takes the entry away'),
})
export type Spend = z.infer<typeof spendSchema>

export const listSpend = endpoint({
  id: 'listSpend',
  method: 'GET',
  path: '/api/spend',
  access: { permission: 'settings.read' },
  summary: 'What was spent, by day, channel and campaign; the newest 1,000 of the range',
  tag: 'Attribution',
  query: z.object({ from: daySchema.optional(), to: daySchema.optional() }),
  reply: z.object({ items: z.array(spendSchema) }),
})

export const setSpend = endpoint({
  id: 'setSpend',
  method: 'PUT',
  path: '/api/spend',
  access: { permission: 'settings.write' },
  summary: 'Enter what was spent; an amount of the same day, channel, campaign and currency is replaced',
  tag: 'Attribution',
  body: z.object({ items: z.array(spendSchema).min(1).max(5_000) }),
  reply: z.object({ written: z.number().int() }),
})

export const importSpend = endpoint({
  id: 'importSpend',
  method: 'POST',
  path: '/api/spend/import',
  access: { permission: 'settings.write' },
  summary:
    'Read spend from CSV with the columns date, channel, campaign, amount and currency; the last two may be left out',
  tag: 'Attribution',
  body: z.object({ csv: z.string().min(1).max(2_000_000) }),
  reply: z.object({
    written: z.number().int(),
    /** lines that cannot be read, at most 20 of them */
    rejected: z.array(z.object({ line: z.number().int(), reason: z.string() })),
    rejectedLines: z.number().int(),
  }),
})
