// Guarantees of the filter bar: what it shows reads as words, and what it makes is the condition that was read.
import { expect, test } from 'vitest'
import { factTypes } from '../../../src/conditions/contract.ts'
import type { Condition } from '../../../src/conditions/contract.ts'
import type { OfferedFact } from '../../ui/conditions/draft.ts'
import { asCondition, firstComparison, flatten, offeredOperators, sentenceOf } from './filter-words.ts'

const country: OfferedFact = {
  name: 'country',
  label: 'Country',
  type: 'choice',
  choices: [{ value: 'DE', label: 'Germany' }],
}
const seen: OfferedFact = { name: 'lastSeenAt', label: 'Last seen', type: 'date' }

test('a filter of one level comes back as it went in', () => {
  const conditions: Condition[] = [
    { fact: 'country', op: 'is', value: 'DE' },
    {
      and: [
        { fact: 'country', op: 'is', value: 'DE' },
        { fact: 'tags', op: 'is_not_set' },
      ],
    },
    {
      or: [
        { fact: 'eventCount', op: 'at_least', value: 3 },
        { fact: 'tags', op: 'has_any', value: ['vip'] },
      ],
    },
  ]
  for (const condition of conditions) {
    const flat = flatten(condition)
    expect(flat && asCondition(flat)).toEqual(condition)
  }
  expect(asCondition({ join: 'and', parts: [] })).toBeUndefined()
})

test('a nested condition is not taken apart, since the bar could not put it together again', () => {
  expect(flatten({ not: { fact: 'country', op: 'is_set' } })).toBeUndefined()
  expect(flatten({ and: [{ or: [{ fact: 'country', op: 'is_set' }] }] })).toBeUndefined()
})

test('a comparison reads as words, with the names of its values', () => {
  expect(sentenceOf({ fact: 'country', op: 'is_not', value: 'DE' }, country)).toBe('is not Germany')
  expect(
    sentenceOf({ fact: 'lastSeenAt', op: 'not_in_last', value: { count: 30, unit: 'days' } }, seen),
  ).toBe('is not in the last 30 days')
  expect(sentenceOf({ fact: 'lastSeenAt', op: 'before', value: '2026-01-31' }, seen)).toBe(
    'is before 31 Jan 2026',
  )
  expect(sentenceOf({ fact: 'country', op: 'is_set' }, country)).toBe('is known')
})

test('what the menu adds is something that the bar can show and change', () => {
  for (const type of factTypes.filter((one) => one !== 'consent')) {
    const first = firstComparison({ name: 'x', label: 'X', type })
    expect(offeredOperators(type)).toContain(first.op)
    expect(flatten(first)).toEqual({ join: 'and', parts: [first] })
  }
})
