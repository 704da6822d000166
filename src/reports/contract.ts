// The nouns of reports: the dashboard's question and answer.
import { z } from 'zod'
import { endpoint } from '../lib/endpoint.ts'

/** Now, and in the same number of days before, up to the same time of day. */
const comparedSchema = z.object({ now: z.number().int(), before: z.number().int() })

const moneySchema = z.object({ currency: z.string(), minor: z.number().int() })

export const dashboardSchema = z.object({
  range: z.object({
    days: z.number().int(),
    /** calendar days of the workspace's zone, `YYYY-MM-DD`; `toOn` is today, which is not over */
    fromOn: z.string(),
    toOn: z.string(),
    timeZone: z.string(),
  }),
  /** why the event log gave no answer, in a sentence; events and sessions are then null. Null where it did answer */
  logProblem: z.string().nullable(),
  /**
   * active leads, without merged and binned ones. `new` counts those known now by the day on which they first came;
   * `total` counts the anonymous too. `known` and `total` are not bound to the range
   */
  leads: z.object({ new: comparedSchema, known: z.number().int(), total: z.number().int() }),
  /** events and sessions leave bots out */
  events: comparedSchema.nullable(),
  sessions: comparedSchema.nullable(),
  orders: comparedSchema,
  /** net of refunds, one entry per currency in which there were orders, largest first */
  revenue: z.array(z.object({ currency: z.string(), now: z.number().int(), before: z.number().int() })),
  /** one entry for every day of the range, oldest first, also where nothing happened */
  byDay: z.array(
    z.object({
      on: z.string(),
      newLeads: z.number().int(),
      sessions: z.number().int().nullable(),
      events: z.number().int().nullable(),
      orders: z.number().int(),
      revenue: z.array(moneySchema),
    }),
  ),
  /** sessions by the channel they began with; leads by their first, orders by their last channel; largest first */
  byChannel: z.array(
    z.object({
      /** empty where none is known, as with imported leads */
      channel: z.string(),
      sessions: z.number().int().nullable(),
      newLeads: z.number().int(),
      orders: z.number().int(),
      revenue: z.array(moneySchema),
    }),
  ),
  /** the newest known leads, at most 8, whenever they came */
  latestLeads: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      email: z.string().nullable(),
      company: z.string().nullable(),
      source: z.string(),
      firstChannel: z.string().nullable(),
      createdAt: z.string(),
    }),
  ),
  /** what needs a person, whatever the range */
  attention: z.object({
    /** messages that a step failed on and that wait to be sent through again */
    parkedMessages: z.number().int(),
    /** batches that ClickHouse has not confirmed for more than a minute */
    openBatches: z.number().int(),
    /** events that the log refuses; an administrator may send them again */
    refusedEvents: z.number().int(),
    /** merges that are proposed */
    proposedMerges: z.number().int(),
    /** jobs of the whole installation that failed so often that they are not tried again */
    failedJobs: z.number().int(),
  }),
})
export type Dashboard = z.infer<typeof dashboardSchema>

export const getDashboard = endpoint({
  id: 'getDashboard',
  method: 'GET',
  path: '/api/reports/dashboard',
  access: { permission: 'reports.read' },
  summary: 'Leads, events, sessions, orders and revenue of the last 7, 30 or 90 days, by day and by channel',
  tag: 'Reports',
  query: z.object({ days: z.enum(['7', '30', '90']).default('30') }),
  reply: dashboardSchema,
})
