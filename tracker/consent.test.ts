// The rules of consent, without a browser.
import { expect, test } from 'vitest'
import { choose, parseChoice, permission, statedPurposes } from './consent.ts'

const at = '2026-03-01T10:00:00.000Z'
const later = '2026-03-02T10:00:00.000Z'
const yes = { purposes: { analytics: true }, at }
const no = { purposes: { analytics: false }, at }

test.each([
  [true, false, undefined, 'unknown'],
  [true, false, { purposes: { ad_user_data: true }, at }, 'unknown'],
  [true, false, yes, 'granted'],
  [true, false, no, 'denied'],
  [false, false, undefined, 'granted'],
  [false, false, no, 'denied'],
  [false, true, yes, 'denied'],
  [true, true, undefined, 'denied'],
] as const)('required %s, refused %s, choice %o: %s', (required, refused, choice, expected) => {
  expect(permission(required, refused, choice)).toBe(expected)
})

test('Global Privacy Control denies both ad purposes whatever was chosen, and leaves analytics as it is', () => {
  const all = { purposes: { analytics: true, ad_user_data: true, ad_personalisation: true }, at }
  expect(statedPurposes(all, true)).toEqual({
    analytics: true,
    ad_user_data: false,
    ad_personalisation: false,
  })
  expect(statedPurposes(undefined, true)).toEqual({ ad_user_data: false, ad_personalisation: false })
  expect(statedPurposes(undefined, false)).toBeUndefined()
})

test('a choice keeps what it does not name, and only a changed one gets a new instant', () => {
  const first = choose(undefined, { analytics: true, ad_user_data: false }, at)
  expect(first).toEqual({ purposes: { analytics: true, ad_user_data: false }, at })
  expect(choose(first, { analytics: true }, later)).toBe(first)
  expect(choose(first, { ad_user_data: true }, later)).toEqual({
    purposes: { analytics: true, ad_user_data: true },
    at: later,
  })
})

test('anything but true is a no, also a word that says yes', () => {
  expect(choose(undefined, { analytics: 'granted', ad_user_data: 1 }, at).purposes).toEqual({
    analytics: false,
    ad_user_data: false,
  })
})

test('a consent cookie that somebody else wrote over counts as no choice', () => {
  expect(parseChoice(JSON.stringify(yes))).toEqual(yes)
  for (const text of [undefined, '', 'yes', '7', 'null', '{"a":1}', '{'])
    expect(parseChoice(text)).toBeUndefined()
})
