// The regression against answers worked out by other means: a table's log odds, the gradient, and a separate solver.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitLogistic, logit, lossOf } from './logistic.ts'
import { createRowWriter, timesRows, timesWeights } from './sparse.ts'
import type { SparseRows } from './sparse.ts'

describe('a logistic regression', () => {
  test('of one yes-or-no feature without penalty is the log odds of the two groups', () => {
    // 30 of 100 rows without the feature convert, 60 of 80 with it: intercept ln(30 / 70), weight ln(60 / 20) - ln(30 / 70).
    const rows = [...group(0, 30, 70), ...group(1, 60, 20)]
    const fit = fitLogistic(matrixOf(rows.map(([x]) => [x])), outcomesOf(rows), 0)
    expect(fit.hasConverged).toBe(true)
    expect(fit.intercept).toBeCloseTo(Math.log(30 / 70), 8)
    expect(fit.weights[0]).toBeCloseTo(Math.log(3) - Math.log(30 / 70), 8)
  })

  test('of O-ring failures on temperature has the published coefficients', () => {
    // The 23 launches before the Challenger accident (Dalal, Fowlkes, Hoadley 1989): 15.0429 and -0.2322 per degree F.
    const temperatures = [
      66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58,
    ]
    const failed = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
    const fit = fitLogistic(matrixOf(temperatures.map((one) => [one])), Uint8Array.from(failed), 0)
    expect(fit.intercept).toBeCloseTo(15.0429, 4)
    expect(fit.weights[0]).toBeCloseTo(-0.2322, 4)
  })

  test('ends where the gradient of the penalised loss is zero, and nowhere lower lies near', () => {
    fc.assert(
      fc.property(problem(), ({ x, outcomes, penalty }) => {
        const fit = fitLogistic(x, outcomes, penalty)
        expect(fit.hasConverged).toBe(true)
        const z = timesWeights(x, fit.weights, fit.intercept)
        const residuals = z.map((value, row) => 1 / (1 + Math.exp(-value)) - (outcomes[row] as number))
        const gradient = timesRows(x, residuals).map(
          (value, at) => value + penalty * (fit.weights[at] as number),
        )
        for (const value of gradient) expect(Math.abs(value)).toBeLessThan(1e-5 * x.rows)
        const lowest = objective(x, outcomes, penalty, fit.weights, fit.intercept)
        for (const move of [0.01, -0.01])
          fit.weights.forEach((_, at) => {
            const near = Float64Array.from(fit.weights)
            near[at] = (near[at] as number) + move
            expect(objective(x, outcomes, penalty, near, fit.intercept)).toBeGreaterThanOrEqual(lowest - 1e-9)
          })
      }),
      { numRuns: 40 },
    )
  })

  test('comes to the same by elimination and by conjugate gradients', () => {
    // Wide rows are solved by gradients, the same problem with most columns empty by elimination.
    const draw = seeded(7)
    const rows = Array.from({ length: 60 }, () => Array.from({ length: 400 }, () => draw() - 0.5))
    const outcomes = Uint8Array.from(rows, (row) => ((row[0] as number) + draw() > 0.4 ? 1 : 0))
    const wide = fitLogistic(matrixOf(rows), outcomes, 2, undefined, 1e-9)
    const slow = descend(matrixOf(rows), outcomes, 2)
    expect(wide.hasConverged).toBe(true)
    wide.weights.forEach((weight, at) => expect(weight).toBeCloseTo(slow.weights[at] as number, 5))
    expect(wide.intercept).toBeCloseTo(slow.intercept, 5)
  })

  test('stays finite where a feature parts the outcomes fully', () => {
    const rows = [...group(0, 0, 50), ...group(1, 50, 0)]
    const fit = fitLogistic(matrixOf(rows.map(([x]) => [x])), outcomesOf(rows), 1)
    expect(fit.hasConverged).toBe(true)
    expect(fit.weights[0]).toBeGreaterThan(3)
    expect(fit.weights[0]).toBeLessThan(10)
  })

  test('draws weights to zero and the intercept to the rate as the penalty grows', () => {
    const rows = [...group(0, 30, 70), ...group(1, 60, 20)]
    const fit = fitLogistic(matrixOf(rows.map(([x]) => [x])), outcomesOf(rows), 1e7)
    expect(Math.abs(fit.weights[0] as number)).toBeLessThan(1e-5)
    expect(fit.intercept).toBeCloseTo(logit(90 / 180), 5)
  })
})

function group(x: number, conversions: number, others: number): [number, number][] {
  return [
    ...Array.from({ length: conversions }, (): [number, number] => [x, 1]),
    ...Array.from({ length: others }, (): [number, number] => [x, 0]),
  ]
}

function outcomesOf(rows: [number, number][]): Uint8Array {
  return Uint8Array.from(rows, ([, outcome]) => outcome)
}

function matrixOf(rows: number[][]): SparseRows {
  const writer = createRowWriter(rows.length, rows[0]?.length ?? 0, 1)
  for (const row of rows) {
    row.forEach((value, at) => writer.put(at, value))
    writer.endRow()
  }
  return writer.finish()
}

function objective(
  x: SparseRows,
  outcomes: Uint8Array,
  penalty: number,
  weights: Float64Array,
  intercept: number,
) {
  const squares = weights.reduce((total, weight) => total + weight * weight, 0)
  return lossOf(timesWeights(x, weights, intercept), outcomes) + (penalty / 2) * squares
}

// Plain steepest descent: slow, and with nothing in common with what it checks.
function descend(x: SparseRows, outcomes: Uint8Array, penalty: number) {
  const weights = new Float64Array(x.width)
  let intercept = 0
  for (let step = 0; step < 4000; step++) {
    const z = timesWeights(x, weights, intercept)
    const residuals = z.map((value, row) => 1 / (1 + Math.exp(-value)) - (outcomes[row] as number))
    const gradient = timesRows(x, residuals)
    weights.forEach((weight, at) => {
      weights[at] = weight - 0.05 * ((gradient[at] as number) + penalty * weight)
    })
    intercept -= 0.05 * residuals.reduce((total, value) => total + value, 0)
  }
  return { weights, intercept }
}

function problem() {
  return fc
    .record({
      seed: fc.integer({ min: 1, max: 1e9 }),
      rows: fc.integer({ min: 5, max: 60 }),
      width: fc.integer({ min: 1, max: 8 }),
      penalty: fc.constantFrom(0.1, 1, 10),
    })
    .map(({ seed, rows, width, penalty }) => {
      const draw = seeded(seed)
      const values = Array.from({ length: rows }, () =>
        Array.from({ length: width }, () => (draw() < 0.4 ? 0 : draw() * 4 - 2)),
      )
      const outcomes = Uint8Array.from(values, (row) => ((row[0] ?? 0) + draw() * 2 - 1 > 0 ? 1 : 0))
      return { x: matrixOf(values), outcomes, penalty }
    })
}

function seeded(seed: number): () => number {
  let state = seed % 2147483647 || 1
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}
