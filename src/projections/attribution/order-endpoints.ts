// The endpoints of Markov models of order 2 and 3, which are learned on request.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'

const interval = z.tuple([z.number(), z.number()])

export const orderRunSchema = z.object({
  id: z.string(),
  goal: z.string(),
  order: z.union([z.literal(2), z.literal(3)]),
  /** resamples asked for, and drawn so far; 0 where no intervals were asked for */
  resamples: z.number().int(),
  drawn: z.number().int(),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** of the settings whose journeys it read */
  settingsVersion: z.number().int(),
  createdBy: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  /** what it cost so far: time on this machine, from the reading of the journeys on */
  tookMs: z.number().int(),
  /** null while it runs, and where it did not come to an end */
  found: z
    .object({
      journeys: z.number().int(),
      conversions: z.number().int(),
      /** why nothing could be learned; null where it was */
      reason: z.string().nullable(),
      /** what to bear in mind; null where there is nothing */
      caution: z.string().nullable(),
      /** tuples of channels that were observed, each a state of the chain */
      states: z.number().int(),
      baseRate: z.number().nullable(),
      channels: z.array(
        z.object({
          channel: z.string(),
          /** of conversions, and of value, with where they lie in 95 of 100 resamples */
          share: z.number(),
          interval,
          valueShare: z.number(),
          valueInterval: interval,
          /** what share of conversions would be lost without the channel */
          removalEffect: z.number(),
        }),
      ),
    })
    .nullable(),
})
export type OrderRun = z.infer<typeof orderRunSchema>

export const learnAttributionOrder = endpoint({
  id: 'learnAttributionOrder',
  method: 'POST',
  path: '/api/lead-tracking/attribution-orders',
  access: { permission: 'settings.write' },
  summary:
    'Learn a Markov model of order 2 or 3 from the journeys of the last year, in the background; kept 30 days',
  tag: 'Attribution',
  body: z.object({
    order: z.union([z.literal(2), z.literal(3)]),
    goal: z.string().max(210).optional().describe('the settings’ first unless told'),
    intervals: z.boolean().default(true).describe('200 resamples, which take most of the time'),
  }),
  reply: orderRunSchema,
  status: 202,
})

export const listAttributionOrders = endpoint({
  id: 'listAttributionOrders',
  method: 'GET',
  path: '/api/lead-tracking/attribution-orders',
  access: { permission: 'settings.read' },
  summary: 'Markov models of higher orders that were asked for within 30 days, the newest first',
  tag: 'Attribution',
  reply: z.object({ items: z.array(orderRunSchema) }),
})

export const cancelAttributionOrder = endpoint({
  id: 'cancelAttributionOrder',
  method: 'POST',
  path: '/api/lead-tracking/attribution-orders/:id/cancel',
  access: { permission: 'settings.write' },
  summary: 'Stop learning a Markov model that runs',
  tag: 'Attribution',
  params: z.object({ id: z.uuid() }),
  reply: orderRunSchema,
})
