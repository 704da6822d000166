// Metrics against figures worked by hand and laws that any ranking must keep.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aucOf, averagePrecisionOf, calibrationTable, liftByDecile, metricsOf } from './metrics.ts'

test('AUC counts the pairs that are ranked right, ties as half', () => {
  // Conversions at 0.8 and 0.4, others at 0.4 and 0.1: of four pairs three are right and one is tied.
  expect(aucOf(Float64Array.of(0.8, 0.4, 0.4, 0.1), Uint8Array.of(1, 1, 0, 0))).toBe(3.5 / 4)
  expect(aucOf(Float64Array.of(0.3, 0.3), Uint8Array.of(1, 1))).toBeNull()
})

test('average precision sums precision over the recall gained', () => {
  // Ranked 1, 0, 1, 0: precision 1 at half of the recall, 2/3 at the other half.
  const found = averagePrecisionOf(Float64Array.of(0.9, 0.8, 0.7, 0.1), Uint8Array.of(1, 0, 1, 0))
  expect(found).toBeCloseTo(0.5 * 1 + 0.5 * (2 / 3), 12)
  expect(averagePrecisionOf(Float64Array.of(0.9), Uint8Array.of(0))).toBeNull()
})

test('average precision of a constant score is the rate of conversions', () => {
  expect(
    averagePrecisionOf(new Float64Array(10).fill(0.2), Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
  ).toBeCloseTo(0.2, 12)
})

test('Brier score and log loss are the means of what each row lost', () => {
  const found = metricsOf(Float64Array.of(0.9, 0.2), Uint8Array.of(1, 0))
  expect(found.brier).toBeCloseTo((0.01 + 0.04) / 2, 12)
  expect(found.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 12)
  expect(found).toMatchObject({ rows: 2, conversions: 1, expected: 0.55, observed: 0.5 })
})

test('a wrong certainty costs much but not everything', () => {
  expect(metricsOf(Float64Array.of(0), Uint8Array.of(1)).logLoss).toBeLessThan(40)
})

test('any ranking has the AUC that comparing every pair gives', () => {
  fc.assert(
    fc.property(rankings, (rows) => {
      const { scores, outcomes } = apart(rows)
      let right = 0
      let pairs = 0
      for (const [score, outcome] of rows)
        for (const [other, otherOutcome] of rows)
          if (outcome === 1 && otherOutcome === 0) {
            pairs++
            right += score > other ? 1 : score === other ? 0.5 : 0
          }
      expect(aucOf(scores, outcomes)).toEqual(pairs === 0 ? null : expect.closeTo(right / pairs, 10))
    }),
  )
})

test('bands and deciles hold every row and every conversion once', () => {
  fc.assert(
    fc.property(rankings, (rows) => {
      const { scores, outcomes } = apart(rows)
      const conversions = outcomes.reduce((total, outcome) => total + outcome, 0)
      for (const table of [calibrationTable(scores, outcomes), liftByDecile(scores, outcomes)]) {
        expect(table.reduce((total, { rows: inside }) => total + inside, 0)).toBe(rows.length)
        expect(table.reduce((total, entry) => total + entry.conversions, 0)).toBeCloseTo(conversions, 9)
      }
      expect(liftByDecile(scores, outcomes).at(-1)?.captured).toBeCloseTo(conversions > 0 ? 1 : 0, 9)
    }),
  )
})

test('no metric depends on the order of the rows', () => {
  fc.assert(
    fc.property(rankings, (rows) => {
      const { scores, outcomes } = apart(rows)
      const back = apart([...rows].reverse())
      expect(aucOf(back.scores, back.outcomes)).toBe(aucOf(scores, outcomes))
      const [lift, backLift] = [liftByDecile(scores, outcomes), liftByDecile(back.scores, back.outcomes)]
      lift.forEach((decile, at) => expect(backLift[at]?.conversions).toBeCloseTo(decile.conversions, 9))
    }),
  )
})

const rankings = fc.array(
  fc.tuple(fc.constantFrom(0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9), fc.constantFrom(0, 1)),
  { minLength: 1, maxLength: 60 },
)

function apart(rows: [number, number][]) {
  return {
    scores: Float64Array.from(rows, ([score]) => score),
    outcomes: Uint8Array.from(rows, ([, outcome]) => outcome),
  }
}
