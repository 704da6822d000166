// The nouns of notices: what waits for a person, and what the team says of it.
import { z } from 'zod'
import { leadSchema } from '../leads/contract.ts'
import { endpoint } from '../lib/endpoint.ts'

/** In the order in which they are shown. */
export const noticeKinds = [
  'hot_lead',
  'cold_lead',
  'abandoned_carts',
  'parked_messages',
  'refused_events',
  'failed_import',
  'lost_connection',
  'stopped_webhook',
  'failed_deliveries',
  'duplicates',
  'failed_jobs',
  'finished_import',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Kinds of which each notice is about one lead; its owner is the notice's. */
export const leadKinds: readonly NoticeKind[] = ['hot_lead', 'cold_lead']

/** Kinds that tell of something and wait for nobody: the bell has them, the list of what needs a person has not. */
export const newsKinds: readonly NoticeKind[] = ['finished_import']

/** A promising lead goes cold when it did nothing for so long, and is told of no more after so long. */
export const COLD_AFTER_DAYS = 14
export const COLD_UNTIL_DAYS = 60
/** Stages in which a lead has shown that it wants something. */
export const promisingStages = ['qualified', 'engaged', 'opportunity'] as const

export const noticeSchema = z.object({
  kind: z.enum(noticeKinds),
  subject: z
    .string()
    .describe('the id of the lead, the import or the connection; empty where a kind has but one'),
  happenedAt: z.string().describe('of what happened last; when it happens again, a dismissed notice is back'),
  count: z
    .number()
    .int()
    .describe('how many messages, events, deliveries, pairs or jobs; 1 of a lead, an import or a connection'),
  about: z
    .string()
    .describe('of an import its file, of a connection its name, and what went wrong; else empty'),
  lead: leadSchema
    .pick({ id: true, label: true, email: true, company: true, lastSeenAt: true })
    .extend({
      score: z.number().nullable(),
      grade: z.string().nullable(),
      stage: z.string(),
    })
    .nullable(),
  ownerId: z.string().nullable().describe('the member who takes care of it'),
  dismissed: z.object({ by: z.string(), at: z.string() }).nullable(),
})
export type Notice = z.infer<typeof noticeSchema>

export const listNotices = endpoint({
  id: 'listNotices',
  method: 'GET',
  path: '/api/notices',
  access: { permission: 'leads.read' },
  summary:
    'What waits for a person: hot leads, leads going cold, messages and events that need help, failed imports, lost connections, pairs to review',
  tag: 'Notices',
  query: z.object({
    state: z.enum(['open', 'dismissed']).default('open'),
    owner: z.string().max(100).optional().describe('of a member by id, or `nobody`; all unless told'),
    limit: z.coerce.number().int().min(1).max(200).default(8).describe('leads of a kind'),
  }),
  reply: z.object({
    items: z.array(noticeSchema),
    /** how many there are of each kind in this state, listed or not */
    totals: z.record(z.enum(noticeKinds), z.number().int()),
    /** notices in the other state */
    others: z.number().int(),
    /** why leads are missing here, in a sentence; null where they are not */
    problem: z.string().nullable(),
  }),
})

export const readBell = endpoint({
  id: 'readBell',
  method: 'GET',
  path: '/api/notices/bell',
  access: { permission: 'leads.read' },
  summary:
    'The newest of what waits for a person and of what is done, and how many of it the caller has not seen',
  tag: 'Notices',
  reply: z.object({
    /** the newest first, 20 at most */
    items: z.array(noticeSchema.extend({ isUnread: z.boolean() })),
    unread: z.number().int(),
  }),
})

export const seeNotices = endpoint({
  id: 'seeNotices',
  method: 'POST',
  path: '/api/notices/seen',
  access: { permission: 'leads.read' },
  summary: 'Say that the caller has seen what the bell told up to an instant',
  tag: 'Notices',
  body: z.object({
    through: z.iso.datetime({ offset: true }).describe('of the newest notice that was shown'),
  }),
  reply: z.object({}),
})

const named = z.object({
  kind: z.enum(noticeKinds),
  subject: z.string().max(100).default(''),
})

export const dismissNotice = endpoint({
  id: 'dismissNotice',
  method: 'POST',
  path: '/api/notices/dismiss',
  access: { permission: 'leads.write' },
  summary: 'Dismiss a notice for the whole team; it comes back only when the same happens anew',
  tag: 'Notices',
  body: named.extend({
    happenedAt: z.iso.datetime({ offset: true }).describe('as the list gave it: what comes later is news'),
  }),
  reply: z.object({}),
})

export const restoreNotice = endpoint({
  id: 'restoreNotice',
  method: 'POST',
  path: '/api/notices/restore',
  access: { permission: 'leads.write' },
  summary: 'Take back that a notice was dismissed',
  tag: 'Notices',
  body: named,
  reply: z.object({}),
})

export const assignNotice = endpoint({
  id: 'assignNotice',
  method: 'POST',
  path: '/api/notices/assign',
  access: { permission: 'leads.write' },
  summary:
    'Say which member takes care of a notice; of a notice about a lead, the member becomes the lead’s owner',
  tag: 'Notices',
  body: named.extend({ ownerId: z.string().min(1).max(100).nullable() }),
  reply: z.object({}),
})
