// The measures on a case that is worked by hand.
import { expect, test } from 'vitest'
import { measureBCubed, measureGroupPairs, measurePairs, measureWholeGroups } from './measure.ts'

// Records 0 to 5 belong to x, x, x, y, y, z: four true pairs, three true groups.
const truth = ['x', 'x', 'x', 'y', 'y', 'z']

test('pairs: two of three found are right, two of four are found', () => {
  const found = measurePairs(
    [
      [0, 1],
      [3, 4],
      [4, 5],
    ],
    truth,
  )
  expect(found.precision).toBeCloseTo(2 / 3)
  expect(found.recall).toBe(0.5)
  expect(found.f1).toBeCloseTo(4 / 7)
})

test('pairs that groups imply: {0,1} and {3,4,5} imply four, of which two are right', () => {
  expect(
    measureGroupPairs(
      [
        [0, 1],
        [3, 4, 5],
      ],
      truth,
    ),
  ).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 })
})

test('whole groups: of {0,1}, {2}, {3,4}, {5}, two are groups of the truth, which has three', () => {
  const found = measureWholeGroups(
    [
      [0, 1],
      [3, 4],
    ],
    truth,
  )
  expect(found.precision).toBe(0.5)
  expect(found.recall).toBeCloseTo(2 / 3)
})

test('B-cubed: the mean over the records of {0,1}, {2}, {3,4,5}', () => {
  // Precision: 0 and 1 have 1, 2 has 1, 3 and 4 have 2/3, 5 has 1/3. Recall: 0 and 1 have 2/3, 2 has 1/3, 3, 4 and 5 have 1.
  const found = measureBCubed(
    [
      [0, 1],
      [3, 4, 5],
    ],
    truth,
  )
  expect(found.precision).toBeCloseTo((1 + 1 + 1 + 2 / 3 + 2 / 3 + 1 / 3) / 6)
  expect(found.recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
})

test('nothing found is no wrong find, and nothing to find is found', () => {
  expect(measurePairs([], truth)).toEqual({ precision: 1, recall: 0, f1: 0 })
  expect(measurePairs([], ['a', 'b'])).toEqual({ precision: 1, recall: 1, f1: 1 })
})
