// Guarantees of how numbers, spans and instants are written.
import { expect, test } from 'vitest'
import {
  changeOf,
  count,
  formatChange,
  formatDay,
  formatInstant,
  formatRelative,
  initials,
  words,
} from './format.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

test('a span is told in the largest unit that fits', () => {
  const told = [
    '2026-11-23T11:59:40Z',
    '2026-11-23T11:56:00Z',
    '2026-11-23T09:00:00Z',
    '2026-11-22T12:00:00Z',
    '2026-10-22T12:00:00Z',
    '2026-09-20T12:00:00Z',
    '2026-11-25T12:00:00Z',
  ]
  expect(told.map((instant) => formatRelative(instant, now))).toEqual([
    'just now',
    '4 min ago',
    '3 hr ago',
    'yesterday',
    'last month',
    '2 months ago',
    'in 2 days',
  ])
})

test('an instant is shown on the clock of the zone that is asked for', () => {
  expect(formatInstant('2026-11-23T23:30:00Z', 'Europe/Berlin')).toBe('24 Nov 2026, 00:30:00')
})

test('a calendar day is the same day whatever the zone of the reader', () => {
  expect(formatDay('2026-11-23')).toBe('Mon, 23 Nov 2026')
})

test('a change has a sign, nothing to compare with has none, and tenfold is told as a factor', () => {
  expect(changeOf(5, 0)).toBeNull()
  expect(
    [changeOf(112, 100), changeOf(97, 100), changeOf(4, 4), changeOf(1200, 100)].map((c) =>
      formatChange(c ?? 0),
    ),
  ).toEqual(['+12%', '−3%', '0%', '×12'])
})

test('one thing is singular, and every other count plural', () => {
  expect([count(0, 'lead'), count(1, 'lead'), count(1234, 'lead'), count(2, 'batch', 'batches')]).toEqual([
    '0 leads',
    '1 lead',
    '1,234 leads',
    '2 batches',
  ])
})

test('names of programs become words, and people become two letters', () => {
  expect(['organic_search', 'api_key_created', 'Paid Social'].map(words)).toEqual([
    'Organic search',
    'API key created',
    'Paid Social',
  ])
  expect(['Ada Maria Lovelace', 'ada@example.com', 'grace.hopper@example.com'].map(initials)).toEqual([
    'AL',
    'AD',
    'GH',
  ])
})
