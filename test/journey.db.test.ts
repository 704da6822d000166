// Journeys in the product: what is read of a lead, from nothing learned at all to a shop's worth of buyers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../src/lib/ids.ts'
import { standingOnDays } from '../src/past-days.ts'
import { fitJourneys, judgeHealthOf } from '../src/projections/journey/index.ts'
import type { JourneyStatistics } from '../src/projections/journey/contract.ts'
import { understandNow } from '../src/understand.ts'
import { serve } from './deployment.ts'
import type { Served } from './deployment.ts'

let product: Served
beforeAll(async () => {
  product = await serve()
})
afterAll(() => product.stop())

const DAY_MS = 86_400_000
const path = (id: string, more = '') => `/api/lead-tracking/journey/${id}${more}`
const statistics = async (id: string) =>
  (await product.call('GET', path(id, '/statistics'))).body as JourneyStatistics
// From noon on: days between instants near midnight are one less where the clocks change between them.
const NOON = (Math.floor(Date.now() / DAY_MS) - 0.5) * DAY_MS
const daysAgo = (days: number) => new Date(NOON - days * DAY_MS).toISOString()

async function newLead(email: string): Promise<string> {
  return String((await product.call('POST', '/api/leads', { email })).body.id)
}
async function did(id: string, eventName: string, occurredAt: string, more = {}): Promise<void> {
  const told = { eventName, occurredAt, ...more }
  expect((await product.call('POST', `/api/lead-tracking/engagement/${id}`, told)).status).toBe(202)
}
async function understood(id: string): Promise<void> {
  await product.settled()
  expect(await understandNow(product.services, product.workspaceId, [id])).toBe(true)
}

describe('a lead in a workspace that has little data', () => {
  let id: string
  beforeAll(async () => {
    id = await newLead('way@shop.example')
    await did(id, 'page_viewed', daysAgo(200))
    await did(id, 'demo_requested', daysAgo(100))
    await did(id, 'order_completed', daysAgo(10), {
      revenue: 50,
      metadata: { order_id: 'O-1', tax: 8, shipping: 2, total: 60 },
    })
    await understood(id)
  })

  test('has milestones with the event or order behind each', async () => {
    const { body } = await product.call('GET', path(id))
    const milestones = body.milestones as {
      kind: string
      label: string
      eventId: unknown
      orderId: unknown
    }[]
    expect(milestones.map(({ label }) => label)).toEqual([
      'First seen',
      'Came back after 100 days',
      'First: requested a demo',
      'Came back after 90 days',
      'First order',
    ])
    expect(milestones.at(-1)).toMatchObject({ kind: 'order_1', eventId: null })
    expect(milestones.at(-1)!.orderId).not.toBeNull()
    expect(body).toMatchObject({ stage: 'customer', activeDays: 3 })
    expect(body.weeks).not.toHaveLength(0)
  })

  test('has the value of what it bought without tax and shipping, and a sentence instead of a prediction', async () => {
    await fitJourneys(product.services, product.workspaceId)
    const read = await statistics(id)
    expect(read.value).toMatchObject({ historicMinor: 5_000, orders: 1, predicted: null })
    expect(read.value.sentence).toContain(
      'One person has bought; lifetime value and churn risk are told from 500 buyers on',
    )
    expect(read).toMatchObject({ churn: null, disengagement: null })
    expect(read.riskSentence).toContain('500 buyers')
    expect(read.trend).toMatchObject({ trend: 'insufficient' })
  })

  test('has a health of what is known, with how much that is', async () => {
    const { health } = await statistics(id)
    const known = health.components.filter(({ value }) => value !== null)
    expect(health.coverage).toBeCloseTo(known.reduce((sum, { weight }) => sum + weight, 0))
    expect(health.components.find(({ name }) => name === 'retention')?.value).toBeNull()
    expect(health.score === null).toBe(health.coverage < 0.5)
  })

  test('is found by its trend, and what was learned is told', async () => {
    const filter = encodeURIComponent(JSON.stringify({ fact: 'trend', op: 'is', value: 'insufficient' }))
    await expect
      .poll(async () => (await product.call('GET', `/api/leads?filter=${filter}`)).body.total, {
        timeout: 15_000,
      })
      .toBe(1)
    const { body } = await product.call('GET', '/api/lead-tracking/journey-model')
    expect(body.model).toMatchObject({ value: { verdict: 'too_little_data', buyers: 1, name: null } })
  })
})

describe('a workspace with a shop’s worth of buyers', () => {
  let loyal: string
  let lapsed: string
  beforeAll(async () => {
    // A plain shop: everybody orders at a rate of their own, and about half stop at some time.
    let seed = 7
    const draw = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const batch: Record<string, unknown>[] = []
    const order = (userId: string, days: number, revenue: number) =>
      batch.push({
        type: 'track',
        event: 'Order Completed',
        userId,
        timestamp: daysAgo(days),
        properties: { order_id: newId(), revenue },
      })
    for (let buyer = 0; buyer < 620; buyer++) {
      const gap = 20 + draw() * 80
      const usual = 20 + draw() * 60
      let at = 700 * draw() + 20
      while (at > 1) {
        order(`buyer-${buyer}`, at, Math.round((usual + draw() * 20) * 100) / 100)
        if (draw() < 0.25) break
        at -= gap * -Math.log(draw())
      }
    }
    for (const days of [300, 250, 200, 150, 100, 50, 5]) order('loyal', days, 40)
    for (const days of [690, 660]) order('lapsed', days, 40)
    for (let at = 0; at < batch.length; at += 500)
      expect((await product.post('/v1/batch', { batch: batch.slice(at, at + 500) })).status).toBe(200)
    await product.settled()
    const find = async (userId: string) => {
      const { body } = await product.call('POST', '/api/leads', { userId })
      return String(body.id)
    }
    loyal = await find('loyal')
    lapsed = await find('lapsed')
    await fitJourneys(product.services, product.workspaceId)
    await understood(loyal)
    await understood(lapsed)
  }, 120_000)

  test('tells a chance of churn with its horizon, lower for whoever orders all the time', async () => {
    const [good, gone] = [await statistics(loyal), await statistics(lapsed)]
    expect(good.churn!.horizonDays).toBeGreaterThanOrEqual(90)
    expect(good.churn!.risk).toBeLessThan(gone.churn!.risk - 0.2)
    expect(gone.churn!.risk).toBeGreaterThan(0.85)
    expect(gone.churn!.band).toBe('high')
    expect(good.disengagement).toBeNull()
  })

  test('predicts value, orders and the next order, and names the segment', async () => {
    const [good, gone] = [await statistics(loyal), await statistics(lapsed)]
    expect(good.value.historicMinor).toBe(28_000)
    expect(good.value.predicted!.valueMinor).toBeGreaterThan(gone.value.predicted!.valueMinor)
    expect(good.value.predicted!.horizonDays).toBe(365)
    expect(good.value.predicted!.nextOrderOn).not.toBeNull()
    expect(good.rfm!.r).toBe(5)
    expect(gone.rfm!.r).toBeLessThanOrEqual(2)
    expect(good.health.score!).toBeGreaterThan(gone.health.score ?? 0)
  })

  test('finds buyers at risk in its list of leads', async () => {
    const filter = {
      and: [
        { fact: 'churnRisk', op: 'at_least', value: 85 },
        { fact: 'orderCount', op: 'equals', value: 2 },
      ],
    }
    const url = `/api/leads?limit=200&filter=${encodeURIComponent(JSON.stringify(filter))}`
    await expect
      .poll(
        async () => {
          const items = (await product.call('GET', url)).body.items as { id: string }[]
          return items.some(({ id }) => id === lapsed)
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe(true)
  }, 60_000)

  test('holds health against who ordered since, by what was known then, and the tab tells it', async () => {
    const standings = standingOnDays(product.services, () => Promise.resolve())
    const judged = await judgeHealthOf(product.services, product.workspaceId, standings)
    if ('reason' in judged) throw new Error(judged.reason)
    expect(judged.horizonDays).toBeGreaterThanOrEqual(90)
    // Everybody whose first order was before that.
    const { people, tenths, auc } = judged.verdict
    expect(people).toBeGreaterThan(500)
    expect(tenths.reduce((sum, tenth) => sum + tenth.people, 0)).toBe(people)
    expect(auc).toBeGreaterThan(0.6)
    const { body } = await product.call('GET', '/api/lead-tracking/analytics/journey-health?range=30')
    const tables = body.tables as { id: string; rows: unknown[] }[]
    expect(tables.find(({ id }) => id === 'healthVerdict')?.rows.length).toBeGreaterThan(4)
  }, 60_000)

  test('says what was learned, by which model and how far it can be trusted', async () => {
    const { body } = await product.call('GET', '/api/lead-tracking/journey-model')
    const model = body.model as { value: Record<string, unknown>; churn: Record<string, unknown> }
    expect(['fits', 'no_dropout_detectable']).toContain(model.value.verdict)
    expect(model.value.name).not.toBeNull()
    expect(model.churn.method).not.toBeNull()
  })
})

test('how far ahead risk and value look is a setting, and what cannot be is refused with a sentence', async () => {
  const settings = { churnHorizonDays: 120, valueHorizonDays: 180, yearlyDiscount: 0, margin: 0.4 }
  const put = (body: object) => product.call('PUT', '/api/lead-tracking/journey-settings', body)
  expect(await put(settings)).toMatchObject({ status: 200, body: { settings } })
  await fitJourneys(product.services, product.workspaceId)
  expect((await product.call('GET', '/api/lead-tracking/journey-model')).body).toMatchObject({
    settings,
    model: {
      value: {
        horizonDays: 180,
        margin: 0.4,
        yearlyDiscount: 0,
        spend: { name: expect.any(String) as string },
      },
      churn: { horizonDays: 120 },
    },
  })
  for (const wrong of [{ churnHorizonDays: 3 }, { margin: 0 }, { valueHorizonDays: 9_999 }, { horizon: 1 }]) {
    const { status, body } = await put(wrong)
    expect([wrong, status]).toEqual([wrong, 400])
    expect(body.detail).toMatch(/^[A-Z].*\.$/)
  }
})

test('learning can be asked for, by those who may change settings', async () => {
  expect((await product.call('POST', '/api/lead-tracking/journey-model/learn')).status).toBe(202)
})

test('a lead that is not there has no journey', async () => {
  expect((await product.call('GET', path('019a0000-0000-7000-8000-000000000000'))).status).toBe(404)
})

test('nothing of this was logged as an error', () => {
  expect(product.errors).toEqual([])
})
