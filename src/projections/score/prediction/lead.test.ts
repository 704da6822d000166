// A lead as the prediction reads it: since when it is known, from when its facts count, and when it converted.
import { expect, test } from 'vitest'
import { leadFacts } from '../../../leads/index.ts'
import type { HistoryEvent, HistoryOrder, LeadHistory } from '../../contract.ts'
import { convertedAtOf, leadFactsOf } from './lead.ts'

const day = 86_400_000
const start = Date.UTC(2027, 0, 10)
const facts = leadFacts({
  customFields: [{ key: 'plan', label: 'Plan', type: 'text' }],
  consentDefaults: {},
  currency: 'EUR',
})
const reading = { facts, startedAt: start - 100 * day }

function history(
  more: Partial<LeadHistory> = {},
  record: Partial<LeadHistory['subject']['record']> = {},
): LeadHistory {
  return {
    leadId: 'lead',
    workspaceId: 'workspace',
    createdAt: start,
    events: [],
    orders: [],
    moves: [],
    ...more,
    subject: {
      record: {
        id: 'lead',
        workspace_id: 'workspace',
        status: 'active',
        binned_at: null,
        is_known: true,
        email: 'ann@gmail.com',
        phone: '+4930123',
        first_name: 'Ann',
        last_name: 'Beck',
        company: 'Acme',
        job_title: null,
        city: null,
        country: null,
        language: null,
        time_zone: null,
        source: 'api',
        owner_id: null,
        tags: ['vip'],
        fields: { plan: 'pro', gone: 'no field any more' },
        created_at: new Date(start).toISOString(),
        updated_at: new Date(start).toISOString(),
        ...record,
      },
      consents: {},
      activity: undefined,
      orders: undefined,
    },
  }
}

function event(name: string, at: number, receivedAt = at): HistoryEvent {
  return {
    eventId: `${name} ${at}`,
    at,
    receivedAt,
    day: Math.floor(at / day),
    name,
    category: 'page',
    call: 'track',
    isBot: false,
    channel: '',
    source: '',
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    sessionStart: false,
    pagePath: '',
    device: '',
    country: '',
    valueMinor: 0,
    currency: '',
    asset: '',
  }
}

function order(placedAt: number): HistoryOrder {
  return {
    orderId: 'order',
    externalId: 'order',
    placedAt,
    cancelledAt: null,
    isTest: false,
    status: 'paid',
    currency: 'EUR',
    totalMinor: 100,
    subtotalMinor: 100,
    shippingMinor: 0,
    taxMinor: 0,
    refundedMinor: 0,
  }
}

test('a visitor is a lead from when it says who it is; one whom nobody knows is none', () => {
  const events = [event('page_viewed', start), event('identified', start + 5 * day)]
  const before = { events, createdAt: start - 1 }
  expect(leadFactsOf(history(before), reading)?.leadSince).toBe(start - 1)
  // A record is made with the event that comes in first, dated as that happened.
  for (const createdAt of [start, start + day])
    expect(leadFactsOf(history({ events, createdAt }), reading)?.leadSince).toBe(start + 5 * day)
  expect(leadFactsOf(history({}, { is_known: false }), reading)).toBeNull()
})

test('a field counts from when it was told, and names, addresses, tags and what is no field count never', () => {
  const told = new Map([
    ['company', start + 3 * day],
    ['fields.plan', start + 4 * day],
  ])
  expect(leadFactsOf(history(), reading, told)?.words).toEqual([
    { field: 'Company', value: 'Acme', knownFrom: start + 3 * day },
    { field: 'Kind of e-mail', value: 'free', knownFrom: start },
    { field: 'Plan', value: 'pro', knownFrom: start + 4 * day },
  ])
})

test('an event counts from when it came in, or, from before the workspace began, from when it happened', () => {
  const before = event('page_viewed', reading.startedAt - day, start)
  const late = event('page_viewed', start, start + 2 * day)
  const lead = leadFactsOf(history({ events: [before, late] }), reading)
  expect(lead?.events.map(({ receivedAt }) => receivedAt)).toEqual([before.at, late.receivedAt])
})

test('a lead converts with its first paid order, or with its first stay as an opportunity or later', () => {
  const state = { stay_stages: [0, 2, 5, 4], stay_since: [1, 2, 3, 4] }
  expect(convertedAtOf('order', history({ orders: [order(start)] }), state)).toBe(start)
  expect(convertedAtOf('order', history(), state)).toBeNull()
  expect(convertedAtOf('opportunity', history(), state)).toBe(3_000)
  expect(convertedAtOf('opportunity', history(), { stay_stages: [0, 3], stay_since: [1, 2] })).toBeNull()
  expect(convertedAtOf('opportunity', history(), {})).toBeNull()
})
