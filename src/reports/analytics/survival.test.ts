// Kaplan and Meier, worked by hand.
import { expect, test } from 'vitest'
import { leftWithin, medianStay } from './survival.ts'

// Of five, one left on day 1; one was watched for 2 days; one left on day 3; two were watched for 4.
// Stayed past day 1: 4/5. Past day 3, of three still in sight: 4/5 x 2/3 = 8/15.
const watched = [
  { days: 1, left: 1, censored: 0 },
  { days: 2, left: 0, censored: 1 },
  { days: 3, left: 1, censored: 0 },
  { days: 4, left: 0, censored: 2 },
]

test('who was watched for less counts for as long as they were', () => {
  expect(leftWithin(watched, 0)).toBe(0)
  expect(leftWithin(watched, 2)).toBeCloseTo(1 / 5, 12)
  expect(leftWithin(watched, 4)).toBeCloseTo(7 / 15, 12)
})

test('nothing is said of ages that nobody was watched to', () => {
  expect(leftWithin(watched, 5)).toBeUndefined()
  expect(leftWithin([], 0)).toBeUndefined()
})

test('the median is the first day by which half have left, where that was seen', () => {
  expect(medianStay(watched)).toBeUndefined()
  expect(medianStay([{ days: 7, left: 1, censored: 1 }])).toBe(7)
})
