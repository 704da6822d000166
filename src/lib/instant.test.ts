// How instants are read, corrected, and moved between UTC and a zone's wall clock.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  correctedTimestamp,
  dayInZone,
  instantToLocal,
  isZone,
  localToInstant,
  parseInstant,
  zoneOffsetMs,
} from './instant.ts'

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())

describe('an ISO 8601 instant is read exactly', () => {
  it.each([
    ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.000Z'],
    ['2024-05-01T10:00:00.1239Z', '2024-05-01T10:00:00.123Z'],
    ['2024-05-01T10:00:00.5Z', '2024-05-01T10:00:00.500Z'],
    ['2024-05-01T10:00:00+02:00', '2024-05-01T08:00:00.000Z'],
    ['2024-05-01 10:00:00 -0530'.replace(' -', '-'), '2024-05-01T15:30:00.000Z'],
    ['2024-05-01T10:00-03', '2024-05-01T13:00:00.000Z'],
    ['2024-05-01T10:00:00.123456', '2024-05-01T10:00:00.123Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0050-03-01T00:00:00Z', '0050-03-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(iso(parseInstant(text))).toBe(instant))

  it.each([
    '',
    '2024',
    '2023-02-29T10:00:00Z',
    '2024-13-01T10:00:00Z',
    '2024-05-01T24:00:00Z',
    '2024-05-01T10:00:60Z',
    '2024-05-01T10:00:00.Z',
    '2024-05-01T10:00:00 UTC',
    '01/05/2024',
    'Wed, 01 May 2024 10:00:00 GMT',
    '1714557600000',
    '2024-05-01T10:00:00+25:00',
    '+002024-05-01T10:00:00Z',
  ])('%j is refused', (text) => expect(parseInstant(text)).toBeNull())

  it('reads back every instant that Date writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000_000, max: 253_402_300_799_999 }), (instant) => {
        expect(parseInstant(new Date(instant).toISOString())).toBe(instant)
      }),
    )
  })
})

describe('a sender whose clock is wrong does not move its events', () => {
  const receivedAt = Date.UTC(2024, 4, 1, 12, 0, 0)
  it.each([
    [
      'the clock is an hour fast',
      '2024-05-01T12:59:50Z',
      '2024-05-01T13:00:00Z',
      '2024-05-01T11:59:50.000Z',
      'corrected',
    ],
    [
      'the clock stands at 1970',
      '1970-01-01T00:00:05Z',
      '1970-01-01T00:00:10Z',
      '2024-05-01T11:59:55.000Z',
      'corrected',
    ],
    ['sentAt is missing', '2024-05-01T11:00:00Z', null, '2024-05-01T11:00:00.000Z', 'stated'],
    ['sentAt cannot be read', '2024-05-01T11:00:00Z', 'now', '2024-05-01T11:00:00.000Z', 'stated'],
    [
      'only sentAt is absurd',
      '2024-05-01T11:00:00Z',
      '1970-01-01T00:00:00Z',
      '2024-05-01T11:00:00.000Z',
      'stated',
    ],
    ['the timestamp is missing', null, '2024-05-01T11:00:00Z', '2024-05-01T12:00:00.000Z', 'received'],
    ['the timestamp cannot be read', 'yesterday', null, '2024-05-01T12:00:00.000Z', 'received'],
    ['it lies over a day ahead', '2024-05-02T12:00:01Z', null, '2024-05-01T12:00:00.000Z', 'received'],
    ['it lies within a day ahead', '2024-05-02T11:59:59Z', null, '2024-05-02T11:59:59.000Z', 'stated'],
    ['it lies before 2000', '1999-12-31T23:59:59Z', null, '2024-05-01T12:00:00.000Z', 'received'],
    ['an old event is imported', '2011-05-01T00:00:00Z', null, '2011-05-01T00:00:00.000Z', 'stated'],
  ])('where %s', (_, timestamp, sentAt, at, basis) => {
    const result = correctedTimestamp({ timestamp, sentAt, receivedAt })
    expect({ at: iso(result.at), basis: result.basis }).toEqual({ at, basis })
  })

  it('any error of the clock cancels out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e10 }),
        fc.integer({ min: -1e12, max: 1e12 }),
        (ageMs, errorMs) => {
          const sent = new Date(receivedAt + errorMs).toISOString()
          const happened = new Date(receivedAt + errorMs - ageMs).toISOString()
          const { at } = correctedTimestamp({ timestamp: happened, sentAt: sent, receivedAt })
          expect(at).toBe(receivedAt - ageMs)
        },
      ),
    )
  })
})

describe('a wall clock time in a zone is one defined instant', () => {
  it.each([
    ['Europe/Stockholm', [2024, 7, 1, 12, 0, 0], '2024-07-01T10:00:00.000Z', 'summer time'],
    [
      'Europe/Stockholm',
      [2024, 3, 31, 2, 30, 0],
      '2024-03-31T01:30:00.000Z',
      'the skipped hour moves on by an hour',
    ],
    [
      'Europe/Stockholm',
      [2024, 10, 27, 2, 30, 0],
      '2024-10-27T00:30:00.000Z',
      'the first pass of the doubled hour',
    ],
    [
      'America/New_York',
      [2024, 1, 31, 23, 30, 0],
      '2024-02-01T04:30:00.000Z',
      'the month ends five hours later',
    ],
    ['Asia/Kathmandu', [2024, 1, 1, 0, 0, 0], '2023-12-31T18:15:00.000Z', 'a quarter hour offset'],
    ['Australia/Lord_Howe', [2024, 10, 6, 2, 15, 0], '2024-10-05T15:45:00.000Z', 'half an hour is skipped'],
    ['Pacific/Apia', [2011, 12, 30, 12, 0, 0], '2011-12-30T22:00:00.000Z', 'a whole day is skipped'],
    ['UTC', [2024, 2, 29, 0, 0, 0], '2024-02-29T00:00:00.000Z', 'no change'],
  ])('%s %j is %s: %s', (zone, [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0], instant) =>
    expect(iso(localToInstant(year, month, day, hour, minute, second, zone))).toBe(instant),
  )

  it('a date that no calendar has gives null, an unknown zone throws', () => {
    expect(localToInstant(2023, 2, 29, 0, 0, 0, 'UTC')).toBeNull()
    expect(localToInstant(2023, 2, 2, 24, 0, 0, 'UTC')).toBeNull()
    expect(() => localToInstant(2023, 2, 2, 2, 0, 0, 'Mars/Olympus')).toThrow(RangeError)
    expect([isZone('Europe/Stockholm'), isZone('Mars/Olympus'), isZone('+01:00'), isZone('')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('the offset of a day that was asked for before is that of each of its instants, changes within the day included', () => {
    const offsets = (zone: string, start: string) =>
      [0, 30, 60, 90, 120, 600, 1439].map(
        (minute) => zoneOffsetMs(Date.parse(start) + minute * 60_000, zone) / 3_600_000,
      )
    for (let again = 0; again < 2; again++) {
      expect(offsets('Europe/Stockholm', '2024-03-31T00:00:00Z')).toEqual([1, 1, 2, 2, 2, 2, 2])
      expect(offsets('Europe/Stockholm', '2024-10-27T00:00:00Z')).toEqual([2, 2, 1, 1, 1, 1, 1])
      expect(offsets('Pacific/Apia', '2011-12-30T00:00:00Z')).toEqual([-10, -10, -10, -10, -10, 14, 14])
      expect(offsets('Asia/Kolkata', '2024-03-31T00:00:00Z')).toEqual([5.5, 5.5, 5.5, 5.5, 5.5, 5.5, 5.5])
    }
  })

  it('the day of an instant is the day of the zone', () => {
    expect(dayInZone(Date.UTC(2024, 1, 1, 4, 30), 'America/New_York')).toBe('2024-01-31')
    expect(dayInZone(Date.UTC(2024, 1, 1, 4, 30), 'Asia/Tokyo')).toBe('2024-02-01')
  })

  it('what a zone shows at an instant leads back to it, or to its first pass an hour or less before', () => {
    const zones = fc.constantFrom(
      'Europe/Stockholm',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'America/St_Johns',
      'Pacific/Apia',
      'Asia/Kolkata',
    )
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 })
    fc.assert(
      fc.property(zones, seconds, (zone, second) => {
        const shown = instantToLocal(second * 1000, zone)
        const back = localToInstant(
          shown.year,
          shown.month,
          shown.day,
          shown.hour,
          shown.minute,
          shown.second,
          zone,
        )
        if (back === null) throw new Error('no instant')
        expect(instantToLocal(back, zone)).toEqual(shown)
        expect([0, 1_800_000, 3_600_000]).toContain(second * 1000 - back)
      }),
      { numRuns: 500 },
    )
  })
})
