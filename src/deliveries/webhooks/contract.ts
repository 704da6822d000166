// The nouns of outgoing webhooks: the types of events, a webhook with its subscriptions, and the endpoints.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { shownRequestSchema } from '../contract.ts'

/** What a webhook can be told of, with what it says. */
export const webhookTypes = [
  { type: 'lead.created', label: 'A person became known', group: 'Leads' },
  { type: 'lead.stage_changed', label: 'The stage of a lead changed', group: 'Leads' },
  { type: 'lead.score_reached', label: 'The score of a lead reached a threshold', group: 'Leads' },
  { type: 'lead.erased', label: 'A person was erased: forget them, too', group: 'Leads' },
  { type: 'segment.entered', label: 'A lead entered a segment', group: 'Segments' },
  { type: 'segment.left', label: 'A lead left a segment', group: 'Segments' },
  { type: 'order.completed', label: 'An order was placed', group: 'Orders' },
  { type: 'order.refunded', label: 'An order was refunded', group: 'Orders' },
  { type: 'notice.connection_lost', label: 'A connection no longer works', group: 'Notices' },
  { type: 'notice.deliveries_failing', label: 'Deliveries cannot go', group: 'Notices' },
  { type: 'notice.import_done', label: 'An import is done', group: 'Notices' },
  { type: 'notice.import_failed', label: 'An import failed', group: 'Notices' },
  { type: 'notice.messages_parked', label: 'Messages wait for help', group: 'Notices' },
  { type: 'notice.events_refused', label: 'Events wait for help', group: 'Notices' },
  { type: 'notice.carts_abandoned', label: 'Carts were left behind', group: 'Notices' },
] as const
export type WebhookType = (typeof webhookTypes)[number]['type']

const typeSchema = z.enum(webhookTypes.map(({ type }) => type) as [WebhookType, ...WebhookType[]])

/** A day, in which a receiver can take over a new secret. */
export const OVERLAP_HOURS = 24

export const webhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  types: z.array(typeSchema),
  /** segments whose moves are told; of all where it is empty */
  segmentIds: z.array(z.string()),
  /** `lead.score_reached` is told when a score comes to this from below */
  scoreFrom: z.number(),
  /** `on`; `off`: switched off by a person; `stopped`: its receiver answered 410 */
  status: z.enum(['on', 'off', 'stopped']),
  /** what is wrong and what to do; null where nothing is */
  problem: z.string().nullable(),
  /** until when what leaves is signed with the secret before, too */
  previousSecretUntil: z.string().nullable(),
  lastSentAt: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Webhook = z.infer<typeof webhookSchema>

const wanted = {
  name: z.string().trim().min(1).max(80),
  url: z.url().max(2000),
  types: z.array(typeSchema).min(1).max(webhookTypes.length),
  segmentIds: z.array(z.uuid()).max(100),
  scoreFrom: z.number().min(1).max(100),
}
const params = z.object({ id: z.uuid() })
const withSecret = z.object({
  webhook: webhookSchema,
  /** shown this once: `whsec_...` */
  secret: z.string(),
})

export const listWebhooks = endpoint({
  id: 'listWebhooks',
  method: 'GET',
  path: '/api/webhooks',
  access: { permission: 'settings.read' },
  summary: 'Webhooks that this workspace sends to, without their secrets',
  tag: 'Webhooks',
  reply: z.object({ items: z.array(webhookSchema) }),
})

export const getWebhook = endpoint({
  id: 'getWebhook',
  method: 'GET',
  path: '/api/webhooks/:id',
  access: { permission: 'settings.read' },
  summary: 'One webhook; what it was sent is under /api/deliveries?connectionId=',
  tag: 'Webhooks',
  params,
  reply: webhookSchema,
})

export const createWebhook = endpoint({
  id: 'createWebhook',
  method: 'POST',
  path: '/api/webhooks',
  access: { permission: 'settings.write' },
  summary: 'Send events to a server of your own, signed by Standard Webhooks; the secret is shown this once',
  tag: 'Webhooks',
  body: z.object({
    url: wanted.url,
    types: wanted.types,
    name: wanted.name.optional().describe('the host of the address unless told'),
    segmentIds: wanted.segmentIds.default([]),
    scoreFrom: wanted.scoreFrom.default(80),
  }),
  reply: withSecret,
  status: 201,
  repliesWithSecret: true,
})

export const updateWebhook = endpoint({
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/api/webhooks/:id',
  access: { permission: 'settings.write' },
  summary: 'Change a webhook, switch it off, or on again after its receiver answered 410',
  tag: 'Webhooks',
  params,
  body: z.object({ ...wanted, isOn: z.boolean() }).partial(),
  reply: webhookSchema,
})

export const rotateWebhookSecret = endpoint({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/webhooks/:id/rotate',
  access: { permission: 'settings.write' },
  summary: 'Make a new secret; until the overlap ends, what leaves is signed with the one before, too',
  tag: 'Webhooks',
  params,
  body: z.object({ overlapHours: z.number().int().min(0).max(168).default(OVERLAP_HOURS) }),
  reply: withSecret,
  repliesWithSecret: true,
})

export const deleteWebhook = endpoint({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/api/webhooks/:id',
  access: { permission: 'settings.write' },
  summary: 'Delete a webhook; what waits to be sent there is withheld',
  tag: 'Webhooks',
  params,
  reply: z.object({ deleted: z.literal(true) }),
})

export const testWebhook = endpoint({
  id: 'testWebhook',
  method: 'POST',
  path: '/api/webhooks/:id/test',
  access: { permission: 'settings.write' },
  summary: 'Send an example of an event at once, marked as a test, and wait for the receiver’s answer',
  tag: 'Webhooks',
  params,
  body: z.object({ type: typeSchema.default('lead.created') }),
  reply: z.object({
    isAccepted: z.boolean(),
    /** the receiver's, word for word, or what came instead of an answer */
    words: z.string(),
    request: shownRequestSchema,
  }),
})
