// Churn and disengagement risk: calibrated, point in time, and never 1 - P(alive).
import { describe, expect, it } from 'vitest'
import { dice } from '../../../../test/dice.ts'
import { referenceTest } from '../../../../test/reference.ts'
import { orderDaysOf } from '../value/buyers.ts'
import type { OrderDays, PlacedOrder } from '../value/buyers.ts'
import { churnRiskOf, learnChurn, riskBandOf, usualHorizonDays } from './churn-risk.ts'
import { corrected, learnCorrection } from './correction.ts'
import { disengagementRiskOf, learnDisengagement } from './disengagement.ts'
import type { Visitor } from './disengagement.ts'
import { featureNames, featuresOn } from './features.ts'
import { judge } from './judge.ts'

/** People who join over the first year and order at a rate of their own until they leave. */
function shopOf(buyers: number, days: number, seed: number): PlacedOrder[] {
  const next = dice(seed)
  const orders: PlacedOrder[] = []
  for (let buyer = 0; buyer < buyers; buyer++) {
    const rate = -Math.log(next()) / 60
    const leave = 0.6 * next()
    for (let day = Math.floor(next() * 365); day <= days;) {
      orders.push({
        buyerId: `b${buyer}`,
        day: Math.floor(day),
        amountMinor: 1000 + Math.floor(next() * 5000),
        refundedMinor: 0,
        currency: 'EUR',
      })
      if (next() < leave) break
      day += 1 - Math.log(next()) / rate
    }
  }
  return orders
}

describe('judging', () => {
  it('counts pairs in the right order, ties half, and the squared distance', () => {
    // Pairs (lost, kept): 0.9 over 0.2 and 0.5, 0.5 over 0.2 and level with 0.5: 3.5 of 4.
    const judged = judge([0.2, 0.5, 0.5, 0.9], [0, 1, 0, 1])
    expect(judged.auc).toBe(0.875)
    expect(judged.brier).toBeCloseTo((0.04 + 0.25 + 0.25 + 0.01) / 4, 12)
    expect(judged.happened).toBe(0.5)
  })

  it('cuts the people into fifths, equal risks together', () => {
    const judged = judge([0.1, 0.1, 0.3, 0.3, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9], [0, 0, 0, 1, 0, 1, 1, 1, 1, 1])
    expect(judged.fifths.map(({ people, happened }) => [people, happened])).toEqual([
      [2, 0],
      [2, 0.5],
      [2, 0.5],
      [2, 1],
      [2, 1],
    ])
    expect(judged.calibrationError).toBeCloseTo((0.1 + 0.2 + 0 + 0.3 + 0.1) / 5, 12)
    expect(judged.worstFifth).toBeCloseTo(0.3, 12)
    expect(judge([0.4, 0.4, 0.4], [0, 1, 1]).fifths).toHaveLength(1)
  })

  it('knows no ranking where it happened to everybody, and throws where nobody is judged', () => {
    expect(judge([0.4, 0.6], [1, 1]).auc).toBeNull()
    expect(() => judge([], [])).toThrow()
  })
})

describe('corrections', () => {
  it('give back the log-odds that outcomes were drawn from', () => {
    const next = dice(3)
    const told: number[] = []
    const features: number[][] = []
    const outcomes: (0 | 1)[] = []
    for (let at = 0; at < 20_000; at++) {
      const feature = next() * 4 - 2
      const base = 0.2 + 0.6 * next()
      const z = Math.log(base / (1 - base)) + 0.5 + 0.8 * feature
      told.push(base)
      features.push([feature])
      outcomes.push(next() < 1 / (1 + Math.exp(-z)) ? 1 : 0)
    }
    const learned = learnCorrection(told, features, outcomes, 1)
    const at = (feature: number) => {
      const chance = corrected(learned, 0.5, [feature])
      return Math.log(chance / (1 - chance))
    }
    expect(at(0)).toBeCloseTo(0.5, 1)
    expect(at(1) - at(0)).toBeCloseTo(0.8, 1)
  })

  it('leave alone what nothing speaks against: a value that never varies bears no weight', () => {
    const learned = learnCorrection([0.5, 0.5, 0.5, 0.5], [[1], [1], [1], [1]], [0, 1, 0, 1], 1)
    expect(corrected(learned, 0.3, [99])).toBeCloseTo(0.3, 6)
  })
})

describe('churn risk', () => {
  const orders = shopOf(3000, 800, 1)
  const buyers = orderDaysOf(orders, 'EUR')

  it('has a horizon of 90 days, or of twice the usual gap where that is longer', () => {
    const of = (gap: number): OrderDays =>
      orderDaysOf(
        [0, gap].map((day) => ({
          buyerId: 'ann',
          day,
          amountMinor: 1,
          refundedMinor: 0,
          currency: 'EUR',
        })),
        'EUR',
      )
    expect(usualHorizonDays(of(20), 100)).toBe(90)
    expect(usualHorizonDays(of(70), 100)).toBe(140)
  })

  it('is calibrated on people whose lives are known: told and come differ by less than 0.03 on average', () => {
    const outlook = learnChurn(buyers, 700, { horizonDays: 90 })
    const risks: number[] = []
    const outcomes: (0 | 1)[] = []
    for (const days of buyers.values()) {
      const risk = churnRiskOf(outlook, days)
      if (risk === null) continue
      risks.push(risk)
      outcomes.push(days.some(({ day }) => day > 700 && day <= 790) ? 0 : 1)
    }
    const judged = judge(risks, outcomes)
    expect(judged.auc).toBeGreaterThan(0.8)
    expect(judged.calibrationError).toBeLessThan(0.03)
    expect(outlook.used?.method).not.toBe('closed_form')
  })

  it('knows nothing that was ordered after its day', () => {
    const before = orderDaysOf(
      orders.filter(({ day }) => day <= 600),
      'EUR',
    )
    const known = learnChurn(buyers, 600, { horizonDays: 90 })
    const alone = learnChurn(before, 600, { horizonDays: 90 })
    expect(JSON.stringify(known)).toBe(JSON.stringify(alone))
    for (const [id, days] of [...buyers].slice(0, 100)) {
      const cut = before.get(id)
      expect(churnRiskOf(known, days)).toBe(cut ? churnRiskOf(alone, cut) : null)
    }
  })

  it('features of a past day are the same before and after later orders came', () => {
    const days = [0, 30, 100, 200].map((day) => ({ day, netMinor: 500 }))
    const then = featuresOn(days.slice(0, 3), 120, 30, [90, 110])
    expect(featuresOn(days, 120, 30, [90, 110, 130])).toEqual(then)
    expect(then).toHaveLength(featureNames.length)
    expect(then[0]).toBeCloseTo(Math.log(21), 12)
  })

  it('says in a sentence that there is too little data, and tells no risk', () => {
    const few = orderDaysOf(shopOf(100, 800, 2), 'EUR')
    const outlook = learnChurn(few, 700)
    expect(outlook.used).toBeNull()
    expect(outlook.sentence).toContain('100 people have bought')
    expect(churnRiskOf(outlook, [...few.values()][0] ?? [])).toBeNull()
  })

  it('has its bands at a third and two thirds', () => {
    expect([0, 0.329, 0.33, 0.66, 0.661, 1].map(riskBandOf)).toEqual([
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
    ])
  })

  referenceTest(
    'on the CDNOW sample 180 days are told with an AUC of 0.785 and a Brier score of 0.133 or better',
    'cdnow/CDNOW_sample.txt',
    (text) => {
      const sample = orderDaysOf(readSample(text), 'USD')
      // 180 days before 1998-06-29, the last but one of the data, is 1997-12-31.
      const outlook = learnChurn(sample, dayOf(1998, 6, 29), { horizonDays: 180 })
      expect(outlook.judged?.asOfDay).toBe(dayOf(1997, 12, 31))
      for (const judged of Object.values(outlook.judged?.by ?? {})) {
        expect(judged.people).toBe(2357)
        expect(judged.auc).toBeGreaterThanOrEqual(0.785)
        expect(judged.brier).toBeLessThanOrEqual(0.133)
        expect(judged.calibrationError).toBeLessThanOrEqual(0.06)
      }
      expect(Object.keys(outlook.judged?.by ?? {})).toEqual(['closed_form', 'recalibrated', 'regression'])
    },
  )
})

describe('disengagement risk', () => {
  // People with a rate of active days of their own, a third of whom stop for good on some day.
  function visitorsOf(count: number, seed: number): Visitor[] {
    const next = dice(seed)
    return Array.from({ length: count }, () => {
      const rate = 0.02 - 0.08 * Math.log(next())
      const from = Math.floor(next() * 390)
      const until = next() < 0.33 ? from + 100 * next() : 500
      const activeDays = [from]
      for (let day = from + 1; day < Math.min(400, until); day++) {
        if (next() < 1 - Math.exp(-rate)) activeDays.push(day)
      }
      return { activeDays, firstOrderDay: null }
    })
  }

  it('is calibrated on people whose habits are known, and holds 30 days later', () => {
    const outlook = learnDisengagement(visitorsOf(6000, 4), 360)
    expect(outlook.judged?.auc).toBeGreaterThan(0.85)
    expect(outlook.judged?.calibrationError).toBeLessThan(0.04)
  })

  it('falls with each active day and grows with silence', () => {
    const outlook = learnDisengagement(visitorsOf(6000, 4), 360)
    const at = (...activeDays: number[]) =>
      disengagementRiskOf(outlook, { activeDays, firstOrderDay: null }) ?? Number.NaN
    expect(at(300, 340, 350, 359)).toBeLessThan(at(300, 359))
    expect(at(300, 359)).toBeLessThan(at(300, 310))
  })

  it('is not told of buyers, of people without an event, nor of too few people', () => {
    const outlook = learnDisengagement(visitorsOf(2000, 5), 360)
    expect(disengagementRiskOf(outlook, { activeDays: [350], firstOrderDay: 350 })).toBeNull()
    expect(disengagementRiskOf(outlook, { activeDays: [], firstOrderDay: null })).toBeNull()
    const few = learnDisengagement(visitorsOf(100, 5), 360)
    expect(few.sentence).toContain('500 people')
    expect(disengagementRiskOf(few, { activeDays: [350], firstOrderDay: null })).toBeNull()
  })
})

function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000
}

function readSample(text: string): PlacedOrder[] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => {
      const [, buyerId = '', date = '', , amount = ''] = line.trim().split(/\s+/)
      const day = dayOf(Number(date.slice(0, 4)), Number(date.slice(4, 6)), Number(date.slice(6)))
      return {
        buyerId,
        day,
        amountMinor: Math.round(Number(amount) * 100),
        refundedMinor: 0,
        currency: 'USD',
      }
    })
}
