// When a lead was there, from a listed history.
import { expect, test } from 'vitest'
import type { HistoryEvent, HistoryOrder, LeadHistory } from '../contract.ts'
import { foldPresence } from './fold.ts'

const event = (day: number, name: string, more: Partial<HistoryEvent> = {}) =>
  ({ day, name, category: 'page', isBot: false, sessionStart: false, channel: '', ...more }) as HistoryEvent
const order = (placedAt: string, totalMinor: number, more: Partial<HistoryOrder> = {}) =>
  ({
    placedAt: Date.parse(placedAt),
    totalMinor,
    refundedMinor: 0,
    cancelledAt: null,
    isTest: false,
    currency: 'EUR',
    ...more,
  }) as HistoryOrder
const history = (events: HistoryEvent[], orders: HistoryOrder[] = []) =>
  ({ events, orders }) as Partial<LeadHistory> as LeadHistory

test('acts are counted by day and type, visits by day and channel, in the order of days', () => {
  const found = foldPresence(
    history([
      event(20_000, 'page_viewed', { sessionStart: true, channel: 'Email' }),
      event(20_000, 'page_viewed'),
      event(20_000, 'form_submitted', { category: 'form' }),
      event(19_000, 'page_viewed', { sessionStart: true, channel: 'Direct' }),
    ]),
    'UTC',
  )
  expect(found).toMatchObject({
    act_days: [19_000, 20_000, 20_000],
    act_names: ['page_viewed', 'form_submitted', 'page_viewed'],
    act_counts: [1, 1, 2],
    visit_days: [19_000, 20_000],
    visit_channels: ['Direct', 'Email'],
    visit_counts: [1, 1],
    // January 2022 and October 2024.
    act_months: [2022 * 12, 2024 * 12 + 9],
  })
})

test('what machines did, what happened to a lead and who they are is none', () => {
  const found = foldPresence(
    history([
      event(20_000, 'page_viewed', { isBot: true, sessionStart: true }),
      event(20_000, 'email_delivered', { category: 'message' }),
      event(20_000, 'identified', { category: 'identity' }),
    ]),
    'UTC',
  )
  expect([found.act_days, found.visit_days, found.act_months]).toEqual([[], [], []])
})

test('orders that count are listed under the day of the zone, net of refunds', () => {
  const found = foldPresence(
    history(
      [],
      [
        order('2026-06-29T15:30:00Z', 5_000, { refundedMinor: 1_000 }),
        order('2026-06-29T16:00:00Z', 700, { cancelledAt: 1 }),
        order('2026-06-29T17:00:00Z', 700, { isTest: true }),
        order('2026-06-30T01:00:00Z', 900, { refundedMinor: 1_200, currency: 'USD' }),
      ],
    ),
    'Asia/Tokyo',
  )
  const day = Date.parse('2026-06-30') / 86_400_000
  expect(found).toMatchObject({
    order_days: [day, day],
    order_minor: [4_000, 0],
    order_currencies: ['EUR', 'USD'],
  })
})

test('a date before 1970 counts on its first day', () => {
  expect(foldPresence(history([event(-400, 'page_viewed')]), 'UTC').act_days).toEqual([0])
})
