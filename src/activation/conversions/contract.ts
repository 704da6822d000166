// The nouns of conversions: destinations with their mappings, previews, sends by hand, and the reconciliation.
import { z } from 'zod'
import { shownRequestSchema } from '../../deliveries/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'

/** How one kind of event goes to a destination. */
export const eventMappingSchema = z.object({
  /** ours: `order_completed` */
  event: z.string().trim().min(1).max(200),
  isOn: z.boolean(),
  /** the vendor's: `Purchase` */
  name: z.string().trim().min(1).max(100),
  parameters: z
    .array(
      z.object({
        parameter: z.string().trim().min(1).max(100),
        /** `value`, `currency`, `order_id`, `products`, `property:plan`, `lead:company`, `text:always this` */
        from: z.string().trim().min(1).max(300),
      }),
    )
    .max(40),
})
export type EventMappingWord = z.infer<typeof eventMappingSchema>

/** What a parameter can be filled from, with its words; `property:`, `lead:` and `text:` take a name or a text behind them. */
export const parameterSources: readonly { from: string; label: string }[] = [
  { from: 'value', label: 'Value' },
  { from: 'currency', label: 'Currency' },
  { from: 'order_id', label: 'Order id' },
  { from: 'products', label: 'Products' },
  { from: 'product_count', label: 'Number of products' },
  { from: 'page_url', label: 'Page address' },
  { from: 'page_title', label: 'Page title' },
  { from: 'referrer', label: 'Referrer' },
  { from: 'session_id', label: 'Session id' },
  { from: 'event', label: 'Event name' },
]

export const destinationSchema = z.object({
  connectionId: z.string(),
  connector: z.string(),
  name: z.string(),
  isWorking: z.boolean(),
  forwards: z.boolean(),
  /** events before this instant are not forwarded; null where forwarding was never on */
  forwardsFrom: z.string().nullable(),
  /** the oldest that the vendor takes, in hours */
  maxAgeHours: z.number(),
  /** without this consent nothing leaves */
  purpose: z.string(),
  mappings: z.array(eventMappingSchema.extend({ isDefault: z.boolean() })),
  /** names that the vendor knows */
  names: z.array(z.object({ name: z.string(), label: z.string() })),
  takesOtherNames: z.boolean(),
  /** what stands before the name of a parameter that describes the person; null where there are none */
  userProperty: z.string().nullable(),
  /** whether events count to visits there, which have a page */
  hasSessions: z.boolean(),
})
export type Destination = z.infer<typeof destinationSchema>

const consentSchema = z.object({
  isAllowed: z.boolean(),
  purpose: z.string(),
  because: z.string(),
})

const qualitySchema = z.object({
  /** an estimate, 0 to 10 */
  score: z.number(),
  has: z.array(z.string()),
  missing: z.array(z.object({ what: z.string(), wouldAdd: z.number() })),
})

/** An event as it would leave. */
export const rehearsalSchema = z.object({
  eventId: z.string(),
  /** whether it would leave now */
  wouldLeave: z.boolean(),
  consent: consentSchema,
  /** rules of the vendor that it breaks, its age included */
  problems: z.array(z.string()),
  requests: z.array(shownRequestSchema),
  quality: qualitySchema.nullable(),
  leadId: z.string().nullable(),
})
export type Rehearsal = z.infer<typeof rehearsalSchema>

const params = z.object({ connectionId: z.uuid() })

export const listDestinations = endpoint({
  id: 'listConversionDestinations',
  method: 'GET',
  path: '/api/conversions/destinations',
  access: { permission: 'settings.read' },
  summary: 'Connections that take conversions, with their mappings and whether events go there by themselves',
  tag: 'Conversions',
  reply: z.object({ items: z.array(destinationSchema) }),
})

export const setMappings = endpoint({
  id: 'setConversionMappings',
  method: 'PUT',
  path: '/api/conversions/destinations/:connectionId/mappings',
  access: { permission: 'events.write' },
  summary:
    'Say which events go there, under which names and with which parameters; those not named follow the defaults',
  tag: 'Conversions',
  params,
  body: z.object({ mappings: z.array(eventMappingSchema).max(200) }),
  reply: destinationSchema,
})

export const setForwarding = endpoint({
  id: 'setConversionForwarding',
  method: 'POST',
  path: '/api/conversions/destinations/:connectionId/forwarding',
  access: { permission: 'events.write' },
  summary:
    'Forward events by themselves, or stop; the first time, from now on or back to what the vendor still takes',
  tag: 'Conversions',
  params,
  body: z.object({
    isOn: z.boolean(),
    /** needed the first time that it is switched on */
    from: z.enum(['now', 'limit']).optional(),
  }),
  reply: destinationSchema,
})

export const previewConversion = endpoint({
  id: 'previewConversion',
  method: 'POST',
  path: '/api/conversions/destinations/:connectionId/preview',
  access: { permission: 'events.read' },
  summary: 'The newest event of a kind as it would leave by a mapping; where there is none, a made-up one',
  tag: 'Conversions',
  params,
  body: z.object({ mapping: eventMappingSchema }),
  reply: rehearsalSchema.extend({
    /** false where no such event has come in, so that a made-up one is shown */
    isReal: z.boolean(),
    occurredAt: z.string(),
  }),
})

const count = z.number().int()
const share = z.object({ reason: z.string(), words: z.string(), count })

export const reconcileConversions = endpoint({
  id: 'reconcileConversions',
  method: 'GET',
  path: '/api/conversions/destinations/:connectionId/reconciliation',
  access: { permission: 'reports.read' },
  summary: 'What became of all conversions that happened in a time: the parts add up to the whole',
  tag: 'Conversions',
  params,
  query: z.object({
    from: z.iso.date().optional().describe('the last seven days unless told'),
    to: z.iso.date().optional().describe('today unless told'),
  }),
  reply: z.object({
    happened: count,
    delivered: count,
    withheld: count,
    withheldWhy: z.array(share),
    failed: count,
    failedWhy: z.array(share),
    unknown: count,
    waiting: count,
    /** forwarding was off, or did not send this kind of event, when they happened */
    notTaken: count,
    /** sent by hand or over the API; not among those above */
    byHand: count,
    events: z.array(z.object({ event: z.string(), happened: count, delivered: count })),
  }),
})
export type Reconciliation = z.infer<NonNullable<typeof reconcileConversions.reply>>

export const sentSessionSchema = z.object({
  sessionId: z.string(),
  clientId: z.string(),
  leadId: z.string().nullable(),
  leadLabel: z.string().nullable(),
  /** when it began, as its id says; null where the id says nothing */
  startedAt: z.string().nullable(),
  /** of the first and the last event that left */
  firstAt: z.string(),
  lastAt: z.string(),
  /** names of the events, each once */
  events: z.array(z.string()),
  count,
  delivered: count,
  engagementMs: z.number().int(),
  /** the first page that an event names */
  page: z.string(),
})
export type SentSession = z.infer<typeof sentSessionSchema>

export const listSentSessions = endpoint({
  id: 'listSentSessions',
  method: 'GET',
  path: '/api/conversions/destinations/:connectionId/sessions',
  access: { permission: 'events.read' },
  summary: 'Visits that events were sent under, with their engagement time, the newest first',
  tag: 'Conversions',
  params,
  query: z.object({ days: z.coerce.number().int().min(1).max(30).default(7) }),
  reply: z.object({
    items: z.array(sentSessionSchema),
    /** events that left under no session: no visit will be credited with them */
    withoutSession: count,
    /** only the newest 5,000 events were looked at */
    isCut: z.boolean(),
  }),
})

const productSchema = z.object({
  id: z.string().max(200),
  name: z.string().max(300).optional(),
  quantity: z.number().min(0).optional(),
  price: z.number().optional(),
  brand: z.string().max(200).optional(),
  category: z.string().max(200).optional(),
  variant: z.string().max(200).optional(),
})

/** An event that is sent by hand or by a program; the person is a lead, or words that find one. */
export const sentEventSchema = z.object({
  /** the vendor's name of it */
  name: z.string().trim().min(1).max(100).optional(),
  /** the same as the browser's pixel has, so that the vendor counts it once; made where it is not named */
  eventId: z.string().trim().min(1).max(200).optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  leadId: z.uuid().optional(),
  person: z
    .object({
      email: z.string().max(254),
      phone: z.string().max(40),
      userId: z.string().max(200),
      firstName: z.string().max(100),
      lastName: z.string().max(100),
      city: z.string().max(100),
      region: z.string().max(100),
      postalCode: z.string().max(20),
      country: z.string().length(2).toUpperCase(),
    })
    .partial()
    .optional(),
  browser: z
    .object({
      userAgent: z.string().max(500),
      ip: z.union([z.ipv4(), z.ipv6()]),
      fbp: z.string().max(200),
      fbc: z.string().max(500),
      gaClientId: z.string().max(100),
      gaSessionId: z.string().max(100),
    })
    .partial()
    .optional(),
  pageUrl: z.url().max(2000).optional(),
  referrer: z.string().max(2000).optional(),
  value: z.number().optional(),
  currency: z.string().length(3).toUpperCase().optional(),
  orderId: z.string().max(200).optional(),
  products: z.array(productSchema).max(200).optional(),
  /** what describes the person and not the event, where the vendor takes such properties */
  userProperties: z
    .record(z.string().max(100), z.union([z.string().max(200), z.number(), z.boolean()]))
    .optional(),
  /** more parameters of the vendor, by name */
  parameters: z.record(z.string().max(100), z.unknown()).optional(),
})
export type SentEvent = z.infer<typeof sentEventSchema>

/** What became of an event that was sent by hand. */
export const sendReplySchema = z.object({
  isDryRun: z.boolean(),
  /** the connection that it goes over; null where none is connected, which only a dry run allows */
  connectionId: z.string().nullable(),
  items: z.array(
    rehearsalSchema.extend({
      /** where to read what became of it; null of a dry run */
      deliveryId: z.string().nullable(),
      /** of a test: what the vendor said */
      outcome: z.object({ kind: z.string(), words: z.string() }).nullable(),
    }),
  ),
})
export type SendReply = z.infer<typeof sendReplySchema>
