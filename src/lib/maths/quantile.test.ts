// Quantiles, worked by hand.
import { expect, it } from 'vitest'
import { medianOf, quantileOf } from './quantile.ts'

it('a quantile lies between neighbours, type 7', () => {
  // Of 1 2 3 4 the place of 0.4 is 1.2: 2 + 0.2.
  expect(quantileOf([1, 2, 3, 4], 0.4)).toBeCloseTo(2.2, 12)
  expect([0, 0.5, 1].map((share) => quantileOf([1, 2, 3], share))).toEqual([1, 2, 3])
  expect(quantileOf([7], 0.8)).toBe(7)
  expect(() => quantileOf([], 0.5)).toThrow()
})

it('the median needs no order, and of an even number is the mean of the middle two', () => {
  expect(medianOf([9, 1, 5])).toBe(5)
  expect(medianOf([9, 1, 5, 4])).toBe(4.5)
})
