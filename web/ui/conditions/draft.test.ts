// Guarantees of a condition while it is written: nothing is lost on the way into the builder and back.
import { expect, test } from 'vitest'
import type { Condition } from '../../../src/conditions/contract.ts'
import { askedAs, isComplete, toCondition, toGroup, valueUnder } from './draft.ts'

const conditions: Condition[] = [
  { fact: 'country', op: 'any_of', value: ['DE'] },
  { not: { fact: 'country', op: 'is_set' } },
  {
    and: [
      { fact: 'tags', op: 'has_any', value: ['vip'] },
      {
        not: {
          or: [
            { event: 'order_completed', op: 'did' },
            { fact: 'isKnown', op: 'is_true' },
          ],
        },
      },
    ],
  },
]

test('a condition comes back from the builder as it went in, and an empty one says nothing', () => {
  for (const condition of conditions) expect(toCondition(toGroup(condition))).toEqual(condition)
  expect(toCondition(toGroup(undefined))).toBeUndefined()
  expect(toCondition({ join: 'and', negated: false, parts: [toGroup(undefined)] })).toBeUndefined()
})

test('a comparison without its value is not complete, however deep it stands', () => {
  const typeOf = () => 'text' as const
  expect(isComplete(toGroup({ not: { or: [{ fact: 'name', op: 'is', value: '' }] } }), typeOf)).toBe(false)
  expect(isComplete(toGroup({ event: 'order_completed', op: 'sum', of: '' }), typeOf)).toBe(false)
  expect(isComplete(toGroup({ fact: 'name', op: 'is_set' }), typeOf)).toBe(true)
})

test('another operator keeps the value where it fits', () => {
  expect(valueUnder('text', 'any_of', 'Ann')).toEqual(['Ann'])
  expect(valueUnder('date', 'before', { count: 7, unit: 'days' })).toBe('')
  expect(valueUnder('text', 'is_set', 'Ann')).toBeUndefined()
  const within = { op: 'today' } as const
  expect(askedAs({ event: 'e', op: 'did', within }, 'count')).toEqual({
    event: 'e',
    op: 'count',
    within,
    test: { op: 'at_least', value: 2 },
  })
})
