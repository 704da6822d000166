// The nouns of events: the row of the log, its categories, and what the debugger and the timeline show.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

export { actWords, catalogue, eventLabel, eventType, isAct } from './catalogue.ts'
export { channels, deviceTypes } from './touch.ts'
export type { Channel, DeviceType } from './touch.ts'

/** Groups of event types that the timeline filters by. */
export const categories = [
  'page',
  'action',
  'form',
  'commerce',
  'message',
  'conversation',
  'identity',
  'consent',
  'record',
] as const
export type Category = (typeof categories)[number]
/** What a timeline shows: events, and how the lead's stage and score moved by rules. */
export const timelineCategories = [...categories, 'standing'] as const
export type TimelineCategory = (typeof timelineCategories)[number]

/** Columns of the log's table, in the order in which rows are written. */
export const logColumns = [
  'workspace_id',
  'lead_id',
  'occurred_at',
  'event_id',
  'batch_id',
  'received_at',
  'name',
  'category',
  'call',
  'source',
  'anonymous_id',
  'session_id',
  'session_start',
  'channel',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'page_url',
  'page_path',
  'page_title',
  'referrer',
  'device',
  'os',
  'browser',
  'country',
  'country_source',
  'is_bot',
  'value_minor',
  'currency',
  'actor',
  'properties',
] as const

/** One event as it is decided, before it is a row. Instants are ISO 8601 in UTC, amounts integer minor units. */
export interface LoggedEvent {
  eventId: string
  occurredAt: string
  receivedAt: string
  /** past tense snake_case for ours (`order_completed`); the sender's own words for theirs */
  name: string
  category: Category
  /** the Segment call it came as, or `import`, `api`, `system` */
  call: string
  /** what sent it: `tracker`, `http`, `csv`, `user`, ... */
  source: string
  anonymousId: string
  sessionId: string
  sessionStart: boolean
  channel: string
  utmSource: string
  utmMedium: string
  utmCampaign: string
  utmTerm: string
  utmContent: string
  pageUrl: string
  pagePath: string
  pageTitle: string
  referrer: string
  device: string
  os: string
  browser: string
  country: string
  countrySource: string
  isBot: boolean
  valueMinor: number
  currency: string
  /** who did it where a member or a key did, as `user:<id>` */
  actor: string
  properties: Record<string, unknown>
}

/** What became of a message: the closed list that inbox.status numbers. */
export const inboxStatuses = ['waiting', 'logged', 'dropped', 'parked', 'refused'] as const

/** Why a message did not become an event: closed, each with its sentence in events/reasons.ts. */
export const dropReasons = ['address_excluded', 'lead_erased', 'consent_refused', 'nobody_named'] as const
export const parkReasons = ['step_failed'] as const
export const refusalReasons = [
  'not_an_object',
  'type_unknown',
  'event_missing',
  'identity_missing',
  'field_wrong_type',
  'event_too_large',
  'nested_too_deep',
  'text_malformed',
  'alias_incomplete',
  'group_incomplete',
] as const
export type DropReason = (typeof dropReasons)[number]
export type ParkReason = (typeof parkReasons)[number]
export type RefusalReason = (typeof refusalReasons)[number]

/** What each step said of an item; shown by the debugger. */
export const traceSchema = z.object({
  /** normalise: by how many milliseconds the sender's clock was corrected, if at all */
  clockShiftMs: z.number().optional(),
  /** normalise: the channel and the rule that chose it */
  channel: z.string().optional(),
  channelRule: z.string().optional(),
  /** normalise: why it is held for a machine's */
  bot: z.string().optional(),
  country: z.string().optional(),
  countrySource: z.string().optional(),
  /** identify: how the lead was found: `user_id`, `email`, `anonymous_id`, ... or `created` */
  matchedBy: z.string().optional(),
  /** identify: leads merged on the evidence of this message */
  merged: z.number().optional(),
  /** identify: a merge proposed instead */
  proposed: z.boolean().optional(),
  /** decide: fields of the lead that it filled or changed */
  changed: z.array(z.string()).optional(),
  /** decide: consents it set */
  consents: z.array(z.string()).optional(),
  /** the words of an error, where the item is parked */
  error: z.string().optional(),
})
export type Trace = z.infer<typeof traceSchema>

export const inboxItemSchema = z.object({
  id: z.string(),
  receivedAt: z.string(),
  status: z.enum(inboxStatuses),
  /** true once ClickHouse confirmed the batch that holds the event */
  stored: z.boolean(),
  reason: z.string().nullable(),
  /** the reason in a sentence that says what to do */
  explanation: z.string().nullable(),
  source: z.string(),
  lane: z.enum(['live', 'bulk']),
  messageId: z.string(),
  /** page, track, identify, screen, group, alias */
  call: z.string(),
  name: z.string(),
  leadId: z.string().nullable(),
  leadLabel: z.string().nullable(),
  trace: traceSchema.nullable(),
  payload: z.unknown(),
})
export type InboxItem = z.infer<typeof inboxItemSchema>

export const listEvents = endpoint({
  id: 'listEvents',
  method: 'GET',
  path: '/api/events',
  access: { permission: 'events.read' },
  summary: 'What came in, newest first, and what became of each message',
  tag: 'Events',
  query: z.object({
    status: z.enum(inboxStatuses).optional(),
    leadId: z.uuid().optional(),
    search: z
      .string()
      .max(200)
      .optional()
      .describe(
        'part of the event name or the exact message id; like `leadId` it looks through 50,000 messages at a time, the newest first',
      ),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  reply: z.object({
    items: z.array(inboxItemSchema),
    nextCursor: z.string().nullable(),
    /** a search that has not looked through everything: how far back it looked; `nextCursor` goes on from there */
    searchedBackTo: z.string().nullable(),
  }),
})

export const replayEvents = endpoint({
  id: 'replayEvents',
  method: 'POST',
  path: '/api/events/replay',
  access: { permission: 'events.write' },
  summary: 'Send parked or dropped messages through the steps again',
  tag: 'Events',
  body: z.object({ ids: z.array(z.uuid()).min(1).max(1000) }),
  reply: z.object({ replayed: z.number().int() }),
})

/** An event that was decided but that the log refuses. */
export const refusedEventSchema = z.object({
  id: z.string(),
  leadId: z.string(),
  name: z.string(),
  /** as it was sent, which may be what is wrong with it */
  occurredAt: z.string(),
  batchId: z.string(),
  /** among the rows of the batch */
  place: z.number().int(),
  /** what ClickHouse said of it */
  words: z.string(),
  refusedAt: z.string(),
})
export type RefusedEvent = z.infer<typeof refusedEventSchema>

export const refusedEvents = endpoint({
  id: 'listRefusedEvents',
  method: 'GET',
  path: '/api/events/refused',
  access: { permission: 'events.read' },
  summary: 'Events that the log refused, with its words: the newest 1,000, and how many there are',
  tag: 'Events',
  reply: z.object({ items: z.array(refusedEventSchema), total: z.number().int() }),
})

export const retryRefused = endpoint({
  id: 'retryRefusedEvents',
  method: 'POST',
  path: '/api/events/refused/retry',
  access: { permission: 'settings.write' },
  summary: 'Send events that the log refused once more, the oldest 1,000 first',
  tag: 'Events',
  reply: z.object({ retried: z.number().int() }),
})

/**
 * What comes in, as server-sent events while the connection lives; a browser's EventSource names the workspace in
 * `?workspace=`, since it cannot send `x-workspace`. Messages by `event:`
 * - `ready`: from now on nothing is missed; what was listed before may be asked for once more
 * - `item`: an InboxItem that is new; its id is the event id, so that a reconnect goes on after it
 * - `change`: an InboxItem whose status changed, or that the log confirmed
 * - `more`: `{count}`: so many items, at least, came too fast to be shown one by one
 */
export const liveEventsPath = '/api/events/live'

/**
 * An item of a lead's timeline: an event, or under `standing` a move between stages that a rule made (`stage_moved`, dated by
 * what caused it) and a change of the score (`score_changed`, dated by when it was scored).
 */
export const timelineItemSchema = z.object({
  id: z.string(),
  occurredAt: z.string(),
  receivedAt: z.string(),
  name: z.string(),
  category: z.enum(timelineCategories),
  call: z.string(),
  source: z.string(),
  channel: z.string(),
  campaign: z.string(),
  pageUrl: z.string(),
  pageTitle: z.string(),
  referrer: z.string(),
  device: z.string(),
  country: z.string(),
  sessionId: z.string(),
  isBot: z.boolean(),
  valueMinor: z.number().nullable(),
  currency: z.string(),
  actor: z.string(),
  /** the lead it was written with, where that was merged into this one */
  mergedFrom: z.string().nullable(),
  properties: z.record(z.string(), z.unknown()),
})
export type TimelineItem = z.infer<typeof timelineItemSchema>
