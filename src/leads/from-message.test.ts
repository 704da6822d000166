// The person in a tracking message: identifiers, words with their weight, and consents with their instant.
import { describe, expect, it } from 'vitest'
import type { Message, Origin } from '../ingest/contract.ts'
import { readMessagePerson } from './from-message.ts'

const OCCURRED = '2026-03-01T12:00:00.000Z'

function read(
  message: Partial<Message>,
  event: { name?: string; country?: string; properties?: Record<string, unknown> } = {},
  origin: Origin = {},
) {
  return readMessagePerson({
    workspaceId: 'w',
    message: { type: 'track', messageId: 'm', anonymousId: 'a1', ...message },
    origin,
    event: { occurredAt: OCCURRED, country: '', name: 'x', source: 'tracker', properties: {}, ...event },
  })
}

describe('who a message is about', () => {
  it('only a server may merge known leads', () => {
    expect(read({}).claims.mayMerge).toBe(false)
    expect(read({}, {}, { trusted: true }).claims.mayMerge).toBe(true)
  })

  it('an alias tells the id before beside the id after', () => {
    const { claims } = read({ type: 'alias', previousId: 'before', userId: 'u1', anonymousId: 'a1' })
    expect(claims).toMatchObject({ userId: 'u1', previousId: 'before', anonymousId: 'a1' })
  })

  it('an order that names its buyer by e-mail is the order of that buyer', () => {
    const { claims, words } = read({}, { properties: { email: 'Ann@Example.com' } })
    expect(claims.email).toBe('ann@example.com')
    expect(words?.fields.email).toBe('ann@example.com')
  })

  it('a page view without traits says nothing of a person, though it tells a country', () => {
    expect(read({ type: 'page' }, { country: 'DE' }).words).toBeUndefined()
  })

  it('the country and zone of the call are inferred, not told', () => {
    const { words } = read(
      { type: 'identify', traits: { firstName: 'Ann' }, context: { timezone: 'Europe/Berlin' } },
      { country: 'DE' },
    )
    expect(words?.fields).toEqual({ firstName: 'Ann' })
    expect(words?.inferred).toEqual({ country: 'DE', timeZone: 'Europe/Berlin' })
  })

  it('a zone that no calendar has is no zone', () => {
    const { words } = read({ type: 'identify', traits: {}, context: { timezone: 'Mars/Olympus' } })
    expect(words?.inferred).toEqual({})
  })

  it('a group call names the company and no custom fields', () => {
    const { words } = read({ type: 'group', groupId: 'g', traits: { name: 'Shop', seats: 4 } })
    expect(words).toMatchObject({ fields: { company: 'Shop' }, custom: {} })
  })
})

describe('consents in a message', () => {
  const banner = (categoryPreferences: unknown, consentAt?: string): Partial<Message> => ({
    type: 'page',
    context: { consent: { categoryPreferences }, throughline: { consentAt } },
  })

  it('a choice on a banner counts as of when it was made', () => {
    const { consents } = read(banner({ analytics: true, ad_user_data: false }, '2026-02-01T00:00:00.000Z'))
    expect(consents).toMatchObject([
      { purpose: 'analytics', state: 'granted', actedAt: '2026-02-01T00:00:00.000Z' },
      { purpose: 'ad_user_data', state: 'denied', actedAt: '2026-02-01T00:00:00.000Z' },
    ])
  })

  it('a choice from the future counts as of the call that tells of it', () => {
    expect(read(banner({ analytics: true }, '2099-01-01T00:00:00.000Z')).consents[0]?.actedAt).toBe(OCCURRED)
    expect(read(banner({ analytics: true })).consents[0]?.actedAt).toBe(OCCURRED)
  })

  it('a banner cannot consent to e-mail or SMS, nor with anything but yes and no', () => {
    expect(read(banner({ email_marketing: true, sms_marketing: true, analytics: 'yes' })).consents).toEqual(
      [],
    )
    expect(read(banner('all')).consents).toEqual([])
    expect(read(banner([true])).consents).toEqual([])
  })

  it('unsubscribing is a no to e-mail marketing', () => {
    expect(read({}, { name: 'unsubscribed' }).consents).toMatchObject([
      { purpose: 'email_marketing', state: 'denied', actedAt: OCCURRED },
    ])
  })

  it('an event of consent says what was agreed to and keeps the proof', () => {
    const { consents } = read(
      {},
      {
        name: 'consent_changed',
        properties: {
          purposes: { email_marketing: 'granted', sms_marketing: false, other: true },
          proof: 'I agree',
        },
      },
    )
    expect(consents).toMatchObject([
      { purpose: 'email_marketing', state: 'granted', proof: { words: 'I agree' } },
      { purpose: 'sms_marketing', state: 'denied' },
    ])
  })
})
