// Guarantees of the timeline's rows.
import { expect, test } from 'vitest'
import type { TimelineItem } from '../../../src/events/contract.ts'
import { joinNewest, timelineRows } from './timeline-rows.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

test('days begin at midnight of the workspace, not of UTC', () => {
  const items = [
    event('c', '2026-11-23T00:10:00Z'),
    event('b', '2026-11-22T23:30:00Z'),
    event('a', '2026-11-22T22:30:00Z'),
  ]
  const headings = (zone: string) =>
    timelineRows(items, zone, now).map((row) => (row.kind === 'day' ? row.label : row.key))
  expect(headings('Europe/Berlin')).toEqual(['Today', 'c', 'b', 'Yesterday', 'a'])
  expect(headings('UTC')).toEqual(['Today', 'c', 'Yesterday', 'b', 'a'])
})

test('older days carry their date, and the last event of a day is marked', () => {
  const rows = timelineRows(
    [event('b', '2026-11-01T10:00:00Z'), event('a', '2026-11-01T09:00:00Z')],
    'UTC',
    now,
  )
  expect(rows[0]).toMatchObject({ kind: 'day', label: 'Sun, 1 Nov 2026' })
  expect(rows.map((row) => row.kind === 'item' && row.isLastOfDay)).toEqual([false, false, true])
})

test('an event asked for twice stands once, and a late one takes its place in time', () => {
  const known = [event('c', '2026-11-23T10:00:00Z'), event('a', '2026-11-23T08:00:00Z')]
  const newer = [
    event('d', '2026-11-23T11:00:00Z'),
    event('c', '2026-11-23T10:00:00Z'),
    event('b', '2026-11-23T09:00:00Z'),
  ]
  expect(joinNewest(newer, known).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a'])
})

function event(id: string, occurredAt: string): TimelineItem {
  return {
    id,
    occurredAt,
    receivedAt: occurredAt,
    name: 'page_viewed',
    category: 'page',
    call: 'page',
    source: 'tracker',
    channel: '',
    campaign: '',
    pageUrl: '',
    pageTitle: '',
    referrer: '',
    device: '',
    country: '',
    sessionId: '',
    isBot: false,
    valueMinor: null,
    currency: '',
    actor: '',
    mergedFrom: null,
    properties: {},
  }
}
