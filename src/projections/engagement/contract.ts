// The nouns of engagement: recording what a lead did, its history, and sums over it.
import { z } from 'zod'
import { categories, channels, deviceTypes } from '../../events/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'

const leadParams = z.object({ id: z.uuid() })
const name = z.string().trim().min(1)

/** The types that the product knows, for who records by hand. */
export const listEngagementTypes = endpoint({
  id: 'listEngagementTypes',
  method: 'GET',
  path: '/api/lead-tracking/engagement-types',
  access: { permission: 'events.read' },
  summary: 'The types of events that the product knows, and which of them a lead does itself',
  tag: 'Engagement',
  reply: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        category: z.enum(categories),
        /** true where the lead does it, so that it counts as engagement */
        isAct: z.boolean(),
      }),
    ),
  }),
})

export const recordEngagement = endpoint({
  id: 'recordEngagement',
  method: 'POST',
  path: '/api/lead-tracking/engagement/:id',
  access: { permission: 'events.write' },
  summary:
    'Record something that a lead did; it goes the way of every event. Send an Idempotency-Key where you may send it twice',
  tag: 'Engagement',
  params: leadParams,
  body: z.object({
    eventName: name
      .max(200)
      .describe('one of the types that the product knows, such as `call_connected`, or your own words'),
    occurredAt: z.iso.datetime({ offset: true }).optional().describe('now unless told'),
    channel: z.enum(channels).optional(),
    source: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_.-]{0,39}$/, 'is at most 40 small letters, digits, _ . and -')
      .optional()
      .describe('what it was recorded with, such as `crm` or `phone_system`; `user` or `api` unless told'),
    campaign: z
      .object({
        name: name.max(200).optional(),
        source: name.max(200).optional(),
        medium: name.max(200).optional(),
        term: name.max(200).optional(),
        content: name.max(200).optional(),
      })
      .optional(),
    device: z.enum(deviceTypes).optional(),
    location: z
      .object({
        country: z
          .string()
          .regex(/^[A-Za-z]{2}$/, 'is two letters, as DE')
          .toUpperCase()
          .optional()
          .describe('ISO 3166 alpha-2'),
        region: name.max(100).optional(),
        city: name.max(100).optional(),
      })
      .optional(),
    page: z.object({ url: z.url().max(2000).optional(), title: name.max(500).optional() }).optional(),
    value: z.number().min(-1e12).max(1e12).optional().describe('what it is worth, in major units'),
    revenue: z.number().min(-1e12).max(1e12).optional().describe('what was earned by it, in major units'),
    currency: z
      .string()
      .regex(/^[A-Za-z]{3}$/, 'is three letters, as EUR')
      .toUpperCase()
      .optional()
      .describe('ISO 4217; the workspace’s unless told'),
    metadata: z.record(z.string().min(1).max(100), z.unknown()).optional().describe('anything else about it'),
  }),
  reply: z.object({
    /** as which it will be logged and is shown among the events */
    eventId: z.string(),
    leadId: z.string(),
    eventName: z.string(),
    category: z.enum(categories),
    isAct: z.boolean(),
  }),
  status: 202,
})

export const engagementSchema = z.object({
  eventId: z.string(),
  occurredAt: z.string(),
  eventName: z.string(),
  label: z.string(),
  category: z.enum(categories),
  channel: z.string(),
  source: z.string(),
  campaign: z.string(),
  device: z.string(),
  country: z.string(),
  pageUrl: z.string(),
  valueMinor: z.number().int().nullable(),
  currency: z.string(),
  actor: z.string(),
  metadata: z.record(z.string(), z.unknown()),
})

export const engagementHistory = endpoint({
  id: 'engagementHistory',
  method: 'GET',
  path: '/api/lead-tracking/engagement/:id/history',
  access: { permission: 'leads.read' },
  summary: 'What a lead did, newest first: acts of people only, neither of machines nor of ours',
  tag: 'Engagement',
  params: leadParams,
  query: z.object({
    eventName: z.string().max(200).optional(),
    channel: z.string().max(60).optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional().describe('up to and without'),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  reply: z.object({ items: z.array(engagementSchema), nextCursor: z.string().nullable() }),
})

const shareSchema = z.object({
  name: z.string(),
  events: z.number().int(),
  /** worth of these events, by currency */
  value: z.array(z.object({ currency: z.string(), minor: z.number().int() })),
  lastAt: z.string(),
})

export const engagementStatistics = endpoint({
  id: 'engagementStatistics',
  method: 'GET',
  path: '/api/lead-tracking/engagement/:id/statistics',
  access: { permission: 'leads.read' },
  summary: 'How much a lead did, by type, channel, source, device, country, place and worth',
  tag: 'Engagement',
  params: leadParams,
  query: z.object({
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional().describe('up to and without'),
  }),
  reply: z.object({
    events: z.number().int(),
    /** days in the workspace's time zone with at least one */
    activeDays: z.number().int(),
    sessions: z.number().int(),
    firstAt: z.string().nullable(),
    lastAt: z.string().nullable(),
    value: z.array(z.object({ currency: z.string(), minor: z.number().int() })),
    byType: z.array(shareSchema.extend({ label: z.string(), category: z.enum(categories) })),
    byChannel: z.array(shareSchema),
    bySource: z.array(shareSchema),
    byDevice: z.array(shareSchema),
    byCountry: z.array(shareSchema),
    /** towns, as senders tell them */
    byCity: z.array(shareSchema),
    /** events of machines, which count nowhere above */
    byMachines: z.number().int(),
  }),
})
