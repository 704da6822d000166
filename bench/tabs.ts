// Leads with visits, acts, orders and stages by the million, written straight into both stores, and the seven tabs asked of them.
import type { Condition } from '../src/conditions/contract.ts'
import { NOW, fillLeads, leadIdSql } from './leads-at-size.ts'
import type { Product } from './product.ts'

const CHUNK = 100_000
const DAY_MS = 86_400_000
/** Acts of a visit: four pages, two products, and one of the others. */
const ACTS = 7

/**
 * Writes leads, and of each the visits of a year: seven in ten come once, two twice, one four times, as the demo's people about
 * do; with more events a lead they come so much oftener.
 */
export async function fillTabs(product: Product, leads: number, events: number): Promise<void> {
  await fillLeads(product, leads, 0)
  const { workspaceId, clickhouse } = product
  const oftener = Math.max(1, Math.round(events / leads / 10))
  const today = Math.floor(NOW / DAY_MS)
  const params = { workspace: workspaceId, today, oftener }
  const visits = `arrayElement([1, 1, 1, 1, 1, 1, 1, 2, 2, 4], 1 + n % 10) * {oftener:UInt32}`
  const others = `['form_submitted', 'product_added', 'checkout_started', 'order_completed', 'email_link_clicked', 'signed_up', 'content_downloaded', 'video_watched', 'review_posted', 'Store visited']`
  const channels = `['Direct', 'Email', 'Paid Search', 'Organic Search', 'Paid Social', 'Referral', 'Display', 'Affiliates']`
  const dayOf = (i: string) => `toUInt16({today:UInt32} - (cityHash64(n, ${i}) % 364))`
  const other = (i: string) => `arrayElement(${others}, 1 + (n + ${i}) % 10)`
  const channel = (i: string) => `arrayElement(${channels}, 1 + cityHash64(n, ${i}, 1) % 8)`
  for (let from = 1; from <= leads; from += CHUNK) {
    const some = { ...params, from, count: Math.min(CHUNK, leads - from + 1) }
    await clickhouse.command({
      query: `insert into events (workspace_id, lead_id, occurred_at, event_id, batch_id, received_at, name, category, call, source, channel, session_start)
        select {workspace:UUID}, ${leadIdSql}, fromUnixTimestamp64Milli(toInt64(${dayOf('visit')}) * 86400000 + (cityHash64(n, visit, 2) % 86000) * 1000 + act * 20000, 'UTC') as moment,
          generateUUIDv4(), {workspace:UUID}, moment, if(act < 4, 'page_viewed', if(act < 6, 'product_viewed', ${other('visit')})),
          if(act < 4, 'page', if(act < 6, 'commerce', 'action')), 'track', if(n % 9 = 0, 'http', 'tracker'), if(act = 0, ${channel('visit')}, ''), act = 0
        from (select number + {from:UInt64} as n, arrayJoin(range(${visits})) as visit, arrayJoin(range(${ACTS})) as act from numbers({count:UInt64}))`,
      query_params: some,
    })
    await clickhouse.command({
      query: `insert into lead_facts select * except (n, places, days, ordered, way) replace (
          2 as version, arrayElement(['tracking', 'import', 'form'], 1 + n % 3) as source,
          arrayFlatten(arrayMap(d -> [d, d, d], days)) as act_days,
          arrayFlatten(arrayMap(i -> ['page_viewed', 'product_viewed', ${other('i')}], places)) as act_names,
          arrayFlatten(arrayMap(d -> [4, 2, 1], days)) as act_counts,
          days as visit_days, arrayMap(i -> ${channel('i')}, places) as visit_channels, arrayMap(d -> 1, days) as visit_counts,
          arraySort(arrayDistinct(arrayMap(d -> toYear(toDate(d)) * 12 + toMonth(toDate(d)) - 1, days))) as act_months,
          ordered as order_days, arrayMap(d -> 1000 + n % 9000, ordered) as order_minor, arrayMap(d -> 'EUR', ordered) as order_currencies,
          length(ordered) as order_count,
          way as stay_stages,
          arrayMap(place -> toDateTime(toUnixTimestamp(created_at) + (place - 1) * (n % 40) * 86400, 'UTC'), arrayEnumerate(way)) as stay_since,
          arrayElement(['new', 'contacted', 'qualified', 'engaged', 'opportunity', 'customer'], 1 + way[-1]) as stage)
        from (
          select *, toUInt32(substring(email, 7, position(email, '@') - 7)) as n, range(${visits}) as places,
            arraySort(arrayMap(i -> ${dayOf('i')}, places)) as days, arraySlice(days, 1, if(n % 6 = 0, 1 + n % 2, 0)) as ordered,
            arrayElement([[0], [0, 1], [0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 1, 2, 3, 4, 5]], 1 + n % 6) as way
          from lead_facts where workspace_id = {workspace:UUID} and version = 1 and n >= {from:UInt32} and n < {from:UInt32} + {count:UInt32}
        ) facts`,
      query_params: some,
    })
  }
}

/** The tabs, each with the calls that it makes. */
const tabs = ['overview', 'funnel', 'lead-quality', 'engagement', 'journey-health', 'cohort']

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
