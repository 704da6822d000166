// A calibration keeps the ranking and makes probabilities come true.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calibrate, levelShift } from './calibration.ts'
import { sigmoid } from './logistic.ts'

test('log odds that claim twice too much are drawn back to what came true', () => {
  const { logOdds, outcomes } = drawn(20_000, 5, (z) => sigmoid(z / 2 - 1))
  const found = calibrate(logOdds, outcomes)
  expect(found?.slope).toBeCloseTo(0.5, 1)
  expect(found?.shift).toBeCloseTo(-1, 1)
})

test('a calibration never turns a ranking round, whatever the outcomes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (seed, slope) => {
        const { logOdds, outcomes } = drawn(400, seed, (z) => sigmoid(slope * z - 0.5))
        const found = calibrate(logOdds, outcomes)
        if (found) expect(found.slope).toBeGreaterThan(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('calibrated probabilities add up to the conversions', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const { logOdds, outcomes } = drawn(500, seed, (z) => sigmoid(0.7 * z - 0.5))
      const found = calibrate(logOdds, outcomes)
      expect(found).not.toBeNull()
      if (!found) return
      const expected = logOdds.reduce((total, z) => total + sigmoid(found.shift + found.slope * z), 0)
      expect(expected).toBeCloseTo(
        outcomes.reduce((total, outcome) => total + outcome, 0),
        1,
      )
    }),
    { numRuns: 30 },
  )
})

test('the level alone is set where the slope would mislead', () => {
  const { logOdds, outcomes } = drawn(2000, 3, (z) => sigmoid(-z))
  expect(calibrate(logOdds, outcomes)?.slope).toBe(1)
  const shift = levelShift(logOdds, outcomes)
  const expected = logOdds.reduce((total, z) => total + sigmoid(z + shift), 0)
  expect(expected).toBeCloseTo(
    outcomes.reduce((total, outcome) => total + outcome, 0),
    6,
  )
})

test('fewer than thirty of either outcome calibrate nothing', () => {
  expect(calibrate(new Float64Array(100), new Uint8Array(100).fill(1, 0, 29))).toBeNull()
})

function drawn(rows: number, seed: number, chance: (z: number) => number) {
  let state = seed % 2147483647 || 1
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647
  draw()
  const logOdds = new Float64Array(rows).map(() => draw() * 6 - 3)
  return { logOdds, outcomes: Uint8Array.from(logOdds, (z) => (draw() < chance(z) ? 1 : 0)) }
}
