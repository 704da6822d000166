// The nouns of the statistics of lead sources: how many came by each, what they cost, how good they are and what became of them.
import { z } from 'zod'
import { endpoint } from '../../lib/endpoint.ts'
import { scopeQuery } from '../analytics/asked.ts'

const count = z.number().int()

export const sourceFiguresSchema = z.object({
  /** times that somebody came by it */
  touches: count,
  /** people who came by it */
  leads: count,
  /** of them, those who came by nothing before */
  newLeads: count,
  /** of them, those who also came by another source in the same days */
  alsoElsewhere: count,
  /** spend on the campaigns and channels that brought them, in minor units; null where none is entered */
  spendMinor: count.nullable(),
  costPerLeadMinor: count.nullable(),
  /** of the leads that have a score, 0 to 100 */
  averageScore: z.number().nullable(),
  grades: z.array(z.object({ grade: z.string(), leads: count })),
  /** who ordered after coming */
  converted: count,
  conversion: z.number().nullable(),
  /** of those who ordered after coming, net of refunds, in the workspace's currency */
  revenueMinor: count,
  /** who was written to, called or met after coming */
  contacted: count,
  /** in the middle, from coming to the first contact; null where nobody was contacted */
  firstContactHours: z.number().nullable(),
})
export type SourceFigures = z.infer<typeof sourceFiguresSchema>

export const leadSourceStatisticsSchema = z.object({
  range: z.object({ fromOn: z.string(), toOn: z.string(), timeZone: z.string() }),
  currency: z.string(),
  items: z.array(sourceFiguresSchema.extend({ source: z.string(), label: z.string() })),
  /** each person once, however many sources they came by */
  total: sourceFiguresSchema,
  /** people who came by several, the most frequent first */
  overlaps: z.array(z.object({ sources: z.array(z.string()), labels: z.array(z.string()), leads: count })),
  notes: z.array(z.string()),
})
export type LeadSourceStatistics = z.infer<typeof leadSourceStatisticsSchema>

export const getLeadSourceStatistics = endpoint({
  id: 'getLeadSourceStatistics',
  method: 'GET',
  path: '/api/lead-sources/statistics',
  access: { permission: 'reports.read' },
  summary:
    'What each source of leads brought in a range of days: volume, cost, quality, conversion, revenue and time to first contact',
  tag: 'Lead sources',
  query: z.object({ range: scopeQuery.range, from: scopeQuery.from, to: scopeQuery.to }),
  reply: leadSourceStatisticsSchema,
})
