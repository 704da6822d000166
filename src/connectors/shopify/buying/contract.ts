// The endpoints of what Shopify's buyers do: abandoned carts, what each is worth, and what is bought together.
import { z } from 'zod'
import { affinitiesSchema, basketKinds, taste } from '../../../commerce/affinity/contract.ts'
import {
  cartLookSchema,
  cartSchema,
  cartSettingsSchema,
  cartStates,
  cartSumsSchema,
} from '../../../commerce/carts/contract.ts'
import { endpoint } from '../../../lib/endpoint.ts'
import { worthSchema } from '../../../projections/journey/worth/contract.ts'

const tag = 'Shopify'
/** the shop's number of a customer, or the id of a lead */
const customer = z.object({ id: z.string().min(1).max(60) })
const ofShop = z.object({ connectionId: z.uuid().optional() })

export const listAbandonedCarts = endpoint({
  id: 'listShopifyAbandonedCarts',
  method: 'GET',
  path: '/api/shopify/abandoned-carts',
  access: { permission: 'leads.read' },
  summary:
    'Carts that were left behind, in the connected shops and on tracked sites, which of them were recovered, and the revenue of that',
  tag,
  query: z.object({
    state: z.enum(cartStates).optional().describe('all unless told'),
    people: z.enum(['known', 'all']).default('known').describe('`all`: also of visitors whom nobody knows'),
    days: z.coerce.number().int().min(1).max(365).default(30).describe('sums: abandoned within so many days'),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    items: z.array(cartSchema),
    nextCursor: z.string().nullable(),
    sums: cartSumsSchema,
    settings: cartSettingsSchema,
  }),
})

export const lookAtAbandonedCarts = endpoint({
  id: 'lookAtShopifyAbandonedCarts',
  method: 'POST',
  path: '/api/shopify/abandoned-carts',
  access: { permission: 'leads.write' },
  summary: 'Look now which carts were left behind and which became orders; it is looked once a minute anyway',
  tag,
  reply: cartLookSchema,
})

export const setAbandonedCartSettings = endpoint({
  id: 'setShopifyAbandonedCartSettings',
  method: 'PUT',
  path: '/api/shopify/abandoned-carts/settings',
  access: { permission: 'settings.write' },
  summary: 'Say when a cart counts as abandoned, and until when an order counts as its recovery',
  tag,
  body: cartSettingsSchema,
  reply: cartSettingsSchema,
})

export const getCustomerWorth = endpoint({
  id: 'getShopifyCustomerLtv',
  method: 'GET',
  path: '/api/shopify/customers/:id/ltv',
  access: { permission: 'leads.read' },
  summary:
    'What a customer is worth: bought until now, rhythm, RFM, and what is expected, with the ends of 80 in 100 and the fit',
  tag,
  params: customer,
  query: ofShop,
  reply: worthSchema,
})

export const getCustomerTaste = endpoint({
  id: 'getShopifyCustomerAffinity',
  method: 'GET',
  path: '/api/shopify/customers/:id/affinity',
  access: { permission: 'leads.read' },
  summary: 'What a customer bought, and what people with the same in their baskets bought beside it',
  tag,
  params: customer,
  query: ofShop,
  reply: taste,
})

export const listAffinities = endpoint({
  id: 'listShopifyAffinities',
  method: 'GET',
  path: '/api/shopify/affinities',
  access: { permission: 'leads.read' },
  summary: 'Products that are bought together, with support, confidence and lift; the surest first',
  tag,
  query: z.object({
    basket: z
      .enum(basketKinds)
      .default('order')
      .describe('`order`: bought at once; `person`: ever by the same one'),
    days: z.coerce.number().int().min(1).max(1_095).default(365),
    fewest: z.coerce
      .number()
      .int()
      .min(2)
      .max(1_000)
      .default(5)
      .describe('pairs in fewer baskets are left out'),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  }),
  reply: affinitiesSchema,
})
