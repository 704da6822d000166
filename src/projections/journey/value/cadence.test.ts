// Gaps between orders, by hand.
import { expect, test } from 'vitest'
import { cadenceOf } from './cadence.ts'

test('gaps of 10, 20 and 30 days have their middle, their ends and their spread', () => {
  // Mean 20, standard deviation 10: spread one half.
  expect(cadenceOf([100, 110, 130, 160], 175)).toEqual({
    gaps: 3,
    medianDays: 20,
    shortestDays: 10,
    longestDays: 30,
    sinceLastDays: 15,
    spread: 0.5,
  })
})

test('one gap has no spread, one order no gap, and what lies ahead does not count', () => {
  expect(cadenceOf([100, 107, 200], 110)).toMatchObject({ gaps: 1, medianDays: 7, spread: null })
  expect(cadenceOf([100], 110)).toBeNull()
})
