// The nouns of inbound webhooks and the endpoints around them; the calls themselves come to /api/lead-sources/webhook.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'
import { mappingSchema, parkReasons, signatureSchema, turnedAwayReasons } from './nouns.ts'

export * from './nouns.ts'

export const inboundWebhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** where the sender calls, with the key in it */
  url: z.string(),
  signature: signatureSchema,
  /** whether a secret is kept; it is never shown again */
  hasSecret: z.boolean(),
  /** null until somebody said what means what: until then all is parked */
  mapping: mappingSchema.nullable(),
  archivedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  lastAt: z.string().nullable(),
  /** of what is kept: taken, and parked for a person */
  taken: z.number().int(),
  parked: z.number().int(),
  /** turned away in the last 30 days, and why, the most frequent first */
  turnedAway: z.array(
    z.object({
      reason: z.enum(turnedAwayReasons),
      count: z.number().int(),
      lastAt: z.string(),
      explanation: z.string(),
    }),
  ),
})
export type InboundWebhook = z.infer<typeof inboundWebhookSchema>

export const inboundDeliverySchema = z.object({
  id: z.string(),
  receivedAt: z.string(),
  /** how often the same call came */
  times: z.number().int(),
  status: z.enum(['taken', 'parked']),
  reason: z.enum(parkReasons).nullable(),
  explanation: z.string().nullable(),
  /** entries that went to the inbox */
  messages: z.number().int(),
  contentType: z.string(),
  body: z.string(),
})
export type InboundDelivery = z.infer<typeof inboundDeliverySchema>

const simple = z.union([z.string(), z.number(), z.boolean()])
const params = z.object({ id: z.uuid() })
const name = z.string().trim().min(1).max(100)
const secret = z.string().trim().min(8, 'takes at least 8 characters').max(500)
const read = { permission: 'settings.read' }
const write = { permission: 'settings.write' }

export const listInboundWebhooks = endpoint({
  id: 'listInboundWebhooks',
  method: 'GET',
  path: '/api/inbound-webhooks',
  access: write,
  summary: 'Webhooks that others call, each with its URL, archived ones last',
  tag: 'Inbound webhooks',
  reply: z.object({ items: z.array(inboundWebhookSchema) }),
})

export const createInboundWebhook = endpoint({
  id: 'createInboundWebhook',
  method: 'POST',
  path: '/api/inbound-webhooks',
  access: write,
  summary: 'Make a webhook; without a secret of the sender’s one is made, and shown this once',
  tag: 'Inbound webhooks',
  body: z.object({ name, signature: signatureSchema.prefault({}), secret: secret.optional() }),
  reply: inboundWebhookSchema.extend({ secret: z.string().nullable() }),
  status: 201,
  repliesWithSecret: true,
})

export const getInboundWebhook = endpoint({
  id: 'getInboundWebhook',
  method: 'GET',
  path: '/api/inbound-webhooks/:id',
  access: write,
  summary: 'A webhook with its URL, how calls are verified, and what of them means what',
  tag: 'Inbound webhooks',
  params,
  reply: inboundWebhookSchema,
})

export const updateInboundWebhook = endpoint({
  id: 'updateInboundWebhook',
  method: 'PATCH',
  path: '/api/inbound-webhooks/:id',
  access: write,
  summary: 'Change name, signature, secret or mapping; what is parked waits until it is replayed',
  tag: 'Inbound webhooks',
  params,
  body: z.object({
    name: name.optional(),
    signature: signatureSchema.optional(),
    secret: secret.optional(),
    mapping: mappingSchema.optional(),
    isArchived: z.boolean().optional().describe('an archived one answers 404'),
  }),
  reply: inboundWebhookSchema,
})

export const renewInboundUrl = endpoint({
  id: 'renewInboundUrl',
  method: 'POST',
  path: '/api/inbound-webhooks/:id/renew-url',
  access: write,
  summary: 'Put another key in the URL; the old one stops working at once',
  tag: 'Inbound webhooks',
  params,
  reply: inboundWebhookSchema,
})

export const previewInbound = endpoint({
  id: 'previewInbound',
  method: 'POST',
  path: '/api/inbound-webhooks/:id/preview',
  access: read,
  summary: 'What a body would become under a mapping, and every path in it; nothing is kept',
  tag: 'Inbound webhooks',
  params,
  body: z.object({
    body: z.string().max(262_144),
    contentType: z.string().max(200).default('application/json'),
    /** that of the webhook unless told */
    mapping: mappingSchema.nullable().optional(),
  }),
  reply: z.object({
    paths: z.array(
      z.object({ path: z.string(), example: simple.nullable(), entries: z.number().int().nullable() }),
    ),
    parked: z.object({ reason: z.enum(parkReasons), explanation: z.string() }).nullable(),
    /** entries that name nobody */
    unnamed: z.number().int(),
    /** the first 20 */
    entries: z.array(
      z.object({
        userId: z.string().nullable(),
        anonymousId: z.string().nullable(),
        traits: z.record(z.string(), simple),
        event: z.string(),
        properties: z.record(z.string(), simple),
        campaign: z.record(z.string(), z.string()),
        occurredAt: z.string().nullable(),
        consents: z.array(
          z.object({ purpose: z.string(), state: z.enum(['granted', 'denied']), said: z.string() }),
        ),
      }),
    ),
  }),
})
export type InboundPreview = z.infer<NonNullable<typeof previewInbound.reply>>

export const listInboundDeliveries = endpoint({
  id: 'listInboundDeliveries',
  method: 'GET',
  path: '/api/inbound-webhooks/:id/deliveries',
  access: { permission: 'events.read' },
  summary: 'What came in through a webhook, newest first, word for word',
  tag: 'Inbound webhooks',
  params,
  query: z.object({
    status: z.enum(['taken', 'parked']).optional(),
    cursor: z.uuid().optional(),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  reply: z.object({ items: z.array(inboundDeliverySchema), nextCursor: z.string().nullable() }),
})

export const replayInbound = endpoint({
  id: 'replayInbound',
  method: 'POST',
  path: '/api/inbound-webhooks/:id/replay',
  access: { permission: 'events.write' },
  summary:
    'Read what is parked once more, under the mapping of now; all of it unless ids are told, at most 1,000',
  tag: 'Inbound webhooks',
  params,
  body: z.object({ ids: z.array(z.uuid()).max(1000).optional() }),
  reply: z.object({ taken: z.number().int(), parked: z.number().int() }),
})
