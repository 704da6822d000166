// The engagement trend: worked by hand, with its tenure rules, and with the error rates it is stated to have.
import { describe, expect, it } from 'vitest'
import { dice } from '../../../test/dice.ts'
import { trendOf, trendOn } from './trend.ts'

describe('the trend', () => {
  it('is a mid-p of the binomial: 4 of 4 days recent is increasing, 0 of 8 declining', () => {
    // P(X = 4) of Binomial(4, 1/4) is 1/256, half of it 0.00195; RR = (4.5 / 28) / (0.5 / 84) = 27.
    const more = trendOf(4, 0, 200)
    expect(more).toMatchObject({ trend: 'increasing', earlierWindowDays: 84 })
    expect(more.midP).toBeCloseTo(1 / 512, 12)
    expect(more.rateRatio).toBeCloseTo(27, 12)
    // P(X = 0) of Binomial(8, 1/4) is 0.75^8 = 0.1001, half of it 0.05006: just not declining; of 9 days it is.
    expect(trendOf(0, 8, 200)).toMatchObject({ trend: 'stable' })
    expect(trendOf(0, 9, 200)).toMatchObject({ trend: 'declining' })
  })

  it('says nothing of tenures under 56 days and of fewer than three active days', () => {
    expect(trendOf(9, 0, 55).trend).toBe('insufficient')
    expect(trendOf(2, 0, 200)).toMatchObject({ trend: 'insufficient', rateRatio: null, midP: null })
    expect(trendOf(9, 0, 56).trend).toBe('increasing')
  })

  it('compares with the days there are where tenure is under 112 days', () => {
    // 70 days: 42 before, so the share is 28/70 = 0.4. P(X = 3 of 3) = 0.064, half 0.032.
    const found = trendOf(3, 0, 70)
    expect(found.earlierWindowDays).toBe(42)
    expect(found.midP).toBeCloseTo(0.032, 12)
  })

  it('counts a day once, takes the borders of both windows, and nothing of the future', () => {
    // On day 200 the recent window is 173..200, the earlier 89..172.
    const found = trendOn([88, 89, 172, 173, 200, 200, 201], 0, 200)
    expect(found).toMatchObject({ recentDays: 2, earlierDays: 2, earlierWindowDays: 84 })
  })
})

describe('operating characteristics, 40,000 people a row', () => {
  const people = 40_000

  /** Share of people with each trend, their active days being Poisson with these means in the two windows. */
  function sharesOf(recentMean: number, earlierMean: number, seed: number): Record<string, number> {
    const next = dice(seed)
    const poisson = (mean: number): number => {
      const floor = Math.exp(-mean)
      let count = 0
      for (let product = next(); product > floor; product *= next()) count++
      return count
    }
    const known = new Map<number, string>()
    const counts: Record<string, number> = { increasing: 0, declining: 0, stable: 0, insufficient: 0 }
    for (let person = 0; person < people; person++) {
      const recent = poisson(recentMean)
      const earlier = poisson(earlierMean)
      const key = recent * 1_000 + earlier
      const trend = known.get(key) ?? trendOf(recent, earlier, 400).trend
      known.set(key, trend)
      counts[trend] = (counts[trend] ?? 0) + 1
    }
    return Object.fromEntries(Object.entries(counts).map(([trend, count]) => [trend, count / people]))
  }

  it.each([
    [1, 0.026],
    [2, 0.064],
    [4, 0.086],
    [8, 0.095],
    [16, 0.098],
  ])('with %d active days in 28, nothing changing, %d have a trend', (mean, expected) => {
    const { increasing = 0, declining = 0 } = sharesOf(mean, 3 * mean, mean)
    expect(Math.abs(increasing + declining - expected)).toBeLessThanOrEqual(0.01)
  })

  it.each([
    [4, 0.4, 0.22],
    [8, 0.66, 0.38],
    [16, 0.89, 0.62],
  ])(
    'from %d active days in 28, a doubled rate is found in %d and a halved one in %d',
    (mean, doubled, halved) => {
      expect(Math.abs((sharesOf(2 * mean, 3 * mean, mean).increasing ?? 0) - doubled)).toBeLessThanOrEqual(
        0.01,
      )
      expect(Math.abs((sharesOf(mean / 2, 3 * mean, mean + 1).declining ?? 0) - halved)).toBeLessThanOrEqual(
        0.01,
      )
    },
  )
})
