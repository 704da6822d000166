// What a condition means at the edges, stated case by case.
import { describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { Refusal } from '../lib/refusal.ts'
import { checkCondition, factsOf, holds } from './index.ts'
import type { Condition } from './contract.ts'

interface Person {
  name: string | null
  seenAt: string | null
  visits: number | null
  tags: string[]
  isKnown: boolean | null
}

const facts = factsOf<Person>([
  { name: 'name', label: 'Name', type: 'text', read: (p) => p.name, sql: sql`name` },
  { name: 'seenAt', label: 'Seen', type: 'instant', read: (p) => p.seenAt, sql: sql`seen_at` },
  { name: 'visits', label: 'Visits', type: 'number', read: (p) => p.visits, sql: sql`visits` },
  { name: 'tags', label: 'Tags', type: 'tags', read: (p) => p.tags, sql: sql`tags` },
  { name: 'isKnown', label: 'Is known', type: 'boolean', read: (p) => p.isKnown, sql: sql`is_known` },
])
const now = new Date('2026-06-30T12:00:00Z')
const nobody: Person = { name: null, seenAt: null, visits: null, tags: [], isKnown: null }
const asks = (condition: Condition, person: Partial<Person>) =>
  holds(checkCondition(condition, facts), { ...nobody, ...person }, now)

describe('a condition', () => {
  test('compares text without regard to case, and takes wildcards for plain characters', () => {
    expect(asks({ fact: 'name', op: 'is', value: 'ÜMIT' }, { name: 'ümit' })).toBe(true)
    expect(asks({ fact: 'name', op: 'contains', value: '%' }, { name: 'Ann' })).toBe(false)
    expect(asks({ fact: 'name', op: 'contains', value: '5%_' }, { name: 'a 5%_off' })).toBe(true)
  })
  test('counts what is not known as different, and never as the same', () => {
    expect(asks({ fact: 'name', op: 'is', value: 'Ann' }, {})).toBe(false)
    expect(asks({ fact: 'name', op: 'is_not', value: 'Ann' }, {})).toBe(true)
    expect(asks({ fact: 'visits', op: 'at_most', value: 3 }, {})).toBe(false)
    expect(asks({ fact: 'seenAt', op: 'not_in_last_days', value: 7 }, {})).toBe(true)
    expect(asks({ fact: 'isKnown', op: 'is_false' }, {})).toBe(false)
    expect(asks({ not: { fact: 'isKnown', op: 'is_true' } }, {})).toBe(true)
  })
  test('counts days back from the instant it is asked at, and leaves the future out', () => {
    expect(
      asks({ fact: 'seenAt', op: 'in_last_days', value: 7 }, { seenAt: '2026-06-23T12:00:00.001Z' }),
    ).toBe(true)
    expect(
      asks({ fact: 'seenAt', op: 'in_last_days', value: 7 }, { seenAt: '2026-06-23T12:00:00.000Z' }),
    ).toBe(false)
    expect(
      asks({ fact: 'seenAt', op: 'in_last_days', value: 7 }, { seenAt: '2026-07-01T00:00:00.000Z' }),
    ).toBe(false)
  })
  test.each<[string, Condition, string]>([
    ['an unknown field', { fact: 'shoeSize', op: 'is', value: '42' }, 'fact_unknown'],
    ['an operator of another type', { fact: 'visits', op: 'contains', value: '3' }, 'operator_unfit'],
    ['a text where a number belongs', { fact: 'visits', op: 'equals', value: '3' }, 'value_unfit'],
    ['no value', { fact: 'name', op: 'contains' }, 'value_unfit'],
    ['a date that no calendar has', { fact: 'seenAt', op: 'before', value: '2026-02-30' }, 'value_unfit'],
    ['half a day', { fact: 'seenAt', op: 'in_last_days', value: 0.5 }, 'value_unfit'],
    ['a NUL character', { fact: 'name', op: 'is', value: 'a\u0000b' }, 'value_unfit'],
    [
      'a tree too deep',
      { not: { not: { not: { not: { not: { not: { fact: 'isKnown', op: 'is_true' } } } } } } },
      'condition_too_deep',
    ],
  ])('is refused with a sentence where it has %s', (_what, condition, code) => {
    try {
      checkCondition(condition, facts)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
      expect(error).toMatchObject({ code, status: 400 })
    }
  })
})
