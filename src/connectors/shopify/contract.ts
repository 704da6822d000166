// The endpoints of Shopify: connecting, syncing, and what its shops told us of customers, orders and products.
import { z } from 'zod'
import {
  customerSyncStatuses,
  shopCustomerDetailSchema,
  shopCustomerSchema,
  shopOrderDetailSchema,
  shopOrderSchema,
  shopOrderStatuses,
  shopProductSchema,
  shopRequestSchema,
  shopResources,
  shopStateSchema,
  shopSyncSchema,
  shopWebhookSchema,
  shopWebhookStatuses,
  syncModes,
} from '../../commerce/shop/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'

const tag = 'Shopify'
/** one shop of several */
const connectionId = z.uuid().optional()
const paging = {
  connectionId,
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
/** the shop's number of a customer, or the id of a lead */
const customer = z.object({ id: z.string().min(1).max(60) })
const ofShop = z.object({ connectionId })
const search = z.string().trim().max(200).optional()
const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** The last parts of the addresses that take webhooks. */
export const webhookGroups = ['customers', 'orders', 'products', 'checkouts', 'compliance'] as const

/** Where Shopify sends the browser back to. */
export const shopifyCallbackPath = '/api/shopify/callback'

export const shopifyAuth = endpoint({
  id: 'shopifyAuth',
  method: 'GET',
  path: '/api/shopify/auth',
  access: { permission: 'settings.write' },
  summary: 'Where the browser has to go to give a connected shop’s consent, again or for the first time',
  tag,
  query: z.object({
    connectionId,
    /** the shop’s address, such as example.myshopify.com, of a connection that is there */
    shop: z.string().max(200).optional(),
  }),
  reply: z.object({ authoriseUrl: z.string() }),
})

export const shopifyState = endpoint({
  id: 'shopifyState',
  method: 'GET',
  path: '/api/shopify/state',
  access: { permission: 'leads.read' },
  summary: 'The connected shops: how each fares, how much is here of it, and how far its syncs are',
  tag,
  reply: z.object({ shops: z.array(shopStateSchema) }),
})

export const listShopifySyncs = endpoint({
  id: 'listShopifySyncs',
  method: 'GET',
  path: '/api/shopify/syncs',
  access: { permission: 'leads.read' },
  summary: 'Syncs, the newest first',
  tag,
  query: z.object({
    connectionId,
    resource: z.enum(shopResources).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({ items: z.array(shopSyncSchema) }),
})

const asked = z
  .object({
    connectionId,
    /** `changes` reads what the shop changed since the last sync; `full` everything again */
    mode: z.enum(syncModes).default('changes'),
  })
  .default({ mode: 'changes' })
const started = z.object({ items: z.array(shopSyncSchema) })

function startOf(id: string, path: string, of: string) {
  return endpoint({
    id,
    method: 'POST',
    path,
    access: { permission: 'settings.write' },
    summary: `Read ${of} from the connected shops; one that is being read already goes on`,
    tag,
    body: asked,
    reply: started,
    status: 202,
  })
}

export const syncShopifyCustomers = startOf(
  'syncShopifyCustomers',
  '/api/shopify/sync/customers',
  'customers',
)
export const syncShopifyCustomersToo = startOf(
  'syncShopifyCustomersToo',
  '/api/shopify/customers/sync',
  'customers',
)
export const syncShopifyOrders = startOf('syncShopifyOrders', '/api/shopify/sync/orders', 'orders')
export const syncShopifyProducts = startOf('syncShopifyProducts', '/api/shopify/sync/products', 'products')
export const syncShopifyCheckouts = startOf(
  'syncShopifyCheckouts',
  '/api/shopify/sync/checkouts',
  'abandoned checkouts',
)

export const cancelShopifySync = endpoint({
  id: 'cancelShopifySync',
  method: 'POST',
  path: '/api/shopify/syncs/:id/cancel',
  access: { permission: 'settings.write' },
  summary: 'Stop a sync; what has arrived stays',
  tag,
  params: z.object({ id: z.uuid() }),
  reply: shopSyncSchema,
})

export const shopifyCustomerSorts = ['created', 'spent', 'orders'] as const

export const listShopifyCustomers = endpoint({
  id: 'listShopifyCustomers',
  method: 'GET',
  path: '/api/shopify/customers',
  access: { permission: 'leads.read' },
  summary: 'Customers of the connected shops',
  tag,
  query: z.object({
    ...paging,
    /** the beginning of a name or an e-mail, or the shop’s number */
    search,
    syncStatus: z.enum(customerSyncStatuses).optional(),
    sort: z.enum(shopifyCustomerSorts).default('created'),
  }),
  reply: page(shopCustomerSchema),
})

export const getShopifyCustomer = endpoint({
  id: 'getShopifyCustomer',
  method: 'GET',
  path: '/api/shopify/customers/:id',
  access: { permission: 'leads.read' },
  summary: 'One customer, by the shop’s number or by the lead',
  tag,
  params: customer,
  query: ofShop,
  reply: shopCustomerDetailSchema,
})

export const listShopifyCustomerOrders = endpoint({
  id: 'listShopifyCustomerOrders',
  method: 'GET',
  path: '/api/shopify/customers/:id/orders',
  access: { permission: 'leads.read' },
  summary: 'The orders of a customer, the newest first',
  tag,
  params: customer,
  query: z.object(paging),
  reply: page(shopOrderSchema),
})

const tags = z.array(z.string().trim().min(1).max(255)).max(250)

export const tagShopifyCustomer = endpoint({
  id: 'tagShopifyCustomer',
  method: 'POST',
  path: '/api/shopify/customers/:id/tags',
  access: { permission: 'leads.write' },
  summary: 'Add tags to a customer and take tags away, here and in the shop',
  tag,
  params: customer,
  query: ofShop,
  body: z.object({ add: tags.default([]), remove: tags.default([]) }),
  reply: shopCustomerDetailSchema,
})

export const resolveShopifyConflict = endpoint({
  id: 'resolveShopifyConflict',
  method: 'POST',
  path: '/api/shopify/customers/:id/resolve',
  access: { permission: 'leads.write' },
  summary: 'Decide a conflict: the lead’s value is written to the shop, or the shop’s is taken',
  tag,
  params: customer,
  query: ofShop,
  body: z.object({ field: z.string().max(100), keep: z.enum(['lead', 'shop']) }),
  reply: shopCustomerDetailSchema,
})

export const listShopifyOrders = endpoint({
  id: 'listShopifyOrders',
  method: 'GET',
  path: '/api/shopify/orders',
  access: { permission: 'leads.read' },
  summary: 'Orders of the connected shops, the newest first',
  tag,
  query: z.object({
    ...paging,
    status: z.enum(shopOrderStatuses).optional(),
    /** the beginning of an order’s number */
    search,
    productId: z.string().max(60).optional(),
    /** placed from this instant on, and before that one */
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
  }),
  reply: page(shopOrderSchema),
})

export const getShopifyOrder = endpoint({
  id: 'getShopifyOrder',
  method: 'GET',
  path: '/api/shopify/orders/:id',
  access: { permission: 'leads.read' },
  summary: 'One order with its lines and refunds, by our id or the shop’s number',
  tag,
  params: z.object({ id: z.string().min(1).max(60) }),
  query: ofShop,
  reply: shopOrderDetailSchema,
})

export const listShopifyProducts = endpoint({
  id: 'listShopifyProducts',
  method: 'GET',
  path: '/api/shopify/products',
  access: { permission: 'leads.read' },
  summary: 'Products of the connected shops by title, with what was sold of each',
  tag,
  query: z.object({ ...paging, search, status: z.string().max(30).optional() }),
  reply: page(shopProductSchema),
})

export const getShopifyProduct = endpoint({
  id: 'getShopifyProduct',
  method: 'GET',
  path: '/api/shopify/products/:id',
  access: { permission: 'leads.read' },
  summary: 'One product',
  tag,
  params: z.object({ id: z.string().min(1).max(60) }),
  query: ofShop,
  reply: shopProductSchema,
})

export const listShopifyWebhooks = endpoint({
  id: 'listShopifyWebhooks',
  method: 'GET',
  path: '/api/shopify/webhooks',
  access: { permission: 'settings.read' },
  summary: 'Webhooks of the connected shops as they came in, and what became of each',
  tag,
  query: z.object({
    ...paging,
    topic: z.string().max(100).optional(),
    status: z.enum(shopWebhookStatuses).optional(),
  }),
  reply: page(shopWebhookSchema).extend({
    /** of the last 24 hours, by topic */
    topics: z.array(
      z.object({
        topic: z.string(),
        received: z.number().int(),
        /** more deliveries of the same */
        repeats: z.number().int(),
        waiting: z.number().int(),
        applied: z.number().int(),
        stale: z.number().int(),
        troubled: z.number().int(),
        /** from the door to the record, the slowest of a hundred; null where none was applied */
        p99Ms: z.number().int().nullable(),
      }),
    ),
  }),
})

export const listShopifyRequests = endpoint({
  id: 'listShopifyRequests',
  method: 'GET',
  path: '/api/shopify/requests',
  access: { permission: 'settings.read' },
  summary: 'What the shops asked of us by law: a person’s data, or to forget a person or the shop',
  tag,
  query: ofShop,
  reply: z.object({ items: z.array(shopRequestSchema) }),
})

export const getShopifyExport = endpoint({
  id: 'getShopifyExport',
  method: 'GET',
  path: '/api/shopify/requests/:id/export',
  access: { permission: 'leads.read' },
  summary: 'Everything that was known of the person of a data request, for the shop to hand over',
  tag,
  params: z.object({ id: z.uuid() }),
  reply: z.record(z.string(), z.unknown()),
})
