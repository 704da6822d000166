// Guarantees of membership: who enters and leaves, in which order segments are decided, and what is told as the reason.
import { expect, test } from 'vitest'
import type { Condition } from '../conditions/contract.ts'
import { checkCondition } from '../conditions/index.ts'
import { leadFacts } from '../leads/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import { decideMembership } from './decide.ts'
import type { AskedSegment, JudgedLead } from './decide.ts'
import { inOrder } from './definitions.ts'
import type { SegmentEvent } from './tree.ts'

const now = new Date('2026-06-30T12:00:00.000Z')
const asOf = { now, timeZone: 'Europe/Berlin' }
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString()
const daysAgo = (days: number) => minutesAgo(days * 1_440)

function subject(given: Partial<LeadSubject['record']> = {}): LeadSubject {
  return {
    record: {
      id: '018f0000-0000-7000-8000-00000000000a',
      workspace_id: '018f0000-0000-7000-8000-000000000001',
      status: 'active',
      binned_at: null,
      is_known: true,
      email: null,
      phone: null,
      first_name: null,
      last_name: null,
      company: null,
      job_title: null,
      city: null,
      country: null,
      language: null,
      time_zone: null,
      source: 'manual',
      owner_id: null,
      tags: [],
      fields: {},
      created_at: daysAgo(100),
      updated_at: daysAgo(1),
      ...given,
    },
    consents: {},
    activity: undefined,
    orders: undefined,
  }
}

function event(name: string, occurredAt: string, given: Partial<SegmentEvent> = {}): SegmentEvent {
  return {
    eventId: `${name} ${occurredAt}`,
    name,
    occurredAt,
    isBot: false,
    channel: '',
    source: '',
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    pageUrl: '',
    pagePath: '',
    pageTitle: '',
    referrer: '',
    device: '',
    country: '',
    properties: {},
    ...given,
  }
}

function decided(conditions: Record<string, Condition>, lead: Partial<JudgedLead>) {
  const defined = Object.entries(conditions).map(([id, condition]) => ({ id, name: id, condition }))
  const facts = leadFacts({ customFields: [], consentDefaults: {}, currency: 'EUR', segments: defined })
  const segments = inOrder(defined).map((one): AskedSegment => ({
    ...one,
    version: 1,
    checked: checkCondition(one.condition, facts),
  }))
  const decide = decideMembership({ segments, facts, asOf })
  return decide({
    subject: subject(),
    events: [],
    before: new Set(),
    sinceMs: now.getTime() - 3_600_000,
    ...lead,
  })
}

const shopper: Condition = { event: 'order_completed', op: 'did' }
const lately: Condition = {
  event: 'page_viewed',
  op: 'did',
  within: { op: 'in_last', value: { count: 7, unit: 'days' } },
}

test('a lead enters where a condition came true, and the event that made it true is named', () => {
  const events = [event('page_viewed', daysAgo(3)), event('order_completed', minutesAgo(2))]
  expect(decided({ shopper }, { events })).toEqual([
    {
      segmentId: 'shopper',
      kind: 'entered',
      version: 1,
      reason: {
        kind: 'event',
        words: 'Placed an order',
        holds: true,
        event: {
          id: `order_completed ${minutesAgo(2)}`,
          name: 'order_completed',
          occurredAt: minutesAgo(2),
        },
      },
    },
  ])
})

test('who is in already and stays, or is not in and stays out, makes no move', () => {
  const events = [event('order_completed', daysAgo(2))]
  expect(decided({ shopper, lately }, { events, before: new Set(['shopper']) })).toEqual([])
})

test('of a count the event that reached it is named, not one that came before', () => {
  const thrice: Condition = { event: 'page_viewed', op: 'count', test: { op: 'at_least', value: 3 } }
  const events = [9, 5, 1].map((minutes) => event('page_viewed', minutesAgo(minutes)))
  expect(decided({ thrice }, { events })[0]?.reason.event?.occurredAt).toBe(minutesAgo(1))
})

test('a window that closes lets a lead leave with time, though nothing happened', () => {
  const [move] = decided(
    { lately },
    {
      events: [event('page_viewed', new Date(now.getTime() - 7 * 86_400_000 - 60_000).toISOString())],
      before: new Set(['lately']),
    },
  )
  expect(move).toMatchObject({
    kind: 'left',
    reason: { kind: 'time', words: 'Viewed a page in the last 7 days', holds: false, event: null },
  })
})

test('silence lets a lead enter with time', () => {
  const silent: Condition = { not: lately }
  const events = [event('page_viewed', new Date(now.getTime() - 7 * 86_400_000 - 60_000).toISOString())]
  expect(decided({ silent }, { events })).toMatchObject([
    { kind: 'entered', reason: { kind: 'time', holds: false } },
  ])
})

test('an edit is told as a change of what is known', () => {
  const german: Condition = { fact: 'country', op: 'is', value: 'DE' }
  const events = [event('order_completed', daysAgo(4))]
  expect(
    decided({ both: { and: [german, shopper] } }, { events, subject: subject({ country: 'DE' }) }),
  ).toMatchObject([{ kind: 'entered', reason: { kind: 'change', words: 'Country is Germany', event: null } }])
})

test('an event that came in late is new, whenever it is dated', () => {
  const late = event('order_completed', daysAgo(20), { receivedMs: Date.parse(minutesAgo(1)) })
  expect(decided({ shopper }, { events: [late] })).toMatchObject([
    { reason: { kind: 'event', event: { occurredAt: daysAgo(20) } } },
  ])
})

test('what a machine did makes nobody a member', () => {
  expect(
    decided({ shopper }, { events: [event('order_completed', minutesAgo(1), { isBot: true })] }),
  ).toEqual([])
})

test('a segment that names another is decided by what was decided of that one, whatever their names', () => {
  const conditions = {
    a_vip: { and: [{ fact: 'segment', op: 'has_any', value: ['shopper'] }, lately] } satisfies Condition,
    b_not: { fact: 'segment', op: 'has_none', value: ['a_vip'] } satisfies Condition,
    shopper,
  }
  const events = [event('page_viewed', daysAgo(3)), event('order_completed', minutesAgo(2))]
  const moves = decided(conditions, { events, before: new Set(['b_not']) })
  expect(moves.map(({ segmentId, kind }) => `${segmentId} ${kind}`)).toEqual([
    'shopper entered',
    'a_vip entered',
    'b_not left',
  ])
  expect(moves[1]?.reason.words).toBe('Segments include shopper')
})
