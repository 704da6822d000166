// The rules of consent: newest explicit act, narrowing without an instant, merges, and what silence means.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveConsent, isRenewal, strictest, takesEffect } from './consent.ts'
import type { ConsentAct, StandingConsent } from './consent.ts'

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString()
const act = (state: 'granted' | 'denied', day: number | null): ConsentAct => ({
  purpose: 'email_marketing',
  state,
  actedAt: day === null ? null : at(day),
  source: 'test',
  proof: {},
})
const standing = (state: 'granted' | 'denied', day: number | null, recordedDay = 20): StandingConsent => ({
  ...act(state, day),
  recordedAt: at(recordedDay),
})

/** What stands after the acts, each recorded on day 20 plus its place. */
function after(acts: ConsentAct[]): StandingConsent | undefined {
  let stands: StandingConsent | undefined
  acts.forEach((one, i) => {
    const recordedAt = at(20 + i)
    if (takesEffect(stands, one) || isRenewal(stands, one, recordedAt)) stands = { ...one, recordedAt }
  })
  return stands
}

describe('what stands', () => {
  it.each([
    ['a newer yes lifts a no', [act('denied', 1), act('granted', 2)], 'granted'],
    ['a newer no ends a yes', [act('granted', 1), act('denied', 2)], 'denied'],
    ['an older yes that comes late lifts nothing', [act('denied', 2), act('granted', 1)], 'denied'],
    ['an older no that comes late ends nothing', [act('granted', 2), act('denied', 1)], 'granted'],
    ['of two acts of one instant the no stands', [act('granted', 1), act('denied', 1)], 'denied'],
    [
      'of two acts of one instant the no stands, in either order',
      [act('denied', 1), act('granted', 1)],
      'denied',
    ],
    ['an undated no narrows', [act('granted', 9), act('denied', null)], 'denied'],
    ['an undated yes never widens', [act('denied', 9), act('granted', null)], 'denied'],
    ['an undated yes is taken where nothing stands', [act('granted', null)], 'granted'],
    [
      'a yes from before an undated no was recorded does not lift it',
      [act('denied', null), act('granted', 9)],
      'denied',
    ],
    [
      'a yes given after an undated no was recorded lifts it',
      [act('denied', null), act('granted', 25)],
      'granted',
    ],
    [
      'a no repeated stands as of its repetition',
      [act('denied', 1), act('denied', 5), act('granted', 3)],
      'denied',
    ],
    [
      'an undated no after a dated one holds against a yes given before it was recorded',
      [act('denied', 1), act('denied', null), act('granted', 5)],
      'denied',
    ],
    [
      'an undated no that was recorded again holds against a yes given between its records',
      [act('denied', null), act('granted', 9), act('denied', null), act('granted', 21)],
      'denied',
    ],
    [
      'a dated no newer than the record of an undated one stands as of its own instant',
      [act('denied', null), act('denied', 25), act('granted', 24)],
      'denied',
    ],
    [
      'a yes repeated stands as of its repetition',
      [act('granted', 1), act('granted', 5), act('denied', 3)],
      'granted',
    ],
  ] as const)('%s', (_title, acts, state) => {
    expect(after([...acts])?.state).toBe(state)
  })

  it('of dated acts, whatever their order, the newest stands', () => {
    const dated = fc.record({
      state: fc.constantFrom('granted' as const, 'denied' as const),
      day: fc.integer({ min: 1, max: 15 }),
    })
    fc.assert(
      fc.property(fc.array(dated, { minLength: 1, maxLength: 8 }), (given) => {
        const newest = Math.max(...given.map((one) => one.day))
        const last = given.filter((one) => one.day === newest)
        const expected = last.some((one) => one.state === 'denied') ? 'denied' : 'granted'
        expect(after(given.map((one) => act(one.state, one.day)))).toMatchObject({
          state: expected,
          actedAt: at(newest),
        })
      }),
    )
  })

  it('a no stands until a yes given after every no: after its instant, or where it has none after its record', () => {
    const any = fc.record({
      state: fc.constantFrom('granted' as const, 'denied' as const),
      // Days before it is recorded.
      ago: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
    })
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (said) => {
        const given = said.map(({ state, ago }, i) => ({ state, day: ago === null ? null : 20 + i - ago }))
        const refused = given.flatMap(({ state, day }, i) => (state === 'denied' ? [day ?? 20 + i] : []))
        const agreed = given.flatMap(({ state, day }) => (state === 'granted' && day !== null ? [day] : []))
        const isGranted = refused.length === 0 || Math.max(...agreed) > Math.max(...refused)
        expect(after(given.map((one) => act(one.state, one.day)))?.state).toBe(
          isGranted ? 'granted' : 'denied',
        )
      }),
    )
  })

  it('no undated act ever turns a no into a yes', () => {
    const any = fc.record({
      state: fc.constantFrom('granted' as const, 'denied' as const),
      day: fc.option(fc.integer({ min: 1, max: 15 }), { nil: null }),
    })
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (given) => {
        const acts = given.map((one) => act(one.state, one.day))
        const before = after(acts)
        if (before?.state === 'denied') expect(after([...acts, act('granted', null)])?.state).toBe('denied')
      }),
    )
  })
})

describe('the consent of merged leads', () => {
  it('is the strictest: any no survives, a yes stays where the other never said', () => {
    expect(strictest(standing('granted', 9), standing('denied', 2))?.state).toBe('denied')
    expect(strictest(standing('denied', 9), standing('granted', 2))).toEqual(standing('denied', 9))
    expect(strictest(standing('granted', 9), undefined)).toEqual(standing('granted', 9))
    expect(strictest(undefined, undefined)).toBeUndefined()
    expect(strictest(standing('granted', 2), standing('granted', 9))?.actedAt).toBe(at(9))
  })

  it('a no that outlived a newer yes is not lifted by repeating that yes', () => {
    const merged = strictest(standing('granted', 9), standing('denied', 2))!
    expect(takesEffect({ ...merged, recordedAt: at(20) }, act('granted', 9))).toBe(false)
    expect(takesEffect({ ...merged, recordedAt: at(20) }, act('granted', 21))).toBe(true)
  })
})

describe('what silence means', () => {
  it.each([
    ['email_marketing', 'US', 'denied'],
    ['sms_marketing', 'US', 'denied'],
    ['analytics', 'DE', 'denied'],
    ['analytics', 'CH', 'denied'],
    ['analytics', 'GB', 'denied'],
    ['analytics', 'UK', 'denied'],
    ['ad_user_data', 'US', 'granted'],
    ['ad_personalisation', null, 'denied'],
    ['analytics', 'Deutschland', 'denied'],
  ] as const)('%s in %s is %s', (purpose, country, effective) => {
    expect(effectiveConsent(undefined, purpose, country).effective).toBe(effective)
  })

  it('the workspace may say otherwise by country, but never for e-mail and SMS', () => {
    const defaults = { DE: 'granted', '*': 'denied' } as const
    expect(effectiveConsent(undefined, 'analytics', 'DE', defaults).effective).toBe('granted')
    expect(effectiveConsent(undefined, 'analytics', 'US', defaults).effective).toBe('denied')
    expect(effectiveConsent(undefined, 'email_marketing', 'DE', defaults).effective).toBe('denied')
  })

  it('what the person said goes before every default', () => {
    expect(effectiveConsent({ state: 'denied' }, 'analytics', 'US', { US: 'granted' }).effective).toBe(
      'denied',
    )
    expect(effectiveConsent({ state: 'granted' }, 'email_marketing', 'DE').effective).toBe('granted')
  })
})
