// Fills a product with leads, visits, acts, orders, scores, journeys and credit by the million, written straight into both stores.
import { NOW, fillLeads, leadIdSql } from './leads-at-size.ts'
import type { Product } from './product.ts'

const DAY_MS = 86_400_000
/** Acts of a visit: four pages, two products, and one of the others. */
const ACTS = 7
/** Events that are written at once: ClickHouse holds some of their bytes many times over meanwhile. */
const EVENTS_AT_ONCE = 1_000_000

const others = `['form_submitted', 'product_added', 'checkout_started', 'order_completed', 'email_link_clicked', 'signed_up', 'content_downloaded', 'video_watched', 'review_posted', 'Store visited']`
const channels = `['Direct', 'Email', 'Paid Search', 'Organic Search', 'Paid Social', 'Referral', 'Display', 'Affiliates']`
const sources = `['direct', 'newsletter', 'google', 'google', 'facebook', 'partner.example', 'bing', 'partners']`
const visits = `arrayElement([1, 1, 1, 1, 1, 1, 1, 2, 2, 4], 1 + n % 10) * {oftener:UInt32}`
const dayOf = (i: string) => `toUInt16({today:UInt32} - (cityHash64(n, ${i}) % 364))`
const other = (i: string) => `arrayElement(${others}, 1 + (n + ${i}) % 10)`
const channel = (i: string) => `arrayElement(${channels}, 1 + cityHash64(n, ${i}, 1) % 8)`
const atMs = (ms: string) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`
/** A number from 0 to below 1, another for each lead and word. */
const chance = (word: string) => `(cityHash64(n, '${word}') % 10000 / 10000)`

/**
 * Writes leads, and of each the visits of a year: seven in ten come once, two twice, one four times, as the demo's people about
 * do; with more events a lead they come so much oftener. One in six orders, some of them twice. What is understood of leads is
 * made up in the shapes and shares that the projections give, since understanding a million of them takes half an hour.
 */
export async function fillTabs(product: Product, leads: number, events: number): Promise<void> {
  await fillLeads(product, leads, 0)
  const oftener = Math.max(1, Math.round(events / leads / 10))
  const params = {
    workspace: product.workspaceId,
    now: NOW,
    day: DAY_MS,
    today: Math.floor(NOW / DAY_MS),
    oftener,
  }
  const some = Math.max(1_000, Math.floor(EVENTS_AT_ONCE / 10 / oftener))
  for (let from = 1; from <= leads; from += some) {
    const part = { ...params, from, count: Math.min(some, leads - from + 1) }
    for (const query of [eventsSql, factsSql, creditsSql, pathsSql])
      await product.clickhouse.command({ query, query_params: part })
  }
}

const eventsSql = `
  insert into events (workspace_id, lead_id, occurred_at, event_id, batch_id, received_at, name, category, call, source, channel, session_start)
  select {workspace:UUID}, ${leadIdSql}, ${atMs(`toInt64(${dayOf('visit')}) * {day:Int64} + (cityHash64(n, visit, 2) % 86000) * 1000 + act * 20000`)} as moment,
    generateUUIDv4(), {workspace:UUID}, moment, if(act < 4, 'page_viewed', if(act < 6, 'product_viewed', ${other('visit')})),
    if(act < 4, 'page', if(act < 6, 'commerce', 'action')), 'track', if(n % 9 = 0, 'http', 'tracker'), if(act = 0, ${channel('visit')}, ''), act = 0
  from (select number + {from:UInt64} as n, arrayJoin(range(${visits})) as visit, arrayJoin(range(${ACTS})) as act from numbers({count:UInt64}))`

const ours = `workspace_id = {workspace:UUID} and n >= {from:UInt32} and n < {from:UInt32} + {count:UInt32}`
const numbered = `toUInt32(substring(email, 7, position(email, '@') - 7)) as n`

// The slots of the default rules: behavioural, engagement, intent and deductions.
const factsSql = `
  insert into lead_facts select * except (n, places, days, ordered, way, since, seen, scored_at) replace (
    2 as version, arrayElement(['tracking', 'import', 'form'], 1 + n % 3) as source,
    arrayFlatten(arrayMap(d -> [d, d, d], days)) as act_days,
    arrayFlatten(arrayMap(i -> ['page_viewed', 'product_viewed', ${other('i')}], places)) as act_names,
    arrayFlatten(arrayMap(d -> [4, 2, 1], days)) as act_counts,
    days as visit_days, arrayMap(i -> ${channel('i')}, places) as visit_channels, arrayMap(d -> 1, days) as visit_counts,
    arraySort(arrayDistinct(arrayMap(d -> toYear(toDate(d)) * 12 + toMonth(toDate(d)) - 1, days))) as act_months,
    ordered as order_days, arrayMap(d -> 1000 + n % 9000, ordered) as order_minor, arrayMap(d -> 'USD', ordered) as order_currencies,
    length(ordered) as order_count,
    way as stay_stages,
    since as stay_since,
    arrayElement(['new', 'contacted', 'qualified', 'engaged', 'opportunity', 'customer'], 1 + way[-1]) as stage,
    since[-1] as stage_since,
    0 as score_version, scored_at as score_at,
    [exp2(6 * ${chance('behavioural')}), exp2(6 * ${chance('engagement')}), if(n % 3 = 0, exp2(7 * ${chance('intent')}), 0), if(n % 40 = 0, -50., 0.)] as score_sums,
    if(n % 4 = 0, null, round(100 * ${chance('demographic')})) as score_demographic,
    if(n % 3 = 0, null, round(100 * ${chance('firmographic')})) as score_firmographic,
    if(n % 4 = 0, 0, 0.6) as known_demographic, if(n % 3 = 0, 0, 0.7) as known_firmographic,
    n % 20 > 0 as is_seen, n % 50 = 0 as do_not_contact, scored_at as last_human_at,
    if(n % 3 = 0, scored_at, null) as last_intent_at,
    arrayFilter(d -> d + 112 > days[-1], seen) as active_days,
    if(empty(ordered), null, ${chance('churn')}) as churn_risk,
    if(empty(ordered), ${chance('disengagement')}, null) as disengagement_risk,
    ${atMs('{now:Int64}')} as churn_asked_for,
    if(empty(ordered), null, length(ordered) * (1000 + n % 9000)) as ltv_minor,
    if(empty(ordered), null, n % 20000) as predicted_ltv_minor,
    if(empty(ordered), null, ${chance('value')}) as health_value, 1 as health_relationship,
    if(empty(ordered), '', arrayElement(['Champions', 'Loyal Customers', 'Potential Loyalist', 'New Customers', 'At Risk', 'About To Sleep', 'Lost'], 1 + n % 7)) as rfm_segment,
    if(n % 12 = 0, ${atMs('{now:Int64} + n % 90 * {day:Int64}')}, null) as next_order_at,
    arrayElement(['insufficient', 'insufficient', 'stable', 'increasing', 'declining'], 1 + n % 5) as trend,
    if(n % 10 = 0, null, round(100 * ${chance('health')})) as health,
    if(n % 6 = 0, null, ${chance('predicted')}) as predicted_score, ${atMs('{now:Int64}')} as predicted_at)
  from (
    select *, ${numbered}, range(${visits}) as places,
      arraySort(arrayMap(i -> ${dayOf('i')}, places)) as days, arrayDistinct(days) as seen,
      if(cityHash64(n, 'order') % 6 = 0, arraySlice(days, -1 - toInt32(n % 2)), []) as ordered,
      arrayElement([[0], [0, 1], [0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 1, 2, 3, 4, 5]], 1 + n % 6) as way,
      arrayMap(place -> toDateTime(toUnixTimestamp(created_at) + (place - 1) * (n % 40) * 86400, 'UTC'), arrayEnumerate(way)) as since,
      ${atMs(`toInt64(days[-1]) * {day:Int64} + n % 86000 * 1000`)} as scored_at
    from lead_facts where version = 1 and ${ours}
  ) facts`

/** Of orders, and of each lead's coming in: the visits of the 30 days before, back to the conversion before. */
const conversions = `
  select lead_id, n, goal, id, moment, minor, is_first, touches, n * 3 as nth from (
    select lead_id, n, c.1 as goal, c.2 as id, c.3 as moment, c.4 as minor, c.5 as is_first, c.6 as touches
    from (
      select lead_id, ${numbered}, arrayJoin(arrayPushBack(
        arrayMap((d, m, i) -> ('order', concat('o', toString(n), '-', toString(i)), ${atMs('toInt64(d) * {day:Int64} + 80000000')}, m, i = 1,
          ${touchesSql('d', 'if(i = 1, toUInt16(0), order_days[i - 1])')}), order_days, order_minor, arrayEnumerate(order_days)),
        ('lead', concat('l', toString(n)), created_at, toInt64(0), toUInt8(1), ${touchesSql('toUInt16(toDate(created_at))', 'toUInt16(0)')}))) as c
      from lead_facts where version = 2 and ${ours}
    )
  )`

function touchesSql(until: string, after: string): string {
  return `arrayFilter(t -> t.1 <= ${until} and t.1 + 30 >= ${until} and t.1 > ${after}, arrayZip(visit_days, visit_channels))`
}

const models = [
  'first',
  'last',
  'last_non_direct',
  'linear',
  'unique_linear',
  'time_decay',
  'u_shaped',
  'w_shaped',
  'position',
]

/** What the touch `t` of `k` earns of a whole; what division leaves over goes to the first. */
function earnedSql(model: string, whole: string): string {
  if (model === 'first') return `if(t = 1, ${whole}, 0)`
  if (model === 'last' || model === 'last_non_direct') return `if(t = k, ${whole}, 0)`
  return `intDiv(${whole}, k) + if(t = 1, ${whole} % k, 0)`
}

const creditsSql = `
  insert into credits (workspace_id, lead_id, place, version, is_removed, goal, conversion_id, converted_at, is_first, part, touch, touch_id,
    touched_at, channel, source, campaign, currency, model_used, settings_version, ${models.map((model) => `${model}_units, ${model}_minor`).join(', ')})
  select {workspace:UUID}, lead_id, row_number() over (partition by lead_id order by goal, id, t) - 1, 1, 0, goal, id, moment, is_first, 0, t - 1,
    if(empty(touches), '', concat(id, toString(t))), if(empty(touches), null, ${atMs('toInt64(touches[t].1) * {day:Int64}')}),
    if(empty(touches), '(unattributed)', touches[t].2) as name,
    if(empty(touches), '(unattributed)', transform(name, ${channels}, ${sources}, '')),
    if(empty(touches), '(unattributed)', if(name like 'Paid%' or name = 'Email', concat(name, ' ', toString(n % 20)), '')),
    'USD', if(empty(touches), '', 'linear'), 0,
    ${models.map((model) => `${earnedSql(model, '1000000')}, ${earnedSql(model, 'minor')}`).join(', ')}
  from (select *, toInt64(greatest(1, length(touches))) as k from (${conversions})) array join range(1, k + 1) as t`

const pathsSql = `
  insert into credit_paths (workspace_id, lead_id, place, version, is_removed, goal, conversion_id, ended_at, is_first, path, days, conversions,
    value_minor, currency, settings_version)
  select {workspace:UUID}, lead_id, row_number() over (partition by lead_id order by goal, id) - 1, 1, 0, goal, id, moment, is_first, arrayMap(t -> t.2, touches),
    if(empty(touches), null, dateDiff('day', toDate(touches[1].1), toDate(moment))), id != '', minor, 'USD', 0
  from (
    select lead_id, goal, id, moment, minor, is_first, touches from (${conversions})
    union all
    select lead_id, 'order', '', ${atMs('toInt64(visit_days[-1]) * {day:Int64}')}, 0, false, arrayZip(visit_days, visit_channels)
    from (select *, ${numbered} from lead_facts where version = 2 and empty(order_days)) where ${ours}
  )`
