// What may leave of a conversion, and in which form.
import { expect, test } from 'vitest'
import { connectorOf, sampleSettings } from '../../connectors/index.ts'
import type { ConversionItem } from './item.ts'
import { askedPeople, judge } from './judge.ts'
import type { PersonRow } from './store.ts'

const connector = connectorOf('meta')!
const circumstances = {
  connector,
  mappings: [],
  settings: sampleSettings(connector),
  consentDefaults: { '*': 'granted' } as const,
  now: new Date('2026-11-20T10:00:00.000Z'),
}

const item = (
  change: Partial<ConversionItem['event']> = {},
  rest: Partial<ConversionItem> = {},
): ConversionItem => ({
  event: {
    eventId: 'e1',
    name: 'order_completed',
    occurredAt: '2026-11-20T09:00:00.000Z',
    pageUrl: '',
    pageTitle: '',
    referrer: '',
    sessionId: '',
    valueMinor: 3100,
    currency: 'EUR',
    properties: { order_id: '1' },
    ...change,
  },
  person: { email: 'jane@shop.example', phone: '+12025550123', country: 'US' },
  ...rest,
})

const lead = (leadId: string, consents: PersonRow['consents']): PersonRow => ({
  askedId: leadId,
  leadId,
  status: 'active',
  fields: {},
  userId: null,
  email: null,
  phone: null,
  firstName: null,
  lastName: null,
  city: null,
  country: 'US',
  browser: null,
  clicks: {},
  consents,
})

test('an address in the query of a page, in a referrer or in a parameter does not leave unhashed', () => {
  const told = item(
    {
      pageUrl: 'https://shop.example/thanks?order=1&email=jane%40shop.example',
      referrer: 'https://shop.example/?e=jane@shop.example',
    },
    {
      mapped: {
        name: 'Purchase',
        parameters: {
          value: 31,
          currency: 'EUR',
          contact: 'jane@shop.example',
          from: 'https://shop.example/?u=jane%40shop.example',
        },
      },
      browser: { userAgent: 'Mozilla/5.0' },
    },
  )
  const { stop, built } = judge(told, null, new Map(), circumstances)
  expect(stop).toBeNull()
  expect(built!.payload).toMatchObject({ event_source_url: 'https://shop.example/thanks?order=1' })
  expect(JSON.stringify(built!.payload)).not.toMatch(/jane(@|%40)/)
})

test('whoever shares a phone with somebody who refused is not told of, and who shares it with nobody who did is', () => {
  const shared = item({}, { sharedBy: ['l1', 'l2'] })
  expect(askedPeople([{ item: shared, leadId: null }])).toEqual(['l1', 'l2'])
  const people = (second: PersonRow['consents']) =>
    new Map([
      ['l1', lead('l1', { ad_user_data: 'granted' })],
      ['l2', lead('l2', second)],
    ])
  expect(judge(shared, null, people({ ad_user_data: 'denied' }), circumstances)).toMatchObject({
    stop: { kind: 'withheld', reason: 'consent_missing' },
  })
  expect(judge(shared, null, people({}), circumstances).stop).toBeNull()
})
