// Credits are whole and add up, whatever is split and however often it is refunded.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitMoney } from '../../lib/money.ts'
import { COUNT_UNITS, allocate, creditOf, refundOf } from './allocate.ts'

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const weightLists = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })

test('the units left over go to the largest remainders, ties to the first touch', () => {
  // 1000 by thirds is 333 each and one left; by 0.5 : 0.25 : 0.25 of 3 it is 1, 0, 0 and the two left go to .75 and .75.
  const out = new Float64Array(3)
  allocate(1000, Float64Array.of(1, 1, 1), out)
  expect([...out]).toEqual([334, 333, 333])
  allocate(3, Float64Array.of(0.5, 0.25, 0.25), out)
  expect([...out]).toEqual([1, 1, 1])
  allocate(-1000, Float64Array.of(1, 1, 1), out)
  expect([...out]).toEqual([-334, -333, -333])
})

test('it splits as splitMoney does, and exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), weightLists, (total, weights) => {
      const out = new Float64Array(weights.length)
      allocate(total, Float64Array.from(weights), out)
      expect(sum([...out])).toBe(total)
      expect([...out].every(Number.isSafeInteger)).toBe(true)
      if (weights.some((weight) => weight > 1e-300))
        splitMoney(total, weights).forEach((part, i) =>
          expect(Math.abs(part - (out[i] ?? 0))).toBeLessThanOrEqual(1),
        )
    }),
  )
})

test('a conversion is credited to the last minor unit and to the millionth', () => {
  const credit = creditOf({ valueMinor: 9_999, count: 1 }, Float64Array.of(1 / 3, 1 / 3, 1 / 3))
  expect(credit).toEqual({ valueMinor: [3333, 3333, 3333], countUnits: [333_334, 333_333, 333_333] })
  expect(creditOf({ valueMinor: 5, count: 1 }, new Float64Array(0))).toEqual({
    valueMinor: [],
    countUnits: [],
  })
  expect(() => creditOf({ valueMinor: 0.5, count: 1 }, Float64Array.of(1))).toThrow('whole minor units')
})

test('a refund takes from each touch in ratio of its credit, and a whole one leaves nothing, the conversion neither', () => {
  const credit = creditOf({ valueMinor: 1000, count: 1 }, Float64Array.of(0.4, 0.2, 0.4))
  const first = refundOf(credit, 250)
  expect(first).toEqual({ valueMinor: [-100, -50, -100], countUnits: [0, 0, 0] })
  const standing = {
    valueMinor: credit.valueMinor.map((minor, i) => minor + (first.valueMinor[i] ?? 0)),
    countUnits: credit.countUnits,
  }
  // More than is left, as where shipping is paid back as well: only what was credited can be taken.
  expect(refundOf(standing, 5_000)).toEqual({
    valueMinor: [-300, -150, -300],
    countUnits: [-400_000, -200_000, -400_000],
  })
})

test('after any refunds the credits add up to what is left of the conversion, and no touch goes below zero', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      weightLists,
      fc.array(fc.integer({ min: 0, max: 1e9 }), { maxLength: 6 }),
      (valueMinor, weights, refunds) => {
        const standing = creditOf({ valueMinor, count: 1 }, Float64Array.from(weights))
        let left = valueMinor
        for (const refund of refunds) {
          const taken = refundOf(standing, refund)
          expect([...taken.valueMinor, ...taken.countUnits].every((units) => units <= 0)).toBe(true)
          standing.valueMinor = standing.valueMinor.map((minor, i) => minor + (taken.valueMinor[i] ?? 0))
          standing.countUnits = standing.countUnits.map((units, i) => units + (taken.countUnits[i] ?? 0))
          const hadValue = left > 0
          left = Math.max(0, left - refund)
          expect(sum(standing.valueMinor)).toBe(left)
          if (hadValue) expect(sum(standing.countUnits)).toBe(left === 0 ? 0 : COUNT_UNITS)
          expect(Math.min(...standing.valueMinor)).toBeGreaterThanOrEqual(0)
        }
      },
    ),
  )
})
