// The nouns of affinity: products that are bought together, and what that says of one buyer.
import { z } from 'zod'

/** A basket: the products of an order, or everything that a person ever bought. */
export const basketKinds = ['order', 'person'] as const
export type BasketKind = (typeof basketKinds)[number]

const productSchema = z.object({ key: z.string(), name: z.string() })

/** Who buys the first buys the second: counts, and what follows from them. */
export const affinitySchema = z.object({
  first: productSchema,
  second: productSchema,
  /** baskets with both, with the first, with the second */
  both: z.number().int(),
  withFirst: z.number().int(),
  withSecond: z.number().int(),
  /** baskets with both of all, 0 to 1 */
  support: z.number(),
  /** of the baskets with the first, those with the second too, 0 to 1 */
  confidence: z.number(),
  /** of the baskets with the second, those with the first too */
  confidenceBack: z.number(),
  /** how many times as often as if the two had nothing to do with each other */
  lift: z.number(),
  /** the lower end of the lift, of which chance leaves 95 in 100 sure */
  liftAtLeast: z.number(),
})
export type Affinity = z.infer<typeof affinitySchema>

export const affinitiesSchema = z.object({
  baskets: z.number().int(),
  /** with more than one product */
  mixedBaskets: z.number().int(),
  /** the strongest first: by the lower end of their lift */
  items: z.array(affinitySchema),
})
export type Affinities = z.infer<typeof affinitiesSchema>

export const taste = z.object({
  bought: z.array(
    productSchema.extend({
      orders: z.number().int(),
      quantity: z.number(),
      lastBoughtAt: z.string(),
    }),
  ),
  /** products that people with the same in their baskets bought, and this one did not yet */
  mayLike: z.array(
    productSchema.extend({
      because: productSchema,
      /** of those who bought `because`, who bought this too, 0 to 1 */
      confidence: z.number(),
      lift: z.number(),
      both: z.number().int(),
    }),
  ),
})
export type Taste = z.infer<typeof taste>
