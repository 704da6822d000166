// Dates as exports write them, with the order of day and month decided per column.
import { describe, expect, test } from 'vitest'
import { dateOrderOf, looksLikeDate, readDate } from './dates.ts'

describe('reading a date', () => {
  test.each([
    ['2024-05-01 09:58:12 +0000', undefined, 'UTC', '2024-05-01T09:58:12.000Z'],
    ['2026-05-01T10:00:00+02:00', undefined, 'UTC', '2026-05-01T08:00:00.000Z'],
    ['2025-11-02 18:22:11', undefined, 'UTC', '2025-11-02T18:22:11.000Z'],
    ['2025-08-09 10:00', undefined, 'Europe/Stockholm', '2025-08-09T08:00:00.000Z'],
    ['12-04-2022 09:30', 'DMY', 'UTC', '2022-04-12T09:30:00.000Z'],
    ['1/6/2024 2:05 PM', 'MDY', 'UTC', '2024-01-06T14:05:00.000Z'],
    ['31.12.1980', undefined, 'UTC', '1980-12-31T00:00:00.000Z'],
    ['12 Mar 2025', undefined, 'UTC', '2025-03-12T00:00:00.000Z'],
    ['March 12, 2025', undefined, 'UTC', '2025-03-12T00:00:00.000Z'],
    ['5. März 2025', undefined, 'UTC', '2025-03-05T00:00:00.000Z'],
    ['5 juillet 2025', undefined, 'UTC', '2025-07-05T00:00:00.000Z'],
  ] as const)('%s (%s, %s) starts at %s', (text, order, zone, expected) => {
    expect(readDate(text, order, zone)).toMatchObject({ startsAt: expected })
  })

  test('a day without a time stays a day', () => {
    expect(readDate('2024-02-29', undefined, 'America/New_York')).toEqual({
      on: '2024-02-29',
      at: null,
      startsAt: '2024-02-29T05:00:00.000Z',
    })
  })

  test('a date against the order of its column is a problem and never turned around', () => {
    expect(readDate('25/06/2024', 'MDY', 'UTC')).toHaveProperty('problem')
    expect(readDate('06/25/2024', 'DMY', 'UTC')).toHaveProperty('problem')
  })

  test('what can be read in two ways is a problem until the order is chosen', () => {
    expect(readDate('01/06/2024', undefined, 'UTC')).toHaveProperty('problem')
    expect(readDate('01/06/2024', 'DMY', 'UTC')).toMatchObject({ on: '2024-06-01' })
  })

  test.each(['30/02/2024', 'tomorrow', '', '2024-13-01', '12:30', '1/2/3/4', '1.2.3', '99 Foo 2024'])(
    '%s is no date',
    (text) => {
      expect(readDate(text, 'DMY', 'UTC')).toHaveProperty('problem')
    },
  )
})

describe('the order of a column', () => {
  test('one value that cannot be turned around settles it for all', () => {
    expect(dateOrderOf(['01/06/2024', '02/06/2024', '25/06/2024'])).toBe('DMY')
    expect(dateOrderOf(['01/06/2024', '06/25/2024'])).toBe('MDY')
  })

  test('a column that settles nothing, or contradicts itself, has none', () => {
    expect(dateOrderOf(['01/06/2024', '05/05/2024'])).toBeNull()
    expect(dateOrderOf(['25/06/2024', '06/25/2024'])).toBeNull()
  })

  test('numbers and words do not look like dates', () => {
    expect(['2024', '1.5', '12 monkeys 2024x', 'May'].some(looksLikeDate)).toBe(false)
  })
})
