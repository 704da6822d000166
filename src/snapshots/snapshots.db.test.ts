// Days of scores and health in the whole product: counted as they stand, worked out anew as they were, and shown by the tabs.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { serve } from '../../test/deployment.ts'
import type { Served } from '../../test/deployment.ts'
import { newId } from '../lib/ids.ts'
import { ask } from '../platform/clickhouse.ts'
import { firstRow, rows, sql } from '../platform/postgres.ts'
import { workingOut } from '../past-days.ts'
import { reportSchema } from '../reports/analytics/contract.ts'
import type { Report } from '../reports/analytics/contract.ts'
import { countDayOf, recomputeDays } from './index.ts'

const DAY_MS = 86_400_000
// At noon of the day where the workspace is: near midnight a day is another one where the clocks changed since.
const TODAY = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' })
const daysAgo = (days: number) => new Date(Date.parse(`${TODAY}T11:00:00Z`) - days * DAY_MS).toISOString()

let served: Served
let workspaceId: string

beforeAll(async () => {
  served = await serve()
  await did('ada@engines.example', 'CEO', [
    [40, 'Demo Requested'],
    [3, 'Meeting Booked'],
  ])
  await did('ben@engines.example', 'Manager', [[20, 'Form Submitted']])
  await served.settled()
  await vi.waitFor(
    async () =>
      expect(await rows(served.services.db, sql`select 1 from lead_facts_owed limit 1`)).toEqual([]),
    { timeout: 20_000 },
  )
  const found = await firstRow<{ id: string }>(
    served.services.db,
    sql`select workspace_id as id from leads limit 1`,
  )
  workspaceId = found!.id
}, 60_000)
afterAll(() => served.stop())

async function did(email: string, title: string, deeds: [days: number, event: string][]): Promise<void> {
  const [first = 0] = deeds.map(([days]) => days)
  const base = { userId: email, sentAt: new Date().toISOString() }
  await served.post('/v1/identify', { ...base, timestamp: daysAgo(first), traits: { email, title } })
  for (const [days, event] of deeds)
    await served.post('/v1/track', { ...base, event, timestamp: daysAgo(days), messageId: newId() })
}

async function tab(name: string, query = ''): Promise<Report> {
  const reply = await served.call('GET', `/api/lead-tracking/analytics/${name}?range=90${query}`)
  expect(reply.status, reply.text).toBe(200)
  return reportSchema.parse(reply.body)
}

function rowsOf(report: Report, table: string): Record<string, unknown>[] {
  const found = report.tables.find(({ id }) => id === table)
  return found?.rows.map(({ values }) => values) ?? []
}

test('a day is counted as leads stand, once however often it is asked for', async () => {
  const { services } = served
  expect(await countDayOf(services, workspaceId)).toBe(true)
  expect(await countDayOf(services, workspaceId)).toBe(false)
  // But for one whose leads were learned anew.
  expect(await countDayOf(services, workspaceId, true)).toBe(true)
  const quality = await tab('lead-quality')
  const today = rowsOf(quality, 'trend').at(-1)!
  const average = quality.cards.find(({ id }) => id === 'average')!.now!
  // A few seconds of silence lie between.
  expect(today.average).toBeCloseTo(average, 2)
  expect(today).toMatchObject({ rules: 0 })
  expect(rowsOf(quality, 'trend').at(-2)).toMatchObject({ average: null, rules: null })
  const grades = rowsOf(quality, 'gradeDays').at(-1)!
  for (const { grade, leads } of rowsOf(quality, 'grades') as { grade: string; leads: number }[]) {
    const column = grade === 'A+' ? 'grade_a_plus' : `grade_${grade.toLowerCase()}`
    expect(grades[column]).toBe(leads)
  }
})

test('the past is worked out from what had happened by then, with nobody who was not there', async () => {
  const { services } = served
  await recomputeDays(
    services,
    workspaceId,
    workingOut(services, () => Promise.resolve()),
  )
  const trend = rowsOf(await tab('lead-quality'), 'trend')
  const past = (back: number) => trend.at(-1 - back)!.averageRecomputed as number | null
  expect(past(45)).toBeNull()
  const [ada] = await lineOf('ada')
  // Within the day it has fallen by a twentieth at most, and then goes on falling with silence.
  expect(past(40)).toBeLessThanOrEqual(ada!.total)
  expect(past(40)).toBeGreaterThan(ada!.total * 0.95)
  expect(past(30)).toBeLessThan(past(40)!)
  // From here on there are two, and the second is worth less.
  expect(past(19)).toBeLessThan(past(21)!)
  expect(past(2)).toBeGreaterThan(past(4)!)
  const counted = await ask<{ n: number }>(
    services.clickhouse,
    `select count(distinct version) as n from score_days where kind = 'recomputed'`,
  )
  await recomputeDays(
    services,
    workspaceId,
    workingOut(services, () => Promise.resolve()),
  )
  expect(
    await ask(
      services.clickhouse,
      `select count(distinct version) as n from score_days where kind = 'recomputed'`,
    ),
  ).toEqual(counted)
})

interface Point {
  at: string
  total: number
}

async function lineOf(name: string): Promise<Point[]> {
  const found = await firstRow<{ id: string }>(
    served.services.db,
    sql`select id from leads where email = ${`${name}@engines.example`}`,
  )
  const reply = await served.call('GET', `/api/lead-tracking/scoring/${found!.id}/history`)
  return reply.body.recomputed as Point[]
}

test('health has its days too, filters by source hold, and conditions that no count has say what to do', async () => {
  const health = await tab('journey-health')
  expect(rowsOf(health, 'healthDays')).toHaveLength(90)
  const [source] = await rows<{ source: string }>(
    served.services.db,
    sql`select source from leads where workspace_id = ${workspaceId} limit 1`,
  )
  const own = rowsOf(await tab('lead-quality', `&source=${source!.source}`), 'gradeDays').at(-1)!
  expect(Number(own.hot) + Number(own.warm) + Number(own.cold)).toBe(2)
  const none = rowsOf(await tab('lead-quality', '&source=nowhere'), 'trend').at(-1)!
  expect(none.average).toBeNull()
  const filter = encodeURIComponent(JSON.stringify({ fact: 'jobTitle', op: 'is', value: 'CEO' }))
  const filtered = await tab('lead-quality', `&filter=${filter}`)
  expect(filtered.tables.map(({ id }) => id)).not.toContain('trend')
  expect(filtered.notes.join(' ')).toContain('save these conditions as a segment')
})
