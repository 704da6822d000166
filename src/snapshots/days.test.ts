// Which days are counted, and which are worked out anew.
import { describe, expect, test } from 'vitest'
import { addLead, isDue, noSums, pastDays } from './days.ts'

const at = (text: string) => Date.parse(text)

describe('a day of the workspace’s zone', () => {
  test('is counted as soon as it begins and again in its last half hour, each once', () => {
    const zone = 'Asia/Kolkata'
    const morning = at('2026-03-01T18:40:00Z') // 00:10 on the 2nd
    const evening = at('2026-03-02T18:25:00Z') // 23:55 on the 2nd
    expect(isDue(morning, undefined, zone)).toBe(true)
    expect(isDue(morning, at('2026-03-01T18:25:00Z'), zone)).toBe(true)
    expect(isDue(at('2026-03-02T12:00:00Z'), morning, zone)).toBe(false)
    expect(isDue(evening, morning, zone)).toBe(true)
    expect(isDue(evening + 60_000, evening, zone)).toBe(false)
  })

  test('is counted in its evening where the clocks were put forward that night', () => {
    expect(isDue(at('2026-03-29T21:55:00Z'), at('2026-03-29T00:25:00Z'), 'Europe/Berlin')).toBe(true)
  })
})

describe('the past', () => {
  test('is every day of three months and the Sundays of the year before, each to its last millisecond', () => {
    const days = pastDays(at('2026-06-30T12:00:00Z'), 'Europe/Berlin')
    expect(days.at(-1)).toEqual({ day: '2026-06-29', endsAt: at('2026-06-29T22:00:00Z') - 1 })
    expect(days.filter(({ day }) => day >= '2026-03-30')).toHaveLength(92)
    const earlier = days.filter(({ day }) => day < '2026-03-30')
    expect(earlier.every(({ day }) => new Date(day).getUTCDay() === 0)).toBe(true)
    expect(earlier.length).toBe(40)
    // The clocks went forward on the 29th: its day had 23 hours.
    const spring = days.find(({ day }) => day === '2026-03-29')
    expect(spring?.endsAt).toBe(at('2026-03-29T22:00:00Z') - 1)
  })
})

test('a lead of whom nothing is known adds to nothing but the leads', () => {
  const sums = noSums()
  addLead(sums, { total: null, grade: null, temperature: 'cold' }, {})
  expect(sums).toEqual({ ...noSums(), leads: 1, cold: 1 })
  addLead(sums, { total: 80, grade: 'A', temperature: 'hot' }, { health: 69, churn_risk: 0.66 })
  expect(sums).toMatchObject({
    leads: 2,
    scored: 1,
    points: 80,
    grade_a: 1,
    hot: 1,
    health_known: 1,
    health_points: 69,
    watched: 1,
    healthy: 0,
    risk_known: 1,
    risk_high: 1,
  })
})
