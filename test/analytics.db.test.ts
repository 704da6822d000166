// The tabs over the whole product: what is tracked is counted once, under the right lead, by everybody's sums and by the leads' own.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ask, insertRows } from '../src/platform/clickhouse.ts'
import { rows, run, sql } from '../src/platform/postgres.ts'
import { newId } from '../src/lib/ids.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let served: Served

beforeAll(async () => {
  served = await serve()
  await run(served.services.db, sql`update workspaces set time_zone = 'America/New_York'`)
  const at = (day: string, time: string) => `${day}T${time}.000Z`
  const page = (anonymousId: string, timestamp: string, more: object = {}) =>
    served.post('/v1/page', {
      anonymousId,
      timestamp,
      sentAt: timestamp,
      properties: { url: 'https://shop.example/' },
      ...more,
    })
  // 23:30 of the 9th in New York is the 10th in UTC; by then the clocks had changed on the 8th.
  for (const [who, when] of [
    ['ann', at('2026-03-10', '03:30:00')],
    ['ann', at('2026-03-10', '04:30:00')],
    ['bob', at('2026-03-08', '04:59:00')],
    ['bob', at('2026-03-08', '05:01:00')],
    ['cat', at('2026-03-12', '12:00:00')],
  ] as const)
    await page(who, when, { timestamp: when, sentAt: new Date().toISOString() })
  await served.post('/v1/identify', {
    anonymousId: 'ann',
    userId: 'ann',
    traits: { email: 'ann@shop.example' },
  })
  await served.post('/v1/track', {
    userId: 'ann',
    event: 'Order Completed',
    timestamp: at('2026-03-10', '03:45:00'),
    sentAt: new Date().toISOString(),
    properties: { order_id: 'o-1', total: 25, currency: 'EUR' },
  })
  await told()
})
afterAll(() => served.stop())

/** Until everything is in the log and in the copy of the leads. */
async function told(): Promise<void> {
  await served.settled()
  await vi.waitFor(
    async () => expect(await rows(served.services.db, sql`select 1 from lead_facts_owed`)).toEqual([]),
    { timeout: 20_000, interval: 100 },
  )
}

interface Shown {
  cards: { id: string; now: number | null }[]
  tables: { id: string; rows: { values: Record<string, unknown> }[] }[]
}

async function report(tab: string, query: Record<string, string>): Promise<Shown> {
  const reply = await served.call(
    'GET',
    `/api/lead-tracking/analytics/${tab}?${new URLSearchParams({ from: '2026-03-01', to: '2026-03-31', ...query })}`,
  )
  expect(reply.status, reply.text).toBe(200)
  return JSON.parse(reply.text) as Shown
}

const FITS_ALL = { filter: JSON.stringify({ not: { fact: 'country', op: 'is', value: 'ZZ' } }) }
const byDay = ({ tables }: Shown, column: string) =>
  Object.fromEntries(
    tables
      .find(({ id }) => id === 'timeline')!
      .rows.filter(({ values }) => values[column] !== 0)
      .map(({ values }) => [values.on, values[column]]),
  )

test('a day is the workspace’s day, the change of the clocks included, for everybody and for those who fit a filter', async () => {
  const expected = { '2026-03-07': 1, '2026-03-08': 1, '2026-03-09': 2, '2026-03-10': 1, '2026-03-12': 1 }
  for (const filter of [{}, FITS_ALL])
    expect(byDay(await report('engagement', filter), 'acts')).toEqual(expected)
  for (const filter of [{}, FITS_ALL])
    expect(byDay(await report('overview', filter), 'orders')).toEqual({ '2026-03-09': 1 })
})

test('summaries by day, week and month add up by type, channel and source, across the change of the clocks', async () => {
  for (const filter of [{}, FITS_ALL]) {
    const summary = async (by: string) => {
      const { tables } = await report('summary', { ...filter, by })
      return Object.fromEntries(tables.map(({ id, rows: found }) => [id, found.map(({ values }) => values)]))
    }
    const byDay = await summary('day')
    expect(byDay.by_type).toEqual([
      expect.objectContaining({
        on: '2026-03-07',
        type: 'Viewed a page',
        acts: 1,
        orders: 0,
        revenue_EUR: 0,
      }),
      expect.objectContaining({ on: '2026-03-08', type: 'Viewed a page', acts: 1 }),
      expect.objectContaining({
        on: '2026-03-09',
        type: 'Placed an order',
        acts: 1,
        orders: 1,
        revenue_EUR: 2_500,
      }),
      expect.objectContaining({ on: '2026-03-09', type: 'Viewed a page', acts: 1 }),
      expect.objectContaining({ on: '2026-03-10', type: 'Viewed a page', acts: 1 }),
      expect.objectContaining({ on: '2026-03-12', type: 'Viewed a page', acts: 1 }),
    ])
    // The week of 2 to 8 March has an hour less in New York.
    const byWeek = await summary('week')
    expect(byWeek.by_source?.map(({ on, acts, orders }) => [on, acts, orders])).toEqual([
      ['2026-03-02', 2, 0],
      ['2026-03-09', 4, 1],
    ])
    const byMonth = await summary('month')
    expect(byMonth.by_channel).toEqual([
      expect.objectContaining({
        on: '2026-03-01',
        channel: '',
        visits: 0,
        orders: 1,
        revenue_EUR: 2_500,
      }),
    ])
  }
  const { text } = await served.call(
    'GET',
    '/api/lead-tracking/analytics/summary?from=2026-03-01&to=2026-03-31&by=month&format=csv&table=by_channel',
  )
  expect(text).toContain('2026-03-01,,0,1,')
})

test('a change of the zone moves days for everybody and for those who fit a filter', async () => {
  const moveTo = async (zone: string) => {
    const reply = await served.call('PATCH', `/api/workspaces/${served.workspaceId}`, { timeZone: zone })
    expect(reply.status, reply.text).toBe(200)
    await told()
  }
  await moveTo('UTC')
  for (const filter of [{}, FITS_ALL])
    expect(byDay(await report('engagement', filter), 'acts')).toEqual({
      '2026-03-08': 2,
      '2026-03-10': 3,
      '2026-03-12': 1,
    })
  await moveTo('America/New_York')
})

test('a merge makes one person of two, and undoing it two again', async () => {
  const active = async () => (await report('overview', {})).cards.find(({ id }) => id === 'activeLeads')!.now
  expect(await active()).toBe(3)
  const found = await rows<{ id: string; email: string | null }>(
    served.services.db,
    sql`select id, email from leads where status = 'active' order by email nulls last, id`,
  )
  const merged = await served.call('POST', '/api/leads/merge', {
    winnerId: found[0]!.id,
    loserId: found[1]!.id,
  })
  expect(merged.status, merged.text).toBe(200)
  await told()
  expect(await active()).toBe(2)
  const { mergedLeads } = (await served.call('GET', `/api/leads/${found[0]!.id}`)).body as {
    mergedLeads: { mergeId: string }[]
  }
  const undone = await served.call('POST', '/api/leads/unmerge', { mergeId: mergedLeads[0]!.mergeId })
  expect(undone.status, undone.text).toBeLessThan(300)
  await told()
  expect(await active()).toBe(3)
})

test('who is in the bin is out of every sum, and back in it when restored', async () => {
  const counted = async () => {
    const shown: Record<string, unknown>[] = []
    for (const filter of [{}, FITS_ALL]) {
      const { cards, tables } = await report('engagement', filter)
      const overview = await report('overview', filter)
      shown.push({
        acts: cards.find(({ id }) => id === 'acts')!.now,
        visits: cards.find(({ id }) => id === 'visits')!.now,
        orders: overview.cards.find(({ id }) => id === 'orders')!.now,
        days: byDay({ cards, tables }, 'acts'),
        types: tables.find(({ id }) => id === 'types')!.rows.map(({ values }) => [values.type, values.acts]),
      })
    }
    expect(shown[0]).toEqual(shown[1])
    return shown[0]!
  }
  const before = await counted()
  expect(before).toMatchObject({ acts: 6, orders: 1 })
  const [ann] = await rows<{ id: string }>(
    served.services.db,
    sql`select lead_id as id from identifiers where value = 'ann@shop.example' limit 1`,
  )
  expect((await served.call('DELETE', `/api/leads/${ann!.id}`)).status).toBeLessThan(300)
  await told()
  expect(await counted()).toMatchObject({
    acts: 3,
    orders: 0,
    days: { '2026-03-07': 1, '2026-03-08': 1, '2026-03-12': 1 },
  })
  expect((await served.call('POST', `/api/leads/${ann!.id}/restore`)).status).toBeLessThan(300)
  await told()
  expect(await counted()).toEqual(before)
})

test('who is erased is out of every sum', async () => {
  const total = async (filter: Record<string, string>) =>
    (await report('engagement', filter)).cards.find(({ id }) => id === 'acts')!.now
  const [lead] = await rows<{ id: string }>(
    served.services.db,
    sql`select lead_id as id from identifiers where value = 'cat' limit 1`,
  )
  expect((await served.call('POST', `/api/leads/${lead!.id}/erase`)).status).toBe(200)
  await vi.waitFor(
    async () =>
      expect(
        await rows(served.services.db, sql`select 1 from erasures where log_cleared_at is null`),
      ).toEqual([]),
    { timeout: 20_000, interval: 100 },
  )
  await told()
  expect([await total({}), await total(FITS_ALL)]).toEqual([5, 5])
})

test('a table is CSV where that is asked for, by the query or by the header', async () => {
  const path = '/api/lead-tracking/analytics/overview?from=2026-03-09&to=2026-03-09'
  const [byQuery, byHeader] = await Promise.all([
    served.call('GET', `${path}&format=csv&table=timeline`),
    served.call('GET', path, undefined, { accept: 'text/csv' }),
  ])
  expect(byQuery.headers['content-type']).toContain('text/csv')
  expect(byQuery.text.split('\r\n')[1]).toMatch(/^2026-03-09,\d+,/)
  expect(byHeader.text).toBe(byQuery.text)
})

test('a batch that is sent twice counts once in the half hours', async () => {
  const { clickhouse } = served.services
  const columns = [
    'workspace_id',
    'lead_id',
    'event_id',
    'batch_id',
    'occurred_at',
    'name',
    'category',
    'session_start',
    'channel',
  ]
  const id = newId()
  const line = JSON.stringify([
    id,
    newId(),
    newId(),
    newId(),
    '2026-03-01 10:10:00.000',
    'page_viewed',
    'page',
    1,
    'Email',
  ])
  for (let time = 0; time < 2; time++)
    await insertRows(clickhouse, 'events', columns, Buffer.from(line), 'once')
  const [acts] = await ask<{ n: number; half: string }>(
    clickhouse,
    'select sum(events) as n, toString(min(half)) as half from act_halves where workspace_id = {w:UUID}',
    { w: id },
  )
  const [visits] = await ask<{ n: number }>(
    clickhouse,
    'select sum(sessions) as n from visit_halves where workspace_id = {w:UUID}',
    { w: id },
  )
  expect([acts, visits]).toEqual([{ n: 1, half: '2026-03-01 10:00:00' }, { n: 1 }])
})
