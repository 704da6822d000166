// The nouns of the seven tabs: what is asked of all of them, the shape of every answer, and their endpoints.
import { z } from 'zod'
import { leadSchema } from '../../leads/contract.ts'
import { endpoint } from '../../lib/endpoint.ts'
import { shownModels } from '../../projections/attribution/contract.ts'
import { audiences, scopeQuery, steps } from './asked.ts'

export { audiences, ranges, steps } from './asked.ts'
export type { Step } from './asked.ts'
export * from './credit-endpoints.ts'

export const analyticsQuery = z.object({
  ...scopeQuery,
  compare: z.enum(['previous', 'none']).default('previous').describe('with the same number of days before'),
  by: z.enum(steps).optional().describe('days up to 92, weeks up to a year, months beyond, unless told'),
  format: z.enum(['json', 'csv']).optional().describe('without it, `Accept: text/csv` asks for CSV'),
  table: z.string().max(40).optional().describe('which table CSV is made of; the first unless told'),
})
export type AnalyticsQuery = z.output<typeof analyticsQuery>

/** Of tabs about leads rather than visitors. */
const leadsQuery = analyticsQuery.extend({ audience: z.enum(audiences).default('known') })

export const funnelQuery = leadsQuery.extend({
  within: z.coerce
    .number()
    .int()
    .min(1)
    .max(730)
    .default(90)
    .describe('days from the first stage in which a stage counts'),
  order: z
    .enum(['passed', 'strict'])
    .default('passed')
    .describe('whether a stage that was skipped counts as passed'),
  days: z
    .enum(['calendar', 'business'])
    .default('calendar')
    .describe('business: time in stages leaves out Saturdays and Sundays'),
})
export type DaysCounted = z.output<typeof funnelQuery>['days']

export const cohortQuery = leadsQuery.extend({
  cohort: z
    .enum(['lead', 'order'])
    .default('lead')
    .describe('by the month a lead was made, or first ordered'),
})

export const summaryGroups = ['type', 'channel', 'source'] as const
export type SummaryGroup = (typeof summaryGroups)[number]

export const engagementQuery = analyticsQuery.extend({
  group: z.enum(summaryGroups).default('type').describe('what the summary adds up by'),
})

export const attributionQuery = analyticsQuery.extend({
  goal: z
    .string()
    .max(210)
    .optional()
    .describe('order, lead, opportunity, customer, or event: with its name; the settings’ first unless told'),
  model: z.enum(shownModels).optional().describe('the settings’ first unless told'),
})

/** What numbers count; `leads` lists those behind one. */
export const measures = [
  'new',
  'active',
  'acted',
  'visited',
  'ordered',
  'stage',
  'reached',
  'dropped',
  'open',
  'skipped',
  'won',
  'lost',
  'grade',
  'temperature',
  'score',
  'churn',
  'disengagement',
  'health',
  'trend',
  'rfm',
  'cohort',
  'credited',
  'journeyed',
] as const
export type Measure = (typeof measures)[number]

/** Of whom a number is made: what `leads` is asked beside the filters of the report. */
export const behindSchema = z.object({
  of: z.enum(measures),
  value: z.string().optional(),
  /** in place of the report's range */
  from: z.string().optional(),
  to: z.string().optional(),
})
export type Behind = z.infer<typeof behindSchema>

const cellSchema = z.union([z.string(), z.number(), z.null()])

/** How a value is to be read. Shares are fractions; durations are days; money is minor units in the column's currency. */
export const columnKinds = ['text', 'day', 'number', 'decimal', 'share', 'days', 'money', 'lead'] as const
export const columnSchema = z.object({
  key: z.string(),
  label: z.string(),
  kind: z.enum(columnKinds),
  currency: z.string().optional(),
})
export type ReportColumn = z.infer<typeof columnSchema>

export const rowSchema = z.object({
  values: z.record(z.string(), cellSchema),
  behind: z.record(z.string(), behindSchema).optional().describe('by column: who is behind its number'),
  isPartial: z.boolean().optional().describe('the period is not over'),
  partial: z
    .array(z.string())
    .optional()
    .describe('columns whose number is not final for all of whom it tells'),
})
export type ReportRow = z.infer<typeof rowSchema>

export const tableSchema = z.object({
  id: z.string(),
  label: z.string(),
  about: z.string().optional(),
  columns: z.array(columnSchema),
  rows: z.array(rowSchema),
  missing: z.string().optional().describe('why nothing of it is known yet, and what it takes'),
})
export type ReportTable = z.infer<typeof tableSchema>

export const cardSchema = z.object({
  id: z.string(),
  label: z.string(),
  kind: z.enum(['number', 'decimal', 'share', 'days', 'money']),
  currency: z.string().optional(),
  now: z.number().nullable(),
  /** null where there is nothing to compare with */
  before: z.number().nullable(),
  about: z.string().optional(),
  behind: behindSchema.optional(),
})
export type ReportCard = z.infer<typeof cardSchema>

export const reportSchema = z.object({
  audience: z.enum(audiences),
  range: z.object({
    fromOn: z.string(),
    toOn: z.string(),
    days: z.number().int(),
    /** the range it is compared with */
    beforeFromOn: z.string().nullable(),
    beforeToOn: z.string().nullable(),
    by: z.enum(steps),
    timeZone: z.string(),
    /** true where the last day is today, which is not over */
    isOpen: z.boolean(),
  }),
  /** true while the copy of the leads is being filled: numbers are still growing */
  isPartial: z.boolean(),
  cards: z.array(cardSchema),
  tables: z.array(tableSchema),
  /** what a reader must know of these numbers */
  notes: z.array(z.string()),
})
export type Report = z.infer<typeof reportSchema>

function tab<Query extends z.ZodType>(id: string, name: string, query: Query, summary: string) {
  return endpoint({
    id,
    method: 'GET',
    path: `/api/lead-tracking/analytics/${name}`,
    access: { permission: 'reports.read' },
    summary,
    tag: 'Reports',
    query,
    reply: reportSchema,
  })
}

export const getOverview = tab(
  'getAnalyticsOverview',
  'overview',
  analyticsQuery,
  'New and active leads, visits, orders and revenue: now and before, over time, by channel and by source',
)
export const getFunnel = tab(
  'getAnalyticsFunnel',
  'funnel',
  funnelQuery,
  'How far leads of the range came through the stages, who dropped out, and how long each stage took',
)
export const getLeadQuality = tab(
  'getAnalyticsLeadQuality',
  'lead-quality',
  leadsQuery,
  'Scores as a histogram, by grade and by temperature, how they moved, and the best leads',
)
export const getEngagement = tab(
  'getAnalyticsEngagement',
  'engagement',
  engagementQuery,
  'What leads did, by type, by channel and over time, and who did most',
)
export const getSummary = tab(
  'getAnalyticsSummary',
  'summary',
  analyticsQuery.omit({ compare: true }),
  'What leads did by type, by channel and by source, with orders and revenue: by day, week or month (`by`), all in one answer',
)
export const getAttribution = tab(
  'getAnalyticsAttribution',
  'attribution',
  attributionQuery,
  'What channels, sources and campaigns earned by each model, beside what was spent, with intervals and journeys',
)
export const getJourneyHealth = tab(
  'getAnalyticsJourneyHealth',
  'journey-health',
  leadsQuery,
  'Risk of churn, health and trend of leads, and those at risk',
)
export const getCohort = tab(
  'getAnalyticsCohort',
  'cohort',
  cohortQuery,
  'Cohorts by month: who came back, who became a customer, and what they brought',
)

export const listLeadsBehind = endpoint({
  id: 'listLeadsBehind',
  method: 'GET',
  path: '/api/lead-tracking/analytics/leads',
  access: { permission: 'leads.read' },
  summary: 'The leads behind a number of a report: its filters, and the `behind` that came with the number',
  tag: 'Reports',
  query: z.object({
    ...scopeQuery,
    of: z.enum(measures),
    value: z.string().max(600).optional(),
    offset: z.coerce.number().int().min(0).max(100_000).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    format: z.enum(['json', 'csv']).optional(),
  }),
  reply: z.object({ total: z.number().int(), items: z.array(leadSchema) }),
})
