// The nouns of connected shops: customers, orders, products, syncs and webhooks as pages see them. Amounts are minor units.
import { z } from 'zod'

export const shopResources = ['customers', 'orders', 'products', 'checkouts'] as const
export type ShopResource = (typeof shopResources)[number]

export const syncModes = ['full', 'changes'] as const
export const syncStatuses = ['queued', 'preparing', 'reading', 'done', 'failed', 'cancelled'] as const

/** Reading a shop once: everything, or what it changed since. */
export const shopSyncSchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  resource: z.enum(shopResources),
  mode: z.enum(syncModes),
  /** `preparing`: the shop writes its file; `reading`: records arrive */
  status: z.enum(syncStatuses),
  /** null until the shop has counted */
  recordsTotal: z.number().int().nullable(),
  recordsRead: z.number().int(),
  /** of those read, new to us; and changed */
  made: z.number().int(),
  changed: z.number().int(),
  /** 0 to 100; null while nothing can be said */
  percent: z.number().int().nullable(),
  /** why it failed or waits, and what to do */
  problem: z.string().nullable(),
  requestedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type ShopSync = z.infer<typeof shopSyncSchema>

export const customerSyncStatuses = ['synced', 'waiting', 'conflict', 'failed'] as const
export type CustomerSyncStatus = (typeof customerSyncStatuses)[number]

export const shopStateSchema = z.object({
  connectionId: z.string(),
  name: z.string(),
  domain: z.string(),
  currency: z.string(),
  timeZone: z.string(),
  /** of the connection */
  status: z.enum(['connecting', 'connected', 'failing', 'reconnect']),
  problem: z.string().nullable(),
  /** rights that the shop has not given us; what needs them does not work */
  missingScopes: z.array(z.string()),
  uninstalledAt: z.string().nullable(),
  /** whether the shop tells us of changes as they happen */
  isSubscribed: z.boolean(),
  lastWebhookAt: z.string().nullable(),
  counts: z.object({
    customers: z.number().int(),
    orders: z.number().int(),
    products: z.number().int(),
    checkouts: z.number().int(),
  }),
  customersByStatus: z.record(z.enum(customerSyncStatuses), z.number().int()),
  resources: z.array(
    z.object({
      resource: z.enum(shopResources),
      running: shopSyncSchema.nullable(),
      /** the newest that ended */
      last: shopSyncSchema.nullable(),
    }),
  ),
})
export type ShopState = z.infer<typeof shopStateSchema>

/** A field that lead and shop both changed since they agreed. */
export const shopConflictSchema = z.object({
  field: z.string(),
  lead: z.string(),
  shop: z.string(),
  foundAt: z.string(),
})
export type ShopConflict = z.infer<typeof shopConflictSchema>

export const shopCustomerSchema = z.object({
  /** the shop's own number */
  id: z.string(),
  connectionId: z.string(),
  shopName: z.string(),
  /** the lead that it counts for now */
  leadId: z.string(),
  /** name, else e-mail, else phone, else the number */
  label: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** as the shop has them */
  tags: z.array(z.string()),
  /** as the shop counts; older orders than it lets us read are among them */
  orderCount: z.number().int(),
  spentMinor: z.number().int(),
  /** of the orders that we know: net of refunds, without cancelled and test orders */
  revenueMinor: z.number().int(),
  currency: z.string(),
  firstOrderAt: z.string().nullable(),
  lastOrderAt: z.string().nullable(),
  syncStatus: z.enum(customerSyncStatuses),
  syncProblem: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  syncedAt: z.string(),
  deletedAt: z.string().nullable(),
})
export type ShopCustomer = z.infer<typeof shopCustomerSchema>

const consentSchema = z.object({ state: z.string().nullable(), at: z.string().nullable() })

export const shopCustomerDetailSchema = shopCustomerSchema.extend({
  note: z.string().nullable(),
  locale: z.string().nullable(),
  /** the shop's word, such as subscribed */
  emailConsent: consentSchema,
  smsConsent: consentSchema,
  conflicts: z.array(shopConflictSchema),
})
export type ShopCustomerDetail = z.infer<typeof shopCustomerDetailSchema>

export const shopOrderStatuses = [
  'pending',
  'authorized',
  'partially_paid',
  'paid',
  'partially_refunded',
  'refunded',
  'voided',
  'expired',
  'cancelled',
] as const
export type ShopOrderStatus = (typeof shopOrderStatuses)[number]

export const shopOrderSchema = z.object({
  /** ours */
  id: z.string(),
  /** the shop's own number */
  externalId: z.string(),
  /** as the buyer reads it, such as #1001 */
  number: z.string(),
  connectionId: z.string(),
  shopName: z.string(),
  leadId: z.string(),
  leadLabel: z.string(),
  customerId: z.string().nullable(),
  status: z.enum(shopOrderStatuses),
  fulfilment: z.string().nullable(),
  isEdited: z.boolean(),
  /** a test order of the shop: kept, and left out of revenue */
  isTest: z.boolean(),
  currency: z.string(),
  totalMinor: z.number().int(),
  refundedMinor: z.number().int(),
  /** what is left of the total: 0 where it was cancelled */
  netMinor: z.number().int(),
  itemCount: z.number().int(),
  discountCodes: z.array(z.string()),
  tags: z.array(z.string()),
  placedAt: z.string(),
  cancelledAt: z.string().nullable(),
  /** by the shop's clock */
  changedAt: z.string().nullable(),
})
export type ShopOrder = z.infer<typeof shopOrderSchema>

export const shopOrderDetailSchema = shopOrderSchema.extend({
  subtotalMinor: z.number().int(),
  shippingMinor: z.number().int(),
  taxMinor: z.number().int(),
  note: z.string().nullable(),
  lines: z.array(
    z.object({
      productId: z.string().nullable(),
      variantId: z.string().nullable(),
      name: z.string(),
      variant: z.string().nullable(),
      sku: z.string().nullable(),
      quantity: z.number().int(),
      /** what is left of it after refunds and edits */
      currentQuantity: z.number().int(),
      /** of one, before discounts */
      priceMinor: z.number().int(),
      /** of the whole line */
      discountMinor: z.number().int(),
    }),
  ),
  refunds: z.array(z.object({ id: z.string(), minor: z.number().int(), refundedAt: z.string() })),
})
export type ShopOrderDetail = z.infer<typeof shopOrderDetailSchema>

export const shopProductSchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  shopName: z.string(),
  title: z.string(),
  handle: z.string(),
  vendor: z.string(),
  kind: z.string(),
  status: z.string(),
  tags: z.array(z.string()),
  currency: z.string(),
  /** of the cheapest and the dearest variant */
  lowMinor: z.number().int(),
  highMinor: z.number().int(),
  variants: z.array(
    z.object({ id: z.string(), title: z.string(), sku: z.string().nullable(), priceMinor: z.number().int() }),
  ),
  /** in orders that count: pieces left after refunds, what they brought after discounts, and in how many orders */
  unitsSold: z.number().int(),
  revenueMinor: z.number().int(),
  orderCount: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
})
export type ShopProduct = z.infer<typeof shopProductSchema>

export const shopWebhookStatuses = ['waiting', 'applied', 'stale', 'ignored', 'refused', 'failed'] as const
export type ShopWebhookStatus = (typeof shopWebhookStatuses)[number]

export const shopWebhookSchema = z.object({
  deliveryId: z.string(),
  connectionId: z.string(),
  shopName: z.string(),
  topic: z.string(),
  /** the shop's number of what it is about */
  subject: z.string().nullable(),
  /** `stale`: something newer was known already; `refused`: not signed by the shop, counted by day */
  status: z.enum(shopWebhookStatuses),
  problem: z.string().nullable(),
  /** how often it came; it counts once */
  deliveries: z.number().int(),
  triggeredAt: z.string().nullable(),
  receivedAt: z.string(),
  appliedAt: z.string().nullable(),
})
export type ShopWebhook = z.infer<typeof shopWebhookSchema>

/** What a shop asked of us by law, and what became of it. */
export const shopRequestSchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  shopName: z.string(),
  kind: z.enum(['data_request', 'customer_redact', 'shop_redact']),
  requestId: z.string(),
  customerId: z.string().nullable(),
  status: z.enum(['waiting', 'done']),
  hasExport: z.boolean(),
  leadCount: z.number().int(),
  orderCount: z.number().int(),
  receivedAt: z.string(),
  dueAt: z.string(),
  doneAt: z.string().nullable(),
})
export type ShopRequest = z.infer<typeof shopRequestSchema>
