// The search for a lowest point, on functions that are known to be hard.
import { expect, it } from 'vitest'
import { minimise, withDifferences } from './minimise.ts'
import type { Objective } from './minimise.ts'

// Rosenbrock's valley: lowest, 0, at (1, 1).
const valley: Objective = ([x = 0, y = 0], slope) => {
  if (slope) {
    slope[0] = -2 * (1 - x) - 400 * x * (y - x * x)
    slope[1] = 200 * (y - x * x)
  }
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2
}

it('walks a bent valley to its end', () => {
  const found = minimise(valley, [[-1.2, 1]])
  expect(found.at[0]).toBeCloseTo(1, 6)
  expect(found.at[1]).toBeCloseTo(1, 6)
})

it('finds the same with differences instead of derivatives', () => {
  const found = minimise(
    withDifferences((at) => valley(at)),
    [[-1.2, 1]],
  )
  expect(found.at[0]).toBeCloseTo(1, 4)
})

it('takes the lowest of several hollows, and tells what each start led to', () => {
  // Two hollows, at -1 (value 0.25) and at 1 (value 0).
  const hollows: Objective = ([x = 0], slope) => {
    if (slope) slope[0] = 4 * x * (x * x - 1) - 0.25 * Math.exp(-((x + 1) ** 2)) * 2 * (x + 1)
    return (x * x - 1) ** 2 + 0.25 * Math.exp(-((x + 1) ** 2))
  }
  const found = minimise(hollows, [[-1.5], [2]])
  expect(found.at[0]).toBeCloseTo(1, 1)
  expect(found.reached).toHaveLength(2)
  expect(found.reached[0]).toBeGreaterThan(0.2)
})

it('keeps out of where there is no value', () => {
  // Lowest at 0.1 from the wall at 0.
  const walled: Objective = ([x = 0], slope) => {
    if (slope) slope[0] = 2 * (x - 0.1)
    return x > 0 ? (x - 0.1) ** 2 : Infinity
  }
  expect(minimise(walled, [[1.5]]).at[0]).toBeCloseTo(0.1, 5)
})

it('throws where it is told no start', () => {
  expect(() => minimise(valley, [])).toThrow('start')
})
