// The fold of `activity`: what it reads of events, and the laws that make late events, merges and rebuilds agree.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, foldActivity } from './fold.ts'
import type { ActivityEvent } from './fold.ts'

function event(given: Partial<ActivityEvent> & { minute: number }): ActivityEvent {
  const { minute, ...rest } = given
  return {
    eventId: `e${minute}`,
    occurredAt: new Date(1_800_000_000_000 + minute * 60_000).toISOString(),
    category: 'page',
    call: 'page',
    sessionStart: false,
    isBot: false,
    channel: '',
    utmSource: '',
    utmMedium: '',
    utmCampaign: '',
    pageUrl: 'https://shop.example/',
    referrer: '',
    properties: {},
    ...rest,
  }
}

describe('activity', () => {
  it('counts events, pages, sessions and machines, and knows the first and the last touch', () => {
    // Worked by hand: a visit from paid search, two pages, a crawler, and a visit from a newsletter.
    const state = foldActivity(null, [
      event({ minute: 0, sessionStart: true, channel: 'Paid Search', utmSource: 'google' }),
      event({ minute: 1 }),
      event({ minute: 2, isBot: true, sessionStart: true, channel: 'Referral' }),
      event({ minute: 90, sessionStart: true, channel: 'Email', utmSource: 'newsletter' }),
    ])
    expect(state).toMatchObject({ eventCount: 4, pageCount: 4, sessionCount: 3, machineCount: 1 })
    expect(state?.firstTouch).toMatchObject({ channel: 'Paid Search', source: 'google' })
    expect(state?.lastTouch).toMatchObject({ channel: 'Email', source: 'newsletter' })
  })

  it('edits, imports and merges are no activity of the person', () => {
    expect(foldActivity(null, [event({ minute: 0, category: 'record', call: 'import' })])).toBeNull()
    expect(foldActivity(null, [event({ minute: 0, category: 'consent', call: 'system' })])).toBeNull()
  })

  it('keeps the newest browser context and of each click id the newest click', () => {
    const state = foldActivity(null, [
      event({
        minute: 5,
        properties: {
          $context: { language: 'de' },
          $clickIds: { gclid: { value: 'new', at: '2027-01-02' } },
        },
      }),
      event({
        minute: 1,
        properties: {
          $context: { language: 'en' },
          $clickIds: { gclid: { value: 'old', at: '2027-01-01' } },
        },
      }),
    ])
    expect(state?.context).toMatchObject({ language: 'de' })
    expect(state?.clickIds).toEqual({ gclid: { value: 'new', at: '2027-01-02' } })
  })
})

const anyEvent = fc
  .record({
    minute: fc.nat(500),
    suffix: fc.nat(5),
    sessionStart: fc.boolean(),
    isBot: fc.boolean(),
    channel: fc.constantFrom('', 'Direct', 'Email', 'Paid Search'),
    category: fc.constantFrom<ActivityEvent['category']>('page', 'commerce', 'record'),
    language: fc.constantFrom('de', 'en', undefined),
    click: fc.option(fc.nat(9)),
  })
  .map(({ suffix, language, click, ...rest }) =>
    event({
      ...rest,
      eventId: `e${rest.minute}-${suffix}`,
      properties: {
        ...(language ? { $context: { language } } : {}),
        ...(click === null ? {} : { $clickIds: { gclid: { value: `v${click}`, at: `2027-01-0${click}` } } }),
      },
    }),
  )

describe('laws of activity', () => {
  it('folding in pieces equals folding at once, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.nat(40), (events, cut) => {
        const pieces = foldActivity(foldActivity(null, events.slice(0, cut)), events.slice(cut))
        expect(JSON.stringify(pieces)).toBe(JSON.stringify(foldActivity(null, events)))
      }),
    )
  })

  it('a late event gives the same state as one on time, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyEvent, { selector: (one) => one.eventId }),
        fc.infiniteStream(fc.nat()),
        (events, keys) => {
          const shuffled = events
            .map((one) => ({ one, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
          expect(JSON.stringify(foldActivity(null, shuffled))).toBe(
            JSON.stringify(foldActivity(null, events)),
          )
        },
      ),
    )
  })

  it('the state of two merged leads is the state of their events together', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), fc.array(anyEvent), (a, b) => {
        const merged = combine(foldActivity(null, a), foldActivity(null, b))
        expect(JSON.stringify(merged)).toBe(JSON.stringify(foldActivity(null, [...a, ...b])))
      }),
    )
  })
})
