// Ranges of calendar days across changes of the clocks.
import { describe, expect, test } from 'vitest'
import { lastDays } from './range.ts'

const iso = (at: number) => new Date(at).toISOString()

describe('the last days', () => {
  test('begin at midnight of the zone and end now, and are compared up to the same time of day', () => {
    const range = lastDays(7, Date.parse('2026-06-30T20:30:00Z'), 'Asia/Tokyo')
    expect(range.days).toEqual([
      '2026-06-25',
      '2026-06-26',
      '2026-06-27',
      '2026-06-28',
      '2026-06-29',
      '2026-06-30',
      '2026-07-01',
    ])
    expect([range.now, range.before].map(({ from, to }) => [iso(from), iso(to)])).toEqual([
      ['2026-06-24T15:00:00.000Z', '2026-06-30T20:30:00.000Z'],
      ['2026-06-17T15:00:00.000Z', '2026-06-23T20:30:00.000Z'],
    ])
  })
  test('keep their midnights where the clocks change within', () => {
    const range = lastDays(7, Date.parse('2026-03-30T10:00:00Z'), 'Europe/Berlin')
    expect(iso(range.now.from)).toBe('2026-03-23T23:00:00.000Z')
    expect(lastDays(1, Date.parse('2026-03-30T10:00:00Z'), 'Europe/Berlin').now.from).toBe(
      Date.parse('2026-03-29T22:00:00Z'),
    )
    expect(range.days).toHaveLength(7)
  })
})
