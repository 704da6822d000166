// When a notice is open, and since when a lead is hot.
import { describe, expect, test } from 'vitest'
import { hotSince, isDismissed } from './candidates.ts'
import type { Answer, Candidate } from './candidates.ts'

const notice: Candidate = {
  kind: 'hot_lead',
  subject: 'a',
  happenedAt: 1_000,
  count: 1,
  about: '',
  ownerId: null,
  score: 80,
  grade: 'A',
  stage: 'qualified',
}

function dismissedThrough(ms: number | null): Answer {
  return {
    kind: 'hot_lead',
    subject: 'a',
    ownerId: null,
    dismissedThrough: ms === null ? null : new Date(ms),
    dismissedBy: 'user:1',
    dismissedAt: new Date(2_000),
  }
}

test('a dismissed notice stays away until it happens anew', () => {
  expect(isDismissed(notice, undefined)).toBe(false)
  expect(isDismissed(notice, dismissedThrough(null))).toBe(false)
  expect(isDismissed(notice, dismissedThrough(1_000))).toBe(true)
  expect(isDismissed(notice, dismissedThrough(999))).toBe(false)
})

describe('a lead that is hot', () => {
  const hot = (at: number, before: string) => ({ at, temperature: 'hot', before })

  test('is so since it turned hot, whatever it did on top', () => {
    expect(hotSince([hot(50, 'hot'), hot(40, 'warm'), hot(10, 'cold')], 1)).toBe(40)
    expect(
      hotSince([hot(50, 'hot'), { at: 45, temperature: 'warm', before: 'hot' }, hot(10, 'cold')], 1),
    ).toBe(50)
  })

  test('that had cooled with silence between is hot since it turned hot again', () => {
    expect(hotSince([hot(50, 'warm'), hot(10, 'cold')], 1)).toBe(50)
  })

  test('that was hot when it was first scored is so since then', () => {
    expect(hotSince([hot(50, ''), hot(40, '')], 30)).toBe(40)
    expect(hotSince([], 7)).toBe(7)
  })
})
