// The health score: its parts, what is not known, and whether it earns its place.
import { describe, expect, it } from 'vitest'
import { healthOf, judgeHealth } from './health.ts'
import type { HealthFacts } from './health.ts'

const nothing: HealthFacts = {
  risk: null,
  engagement: null,
  trend: null,
  valuePercentile: null,
  relationship: null,
}
const unbroken = {
  hasBounced: false,
  hasComplained: false,
  hasUnsubscribed: false,
  refundedShare: 0,
  hasSevereTicket: false,
}

describe('health', () => {
  it('is the weighted mean of its components', () => {
    // 0.4 x 0.8 + 0.25 x 0.6 + 0.15 x 0.6 + 0.1 x 0.5 + 0.1 x 1 = 0.71
    expect(
      healthOf({
        risk: 0.2,
        engagement: 60,
        trend: 'stable',
        valuePercentile: 0.5,
        relationship: unbroken,
      }),
    ).toEqual({
      score: 71,
      band: 'healthy',
      coverage: 1,
      components: { retention: 0.8, engagement: 0.6, trend: 0.6, value: 0.5, relationship: 1 },
    })
  })

  it('leaves out what is not known, and an insufficient trend is not known', () => {
    // (0.4 x 0.5 + 0.25 x 0.2) / 0.65 = 0.3846
    expect(healthOf({ ...nothing, risk: 0.5, engagement: 20, trend: 'insufficient' })).toMatchObject({
      score: 38,
      band: 'at_risk',
      coverage: 0.65,
    })
  })

  it('is not shown where less than half of the weight is known, and is where half is', () => {
    expect(healthOf({ ...nothing, risk: 0.1 })).toMatchObject({ score: null, band: null, coverage: 0.4 })
    expect(healthOf({ ...nothing, risk: 0.1, valuePercentile: 1 })).toMatchObject({
      coverage: 0.5,
      band: 'healthy',
    })
    expect(healthOf(nothing)).toMatchObject({ score: null, coverage: 0 })
  })

  it('each broken thing halves the relationship, a third of the value given back among them', () => {
    const of = (broken: Partial<typeof unbroken>) =>
      healthOf({ ...nothing, relationship: { ...unbroken, ...broken } }).components.relationship
    expect(of({ refundedShare: 0.3 })).toBe(1)
    expect(of({ refundedShare: 0.31 })).toBe(0.5)
    expect(of({ hasBounced: true, hasComplained: true })).toBe(0)
    expect(of({ hasBounced: true, hasComplained: true, hasUnsubscribed: true })).toBe(0)
  })

  it('has its bands at 70 and 40', () => {
    const bandAt = (risk: number) => healthOf({ ...nothing, risk, engagement: 100 * (1 - risk) }).band
    expect([0.3, 0.31, 0.6, 0.61].map(bandAt)).toEqual(['healthy', 'watch', 'watch', 'at_risk'])
  })
})

describe('earning its place', () => {
  // 100 people of each score 5, 15, ..., 95; as many of a hundred order as the score says.
  const people = Array.from({ length: 1000 }, (_, at) => {
    const score = 5 + 10 * Math.floor(at / 100)
    return { score, risk: 1 - score / 100, ordered: at % 100 < score }
  })

  it('does so where orders rise with each tenth and it ranks as well as churn risk', () => {
    const verdict = judgeHealth(people)
    expect(verdict.tenths.map(({ ordered }) => ordered)).toEqual([
      0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95,
    ])
    expect(verdict.tenths[3]).toEqual({ people: 100, from: 35, to: 35, ordered: 0.35 })
    expect(verdict).toMatchObject({ people: 1000, ordered: 0.5, spearman: 1, earnsItsPlace: true })
    expect(verdict.auc).toBe(verdict.riskAuc)
  })

  it('does not where it says the reverse, or nothing', () => {
    const turned = people.map((person) => ({ ...person, score: 100 - person.score }))
    expect(judgeHealth(turned)).toMatchObject({ spearman: -1, earnsItsPlace: false })
    const same = people.map((person) => ({ ...person, score: 50 }))
    expect(judgeHealth(same)).toMatchObject({ auc: 0.5, spearman: 0, earnsItsPlace: false })
  })
})
