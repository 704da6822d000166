// The pure steps of a message's way: clocks, names, amounts, refusals, channels, and what browsers may not forge.
import { describe, expect, it } from 'vitest'
import { Ended } from '../lib/steps.ts'
import type { Arrival, Message, Origin } from './contract.ts'
import {
  classifyChannel,
  correctClock,
  describeDevice,
  keepContext,
  locate,
  nameEvent,
  respectRefusal,
} from './normalise.ts'

const RECEIVED = '2026-03-01T12:00:00.000Z'
const settings = { ownDomains: ['shop.example'], currency: 'EUR' }

function arrival(message: Partial<Message>, origin: Origin = {}): Arrival {
  return {
    id: '01930000-0000-7000-8000-000000000001',
    receivedOn: RECEIVED.slice(0, 10),
    receivedAt: new Date(RECEIVED),
    workspaceId: 'w',
    source: 'tracker',
    lane: 'live',
    message: { type: 'track', messageId: 'm', anonymousId: 'a1', ...message },
    origin,
  }
}
const named = (message: Partial<Message>, origin?: Origin) =>
  nameEvent(correctClock(arrival(message, origin)), settings)

describe('a message becomes an event', () => {
  it('a wrong clock is put right and the shift is told', () => {
    const item = correctClock(
      arrival({ timestamp: '2026-03-01T09:59:50.000Z', sentAt: '2026-03-01T10:00:00.000Z' }),
    )
    expect(new Date(item.occurredAt).toISOString()).toBe('2026-03-01T11:59:50.000Z')
    expect(item.trace.clockShiftMs).toBe(2 * 3_600_000)
  })

  it.each([
    ['page', undefined, 'page_viewed', 'page'],
    ['screen', undefined, 'screen_viewed', 'page'],
    ['identify', undefined, 'identified', 'identity'],
    ['group', undefined, 'grouped', 'identity'],
    ['alias', undefined, 'aliased', 'identity'],
    ['track', 'Order Completed', 'order_completed', 'commerce'],
    ['track', 'Watered the Plants', 'Watered the Plants', 'action'],
  ] as const)('a %s call (%s) is named %s', (type, event, name, category) => {
    expect(named({ type, event }).event).toMatchObject({ name, category, call: type })
  })

  it.each([
    [{ revenue: 10.5, currency: 'usd' }, 1050, 'USD'],
    [{ total: '1200', currency: 'JPY' }, 1200, 'JPY'],
    [{ value: 3 }, 300, 'EUR'],
    [{ revenue: 10, currency: 'x'.repeat(20_000) }, 0, ''],
    [{ revenue: { much: 1 } }, 0, ''],
    [{ revenue: 'a lot' }, 0, ''],
  ])('the amount of %j is %d minor units of "%s"', (properties, valueMinor, currency) => {
    expect(named({ event: 'Order Completed', properties }).event).toMatchObject({ valueMinor, currency })
  })

  it('what a sender calls $context or $clickIds never stands for what we know of its browser', () => {
    const item = named({
      event: 'x',
      properties: { $context: { ip: '1.2.3.4' }, $clickIds: { gclid: null }, color: 'red' },
    })
    expect(keepContext(item).event.properties).toEqual({ color: 'red' })
  })

  it('keeps of click ids only those with a plain name and a click in the past', () => {
    const clickIds = {
      gclid: { value: 'g', at: '2026-02-01T00:00:00Z' },
      fbclid: { value: 'f', at: '2099-01-01T00:00:00Z' },
      ['__proto__x']: { value: 'p', at: '2026-02-01T00:00:00Z' },
      msclkid: 'text',
      ttclid: { value: 't', at: 'yesterday' },
    }
    const item = named({ type: 'page', context: { throughline: { clickIds } } })
    expect(keepContext(item).event.properties).toEqual({
      $clickIds: { gclid: { value: 'g', at: '2026-02-01T00:00:00.000Z' } },
    })
  })
})

describe('a visitor who refused analytics', () => {
  const context = { consent: { categoryPreferences: { analytics: false } } }
  it('leaves no visit behind', () => {
    const ended = respectRefusal(named({ type: 'page', context }))
    expect(ended).toBeInstanceOf(Ended)
    expect(ended).toMatchObject({ outcome: 'dropped', reason: 'consent_refused' })
  })
  it.each([
    ['who says who they are', { type: 'identify' as const }],
    ['who is signed in', { userId: 'u1' }],
    ['who tells of the refusal itself', { event: 'Consent Changed' }],
  ])('is still heard: one %s', (_who, message) => {
    expect(respectRefusal(named({ ...message, context }))).not.toBeInstanceOf(Ended)
  })
})

describe('where a visit came from', () => {
  it('a page view has a channel, an action without campaign has none', () => {
    const page = named({
      type: 'page',
      context: { page: { url: 'https://shop.example/?utm_source=news&utm_medium=email' } },
    })
    expect(classifyChannel(page, settings).event).toMatchObject({ channel: 'Email', utmSource: 'news' })
    expect(classifyChannel(named({ event: 'x' }), settings).event.channel).toBe('')
  })
  it("the address's country goes before the zone's", () => {
    const context = { timezone: 'Europe/Berlin' }
    expect(locate(named({ type: 'page', context })).event).toMatchObject({ country: 'DE' })
    const origin: Origin = { country: 'FR', countrySource: 'header' }
    expect(locate(named({ type: 'page', context }, origin)).event).toMatchObject({
      country: 'FR',
      countrySource: 'header',
    })
  })
  it('a crawler is marked as a machine', () => {
    const context = { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }
    expect(describeDevice(named({ type: 'page', context })).event.isBot).toBe(true)
  })
})
