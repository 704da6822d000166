// Guarantee of explanations: every line says whether it holds, what is known of the lead, and the event that counts.
import { expect, test } from 'vitest'
import type { Condition } from '../conditions/contract.ts'
import { checkCondition } from '../conditions/index.ts'
import { leadFacts } from '../leads/index.ts'
import type { LeadSubject } from '../leads/index.ts'
import { explain } from './explain.ts'
import type { SegmentEvent } from './tree.ts'

const asOf = { now: new Date('2026-06-30T12:00:00.000Z'), timeZone: 'UTC' }

const subject: LeadSubject = {
  record: {
    id: '018f0000-0000-7000-8000-00000000000a',
    workspace_id: '018f0000-0000-7000-8000-000000000001',
    status: 'active',
    binned_at: null,
    is_known: true,
    email: 'ann@mail.example',
    phone: null,
    first_name: 'Ann',
    last_name: null,
    company: null,
    job_title: null,
    city: null,
    country: 'DE',
    language: null,
    time_zone: null,
    source: 'manual',
    owner_id: null,
    tags: ['vip', 'new'],
    fields: {},
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  },
  consents: { email_marketing: 'granted' },
  activity: undefined,
  orders: undefined,
  segments: ['s1'],
}

const order = (day: number, total: number): SegmentEvent => ({
  eventId: `o${day}`,
  name: 'order_completed',
  occurredAt: `2026-06-0${day}T10:00:00.000Z`,
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
  properties: { total },
})

test('a lead is told line by line, groups before what is in them', () => {
  const condition: Condition = {
    and: [
      { fact: 'country', op: 'any_of', value: ['AT', 'DE'] },
      {
        or: [
          { event: 'order_completed', op: 'count', test: { op: 'at_least', value: 3 } },
          { event: 'order_completed', op: 'sum', of: 'total', test: { op: 'more_than', value: 50 } },
        ],
      },
      { not: { fact: 'company', op: 'is_set' } },
      { fact: 'tags', op: 'has_any', value: ['vip'] },
      { fact: 'consent.email_marketing', op: 'allowed' },
      { fact: 'segment', op: 'has_none', value: ['s1'] },
      { fact: 'createdAt', op: 'before', value: '2026-02-01' },
      { event: 'order_completed', op: 'first', test: { op: 'after', value: '2026-06-01' } },
    ],
  }
  const segments = [{ id: 's1', name: 'Loyal', condition: { fact: 'isKnown', op: 'is_true' } as const }]
  const facts = leadFacts({ customFields: [], consentDefaults: {}, currency: 'EUR', segments })
  const told = { facts, asOf, segmentNames: new Map([['s1', 'Loyal']]) }
  const lead = { subject, events: [order(1, 20), order(5, 40)] }
  const lines = explain(condition, checkCondition(condition, facts), lead, told).map(
    ({ depth, group, holds, words, found, event }) =>
      [depth, holds ? 'yes' : 'no', group ?? words, found.value, event?.id]
        .filter((part) => part !== null && part !== undefined)
        .join(' | '),
  )
  expect(lines).toEqual([
    '0 | no | all',
    '1 | yes | Country is any of Austria or Germany | Germany',
    '1 | yes | any',
    '2 | no | Placed an order at least 3 times | 2 | o5',
    '2 | yes | Placed an order with total adding up to more than 50 | 60 | o5',
    '1 | yes | not',
    '2 | no | Company is known',
    '1 | yes | Tags include vip | vip, new',
    '1 | yes | Consent to e-mail is in effect | granted, in effect',
    '1 | no | Segments do not include Loyal | Loyal',
    '1 | yes | Created is before 1 Feb 2026 | 2026-01-01T00:00:00.000Z',
    '1 | no | First placed an order after 1 Jun 2026 | 2026-06-01T10:00:00.000Z | o1',
  ])
})
