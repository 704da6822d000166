// The seven tabs asked of a million leads, each time with a range and filters that were not asked before.
import type { Condition } from '../src/conditions/contract.ts'
import { NOW } from './leads-at-size.ts'
import type { Product } from './product.ts'

const DAY_MS = 86_400_000

/** The tabs, each with the calls that it makes. */
const tabs = ['overview', 'funnel', 'lead-quality', 'engagement', 'attribution', 'journey-health', 'cohort']

/** Filters of the reports: none, by source, and conditions that a few, some and most leads fit. */
const filters: Record<string, string>[] = [
  {},
  {},
  { source: 'import' },
  { audience: 'known' },
  ...(
    [
      { fact: 'tags', op: 'has_any', value: ['vip'] },
      { fact: 'country', op: 'is', value: 'DE' },
      { fact: 'fields.seats', op: 'at_least', value: 50 },
    ] satisfies Condition[]
  ).map((condition) => ({ filter: JSON.stringify(condition) })),
]

const rangeDays = [7, 30, 90, 180, 365]

/**
 * Opens each tab again and again, with another range each time: so many days up to one of the last. @returns milliseconds of
 * all calls of a tab together, by tab
 */
export async function askTabs(product: Product, rounds: number): Promise<Map<string, number[]>> {
  const waits = new Map<string, number[]>()
  let asked = 0
  const open = async (tab: string, query: Record<string, string>) => {
    const startedAt = performance.now()
    const { status, body } = await product.call(
      'GET',
      `/api/lead-tracking/analytics/${tab}?${new URLSearchParams(query)}`,
    )
    const ms = performance.now() - startedAt
    if (status !== 200)
      throw new Error(`${tab} answered ${JSON.stringify(query)} with ${status}: ${JSON.stringify(body)}`)
    return ms
  }
  for (let round = -1; round < rounds; round++) {
    for (const filter of filters) {
      for (const days of rangeDays) {
        for (const tab of tabs) {
          const to = new Date(NOW - (asked++ % 97) * DAY_MS)
          const from = new Date(to.getTime() - (days - 1 + Math.floor(asked / 97)) * DAY_MS)
          const ms = await open(tab, { ...filter, from: dayText(from), to: dayText(to) })
          // The first round warms the server.
          if (round >= 0) waits.set(tab, [...(waits.get(tab) ?? []), ms])
        }
      }
    }
  }
  return waits
}

function dayText(date: Date): string {
  return date.toISOString().slice(0, 10)
}
