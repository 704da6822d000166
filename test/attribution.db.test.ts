// The credit of touches in the product: exact to the minor unit, late as on time, refunds, merged and parted leads, erased ones, other settings.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CreditedConversion, LeadCredit } from '../src/projections/attribution/contract.ts'
import { ruleModels } from '../src/projections/attribution/contract.ts'
import { ask } from '../src/platform/clickhouse.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

async function newLead(email: string): Promise<string> {
  return String((await product.call('POST', '/api/leads', { email })).body.id)
}
async function did(id: string, eventName: string, occurredAt: string, more = {}): Promise<void> {
  const reply = await product.call('POST', `/api/lead-tracking/engagement/${id}`, {
    eventName,
    occurredAt,
    ...more,
  })
  expect(reply.status).toBe(202)
}
const visited = (id: string, channel: string, at: string) => did(id, 'page_viewed', at, { channel })
const ordered = (id: string, orderId: string, at: string, revenue: number, more = {}) =>
  did(id, 'order_completed', at, { revenue, metadata: { order_id: orderId }, ...more })
async function understood(id: string): Promise<void> {
  await product.settled()
  const { understandNow } = await import('../src/understand.ts')
  expect(await understandNow(product.services, product.workspaceId, [id])).toBe(true)
}
const creditOf = async (id: string) =>
  (await product.call('GET', `/api/lead-tracking/attribution/${id}/history`)).body as LeadCredit
const ordersOf = async (id: string) => (await creditOf(id)).conversions.filter(({ goal }) => goal === 'order')
const byChannel = (conversion: CreditedConversion | undefined, model: string) =>
  Object.fromEntries(
    (conversion?.touches ?? []).map(({ channel, earned }) => [channel, earned[model]?.minor ?? 0]),
  )
const rowsOf = (id: string) =>
  ask<{ n: number }>(
    product.services.clickhouse,
    `select count() as n from credits final
     where workspace_id = {workspace:UUID} and lead_id = {lead:UUID} and is_removed = 0`,
    { workspace: product.workspaceId, lead: id },
  ).then(([row]) => Number(row?.n))

describe('an order after three visits', () => {
  let id: string
  beforeAll(async () => {
    id = await newLead('three@shop.example')
    await visited(id, 'Paid Search', '2026-03-01T10:00:00Z')
    await visited(id, 'Email', '2026-03-05T10:00:00Z')
    await visited(id, 'Organic Search', '2026-03-08T10:00:00Z')
    await ordered(id, 'T-1', '2026-03-08T11:00:00Z', 100)
    await understood(id)
  })

  test('gives each touch what its model says, in whole cents that add up', async () => {
    const [order] = await ordersOf(id)
    // 100.00 by thirds: 33.34, 33.33, 33.33, the cent left over to the first.
    expect(byChannel(order, 'linear')).toEqual({ 'Paid Search': 3334, Email: 3333, 'Organic Search': 3333 })
    expect(byChannel(order, 'first')).toEqual({ 'Paid Search': 10_000, Email: 0, 'Organic Search': 0 })
    expect(byChannel(order, 'u_shaped')).toEqual({ 'Paid Search': 4000, Email: 2000, 'Organic Search': 4000 })
    for (const model of ruleModels) {
      const earned = order?.touches.map((touch) => touch.earned[model])
      expect(earned?.reduce((sum, one) => sum + (one?.minor ?? 0), 0)).toBe(10_000)
      expect(earned?.reduce((sum, one) => sum + (one?.units ?? 0), 0)).toBe(1_000_000)
    }
    expect(order).toMatchObject({
      valueMinor: 10_000,
      primary: { last: 2, first: 0, u_shaped: 0 },
      secondary: { last: null, u_shaped: 2 },
    })
    expect(order?.lengthDays).toBeCloseTo(7 + 1 / 24, 9)
  })

  test('a refund subtracts from the credit that it gave, pro rata', async () => {
    await did(id, 'order_refunded', '2026-03-10T10:00:00Z', { revenue: 25, metadata: { order_id: 'T-1' } })
    await understood(id)
    const [order] = await ordersOf(id)
    expect(order).toMatchObject({ valueMinor: 7_500, refundedMinor: 2_500 })
    expect(byChannel(order, 'u_shaped')).toEqual({ 'Paid Search': 3000, Email: 1500, 'Organic Search': 3000 })
  })

  test('is summed up by channel', async () => {
    const { body } = await product.call('GET', `/api/lead-tracking/attribution/${id}/summary`)
    const goals = body.goals as { goal: string; valueMinor: number; conversions: number }[]
    expect(goals).toContainEqual(
      expect.objectContaining({ goal: 'order', valueMinor: 7_500, conversions: 1 }),
    )
  })

  test('can be worked out by other settings, which are not kept', async () => {
    const reply = await product.call('POST', `/api/lead-tracking/attribution/${id}/calculate`, {
      settings: { lookbackDays: 2 },
    })
    expect(reply.status).toBe(200)
    const tried = (reply.body.conversions as CreditedConversion[]).find(({ goal }) => goal === 'order')
    expect(tried?.touches.map(({ channel }) => channel)).toEqual(['Organic Search'])
    expect((await ordersOf(id))[0]?.touches).toHaveLength(3)
  })

  test('is seen by nobody in another workspace', async () => {
    const other = await product.call('GET', `/api/lead-tracking/attribution/${id}/history`, undefined, {
      'x-workspace': 'nowhere',
    })
    expect(other.status).toBeGreaterThanOrEqual(400)
  })
})

test('a conversion that no touch led to stands under (unattributed)', async () => {
  const id = await newLead('none@shop.example')
  await ordered(id, 'N-1', '2026-03-08T11:00:00Z', 40)
  await understood(id)
  const [order] = await ordersOf(id)
  expect(byChannel(order, 'time_decay')).toEqual({ '(unattributed)': 4_000 })
  expect(order?.lengthDays).toBeNull()
})

test('a visit that is told late gives the same credit as one told in time', async () => {
  const [inTime, late] = [await newLead('in-time@shop.example'), await newLead('late@shop.example')]
  await visited(inTime, 'Paid Social', '2026-03-01T10:00:00Z')
  await visited(inTime, 'Email', '2026-03-02T10:00:00Z')
  await ordered(inTime, 'L-1', '2026-03-03T10:00:00Z', 30)
  await understood(inTime)
  await ordered(late, 'L-2', '2026-03-03T10:00:00Z', 30)
  await understood(late)
  await visited(late, 'Email', '2026-03-02T10:00:00Z')
  await understood(late)
  await visited(late, 'Paid Social', '2026-03-01T10:00:00Z')
  await understood(late)
  const bare = async (id: string) =>
    (await ordersOf(id)).map(({ touches }) =>
      touches.map(({ at, channel, earned }) => ({ at, channel, earned })),
    )
  expect(await bare(late)).toEqual(await bare(inTime))
  expect(await rowsOf(late)).toBe(await rowsOf(inTime))
})

test('merged leads share one journey, and each has its own credit again when they are parted', async () => {
  const [one, other] = [await newLead('m1@shop.example'), await newLead('m2@shop.example')]
  await visited(one, 'Referral', '2026-03-01T10:00:00Z')
  await ordered(one, 'M-1', '2026-03-05T10:00:00Z', 50)
  await visited(other, 'Email', '2026-03-03T10:00:00Z')
  await ordered(other, 'M-2', '2026-03-06T10:00:00Z', 20)
  await understood(one)
  await understood(other)
  const before = [await creditOf(one), await creditOf(other)]
  await product.call('POST', '/api/leads/merge', { winnerId: one, loserId: other })
  await understood(one)
  const merged = await ordersOf(one)
  // The second order begins after the first, which took both touches.
  expect(merged.map((order) => byChannel(order, 'linear'))).toEqual([
    { Referral: 2500, Email: 2500 },
    { '(unattributed)': 2000 },
  ])
  await expect.poll(() => rowsOf(other), { timeout: 15_000 }).toBe(0)
  const { mergedLeads } = (await product.call('GET', `/api/leads/${one}`)).body
  const [{ mergeId } = { mergeId: '' }] = mergedLeads as { mergeId: string }[]
  expect((await product.call('POST', '/api/leads/unmerge', { mergeId })).status).toBe(200)
  await understood(one)
  await understood(other)
  expect([await creditOf(one), await creditOf(other)]).toEqual(before)
})

test('ads that were seen count within their own days, where settings say so', async () => {
  const id = await newLead('saw@shop.example')
  await did(id, 'ad_viewed', '2026-03-03T10:00:00Z', { channel: 'Display' })
  await visited(id, 'Email', '2026-03-04T10:00:00Z')
  await did(id, 'ad_viewed', '2026-03-05T10:00:00Z', { channel: 'Paid Social' })
  await ordered(id, 'V-1', '2026-03-05T12:00:00Z', 10)
  await understood(id)
  expect(byChannel((await ordersOf(id))[0], 'linear')).toEqual({ Email: 1_000 })
  const tried = async (viewDays: number) => {
    const { body } = await product.call('POST', `/api/lead-tracking/attribution/${id}/calculate`, {
      settings: { viewDays },
    })
    const order = (body.conversions as CreditedConversion[]).find(({ goal }) => goal === 'order')
    return byChannel(order, 'linear')
  }
  expect(await tried(1)).toEqual({ Email: 500, 'Paid Social': 500 })
  expect(await tried(3)).toEqual({ Display: 334, Email: 333, 'Paid Social': 333 })
})

test('an amount without a rate stands apart, and is converted by the rate of its day once there is one', async () => {
  const id = await newLead('abroad@shop.example')
  const { body } = await product.call('GET', '/api/currency-rates')
  const foreign = body.currency === 'JPY' ? 'KWD' : 'JPY'
  await visited(id, 'Email', '2026-03-01T10:00:00Z')
  await ordered(id, 'C-1', '2026-03-05T10:00:00Z', 10_000, { currency: foreign })
  await understood(id)
  expect((await ordersOf(id))[0]).toMatchObject({ currency: foreign, isWithoutRate: true })
  const rates = [
    { currency: foreign, startsOn: '2026-03-01', rate: 0.006 },
    { currency: foreign, startsOn: '2026-03-06', rate: 0.5 },
  ]
  expect((await product.call('PUT', '/api/currency-rates', { rates })).status).toBe(200)
  await understood(id)
  expect((await ordersOf(id))[0]).toMatchObject({
    currency: body.currency,
    isWithoutRate: false,
    valueMinor: 6_000,
  })
  const own = { rates: [{ currency: body.currency, startsOn: '2026-03-01', rate: 1 }] }
  expect((await product.call('PUT', '/api/currency-rates', own)).body).toMatchObject({ code: 'rate_own' })
})

test('spend is entered by CSV, with a reason for each line that cannot be read', async () => {
  const csv =
    'Date;Channel;Campaign;Amount\n2026-03-01;Paid Search;Spring;12,50\n2026-03-01;Paid Search;Spring;1,50\nsoon;Email;;3,00\n'
  const { status, body } = await product.call('POST', '/api/spend/import', { csv })
  expect(status).toBe(200)
  expect(body).toMatchObject({ written: 1, rejectedLines: 1, rejected: [{ line: 4 }] })
  expect((await product.call('GET', '/api/spend')).body).toMatchObject({
    items: [{ spentOn: '2026-03-01', channel: 'Paid Search', campaign: 'Spring', amountMinor: 1_400 }],
  })
})

test('spend and rates that cannot be are refused, each with a sentence that says what to do', async () => {
  const item = { spentOn: '2026-03-01', channel: 'Email', currency: 'EUR', amountMinor: 100 }
  const rate = { currency: 'JPY', startsOn: '2026-03-01', rate: 0.006 }
  const csv = (text: string) => ({ csv: `date,channel,amount\n${text}` })
  const wrong: [method: string, path: string, body?: object][] = [
    ...[
      {},
      { items: [] },
      ...[
        { spentOn: '2026-02-30' },
        { spentOn: '0000-01-01' },
        { spentOn: '9999-12-31' },
        { currency: 'EURO' },
        { currency: 'XXQ' },
        { amountMinor: -1 },
        { amountMinor: 1.5 },
        { amountMinor: 1e17 },
        { channel: ' ' },
        { channel: 'x'.repeat(61) },
        { campain: 'misspelt' },
      ].map((part) => ({ items: [{ ...item, ...part }] })),
    ].map((body): [string, string, object] => ['PUT', '/api/spend', body]),
    ...[
      {},
      { rates: [] },
      ...[{ rate: 0 }, { rate: 1e-30 }, { rate: 'x' }, { currency: 'ZZZ' }, { startsOn: '2026-13-01' }].map(
        (part) => ({ rates: [{ ...rate, ...part }] }),
      ),
    ].map((body): [string, string, object] => ['PUT', '/api/currency-rates', body]),
    ...[
      {},
      { csv: '' },
      { csv: 'a,b\n1,2\n' },
      csv(''),
      csv('\n'),
      { csv: 'date,channel,channel,amount\n1,2,3,4\n' },
    ].map((body): [string, string, object] => ['POST', '/api/spend/import', body]),
    ['POST', '/api/spend/import', csv('2026-03-01,Email,1\n'.repeat(50_001))],
    ['GET', '/api/spend?from=0000-01-01'],
    ['GET', '/api/spend?from=2026-05-01&to=2026-04-01'],
    ['DELETE', '/api/currency-rates/JPY/soon'],
  ]
  for (const [method, path, body] of wrong) {
    const reply = await product.call(method, path, body)
    const told = [path, JSON.stringify(body)?.slice(0, 120), reply.status]
    expect(told).toEqual([
      ...told.slice(0, 2),
      expect.toSatisfy((status: number) => [400, 422].includes(status)),
    ])
    expect(reply.body.detail).toMatch(/^[A-Z“].{10,}\.$/)
  }
  const lines = [
    'soon,Email,1',
    '2026-03-01,,1',
    '2026-03-01,Email,x',
    '2026-03-01,Email,-1',
    `2026-03-01,${'x'.repeat(61)},1`,
  ]
  const { body } = await product.call('POST', '/api/spend/import', csv(lines.join('\n')))
  expect(body).toMatchObject({ written: 0, rejectedLines: lines.length })
  expect((body.rejected as { line: number; reason: string }[]).map(({ line }) => line)).toEqual([
    2, 3, 4, 5, 6,
  ])
  for (const { reason } of body.rejected as { reason: string }[]) expect(reason).toMatch(/\.$/)
})

describe('other settings', () => {
  let id: string
  beforeAll(async () => {
    id = await newLead('what-if@shop.example')
    await visited(id, 'Display', '2026-03-01T10:00:00Z')
    await visited(id, 'Email', '2026-03-09T10:00:00Z')
    await ordered(id, 'W-1', '2026-03-10T10:00:00Z', 10)
    await understood(id)
  })

  test('are tried on all leads in the background, compared, and adopted as they were tried', async () => {
    const begun = await product.call('POST', '/api/lead-tracking/attribution-what-ifs', {
      settings: { lookbackDays: 3 },
    })
    expect(begun.status).toBe(202)
    const path = `/api/lead-tracking/attribution-what-ifs/${String(begun.body.id)}`
    await expect
      .poll(async () => (await product.call('GET', path)).body.status, { timeout: 15_000 })
      .toBe('done')
    const { lines } = (await product.call('GET', path)).body
    const display = (lines as { goal: string; model: string; channel: string; after: object }[]).find(
      (line) => line.goal === 'order' && line.model === 'linear' && line.channel === 'Display',
    )
    expect(display).toMatchObject({ before: { minor: 500 }, after: { minor: 0, units: 0 } })
    expect((await product.call('POST', `${path}/adopt`)).body).toMatchObject({ version: 1 })
    await expect
      .poll(async () => byChannel((await ordersOf(id))[0], 'linear'), { timeout: 15_000 })
      .toEqual({ Email: 1_000 })
    expect((await product.call('POST', `${path}/adopt`)).body).toMatchObject({ code: 'settings_changed' })
  })
})

test('data-driven models say why they cannot learn from a few conversions', async () => {
  const { learnFromJourneys } = await import('../src/projections/attribution/index.ts')
  await learnFromJourneys(product.services, product.workspaceId)
  const { body } = await product.call('GET', '/api/lead-tracking/attribution-settings')
  expect((body.learned as { goal: string }[]).map(({ goal }) => goal).sort()).toEqual(['lead', 'order'])
})

describe('the report', () => {
  interface Shown {
    cards: { id: string; now: number | null }[]
    tables: { id: string; rows: { values: Record<string, unknown>; behind?: Record<string, object> }[] }[]
  }
  const report = async (more = ''): Promise<Shown> => {
    const { status, text } = await product.call(
      'GET',
      `/api/lead-tracking/analytics/attribution?from=2025-05-01&to=2025-05-31${more}`,
    )
    expect(status).toBe(200)
    return JSON.parse(text) as Shown
  }
  const rowsIn = (shown: Shown, table: string) => shown.tables.find(({ id }) => id === table)?.rows ?? []

  beforeAll(async () => {
    const id = await newLead('report@shop.example')
    await visited(id, 'Paid Search', '2025-05-04T10:00:00Z')
    await visited(id, 'Email', '2025-05-05T10:00:00Z')
    await ordered(id, 'R-1', '2025-05-06T10:00:00Z', 90)
    await understood(id)
    const { currency } = (await product.call('GET', '/api/currency-rates')).body
    const items = [
      { spentOn: '2025-05-02', channel: 'Paid Search', currency, amountMinor: 3_000 },
      { spentOn: '2025-05-02', channel: 'Display', currency, amountMinor: 500 },
    ]
    expect((await product.call('PUT', '/api/spend', { items })).status).toBe(200)
  })

  test('puts models side by side, whose columns add up, beside what was spent', async () => {
    const shown = await report('&model=linear')
    expect(shown.cards.find(({ id }) => id === 'value')?.now).toBe(9_000)
    expect(shown.cards.find(({ id }) => id === 'length')?.now).toBe(2)
    const channels = rowsIn(shown, 'channels').map(({ values }) => values)
    expect(channels).toEqual([
      expect.objectContaining({ channel: 'Email', value: 4_500, spend: null }),
      expect.objectContaining({
        channel: 'Paid Search',
        value: 4_500,
        spend: 3_000,
        roas: 1.5,
        roi: 0.5,
        cost: 6_000,
      }),
      expect.objectContaining({ channel: 'Display', value: 0, spend: 500, cost: null }),
    ])
    const sides = rowsIn(shown, 'models')
    for (const model of ['first', 'last', 'linear', 'time_decay', 'u_shaped'])
      expect(sides.reduce((sum, { values }) => sum + Number(values[model]), 0)).toBeCloseTo(1, 12)
  })

  test('leads from a bar to the leads behind it', async () => {
    const [row] = rowsIn(await report('&model=first'), 'channels')
    const asked = new URLSearchParams({
      ...(row?.behind?.value as Record<string, string>),
      from: '2025-05-01',
      to: '2025-05-31',
    })
    const behind = `/api/lead-tracking/analytics/leads?${asked.toString()}`
    await expect
      .poll(async () => (await product.call('GET', behind)).body, { timeout: 15_000 })
      .toMatchObject({ total: 1, items: [{ email: 'report@shop.example' }] })
  })

  test('leads from a journey to the leads that converted along it', async () => {
    const [journey] = rowsIn(await report(), 'paths')
    expect(journey?.values.path).toBe('Paid Search → Email')
    const asked = new URLSearchParams({
      ...(journey?.behind?.conversions as Record<string, string>),
      from: '2025-05-01',
      to: '2025-05-31',
    })
    const { body } = await product.call('GET', `/api/lead-tracking/analytics/leads?${asked.toString()}`)
    expect(body).toMatchObject({ total: 1, items: [{ email: 'report@shop.example' }] })
    const broken = '/api/lead-tracking/analytics/leads?of=journeyed&value=%5B%22order%22%5D'
    expect((await product.call('GET', broken)).body).toMatchObject({ code: 'measure_invalid' })
  })

  test('leads from a bar to the rows of credit behind it, which add up to it, refunds below zero', async () => {
    const id = await newLead('rows@shop.example')
    await visited(id, 'Email', '2025-05-07T10:00:00Z')
    await visited(id, 'Referral', '2025-05-08T10:00:00Z')
    await ordered(id, 'R-2', '2025-05-09T10:00:00Z', 60)
    await did(id, 'order_refunded', '2025-05-10T10:00:00Z', { revenue: 20, metadata: { order_id: 'R-2' } })
    await understood(id)
    const inMay = 'from=2025-05-01&to=2025-05-31'
    const rows = async (more: string) =>
      product.call('GET', `/api/lead-tracking/analytics/credits?${inMay}&${more}`)
    const email = rowsIn(await report('&model=linear'), 'channels').find(
      ({ values }) => values.channel === 'Email',
    )
    expect(email?.behind?.value).toEqual({
      of: 'credited',
      value: JSON.stringify(['order', 'linear', 'channel', 'Email']),
    })
    const { status, body } = await rows('model=linear&name=Email')
    expect(status).toBe(200)
    const { currency } = (await product.call('GET', '/api/currency-rates')).body
    const { value, conversions } = email?.values ?? {}
    // Half of 90.00, half of 60.00, and half of the 20.00 that were given back.
    expect(value).toBe(4_500 + 3_000 - 1_000)
    expect(conversions).toBe(1)
    expect(body).toMatchObject({
      total: 3,
      run: null,
      sums: [{ currency, units: 1_000_000, minor: value }],
      items: [
        {
          kind: 'credit',
          leadId: id,
          leadLabel: 'rows@shop.example',
          touch: 1,
          minor: 3_000,
        },
        { kind: 'refund', touch: 1, channel: 'Email', units: 0, minor: -1_000 },
        { kind: 'credit', touch: 2, units: 500_000, minor: 4_500 },
      ],
      nextCursor: null,
    })
    // A row at a time gives the same rows.
    const one: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Record<string, unknown> = (
        await rows(`model=linear&name=Email&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body
      one.push(...(page.items as unknown[]))
      cursor = page.nextCursor as string | null
    }
    expect(one).toEqual(body.items)
    const { text } = await product.call(
      'GET',
      `/api/lead-tracking/analytics/credits/export?${inMay}&model=linear&name=Email`,
    )
    expect(text.trim().split('\r\n')).toHaveLength(4)
    expect(text).toContain(',refund,Linear,0.000000,-10.00,')
    expect((await rows('model=markov_1')).body).toMatchObject({ code: 'model_not_learned' })
    expect((await rows('cursor=abc')).body).toMatchObject({ code: 'cursor_invalid' })
    expect((await rows('goal=fame')).body).toMatchObject({ code: 'goal_unknown' })
  })

  test('rows of a data-driven model name the run, and those of a conversion add up to it', async () => {
    const { learn } = await import('../src/projections/attribution/learned.ts')
    const { insertRun } = await import('../src/projections/attribution/store/runs.ts')
    const path = (channels: string[], conversions: number, nulls: number) => ({
      path: channels,
      conversions,
      valueMinor: conversions * 100,
      nulls,
    })
    const found = learn([
      path(['Email', 'Referral'], 20, 10),
      path(['Email'], 5, 40),
      path(['Paid Search', 'Email'], 9, 30),
      path(['Referral'], 9, 10),
    ])
    const runId = '0198a000-0000-7000-8000-000000000001'
    const learnedAt = new Date()
    await insertRun(product.services.db, product.workspaceId, {
      id: runId,
      goal: 'order',
      version: 0,
      learnedAt,
      startsAt: new Date(0),
      found,
    })
    for (const model of ['markov_1', 'shapley'] as const) {
      const { status, body } = await product.call(
        'GET',
        `/api/lead-tracking/analytics/credits?from=2025-05-01&to=2025-05-31&model=${model}`,
      )
      expect(status).toBe(200)
      expect(body).toMatchObject({
        model,
        sums: null,
        run: { runId, learnedAt: learnedAt.toISOString() },
      })
      const items = body.items as { kind: string; minor: number; units: number; conversionId: string }[]
      const sums = new Map<string, [minor: number, units: number]>()
      for (const { kind, minor, units, conversionId } of items) {
        const [a, b] = sums.get(conversionId) ?? [0, 0]
        sums.set(conversionId, [a + minor, b + units])
        expect(kind === 'refund' ? minor < 0 : minor >= 0).toBe(true)
      }
      expect([...sums.values()].sort()).toEqual([
        [4_000, 1_000_000],
        [9_000, 1_000_000],
      ])
    }
  })

  test('is CSV where that is asked for, and refuses a conversion that is not counted', async () => {
    const csv = await product.call(
      'GET',
      '/api/lead-tracking/analytics/attribution?from=2025-05-01&to=2025-05-31&model=linear&format=csv&table=models',
    )
    expect(csv.text).toContain('Email')
    const odd = await product.call('GET', '/api/lead-tracking/analytics/attribution?goal=fame')
    expect(odd).toMatchObject({ status: 400, body: { code: 'goal_unknown' } })
  })
})

test('an erased lead leaves no credit', async () => {
  const id = await newLead('gone@shop.example')
  await visited(id, 'Email', '2026-03-01T10:00:00Z')
  await ordered(id, 'E-1', '2026-03-05T10:00:00Z', 50)
  await understood(id)
  expect(await rowsOf(id)).toBeGreaterThan(0)
  expect(
    (await product.call('POST', `/api/leads/${id}/erase`, { confirm: 'gone@shop.example' })).status,
  ).toBeLessThan(300)
  await expect.poll(() => rowsOf(id), { timeout: 15_000 }).toBe(0)
})

test('nothing of this was logged as an error', () => {
  expect(product.errors).toEqual([])
})
