// Ranges of calendar days: the range before, weeks and months, and days of 23 and 25 hours.
import { describe, expect, test } from 'vitest'
import { bucketId, bucketsOf, instantsOf, rangeOf, windowOf } from './window.ts'

const at = (text: string) => Date.parse(text)
const asked = (more: object = {}) => ({ range: '30' as const, ...more })

describe('a range', () => {
  test('ends today by the clocks of the zone, and is compared with as many days before', () => {
    // Already the 1st of July in Tokyo.
    const window = windowOf(asked({ range: '7' }), at('2026-06-30T15:30:00Z'), 'Asia/Tokyo')
    expect(rangeOf(window)).toEqual({
      fromOn: '2026-06-25',
      toOn: '2026-07-01',
      days: 7,
      beforeFromOn: '2026-06-18',
      beforeToOn: '2026-06-24',
      by: 'day',
      timeZone: 'Asia/Tokyo',
      isOpen: true,
    })
  })

  test('of one’s own counts both ends in, and is not open where it ended', () => {
    const window = windowOf(
      asked({ from: '2026-05-01', to: '2026-05-31', compare: 'none' }),
      at('2026-06-30T12:00:00Z'),
      'UTC',
    )
    expect(rangeOf(window)).toMatchObject({ days: 31, beforeFromOn: null, isOpen: false })
  })

  test.each([
    ['before it begins', { from: '2026-05-02', to: '2026-05-01' }],
    ['on no day', { from: '2026-02-30' }],
    ['after more than ten years', { from: '2010-01-01', to: '2026-01-01' }],
  ])('that ends %s is refused', (_what, ends) => {
    expect(() => windowOf(asked(ends), at('2026-06-30T12:00:00Z'), 'UTC')).toThrow('The range cannot be used')
  })

  test.each([
    ['spring', '2026-03-29', 23],
    ['autumn', '2026-10-25', 25],
    ['summer', '2026-07-01', 24],
  ])('has a day of %s as long as the clocks make it', (_season, on, hours) => {
    const { now } = windowOf(asked({ from: on, to: on }), at('2026-12-01T00:00:00Z'), 'Europe/Berlin')
    const { fromMs, toMs } = instantsOf(now, 'Europe/Berlin')
    expect((toMs - fromMs) / 3_600_000).toBe(hours)
  })
})

describe('buckets', () => {
  const buckets = (by: 'day' | 'week' | 'month', from: string, to: string) =>
    bucketsOf(windowOf(asked({ from, to, by }), at('2026-06-30T12:00:00Z'), 'UTC'))

  test('are days, today not over', () => {
    expect(buckets('day', '2026-06-29', '2026-06-30').map(({ on, isPartial }) => [on, isPartial])).toEqual([
      ['2026-06-29', false],
      ['2026-06-30', true],
    ])
  })

  test('are weeks from Monday, those that the ends cut marked', () => {
    // 3 June 2026 is a Wednesday.
    expect(buckets('week', '2026-06-03', '2026-06-21').map(({ on, isPartial }) => [on, isPartial])).toEqual([
      ['2026-06-03', true],
      ['2026-06-08', false],
      ['2026-06-15', false],
    ])
  })

  test('are months, this one not over', () => {
    expect(buckets('month', '2026-05-01', '2026-06-30').map(({ on, isPartial }) => [on, isPartial])).toEqual([
      ['2026-05-01', false],
      ['2026-06-01', true],
    ])
  })

  test('have every day of their range once', () => {
    for (const by of ['day', 'week', 'month'] as const) {
      const ids = buckets(by, '2025-12-20', '2026-03-05').map(({ id }) => id)
      const days = Array.from({ length: 76 }, (_, day) => bucketId(at('2025-12-20') / 86_400_000 + day, by))
      expect([...new Set(days)]).toEqual(ids)
    }
  })

  test('are days up to three months, weeks up to a year, months beyond, unless told', () => {
    const by = (days: number) =>
      windowOf(
        asked({ from: new Date(at('2026-06-30') - (days - 1) * 86_400_000).toISOString().slice(0, 10) }),
        at('2026-06-30T12:00:00Z'),
        'UTC',
      ).step
    expect([by(90), by(180), by(365), by(400)]).toEqual(['day', 'week', 'week', 'month'])
  })
})
