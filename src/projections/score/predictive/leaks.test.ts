// The leak guard: names what the outcome filled in, silent otherwise.
import { expect, test } from 'vitest'
import type { Column } from './columns.ts'
import { stratifiedFolds } from './folds.ts'
import { aucAlone, findLeaks, signsOf } from './leaks.ts'
import type { ColumnSigns } from './leaks.ts'

test('a column that stands 0.10 above the next best at 0.78 or more is named', () => {
  expect(named([sign('duration', 0.807), sign('poutcome', 0.65), sign('age', 0.55)])).toEqual(['duration'])
  expect(named([sign('visits', 0.77), sign('age', 0.55)])).toEqual([])
  expect(named([sign('visits', 0.85), sign('time', 0.76), sign('age', 0.55)])).toEqual([])
  expect(named([sign('visits', 0.86), sign('time', 0.76), sign('age', 0.55)])).toEqual(['visits'])
})

test('a second leak is found behind the first', () => {
  expect(named([sign('Tags', 0.93), sign('Quality', 0.82), sign('time', 0.7)])).toEqual(['Tags', 'Quality'])
})

test('two leaks that hide each other are found where one of them is nearly certain', () => {
  expect(named([sign('Tags', 0.95), sign('Status', 0.94), sign('time', 0.7)])).toEqual(['Tags', 'Status'])
  expect(named([sign('visits', 0.84), sign('time', 0.83), sign('age', 0.6)])).toEqual([])
})

test('a column filled more than 40 points more often with one outcome is named, and is no next best', () => {
  const filled = { ...sign('closed_at', 0.95), filledOfConversions: 0.9, filledOfOthers: 0.02 }
  const rare = { ...sign('phone', 0.6), filledOfConversions: 0.9, filledOfOthers: 0.55 }
  const found = findLeaks([filled, rare, sign('duration', 0.8)])
  expect(found.map(({ source }) => source).sort()).toEqual(['closed_at', 'duration'])
  expect(found[0]?.signs.map(({ sign: kind }) => kind)).toEqual(['filled_by_outcome', 'tells_alone'])
  expect(named([{ ...filled, auc: 0.7, filledOfConversions: 0.02, filledOfOthers: 0.9 }])).toEqual([
    'closed_at',
  ])
})

test('a column that was changed after the outcome is named', () => {
  expect(named([{ ...sign('Budget', 0.6), changedAfterOutcome: 0.4 }, sign('age', 0.6)])).toEqual(['Budget'])
  expect(named([{ ...sign('Budget', 0.6), changedAfterOutcome: 0.02 }, sign('age', 0.6)])).toEqual([])
})

test('an id of each row knows nothing about the outcome', () => {
  const outcomes = Uint8Array.from({ length: 2000 }, (_, row) => (row % 5 === 0 ? 1 : 0))
  const ids: Column = {
    kind: 'category',
    name: 'id',
    source: 'id',
    codes: Int32Array.from({ length: 2000 }, (_, row) => row),
    values: Array.from({ length: 2000 }, (_, row) => `id ${row}`),
  }
  const found = aucAlone(ids, outcomes, stratifiedFolds(outcomes, 5))
  expect(Math.abs(found - 0.5)).toBeLessThan(0.05)
})

test('a number that is high and low for conversions is seen through its bins', () => {
  // 300 rows of each value 0, 1, 2; conversions at the ends.
  const numbers = Float64Array.from({ length: 900 }, (_, row) => row % 3)
  const outcomes = Uint8Array.from(numbers, (value) => (value === 1 ? 0 : 1))
  const column: Column = { kind: 'number', name: 'x', source: 'x', numbers }
  expect(aucAlone(column, outcomes, stratifiedFolds(outcomes, 5))).toBe(1)
  expect(signsOf([column], outcomes)[0]).toMatchObject({ filledOfConversions: 1, filledOfOthers: 1 })
})

test('a number that hardly any row has but conversions only is seen all the same', () => {
  const numbers = Float64Array.from({ length: 4000 }, (_, row) => (row % 40 === 0 ? 5 : 0))
  const outcomes = Uint8Array.from(numbers, (value) => (value > 0 ? 1 : 0))
  expect(
    aucAlone({ kind: 'number', name: 'x', source: 'x', numbers }, outcomes, stratifiedFolds(outcomes, 5)),
  ).toBe(1)
})

function sign(source: string, auc: number): ColumnSigns {
  return { source, auc, filledOfConversions: 1, filledOfOthers: 1, changedAfterOutcome: null }
}

function named(signs: ColumnSigns[]): string[] {
  return findLeaks(signs).map(({ source }) => source)
}
