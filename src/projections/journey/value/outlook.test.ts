// What a shop's orders come to: merged days, refunds, currencies, the guard against runaway fits, and value by period.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dice } from '../../../../test/dice.ts'
import { betaGeometricModel } from './beta-geometric.ts'
import { medianGapDays, orderDaysOf, ordersBetween, standingOn } from './buyers.ts'
import type { OrderDay, PlacedOrder } from './buyers.ts'
import { nbdModel } from './nbd.ts'
import {
  defaultOutlookSettings,
  discountedOrders,
  isDegenerate,
  learnOutlook,
  nextOrderInDays,
  valueOf,
} from './outlook.ts'
import { learnSpend, spendOf } from './spend.ts'
import { paretoModel } from './pareto.ts'

function order(given: Partial<PlacedOrder>): PlacedOrder {
  return { buyerId: 'ann', day: 0, amountMinor: 1000, refundedMinor: 0, currency: 'EUR', ...given }
}

function daysOf(orders: PlacedOrder[]): readonly OrderDay[] {
  return orderDaysOf(orders, 'EUR').get('ann') ?? []
}

/** A shop of people who buy at a rate of their own and leave after an order, on average with the given chance. */
function shopOf(buyers: number, days: number, leaveChance: number, seed: number): PlacedOrder[] {
  const next = dice(seed)
  const orders: PlacedOrder[] = []
  for (let buyer = 0; buyer < buyers; buyer++) {
    const gap = 60 / -Math.log(next() * next())
    const usual = 1000 + 4000 * next()
    const leave = leaveChance < 1 ? 2 * leaveChance * next() : 1
    for (let day = Math.floor(next() * days * 0.5); day <= days;) {
      orders.push(order({ buyerId: `b${buyer}`, day, amountMinor: Math.round(usual * (0.5 + next())) }))
      if (next() < leave) break
      day += Math.max(1, Math.round(-gap * Math.log(next())))
    }
  }
  return orders
}

describe('order days', () => {
  it('several orders on one day are one, and what was given back is not counted', () => {
    // Day 0: 10.00 and 5.00, of which 2.00 came back. Day 7: 20.00. Day 30: 8.00, given back in full.
    const days = daysOf([
      order({ day: 7, amountMinor: 2000 }),
      order({ day: 0, amountMinor: 1000 }),
      order({ day: 0, amountMinor: 500, refundedMinor: 200 }),
      order({ day: 30, amountMinor: 800, refundedMinor: 800 }),
    ])
    expect(days).toEqual([
      { day: 0, netMinor: 1300 },
      { day: 7, netMinor: 2000 },
    ])
    expect(standingOn(days, 70)).toEqual({
      repeats: 1,
      recencyWeeks: 1,
      ageWeeks: 10,
      spend: { repeats: 1, meanMinor: 2000 },
      spentMinor: 3300,
      firstDay: 0,
      lastDay: 7,
    })
  })

  it('an order in another currency is an order, and its amount is added to nothing', () => {
    const days = daysOf([order({ day: 0 }), order({ day: 14, amountMinor: 9900, currency: 'SEK' })])
    expect(standingOn(days, 14)).toMatchObject({
      repeats: 1,
      spend: { repeats: 0, meanMinor: 0 },
      spentMinor: 1000,
    })
  })

  it('a person stands on a day as what came later were not known, and before the first order nowhere', () => {
    const days = daysOf([order({ day: 10 }), order({ day: 20 }), order({ day: 30 })])
    expect(standingOn(days, 9)).toBeNull()
    expect(standingOn(days, 25)).toMatchObject({ repeats: 1, lastDay: 20 })
    expect(ordersBetween(days, 10, 30)).toBe(2)
  })

  it('the usual gap is the median over all neighbouring days of all buyers', () => {
    // Gaps 10, 20 and 90.
    const buyers = orderDaysOf(
      [0, 10, 30].map((day) => order({ day })).concat([0, 90].map((day) => order({ buyerId: 'bob', day }))),
      'EUR',
    )
    expect(medianGapDays(buyers, 100)).toBe(20)
    expect(medianGapDays(buyers, 5)).toBeNull()
  })

  it('does not depend on the order of the rows', () => {
    const orders = shopOf(50, 300, 0.2, 5)
    const turned = orders.toReversed()
    const one = [...orderDaysOf(orders, 'EUR')].sort()
    expect([...orderDaysOf(turned, 'EUR')].sort()).toEqual(one)
  })
})

describe('the outlook', () => {
  it('tells buyers whose amounts are in another currency apart from those that count', () => {
    const orders = shopOf(20, 400, 0.2, 1)
    const some = orders.filter(({ buyerId }) => buyerId === orders[0]?.buyerId)
    const foreign = orders.map((order) => (some.includes(order) ? { ...order, currency: 'USD' } : order))
    const { sentence, shop } = learnOutlook(orderDaysOf(foreign, 'EUR'), 400)
    expect(shop).toMatchObject({ buyers: 20, payingBuyers: 19 })
    expect(sentence).toContain(
      '20 people have bought, 19 of them for an amount in the workspace’s own currency; lifetime value and churn risk are told from 500 such buyers on',
    )
  })

  it('says in a sentence that there are too few buyers, and gives history and averages', () => {
    const buyers = orderDaysOf(shopOf(499, 400, 0.2, 1), 'EUR')
    const outlook = learnOutlook(buyers, 400)
    expect(outlook.verdict).toBe('too_little_data')
    expect(outlook.sentence).toContain(
      '499 people have bought; lifetime value and churn risk are told from 500 buyers on',
    )
    expect(outlook.shop.meanOrderMinor).toBeGreaterThan(0)
    const standing = standingOn([...buyers.values()][0] ?? [], 400)
    expect(standing && valueOf(outlook, standing)).toEqual({
      historicMinor: standing?.spentMinor,
      predicted: null,
    })
  })

  it('says in a sentence that the history is too short', () => {
    const outlook = learnOutlook(orderDaysOf(shopOf(600, 179, 0.2, 1), 'EUR'), 179)
    expect(outlook).toMatchObject({ verdict: 'too_little_data', buying: null })
    expect(outlook.sentence).toContain('reach back 179 days')
  })

  it('says in a sentence that nobody came back', () => {
    const outlook = learnOutlook(orderDaysOf(shopOf(600, 300, 1, 1), 'EUR'), 300)
    expect(outlook.verdict).toBe('too_little_data')
    expect(outlook.sentence).toContain('second day')
  })

  it('buyers without an order of any worth do not count towards the fewest', () => {
    const free = shopOf(600, 400, 0.2, 1).map((one) => ({ ...one, amountMinor: 0 }))
    expect(learnOutlook(orderDaysOf(free, 'EUR'), 400).verdict).toBe('too_little_data')
  })

  it('finds the rate at which people of a made-up shop leave, and warns of a history under two years', () => {
    const buyers = orderDaysOf(shopOf(3000, 500, 0.3, 2), 'EUR')
    const outlook = learnOutlook(buyers, 500)
    expect(outlook.verdict).toBe('fits')
    const { a = 0, b = 1 } = outlook.buying?.used.model.parameters ?? {}
    expect(a / (a + b)).toBeCloseTo(0.3, 1)
    expect(outlook.warnings.join()).toContain('season')
  })

  it('takes everybody for a customer where nobody leaves, and foretells no further than the history', () => {
    const buyers = orderDaysOf(shopOf(2000, 300, 0, 3), 'EUR')
    const outlook = learnOutlook(buyers, 300)
    expect(outlook.verdict).toBe('no_dropout_detectable')
    expect(outlook.buying?.used.model.name).toBe('nbd')
    expect(outlook.buying?.rejected?.model.name).toBe('mbg_nbd')
    expect(outlook.settings.horizonDays).toBe(300)
    expect(outlook.sentence).toContain('No dropout')
  })

  it('a parameter beyond ten thousand, or a share of leavers below one in a thousand, is a fit that ran away', () => {
    const usual = { r: 0.5, alpha: 6, a: 0.9, b: 1.6 }
    expect(isDegenerate(betaGeometricModel('mbg_nbd', usual))).toBe(false)
    expect(isDegenerate(betaGeometricModel('mbg_nbd', { ...usual, a: 0.0015 }))).toBe(true)
    expect(isDegenerate(betaGeometricModel('mbg_nbd', { ...usual, a: 9000, b: 10001 }))).toBe(true)
    expect(isDegenerate(betaGeometricModel('mbg_nbd', { ...usual, alpha: 1e5 }))).toBe(true)
    expect(isDegenerate(paretoModel({ r: 0.5, alpha: 10, s: 0.6, beta: 2e4 }))).toBe(true)
  })
})

describe('value', () => {
  const model = nbdModel({ r: 1, alpha: 10 })
  const standing = {
    repeats: 1,
    recencyWeeks: 5,
    ageWeeks: 10,
    spend: { repeats: 1, meanMinor: 500 },
    spentMinor: 900,
    firstDay: 0,
    lastDay: 35,
  }

  it('is the orders of each month, worth less the later they come', () => {
    // Rate (1 + 1) / (10 + 10) = 0.1 a week: 365 days bring 5.2142857, a twelfth of it each month.
    const flat = discountedOrders(model, standing, { horizonDays: 365, yearlyDiscount: 0 })
    expect(flat).toBeCloseTo(36.5 / 7, 12)
    let worked = 0
    for (let month = 1; month <= 12; month++) worked += 36.5 / 7 / 12 / 1.1 ** (month / 12)
    expect(discountedOrders(model, standing, { horizonDays: 365, yearlyDiscount: 0.1 })).toBeCloseTo(
      worked,
      12,
    )
  })

  it('scales with the margin, and never falls when the horizon grows', () => {
    const buyers = orderDaysOf(shopOf(800, 400, 0.2, 4), 'EUR')
    const whole = learnOutlook(buyers, 400)
    const half = learnOutlook(buyers, 400, { ...defaultOutlookSettings, margin: 0.5 })
    for (const days of [...buyers.values()].slice(0, 50)) {
      const known = standingOn(days, 400)
      if (!known) continue
      const full = valueOf(whole, known).predicted?.valueMinor ?? 0
      expect(Math.abs((valueOf(half, known).predicted?.valueMinor ?? 0) - full / 2)).toBeLessThanOrEqual(1)
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 700 }), (one, other) => {
        const [short, long] = [Math.min(one, other), Math.max(one, other)]
        const at = (horizonDays: number) =>
          discountedOrders(model, standing, { horizonDays, yearlyDiscount: 0 })
        expect(at(long)).toBeGreaterThanOrEqual(at(short))
      }),
    )
  })

  it('the next order is due when it is as likely as not to have come', () => {
    // (20 / (20 + t))^2 = 1/2 at t = 20 (sqrt 2 - 1) = 8.284 weeks = 57.99 days.
    expect(nextOrderInDays(model, standing, 365)).toBe(58)
    expect(nextOrderInDays(model, standing, 57)).toBeNull()
  })

  it('spending that gamma-gamma cannot explain is each buyer’s mean drawn towards the middle', () => {
    // Everybody spends exactly 20.00 or exactly 40.00 whenever they buy, so the spread of one buyer is none: p runs away.
    const standings = Array.from({ length: 400 }, (_, at) => ({
      ...standing,
      repeats: 5,
      spend: { repeats: 5, meanMinor: at % 2 === 0 ? 2000 : 2000 + 1e-3 * at },
    }))
    const spend = learnSpend(standings)
    expect(spend.name).toBe('shrunken_mean')
    // (2 x middle + 5 x 3000) / 7
    const middle = spend.name === 'shrunken_mean' ? spend.middleMinor : 0
    expect(spendOf(spend, { ...standing, spend: { repeats: 5, meanMinor: 3000 } })).toBeCloseTo(
      (2 * middle + 15000) / 7,
      9,
    )
  })
})
