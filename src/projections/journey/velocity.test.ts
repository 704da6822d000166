// Stage velocity: stays listed, numbers stated.
import { describe, expect, it } from 'vitest'
import { measureVelocity, pipelineVelocity, survivalMedian, survivalOf } from './velocity.ts'
import type { Stay } from './velocity.ts'

const dayMs = 86_400_000
const now = 100 * dayMs
const calendar = { days: 'calendar', timeZone: 'UTC' } as const

function stay(personId: string, from: number, until: number | null, stage = 'lead'): Stay {
  return { personId, stage, enteredAt: from * dayMs, leftAt: until === null ? null : until * dayMs }
}

describe('velocity', () => {
  it('tells quantiles of completed stays, and a median that knows of the open ones', () => {
    // Completed 2, 4, 6, 8 days; open since 3, 50 and 50 days.
    const { stages, impossible } = measureVelocity(
      [
        stay('a', 0, 2),
        stay('b', 0, 4),
        stay('c', 0, 6),
        stay('d', 0, 8),
        stay('e', 97, null),
        stay('f', 50, null),
        stay('g', 50, null),
      ],
      now,
      calendar,
    )
    expect(impossible).toEqual([])
    // Kaplan-Meier: 6/7 at 2, x 4/5 at 4 (e is gone by then), x 3/4 at 6, x 2/3 at 8: .857 .686 .514 .343.
    expect(stages).toEqual([
      {
        stage: 'lead',
        completed: 4,
        open: 3,
        medianDays: 5,
        p75Days: 6.5,
        p90Days: expect.closeTo(7.4, 12),
        meanDays: 5,
        survivalMedianDays: 8,
      },
    ])
  })

  it('adds up the stays of one who came back, open where the last is', () => {
    const { stages } = measureVelocity(
      [stay('a', 0, 10), stay('a', 20, 25), stay('b', 0, 4), stay('b', 90, null)],
      now,
      calendar,
    )
    expect(stages[0]).toMatchObject({ completed: 1, open: 1, medianDays: 15 })
  })

  it('puts stays of negative length aside and counts them nowhere', () => {
    const wrong = stay('a', 10, 5)
    const future = stay('c', 120, null)
    const { stages, impossible } = measureVelocity([wrong, stay('b', 0, 3), future], now, calendar)
    expect(impossible).toEqual([wrong, future])
    expect(stages[0]).toMatchObject({ completed: 1, open: 0, medianDays: 3 })
  })

  it('has no median where nothing has ended, and none of Kaplan and Meier where most are open', () => {
    const { stages } = measureVelocity([stay('a', 0, null), stay('b', 0, null)], now, calendar)
    expect(stages[0]).toMatchObject({ completed: 0, open: 2, medianDays: null, survivalMedianDays: null })
    expect(
      survivalMedian([
        { days: 3, isOpen: false },
        { days: 90, isOpen: true },
        { days: 90, isOpen: true },
      ]),
    ).toBeNull()
  })

  it('leaves weekends out where days are business days, by the zone’s wall clock', () => {
    // Friday 2026-11-20 12:00 to Monday 2026-11-23 12:00 in Berlin: half a day and half a day.
    const friday = Date.UTC(2026, 10, 20, 11)
    const stays = [{ personId: 'a', stage: 'lead', enteredAt: friday, leftAt: friday + 3 * dayMs }]
    const of = (days: 'calendar' | 'business', timeZone: string) =>
      measureVelocity(stays, friday + 30 * dayMs, { days, timeZone }).stages[0]?.medianDays
    expect(of('calendar', 'Europe/Berlin')).toBe(3)
    expect(of('business', 'Europe/Berlin')).toBe(1)
    // In Auckland it is already Saturday 00:00, and Tuesday 00:00 at the end.
    expect(of('business', 'Pacific/Auckland')).toBe(1)
  })

  it('steps down only where something ended', () => {
    expect(
      survivalOf([
        { days: 1, isOpen: false },
        { days: 1, isOpen: true },
        { days: 2, isOpen: true },
        { days: 3, isOpen: false },
      ]),
    ).toEqual([
      { days: 1, share: 0.75 },
      { days: 3, share: 0 },
    ])
  })

  it('a pipeline brings its open opportunities by win rate and value, over the cycle', () => {
    // 40 open x 25 % x 1,000.00 / 20 days = 500.00 a day.
    const of = { open: 40, won: 5, lost: 15, meanWonMinor: 100_000, cycleDays: 20 }
    expect(pipelineVelocity(of)).toBe(50_000)
    expect(pipelineVelocity({ ...of, cycleDays: null })).toBeNull()
    expect(pipelineVelocity({ ...of, won: 0, lost: 0 })).toBeNull()
  })
})
