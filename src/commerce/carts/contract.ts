// The nouns of carts: what lies in each, what became of it, and when one counts as abandoned.
import { z } from 'zod'

/** `open`: young still; `abandoned`: it lay too long; `recovered`: bought after that; `bought`: bought in time. */
export const cartStates = ['abandoned', 'recovered', 'open', 'bought'] as const
export type CartState = (typeof cartStates)[number]

export const cartSettingsSchema = z.object({
  abandonedAfterMinutes: z
    .number()
    .int()
    .min(10)
    .max(7 * 24 * 60)
    .describe('a cart that nobody touched for so long counts as abandoned'),
  recoveredWithinDays: z
    .number()
    .int()
    .min(1)
    .max(90)
    .describe('an order of the same person within so many days counts as a recovery'),
})
export type CartSettings = z.infer<typeof cartSettingsSchema>

export const defaultCartSettings: CartSettings = { abandonedAfterMinutes: 60, recoveredWithinDays: 7 }

export const cartSchema = z.object({
  id: z.string(),
  leadId: z.string(),
  leadLabel: z.string(),
  email: z.string().nullable(),
  /** of the connected shop; null where tracking told of it */
  shopName: z.string().nullable(),
  state: z.enum(cartStates),
  currency: z.string(),
  /** minor units */
  totalMinor: z.number().int(),
  itemCount: z.number().int(),
  lines: z.array(
    z.object({ name: z.string(), quantity: z.number(), priceMinor: z.number().int().describe('of one') }),
  ),
  /** where the person can go on with it; null where the shop gives no address */
  recoveryUrl: z.string().nullable(),
  startedAt: z.string(),
  changedAt: z.string(),
  abandonedAt: z.string().nullable(),
  /** the order that it became */
  order: z
    .object({
      id: z.string(),
      number: z.string().nullable(),
      placedAt: z.string(),
      currency: z.string(),
      /** refunds off; 0 where it was cancelled */
      netMinor: z.number().int(),
    })
    .nullable(),
})
export type CartRow = z.infer<typeof cartSchema>

const sum = z.object({ currency: z.string(), minor: z.number().int() })

/** Carts that were abandoned within a time, and what came back of them. */
export const cartSumsSchema = z.object({
  /** carts that were abandoned, the recovered among them */
  abandoned: z.number().int(),
  /** orders that abandoned carts became; two carts that one order emptied are one */
  recovered: z.number().int(),
  /** recovered of abandoned, 0 to 1; null without any */
  rate: z.number().nullable(),
  /** what lies in those that are abandoned still */
  lying: z.array(sum),
  /** of the orders, refunds off */
  recoveredRevenue: z.array(sum),
})
export type CartSums = z.infer<typeof cartSumsSchema>

/** What a look at carts found. */
export const cartLookSchema = z.object({
  /** newly abandoned */
  abandoned: z.number().int(),
  /** newly matched with their orders: of abandoned carts, and of those bought in time */
  recovered: z.number().int(),
  bought: z.number().int(),
})
export type CartLook = z.infer<typeof cartLookSchema>
