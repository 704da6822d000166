// The words for what speaks for and against a pair.
import { expect, test } from 'vitest'
import { cautionOf, reasonWords, sureness } from './reasons.ts'

test('a probability is never rounded up to certainty', () => {
  expect(sureness(0.9996)).toBe('over 99.9 %')
  expect(sureness(0.98999)).toBe('98.9 %')
  expect(sureness(0.8)).toBe('80.0 %')
})

test('a field says how many times more or less likely it makes the pair, and little where it does', () => {
  expect(reasonWords({ column: 'City', level: 'same', bits: 5 })).toBe(
    'City is the same: 32 times more likely',
  )
  expect(reasonWords({ column: 'E-mail', level: 'different', bits: -3 })).toBe(
    'E-mail differs: 8.0 times less likely',
  )
  expect(reasonWords({ column: 'Phone', level: 'same', bits: 19.5 })).toBe(
    'Phone is the same: 741 thousand times more likely',
  )
  expect(reasonWords({ column: 'Country', level: 'same', bits: 0.2 })).toBe(
    'Country is the same: says little',
  )
})

test('what leaves a pair to a person is told in a sentence', () => {
  expect(cautionOf(null)).toBeUndefined()
  expect(cautionOf('names_differ')).toMatch(/given names differ/)
})
