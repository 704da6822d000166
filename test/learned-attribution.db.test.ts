// Data-driven models learn from the journeys that the stores hold what they learn from the same journeys listed by hand.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createReport,
  creditByLearned,
  learnFromJourneys,
  readLatestRuns,
  workOrder,
} from '../src/projections/attribution/index.ts'
import type { Found } from '../src/projections/attribution/index.ts'
import { attributionModels, modelSettingsSchema } from '../src/projections/attribution/contract.ts'
import type { OrderRun } from '../src/projections/attribution/contract.ts'
import { newId } from '../src/lib/ids.ts'
import { firstRow, run, sql } from '../src/platform/postgres.ts'
import { understandNow } from '../src/understand.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

const campaigns: Record<string, { source: string; medium: string }> = {
  'Paid Search': { source: 'google', medium: 'cpc' },
  'Paid Social': { source: 'facebook', medium: 'paid_social' },
  Email: { source: 'letters', medium: 'email' },
  Affiliates: { source: 'partner', medium: 'affiliate' },
}
const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const MACHINE = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const START = Date.now() - 20 * 86_400_000

type Act =
  { visits: string; by?: 'machine' } | { orders: string; total: number } | { refunds: string; total: number }

/** What somebody does, an act every four hours. */
interface Person {
  id: string
  acts: Act[]
}

const visits = (...channels: string[]): Act[] => channels.map((channel) => ({ visits: channel }))
let orderCount = 0
const orders = (total: number): Act => ({ orders: `L-${++orderCount}`, total })

/** As many people as told, all alike; the journeys of each stand beside them. */
function many(count: number, name: string, acts: () => Act[]): Person[] {
  return Array.from({ length: count }, (_, i) => ({ id: `${name}-${i}`, acts: acts() }))
}

const people: Person[] = [
  ...many(6, 'searched', () => [...visits('Paid Search', 'Email'), orders(100)]),
  ...many(5, 'wrote', () => [...visits('Email'), orders(40)]),
  ...many(4, 'returned', () => [
    ...visits('Paid Social', 'Paid Search', 'Email'),
    orders(30),
    ...visits('Email'),
    orders(20),
    ...visits('Affiliates'),
  ]),
  ...many(3, 'looked', () => visits('Paid Social', 'Affiliates')),
  ...many(7, 'left', () => visits('Paid Search')),
  // The whole order back: a journey that led to nothing in the end. In part: worth less.
  ...many(2, 'gave back', () => {
    const order = orders(80)
    return [...visits('Affiliates'), order, { refunds: `L-${orderCount}`, total: 80 }]
  }),
  ...many(2, 'kept some', () => {
    const order = orders(60)
    return [...visits('Affiliates', 'Paid Social'), order, { refunds: `L-${orderCount}`, total: 15 }]
  }),
  // A machine between two visits is none, and one that comes alone is nobody.
  ...many(3, 'read', () => [
    { visits: 'Email' },
    { visits: 'Paid Social', by: 'machine' },
    { visits: 'Paid Search' },
    orders(50),
  ]),
  ...many(4, 'crawled', () => [{ visits: 'Paid Search', by: 'machine' }]),
  // Two records of one person each: what the first did leads to what the second bought.
  ...many(3, 'began', () => visits('Paid Social')),
  ...many(3, 'ended', () => [...visits('Email'), orders(70)]),
  // Orders that no touch led to are nobody's journey.
  ...many(2, 'called', () => [orders(500)]),
]

/** The same, by hand. Amounts are without tax and shipping, which these orders do not have. */
const byHand = [
  { path: ['Paid Search', 'Email'], conversions: 6, valueMinor: 60_000, nulls: 0 },
  // Those who wrote, and those who returned, for their second order.
  { path: ['Email'], conversions: 5 + 4, valueMinor: 20_000 + 8_000, nulls: 0 },
  { path: ['Paid Social', 'Paid Search', 'Email'], conversions: 4, valueMinor: 12_000, nulls: 0 },
  // What came after the last order of those who returned, and the orders that went back.
  { path: ['Affiliates'], conversions: 0, valueMinor: 0, nulls: 4 + 2 },
  { path: ['Paid Social', 'Affiliates'], conversions: 0, valueMinor: 0, nulls: 3 },
  { path: ['Paid Search'], conversions: 0, valueMinor: 0, nulls: 7 },
  { path: ['Affiliates', 'Paid Social'], conversions: 2, valueMinor: 9_000, nulls: 0 },
  { path: ['Email', 'Paid Search'], conversions: 3, valueMinor: 15_000, nulls: 0 },
  // The merged.
  { path: ['Paid Social', 'Email'], conversions: 3, valueMinor: 21_000, nulls: 0 },
]

test('journeys in the stores and the same by hand give the same Markov and Shapley figures', async () => {
  const currency = String((await product.call('GET', '/api/currency-rates')).body.currency)
  const batch = people.flatMap(({ id, acts }) => [
    {
      type: 'identify',
      userId: id,
      traits: { email: `${id.replace(' ', '.')}@people.example` },
      ...told(id, -1),
    },
    ...acts.map((act, place) => ({ userId: id, ...callOf(act, currency), ...told(id, place, act) })),
  ])
  expect((await product.post('/v1/batch', { batch })).status).toBe(200)
  await product.settled()
  const losers: string[] = []
  for (let pair = 0; pair < 3; pair++) {
    const [winnerId, loserId] = [await leadOf(`ended-${pair}`), await leadOf(`began-${pair}`)]
    const merged = await product.call('POST', '/api/leads/merge', { winnerId, loserId })
    expect(merged.status).toBe(200)
    losers.push(loserId)
  }
  await product.settled()
  const leads = await Promise.all(
    people.filter(({ id }) => !id.startsWith('began')).map(({ id }) => leadOf(id)),
  )
  expect(await understandNow(product.services, product.workspaceId, [...leads, ...losers])).toBe(true)

  await learnFromJourneys(product.services, product.workspaceId)
  const runs = await readLatestRuns(product.services.db, product.workspaceId)
  const found = runs.find(({ goal }) => goal === 'order')?.found
  if (!found) throw new Error('nothing was learned of orders')

  const conversions = byHand.reduce((sum, path) => sum + path.conversions, 0)
  const nulls = byHand.reduce((sum, path) => sum + path.nulls, 0)
  expect(found).toMatchObject({ conversions, journeys: conversions + nulls })
  const expected = figuresByHand()
  for (const model of ['markov_1', 'shapley'] as const) {
    const learned = found[model]
    if ('reason' in learned) throw new Error(learned.reason)
    expect(learned.baseRate).toBeCloseTo(conversions / (conversions + nulls), 12)
    expect(learned.channels.map(({ channel }) => channel)).toEqual([...expected.get(model)!.keys()])
    for (const { channel, share, valueShare, interval } of learned.channels) {
      const [ofConversions, ofValue] = expected.get(model)?.get(channel) ?? [Number.NaN, Number.NaN]
      expect(share).toBeCloseTo(ofConversions, 12)
      expect(valueShare).toBeCloseTo(ofValue, 12)
      expect(interval[0] <= share && share <= interval[1]).toBe(true)
    }
    creditsAddUp(model, found)
  }
})

test('orders 2 and 3 are learned on request, to the figures by hand, with bounds and what it cost', async () => {
  const path = '/api/lead-tracking/attribution-orders'
  const listed = async () => (await product.call('GET', path)).body.items as OrderRun[]
  const [total, nulls] = [
    byHand.reduce((sum, { conversions }) => sum + conversions, 0),
    byHand.reduce((sum, one) => sum + one.nulls, 0),
  ]
  for (const order of [2, 3] as const) {
    const begun = await product.call('POST', path, { goal: 'order', order, intervals: order === 2 })
    expect(begun).toMatchObject({ status: 202, body: { status: 'running', order, found: null } })
    await expect.poll(async () => (await listed())[0]?.status, { timeout: 20_000 }).toBe('done')
    const [learnt] = await listed()
    expect(learnt).toMatchObject({ order, resamples: order === 2 ? 200 : 0, found: { reason: null } })
    expect(learnt?.drawn).toBe(learnt?.resamples)
    expect(learnt?.found?.caution).toContain('10,000 journeys')
    expect(learnt?.found?.baseRate).toBeCloseTo(total / (total + nulls), 12)
    const expected = figuresByHand().get(`markov_${order}`)
    expect(learnt?.found?.channels).toHaveLength(expected?.size ?? -1)
    for (const { channel, share, valueShare, interval } of learnt?.found?.channels ?? []) {
      const [ofConversions, ofValue] = expected?.get(channel) ?? [Number.NaN, Number.NaN]
      expect(share).toBeCloseTo(ofConversions, 12)
      expect(valueShare).toBeCloseTo(ofValue, 12)
      expect(interval[0] < share && share < interval[1]).toBe(order === 2)
    }
  }
  const report = await product.call('GET', '/api/lead-tracking/analytics/attribution?goal=order')
  const tables = (report.body.tables as { id: string; columns: { key: string }[] }[]).filter(({ id }) =>
    /^markov_[23]$/.test(id),
  )
  expect(tables.map(({ id, columns }) => [id, columns.length])).toEqual([
    ['markov_2', 5],
    ['markov_3', 3],
  ])
})

test('an order that is stopped learns no further, and a conversion that is none is refused', async () => {
  const [id, now] = [newId(), new Date()]
  await run(
    product.services.db,
    sql`insert into attribution_orders (id, workspace_id, goal, markov_order, version, status, resamples, created_by, created_at)
        values (${id}, ${product.workspaceId}, 'order', 3, 0, 'running', 200, 'user:x', ${now})`,
  )
  const stop = () => product.call('POST', `/api/lead-tracking/attribution-orders/${id}/cancel`)
  await workOrder(product.services, product.workspaceId, id, stop)
  expect((await stop()).body).toMatchObject({ status: 'cancelled', found: null })
  const asked = await product.call('POST', '/api/lead-tracking/attribution-orders', { order: 2, goal: 'x' })
  expect(asked).toMatchObject({ status: 400, body: { code: 'goal_unknown' } })
})

// By the engine of the command line, over the journeys one by one.
function figuresByHand(): Map<string, Map<string, [number, number]>> {
  const channels = [...new Set(byHand.flatMap(({ path }) => path))].sort()
  const report = createReport({
    channels,
    models: attributionModels.filter((model) => /^markov|^shapley/.test(model)),
    settings: modelSettingsSchema.parse({}),
    hasTimes: false,
    hasMilestones: false,
  })
  for (const { path, conversions, valueMinor, nulls } of byHand)
    report.add({
      ids: path.map((channel) => channels.indexOf(channel)),
      agesDays: null,
      leadIndex: null,
      opportunityIndex: null,
      conversions,
      valueMinor,
      nulls,
    })
  const total = { conversions: 0, valueMinor: 0 }
  for (const { conversions, valueMinor } of byHand) {
    total.conversions += conversions
    total.valueMinor += valueMinor
  }
  return new Map(
    [...report.credits()].map(({ model, channels: credits }) => [
      model,
      new Map(
        credits.map(({ channel, conversions, valueMinor }): [string, [number, number]] => [
          channel,
          [conversions / total.conversions, valueMinor / total.valueMinor],
        ]),
      ),
    ]),
  )
}

function creditsAddUp(model: 'markov_1' | 'shapley', found: Found): void {
  const ledger = [...creditByLearned(model, found, byHand).values()]
  expect(ledger.reduce((sum, { units }) => sum + units, 0)).toBe(
    byHand.reduce((sum, { conversions }) => sum + conversions, 0) * 1_000_000,
  )
  expect(ledger.reduce((sum, { minor }) => sum + minor, 0)).toBe(
    byHand.reduce((sum, { valueMinor }) => sum + valueMinor, 0),
  )
}

function callOf(act: Act, currency: string): Record<string, unknown> {
  if ('visits' in act) return { type: 'page', properties: { url: 'https://shop.example/', path: '/' } }
  return 'orders' in act
    ? {
        type: 'track',
        event: 'Order Completed',
        properties: { order_id: act.orders, total: act.total, currency },
      }
    : {
        type: 'track',
        event: 'Order Refunded',
        properties: { order_id: act.refunds, total: act.total, currency },
      }
}

// Those who ended come ten days after those who began.
function told(id: string, place: number, act?: Act) {
  const at = START + (id.startsWith('ended') ? 10 : 0) * 86_400_000 + place * 4 * 3_600_000
  const isVisit = act !== undefined && 'visits' in act
  return {
    messageId: `${id}/${place}`,
    timestamp: new Date(at).toISOString(),
    context: {
      userAgent: isVisit && act.by === 'machine' ? MACHINE : BROWSER,
      ...(isVisit ? { campaign: campaigns[act.visits], page: { url: 'https://shop.example/' } } : {}),
    },
  }
}

async function leadOf(userId: string): Promise<string> {
  const found = await firstRow<{ id: string }>(
    product.services.db,
    sql`select lead_id as id from identifiers
        where workspace_id = ${product.workspaceId} and value = ${userId}`,
  )
  if (!found) throw new Error(`there is no lead of ${userId}`)
  return found.id
}
