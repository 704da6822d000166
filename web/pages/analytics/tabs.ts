// The tabs of the page: what each asks, whom it counts unless told, and how its tables are drawn.
import {
  getAttribution,
  getCohort,
  getEngagement,
  getFunnel,
  getJourneyHealth,
  getLeadQuality,
  getOverview,
} from '../../../src/reports/analytics/contract.ts'
import type { ShownModel } from '../../../src/projections/attribution/contract.ts'
import type { AnalyticsAddress, Tab } from './address.ts'
import type { ChartKind } from './chart.tsx'

export interface TabView {
  id: Tab
  label: string
  endpoint:
    typeof getOverview | typeof getFunnel | typeof getCohort | typeof getEngagement | typeof getAttribution
  audience: 'known' | 'all'
  /** days that it tells of where nothing is chosen; 30 unless told */
  usualRange?: '365'
  /** whether it has numbers of the range before */
  compares: boolean
  /** by table; one without a chart is shown as a table */
  charts: Partial<Record<string, ChartKind>>
  /** tables that take half the width beside each other */
  halves: readonly string[]
  /** what it asks beside range and filters */
  more?: (address: AnalyticsAddress) => {
    order?: 'strict'
    within?: number
    days?: 'business'
    group?: 'channel' | 'source'
    cohort?: 'order'
    range?: '365'
    model?: ShownModel
    goal?: string
  }
}

export const tabViews: readonly TabView[] = [
  {
    id: 'overview',
    label: 'Overview',
    endpoint: getOverview,
    audience: 'all',
    compares: true,
    charts: {
      timeline: { as: 'columns' },
      channels: { as: 'bars', value: 'visits', before: 'visitsBefore' },
      sources: { as: 'bars', value: 'newLeads', before: 'newLeadsBefore' },
    },
    halves: ['channels', 'sources', 'recent'],
  },
  {
    id: 'funnel',
    label: 'Lifecycle',
    endpoint: getFunnel,
    audience: 'known',
    compares: true,
    charts: {
      stages: { as: 'bars', value: 'reached', before: 'reachedBefore', note: 'conversion' },
      now: { as: 'bars', value: 'leads' },
    },
    halves: [],
    more: ({ order, within, days }) => ({
      ...(order ? { order } : {}),
      ...(days ? { days } : {}),
      ...(within ? { within } : {}),
    }),
  },
  {
    id: 'quality',
    label: 'Lead quality',
    endpoint: getLeadQuality,
    audience: 'known',
    compares: false,
    charts: {
      histogram: { as: 'columns' },
      trend: { as: 'lines' },
      gradeDays: { as: 'columns' },
      grades: { as: 'bars', value: 'leads', note: 'share' },
      temperatures: { as: 'bars', value: 'leads', note: 'share' },
    },
    halves: ['trend', 'gradeDays', 'grades', 'temperatures', 'sources', 'top'],
  },
  {
    id: 'engagement',
    label: 'Engagement',
    endpoint: getEngagement,
    audience: 'all',
    compares: true,
    charts: {
      types: { as: 'bars', value: 'acts', before: 'actsBefore', note: 'share' },
      channels: { as: 'bars', value: 'visits', before: 'visitsBefore', note: 'share' },
      timeline: { as: 'columns' },
    },
    halves: ['types', 'channels'],
    more: ({ group }) => (group ? { group } : {}),
  },
  {
    id: 'attribution',
    label: 'Attribution',
    endpoint: getAttribution,
    audience: 'all',
    compares: true,
    charts: {
      channels: { as: 'bars', value: 'value', before: 'valueBefore', note: 'share' },
      models: { as: 'heat' },
      modelValue: { as: 'heat' },
      timeline: { as: 'columns' },
      contribution: { as: 'bars', value: 'touched' },
      sources: { as: 'bars', value: 'value', before: 'valueBefore', note: 'share' },
      campaigns: { as: 'bars', value: 'value', before: 'valueBefore', note: 'share' },
    },
    halves: [
      'timeline',
      'contribution',
      'sources',
      'campaigns',
      'markov_1',
      'shapley',
      'markov_2',
      'markov_3',
    ],
    more: ({ model, goal }) => ({ ...(model ? { model } : {}), ...(goal ? { goal } : {}) }),
  },
  {
    id: 'health',
    label: 'Journey health',
    endpoint: getJourneyHealth,
    audience: 'known',
    compares: false,
    charts: {
      churn: { as: 'columns' },
      health: { as: 'columns' },
      disengagement: { as: 'columns' },
      healthDays: { as: 'lines' },
      healthVerdict: { as: 'columns' },
      trends: { as: 'bars', value: 'leads' },
      rfm: { as: 'bars', value: 'leads', note: 'share' },
    },
    halves: ['churn', 'health', 'healthDays', 'healthVerdict', 'disengagement', 'trends'],
  },
  {
    id: 'cohorts',
    label: 'Cohorts',
    endpoint: getCohort,
    // Cohorts are months: thirty days would show one or two.
    usualRange: '365',
    audience: 'known',
    compares: false,
    charts: { retention: { as: 'heat' }, conversion: { as: 'heat' }, ages: { as: 'heat' } },
    halves: [],
    more: ({ cohort, range, from }) => ({
      ...(cohort ? { cohort } : {}),
      ...(range === undefined && from === undefined ? { range: '365' as const } : {}),
    }),
  },
]
