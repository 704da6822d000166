// What is told of an example beside its name.
import { expect, test } from 'vitest'
import type { Condition } from '../../../src/conditions/contract.ts'
import type { Lead } from '../../../src/leads/contract.ts'
import { askedOf, shownFact } from './examples.ts'
import type { OfferedFact } from './draft.ts'

const country: OfferedFact = {
  name: 'country',
  label: 'Country',
  type: 'choice',
  choices: [{ value: 'DE', label: 'Germany' }],
}
const company: OfferedFact = { name: 'company', label: 'Company', type: 'text' }
const seen: OfferedFact = { name: 'lastSeenAt', label: 'Last seen', type: 'date' }
const seats: OfferedFact = { name: 'fields.seats', label: 'Seats', type: 'number' }
const orders: OfferedFact = { name: 'orderCount', label: 'Orders', type: 'number' }

const lead: Lead = {
  id: '018f0000-0000-7000-8000-00000000000a',
  label: 'Ann Smith',
  status: 'active',
  mergedInto: null,
  binnedAt: null,
  isKnown: true,
  email: 'ann@mail.example',
  phone: null,
  firstName: 'Ann',
  lastName: 'Smith',
  company: null,
  jobTitle: null,
  city: null,
  country: 'DE',
  language: null,
  timeZone: null,
  source: 'manual',
  ownerId: null,
  tags: [],
  fields: { seats: 1200 },
  revision: 1,
  createdAt: '2026-11-01T10:00:00.000Z',
  updatedAt: '2026-11-01T10:00:00.000Z',
  firstSeenAt: null,
  lastSeenAt: '2026-11-20T10:00:00.000Z',
  eventCount: 0,
  sessionCount: 0,
  lastChannel: null,
  firstChannel: null,
}

test('the facts that a condition asks about are told once each, in their order', () => {
  const asked: Condition = {
    and: [
      { fact: 'company', op: 'is_not_set' },
      { event: 'page_viewed', op: 'did' },
      {
        or: [
          { fact: 'country', op: 'any_of', value: ['DE'] },
          { fact: 'company', op: 'contains', value: 'a' },
        ],
      },
    ],
  }
  expect(askedOf(asked, [country, company])).toEqual([company, country])
})

test('a fact is told in words, an empty one too, and not at all where the line does not have it', () => {
  expect(shownFact(lead, country)).toEqual({ text: 'Germany' })
  expect(shownFact(lead, company)).toEqual({ text: 'empty' })
  expect(shownFact(lead, seats)).toEqual({ text: '1,200' })
  expect(shownFact(lead, seen)).toEqual({ at: '2026-11-20T10:00:00.000Z' })
  expect(shownFact(lead, orders)).toBeUndefined()
})
