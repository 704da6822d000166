// Cohort retention: people and their days listed, cells stated.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCohorts, retentionAtAge } from './cohorts.ts'
import type { CohortPerson } from './cohorts.ts'

function person(startOn: string, ...days: string[]): CohortPerson {
  return { startOn, events: days.map((on) => ({ on, valueMinor: 100 })) }
}

describe('cohorts', () => {
  it('count who came back in each calendar month, and mark the month that is not over', () => {
    const { cohorts, averages } = countCohorts(
      [
        person('2026-01-05', '2026-01-05', '2026-02-28', '2026-03-01'),
        person('2026-01-31', '2026-01-31', '2026-03-15', '2026-03-16'),
        person('2026-02-10', '2026-02-10'),
        person('2026-03-20', '2026-03-20'),
      ],
      '2026-03-25',
    )
    const shares = cohorts.map(({ month, size, cells }) => [
      month,
      size,
      ...cells.map(({ share, state }) => (state === 'partial' ? `${share} so far` : share)),
    ])
    expect(shares).toEqual([
      ['2026-01', 2, 1, 0.5, '1 so far'],
      ['2026-02', 1, 1, '0 so far'],
      ['2026-03', 1, '1 so far'],
    ])
    // Month 0: January and February, 3 of 3. Month 1: January's alone, 1 of 2; February's is not over.
    expect(averages).toEqual([
      { month: 0, share: 1, people: 3, of: 3 },
      { month: 1, share: 0.5, people: 1, of: 2 },
    ])
    expect(cohorts[0]?.cells.map(({ valueMinor }) => valueMinor)).toEqual([200, 100, 300])
  })

  it('a month is over on the first day behind it', () => {
    const people = [person('2026-01-05', '2026-01-05')]
    expect(countCohorts(people, '2026-01-31').cohorts[0]?.cells[0]?.state).toBe('partial')
    expect(countCohorts(people, '2026-02-01').cohorts[0]?.cells[0]?.state).toBe('complete')
  })

  it('in month 0 everybody is there, whatever was recorded, and the future is not seen', () => {
    const { cohorts } = countCohorts([person('2025-12-31', '2026-04-01'), person('2026-09-01')], '2026-02-01')
    expect(cohorts).toHaveLength(1)
    expect(cohorts[0]?.cells.map(({ share }) => share)).toEqual([1, 0, 0])
  })

  it('an average lies between the lowest and the highest complete cell of its month', () => {
    const anyDay = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
      .map(([month, day]) => `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`)
    const anyPerson = fc.tuple(anyDay, fc.array(anyDay)).map(([start, days]) => person(start, ...days))
    fc.assert(
      fc.property(fc.array(anyPerson, { maxLength: 30 }), (people) => {
        const { cohorts, averages } = countCohorts(people, '2026-12-15')
        for (const { month, share } of averages) {
          const cells = cohorts.flatMap(({ cells: row }) =>
            row.filter((cell) => cell.month === month && cell.state === 'complete').map((cell) => cell.share),
          )
          expect(share).toBeGreaterThanOrEqual(Math.min(...cells) - 1e-12)
          expect(share).toBeLessThanOrEqual(Math.max(...cells) + 1e-12)
        }
      }),
    )
  })

  it('at an exact age only those count who have reached it', () => {
    const people = [
      // Day 30 after the start is 2026-01-31; day 31 counts for 60.
      person('2026-01-01', '2026-01-01', '2026-01-31'),
      person('2026-01-01', '2026-02-01'),
      person('2026-02-20', '2026-02-21'),
    ]
    expect(retentionAtAge(people, 30, '2026-03-15')).toEqual({ people: 1, of: 2, share: 0.5 })
    expect(retentionAtAge(people, 60, '2026-03-15')).toEqual({ people: 1, of: 2, share: 0.5 })
    expect(retentionAtAge(people, 90, '2026-03-15')).toEqual({ people: 0, of: 0, share: null })
  })
})
