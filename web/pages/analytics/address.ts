// What the address of the analytics page says: the tab, the range, the filters, and the number that is opened. Pure; app.tsx validates with it.
import { conditionSchema } from '../../../src/conditions/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import { shownModels } from '../../../src/projections/attribution/contract.ts'
import type { ShownModel } from '../../../src/projections/attribution/contract.ts'
import { behindSchema, ranges, steps } from '../../../src/reports/analytics/contract.ts'
import type { Behind, Step } from '../../../src/reports/analytics/contract.ts'

export const tabs = [
  'overview',
  'funnel',
  'quality',
  'engagement',
  'attribution',
  'health',
  'cohorts',
] as const
export type Tab = (typeof tabs)[number]

export interface AnalyticsAddress {
  /** the overview unless told */
  tab?: Tab
  /** 30 days unless told, of cohorts a year */
  range?: (typeof ranges)[number]
  /** a range of one's own, both ends counted in */
  from?: string
  to?: string
  by?: Step
  audience?: 'known' | 'anonymous' | 'all'
  source?: string
  segment?: string
  filter?: Condition
  compare?: 'none'
  /** of cohorts: by the first order in place of the lead */
  cohort?: 'order'
  /** of the funnel */
  order?: 'strict'
  within?: number
  days?: 'business'
  /** of engagement: what its summary adds up by */
  group?: 'channel' | 'source'
  /** of attribution: how credit is shared, and for what */
  model?: ShownModel
  goal?: string
  /** the number whose leads are listed beside the report */
  open?: OpenedNumber
}

export interface OpenedNumber {
  behind: Behind
  /** what the number is */
  words: string
  /** of credit: the leads in place of the rows */
  shows?: 'leads'
  /** leads before the first that is listed */
  offset?: number
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Takes what is well formed and leaves the rest out. */
export function analyticsAddress(search: Record<string, unknown>): AnalyticsAddress {
  const filter = search.filter === undefined ? undefined : conditionSchema.safeParse(search.filter)
  const { tab, range, from, to, by, audience, source, segment, within, model, goal } = search
  const open = openedNumber(search.open)
  const isRange = typeof from === 'string' && DAY.test(from) && typeof to === 'string' && DAY.test(to)
  return {
    ...(isOf(tabs, tab) && tab !== 'overview' ? { tab } : {}),
    ...(isRange ? { from, to } : {}),
    ...(!isRange && isOf(ranges, `${String(range)}`)
      ? { range: `${String(range)}` as AnalyticsAddress['range'] }
      : {}),
    ...(isOf(steps, by) ? { by } : {}),
    ...(isOf(['known', 'anonymous', 'all'] as const, audience) ? { audience } : {}),
    ...(typeof source === 'string' && source !== '' ? { source: source.slice(0, 200) } : {}),
    ...(typeof segment === 'string' && /^[0-9a-f-]{36}$/.test(segment) ? { segment } : {}),
    ...(filter?.success ? { filter: filter.data } : {}),
    ...(search.compare === 'none' ? { compare: 'none' } : {}),
    ...(search.cohort === 'order' ? { cohort: 'order' } : {}),
    ...(search.order === 'strict' ? { order: 'strict' } : {}),
    ...(isOf(['channel', 'source'] as const, search.group) ? { group: search.group } : {}),
    ...(search.days === 'business' ? { days: 'business' } : {}),
    ...(typeof within === 'number' && Number.isInteger(within) && within > 0 && within <= 730
      ? { within }
      : {}),
    ...(isOf(shownModels, model) ? { model } : {}),
    ...(typeof goal === 'string' && goal !== '' ? { goal: goal.slice(0, 210) } : {}),
    ...(open ? { open } : {}),
  }
}

function openedNumber(told: unknown): OpenedNumber | undefined {
  if (typeof told !== 'object' || told === null) return undefined
  const { behind, words, shows, offset } = told as Record<string, unknown>
  const read = behindSchema.safeParse(behind)
  if (!read.success || typeof words !== 'string') return undefined
  const isPlace = typeof offset === 'number' && Number.isInteger(offset) && offset > 0 && offset <= 100_000
  return {
    behind: read.data,
    words: words.slice(0, 300),
    ...(shows === 'leads' ? { shows } : {}),
    ...(isPlace ? { offset } : {}),
  }
}

/** What the endpoints are asked, as their query. */
export function queryOf(address: AnalyticsAddress) {
  const range: (typeof ranges)[number] = address.range ?? '30'
  const { from, to, by, audience, source, segment, filter, compare } = address
  return {
    ...(from === undefined ? { range } : { from, to }),
    ...(by === undefined ? {} : { by }),
    ...(audience === undefined ? {} : { audience }),
    ...(source === undefined ? {} : { source }),
    ...(segment === undefined ? {} : { segment }),
    ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
    ...(compare === undefined ? {} : { compare }),
  }
}

function isOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return list.some((one) => one === value)
}
