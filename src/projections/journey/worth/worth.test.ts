// A buyer's worth: history without a model, a prediction with ends around its middle, and nothing of who never bought.
import { expect, test } from 'vitest'
import { learnJourney } from '../fitted.ts'
import type { JourneyState } from '../state.ts'
import type { OrderDay } from '../value/buyers.ts'
import { worthOf } from './worth.ts'

const TODAY = 20_500

function journey(orderDays: OrderDay[]): JourneyState {
  return {
    createdDay: orderDays[0]?.day ?? TODAY,
    orderDays,
    activeDays: orderDays.map(({ day }) => day),
    clickDays: [],
    relationship: {
      hasBounced: false,
      hasComplained: false,
      hasUnsubscribed: false,
      refundedShare: 0,
      hasSevereTicket: false,
    },
    milestones: [],
  }
}

const regular = journey([0, 30, 60, 90].map((ago) => ({ day: TODAY - ago, netMinor: 4_000 })).reverse())

/** 700 buyers over 400 days, each with a rhythm of its own; every third went away. */
function learned() {
  const buyers = new Map<string, OrderDay[]>()
  for (let i = 0; i < 700; i++) {
    const gap = 15 + (i % 40) * 3
    const last = i % 3 === 0 ? TODAY - 200 : TODAY - (i % 20)
    const days: OrderDay[] = []
    for (let day = TODAY - 400 + (i % 50); day <= last; day += gap)
      days.push({ day, netMinor: 2_000 + (i % 10) * 500 })
    buyers.set(String(i), days)
  }
  const model = learnJourney(buyers, [], { asOfDay: TODAY, currency: 'EUR', moneyUnit: 100 })
  return { model, fittedAt: new Date('2026-02-01T00:00:00.000Z') }
}

test('without a model there is the history, its rhythm, and the reason why nothing is predicted', () => {
  const worth = worthOf(regular, null, TODAY)
  expect(worth.history).toMatchObject({ valueMinor: 16_000, orderDays: 4, meanOrderMinor: 4_000 })
  expect(worth.cadence).toMatchObject({ medianDays: 30, sinceLastDays: 0, spread: 0 })
  expect(worth.prediction).toBeNull()
  expect(worth.fit).toMatchObject({ learnedAt: null, model: null })
  expect(worth.fit.sentence).toMatch(/learned/)
})

test('with a model there is a prediction between two ends, and the fit that it rests on', () => {
  const { prediction, fit, rfm } = worthOf(regular, learned(), TODAY)
  expect(fit).toMatchObject({ buyers: 700 })
  expect(fit.model).not.toBeNull()
  expect(rfm?.segment).toBeTruthy()
  const { expectedOrders, ordersBetween, valueMinor, valueBetween, nextOrderOn, nextOrderBetween } =
    prediction!
  expect(ordersBetween!.low).toBeLessThanOrEqual(expectedOrders)
  expect(ordersBetween!.high).toBeGreaterThanOrEqual(expectedOrders)
  expect(valueBetween!.low).toBeLessThanOrEqual(valueMinor)
  expect(valueBetween!.high).toBeGreaterThanOrEqual(valueMinor)
  expect(nextOrderBetween.low! <= nextOrderOn!).toBe(true)
  if (nextOrderBetween.high) expect(nextOrderBetween.high >= nextOrderOn!).toBe(true)
})

test('of who never bought nothing is said but the fit', () => {
  expect(worthOf(journey([]), learned(), TODAY)).toMatchObject({
    history: { valueMinor: null, orderDays: 0, days: [] },
    cadence: null,
    rfm: null,
    prediction: null,
    churn: null,
  })
  expect(worthOf(null, null, TODAY)).toMatchObject({ history: { orderDays: 0 }, prediction: null })
})
