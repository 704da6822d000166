// The nouns of deliveries: what is to leave over a connection, what became of it, and the endpoints.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

/**
 * `waiting`: it leaves at `nextAt` or when the connection works again; `sending`: under way; `sent`: the vendor took it; `withheld`:
 * we did not let it leave; `refused`: it cannot go; `unknown`: it left and the answer was lost
 */
export const deliveryStatuses = ['waiting', 'sending', 'sent', 'withheld', 'refused', 'unknown'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** Why an item was withheld or refused: closed, each with its sentence below. */
export const deliveryReasons = [
  'consent_missing',
  'lead_gone',
  'test_order',
  'disconnected',
  'rules_broken',
  'too_old',
  'vendor_refused',
  'given_up',
  'not_mapped',
] as const
export type DeliveryReason = (typeof deliveryReasons)[number]

export const reasonWords: Record<DeliveryReason, string> = {
  consent_missing: 'The person did not consent',
  lead_gone: 'The person was erased or lies in the bin',
  test_order: 'It was a test order',
  disconnected: 'The connection was given up',
  rules_broken: 'It breaks a rule of the vendor',
  too_old: 'It is older than the vendor takes',
  vendor_refused: 'The vendor refused it',
  given_up: 'It was tried as long as it can be',
  not_mapped: 'Its event is no longer sent there',
}

export const attemptSchema = z.object({
  at: z.string(),
  kind: z.enum(['sent', 'refused', 'later', 'reauthorise', 'unknown']),
  /** the vendor's answer, word for word, or what came instead of one */
  words: z.string(),
})
export type Attempt = z.infer<typeof attemptSchema>

export const deliverySchema = z.object({
  id: z.string(),
  connectionId: z.string(),
  connectionName: z.string(),
  connector: z.string(),
  kind: z.string(),
  leadId: z.string().nullable(),
  leadLabel: z.string().nullable(),
  event: z.string(),
  occurredAt: z.string(),
  status: z.enum(deliveryStatuses),
  reason: z.enum(deliveryReasons).nullable(),
  words: z.string().nullable(),
  attempts: z.number().int(),
  /** when it is tried next, while it waits */
  nextAt: z.string().nullable(),
  settledAt: z.string().nullable(),
  createdAt: z.string(),
})
export type Delivery = z.infer<typeof deliverySchema>

/** A request as it leaves, secrets hidden. */
export const shownRequestSchema = z.object({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
})
export type ShownRequest = z.infer<typeof shownRequestSchema>

export const deliveryDetailSchema = deliverySchema.extend({
  item: z.unknown(),
  /** null where it has not left, or the person was erased */
  request: shownRequestSchema.nullable(),
  answers: z.array(attemptSchema),
})
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>

const filter = z.object({
  connectionId: z.uuid().optional(),
  /** the id of a vendor: all connections to it */
  connector: z.string().max(60).optional(),
  status: z.enum(deliveryStatuses).optional(),
  reason: z.enum(deliveryReasons).optional(),
  event: z.string().max(200).optional(),
  leadId: z.uuid().optional(),
})
export type DeliveryFilter = z.infer<typeof filter>

export const listDeliveries = endpoint({
  id: 'listDeliveries',
  method: 'GET',
  path: '/api/deliveries',
  access: { permission: 'events.read' },
  summary: 'What was to leave over connections, newest first, and what became of it',
  tag: 'Deliveries',
  query: filter.extend({
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    items: z.array(deliverySchema),
    nextCursor: z.string().nullable(),
    /** of the same filter without its status */
    counts: z.record(z.enum(deliveryStatuses), z.number().int()),
  }),
})

export const getDelivery = endpoint({
  id: 'getDelivery',
  method: 'GET',
  path: '/api/deliveries/:id',
  access: { permission: 'events.read' },
  summary: 'One delivery: its request without secrets, and each answer word for word',
  tag: 'Deliveries',
  params: z.object({ id: z.uuid() }),
  reply: deliveryDetailSchema,
})

export const replayDeliveries = endpoint({
  id: 'replayDeliveries',
  method: 'POST',
  path: '/api/deliveries/replay',
  access: { permission: 'events.write' },
  summary:
    'Send again what was withheld or refused, by id or by filter; what is unknown only where asked for',
  tag: 'Deliveries',
  body: z
    .object({
      ids: z.array(z.uuid()).min(1).max(1000).optional(),
      filter: filter.optional(),
      /** the vendor may have them already, and would count them twice */
      includesUnknown: z.boolean().default(false),
    })
    .refine(
      ({ ids, filter: asked }) => (ids === undefined) !== (asked === undefined),
      'names either ids or a filter',
    ),
  reply: z.object({ replayed: z.number().int() }),
})
