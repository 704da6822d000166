// What a condition means at the edges, stated case by case.
import { describe, expect, test } from 'vitest'
import { Refusal } from '../lib/refusal.ts'
import { checkCondition, chSql, factsOf, holds } from './index.ts'
import type { ConsentWord, SubjectEvent } from './index.ts'
import { conditionSchema } from './contract.ts'
import type { Condition } from './contract.ts'

interface Person {
  name: string | null
  country: string | null
  seenAt: string | null
  visits: number | null
  tags: string[]
  isKnown: boolean | null
  mail: ConsentWord
  events: SubjectEvent[]
}

const nothing = chSql`null`
const facts = factsOf<Person>(
  [
    {
      name: 'name',
      label: 'Name',
      type: 'text',
      read: (p) => p.name,
      column: { sql: nothing, isFolded: false },
    },
    { name: 'country', label: 'Country', type: 'choice', read: (p) => p.country, column: { sql: nothing } },
    {
      name: 'seenAt',
      label: 'Last seen',
      type: 'date',
      read: (p) => p.seenAt,
      column: { sql: nothing, as: 'text' },
    },
    { name: 'visits', label: 'Visits', type: 'number', read: (p) => p.visits, column: { sql: nothing } },
    { name: 'tags', label: 'Tags', type: 'tags', read: (p) => p.tags, column: { sql: nothing } },
    { name: 'isKnown', label: 'Known', type: 'boolean', read: (p) => p.isKnown, column: { sql: nothing } },
    {
      name: 'consent.mail',
      label: 'E-mail consent',
      type: 'consent',
      read: (p) => p.mail,
      column: { stated: nothing, isAllowed: nothing },
    },
    {
      name: 'fields.tier',
      label: 'Tier',
      type: 'text',
      read: () => null,
      column: { sql: nothing, isFolded: true },
    },
  ],
  new Map([['fields.plan', 'fields.tier']]),
)
const now = new Date('2026-06-30T12:00:00Z')
const nobody: Person = {
  name: null,
  country: null,
  seenAt: null,
  visits: null,
  tags: [],
  isKnown: null,
  mail: { stated: null, isAllowed: false },
  events: [],
}
const asks = (condition: Condition, person: Partial<Person>, timeZone = 'UTC', at = now) =>
  holds(
    checkCondition(condition, facts),
    { ...nobody, ...person },
    { now: at, timeZone },
    ({ events }) => events,
  )

function event(name: string, occurredAt: string, more: Partial<SubjectEvent> = {}): SubjectEvent {
  const blank = { channel: '', source: '', utmSource: '', utmMedium: '', utmCampaign: '', pageUrl: '' }
  const page = { pagePath: '', pageTitle: '', referrer: '', device: '', country: '' }
  return {
    ...blank,
    ...page,
    name,
    occurredAt,
    isBot: false,
    properties: {},
    ...more,
  }
}

describe('a condition', () => {
  test('compares text without regard to case, and takes wildcards for plain characters', () => {
    expect(asks({ fact: 'name', op: 'is', value: 'ÜMIT' }, { name: 'ümit' })).toBe(true)
    expect(asks({ fact: 'name', op: 'contains', value: '%' }, { name: 'Ann' })).toBe(false)
    expect(asks({ fact: 'name', op: 'contains', value: '5%_' }, { name: 'a 5%_off' })).toBe(true)
    expect(asks({ fact: 'name', op: 'ends_with', value: 'Σ' }, { name: 'ΟΔΟΣ' })).toBe(true)
    expect(asks({ fact: 'name', op: 'contains', value: 'ΟΔΟΣ' }, { name: 'οδοσήμανση' })).toBe(true)
    expect(asks({ fact: 'name', op: 'any_of', value: ['bea', 'ANN'] }, { name: 'Ann' })).toBe(true)
  })

  test('compares one of few values to the letter', () => {
    expect(asks({ fact: 'country', op: 'is', value: 'DE' }, { country: 'DE' })).toBe(true)
    expect(asks({ fact: 'country', op: 'is', value: 'de' }, { country: 'DE' })).toBe(false)
  })

  test('counts what is not known as different from every value, and never as the same', () => {
    expect(asks({ fact: 'name', op: 'is', value: 'Ann' }, {})).toBe(false)
    expect(asks({ fact: 'name', op: 'is_not', value: 'Ann' }, {})).toBe(true)
    expect(asks({ fact: 'name', op: 'not_contains', value: 'Ann' }, { name: '' })).toBe(true)
    expect(asks({ fact: 'name', op: 'is_set' }, { name: '' })).toBe(false)
    expect(asks({ fact: 'visits', op: 'at_most', value: 3 }, {})).toBe(false)
    expect(asks({ fact: 'visits', op: 'not_equals', value: 3 }, {})).toBe(true)
    const week = { count: 7, unit: 'days' } as const
    expect(asks({ fact: 'seenAt', op: 'not_in_last', value: week }, {})).toBe(true)
    expect(asks({ fact: 'seenAt', op: 'more_than_ago', value: week }, {})).toBe(false)
    expect(asks({ fact: 'isKnown', op: 'is_false' }, {})).toBe(false)
    expect(asks({ not: { fact: 'isKnown', op: 'is_true' } }, {})).toBe(true)
    expect(asks({ fact: 'tags', op: 'has_none', value: ['vip'] }, {})).toBe(true)
    expect(asks({ fact: 'consent.mail', op: 'unknown' }, {})).toBe(true)
  })

  test('counts days back to the same time of day, and leaves the future out', () => {
    const inLast = (count: number, seenAt: string) =>
      asks({ fact: 'seenAt', op: 'in_last', value: { count, unit: 'days' } }, { seenAt })
    expect(inLast(7, '2026-06-23T12:00:00.001Z')).toBe(true)
    expect(inLast(7, '2026-06-23T12:00:00.000Z')).toBe(false)
    expect(inLast(7, '2026-07-01T00:00:00.000Z')).toBe(false)
  })

  test('keeps the time of day where the clocks changed in between', () => {
    // Berlin went from +1 to +2 on 29 March 2026: a day back from noon of the 29th is 23 hours.
    const at = new Date('2026-03-29T10:00:00.000Z')
    const inLast = (seenAt: string, unit: 'days' | 'hours', count: number) =>
      asks({ fact: 'seenAt', op: 'in_last', value: { count, unit } }, { seenAt }, 'Europe/Berlin', at)
    expect(inLast('2026-03-28T11:00:00.001Z', 'days', 1)).toBe(true)
    expect(inLast('2026-03-28T11:00:00.000Z', 'days', 1)).toBe(false)
    expect(inLast('2026-03-28T10:30:00.000Z', 'hours', 24)).toBe(true)
  })

  test('takes a day as long as its clocks make it, and a month before the 31st as the end of a shorter one', () => {
    const on = (seenAt: string) =>
      asks({ fact: 'seenAt', op: 'on', value: '2026-10-25' }, { seenAt }, 'Europe/Berlin')
    // 25 hours: from 22:00 UTC on the 24th until 23:00 UTC on the 25th.
    expect(on('2026-10-24T22:00:00.000Z')).toBe(true)
    expect(on('2026-10-25T22:59:59.999Z')).toBe(true)
    expect(on('2026-10-25T23:00:00.000Z')).toBe(false)
    const at = new Date('2026-03-31T12:00:00.000Z')
    const month = { fact: 'seenAt', op: 'in_last', value: { count: 1, unit: 'months' } } as const
    expect(asks(month, { seenAt: '2026-02-28T12:00:00.001Z' }, 'UTC', at)).toBe(true)
    expect(asks(month, { seenAt: '2026-02-28T12:00:00.000Z' }, 'UTC', at)).toBe(false)
  })

  test('takes a day without a time for that day wherever the workspace is', () => {
    for (const timeZone of ['America/Los_Angeles', 'UTC', 'Pacific/Auckland']) {
      expect(
        asks({ fact: 'seenAt', op: 'on', value: '2026-06-30' }, { seenAt: '2026-06-30' }, timeZone),
      ).toBe(true)
      expect(
        asks({ fact: 'seenAt', op: 'before', value: '2026-06-30' }, { seenAt: '2026-06-30' }, timeZone),
      ).toBe(false)
      expect(
        asks({ fact: 'seenAt', op: 'after', value: '2026-06-29' }, { seenAt: '2026-06-30' }, timeZone),
      ).toBe(true)
    }
  })

  test('keeps the anniversary of 29 February on the 28th of other years', () => {
    const soon = { fact: 'seenAt', op: 'anniversary_in_next', value: { count: 2, unit: 'days' } } as const
    const at = new Date('2027-02-26T12:00:00.000Z')
    expect(asks(soon, { seenAt: '1992-02-29' }, 'UTC', at)).toBe(true)
    expect(asks(soon, { seenAt: '1992-03-01' }, 'UTC', at)).toBe(false)
  })

  test('counts what people did, in a window and by its properties, and not what machines did', () => {
    const orders = [
      event('order_completed', '2026-06-29T10:00:00.000Z', { properties: { total: 20 } }),
      event('order_completed', '2026-06-01T10:00:00.000Z', {
        properties: { total: '30.10', products: [{ sku: 'A' }, { sku: 'b' }] },
      }),
      event('order_completed', '2026-06-28T10:00:00.000Z', { isBot: true }),
    ]
    const placed = { event: 'order_completed' }
    expect(asks({ ...placed, op: 'did' }, { events: orders })).toBe(true)
    expect(asks({ ...placed, op: 'did_not' }, {})).toBe(true)
    const atLeast = (value: number) => ({ op: 'at_least', value }) as const
    expect(asks({ ...placed, op: 'count', test: atLeast(2) }, { events: orders })).toBe(true)
    expect(asks({ ...placed, op: 'count', test: atLeast(3) }, { events: orders })).toBe(false)
    const lastWeek = { op: 'in_last', value: { count: 7, unit: 'days' } } as const
    expect(asks({ ...placed, op: 'count', test: atLeast(2), within: lastWeek }, { events: orders })).toBe(
      false,
    )
    expect(
      asks({ ...placed, op: 'sum', of: 'total', test: { op: 'equals', value: 50.1 } }, { events: orders }),
    ).toBe(true)
    expect(asks({ ...placed, op: 'sum', of: 'total', test: { op: 'less_than', value: 1 } }, {})).toBe(true)
    const sku = { property: 'products[].sku', type: 'text', op: 'is', value: 'B' } as const
    expect(asks({ ...placed, op: 'did', where: [sku] }, { events: orders })).toBe(true)
    expect(
      asks({ ...placed, op: 'did', where: [{ ...sku, op: 'is_not' }], within: lastWeek }, { events: orders }),
    ).toBe(true)
    expect(
      asks({ ...placed, op: 'first', test: { op: 'on', value: '2026-06-01' } }, { events: orders }),
    ).toBe(true)
    expect(asks({ ...placed, op: 'last', test: { op: 'before', value: '2026-06-01' } }, {})).toBe(false)
  })

  test.each<[string, Condition, string]>([
    ['an unknown field', { fact: 'shoeSize', op: 'is', value: '42' }, 'fact_unknown'],
    ['a field that was renamed', { fact: 'fields.plan', op: 'is', value: 'pro' }, 'fact_renamed'],
    ['an operator of another type', { fact: 'visits', op: 'contains', value: '3' }, 'operator_unfit'],
    ['a text where a number belongs', { fact: 'visits', op: 'equals', value: '3' }, 'value_unfit'],
    ['no value', { fact: 'name', op: 'contains' }, 'value_unfit'],
    ['an empty list', { fact: 'tags', op: 'has_any', value: [] }, 'value_unfit'],
    ['a day that no calendar has', { fact: 'seenAt', op: 'before', value: '2026-02-30' }, 'value_unfit'],
    ['a range the wrong way round', { fact: 'visits', op: 'between', value: [3, 1] }, 'value_unfit'],
    ['half a day', { fact: 'seenAt', op: 'in_last', value: { count: 0.5, unit: 'days' } }, 'value_unfit'],
    ['a NUL character', { fact: 'name', op: 'is', value: 'a\u0000b' }, 'value_unfit'],
    ['a count without a number', { event: 'order_completed', op: 'count' }, 'value_unfit'],
    [
      'a number asked of a page path',
      {
        event: 'page_viewed',
        op: 'did',
        where: [{ property: '$path', type: 'number', op: 'equals', value: 1 }],
      },
      'operator_unfit',
    ],
    [
      'two lists in one property',
      {
        event: 'page_viewed',
        op: 'did',
        where: [{ property: 'a[].b[].c', type: 'text', op: 'is_set' }],
      },
      'property_unknown',
    ],
    ['a tree too deep', nested(9), 'condition_too_deep'],
    [
      'too many comparisons',
      { or: Array.from({ length: 201 }, () => ({ fact: 'isKnown', op: 'is_true' }) as const) },
      'condition_too_large',
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

  test('is refused with the place of what is wrong in it', () => {
    const wrong: Condition = {
      and: [
        { fact: 'name', op: 'is', value: 'Ann' },
        { or: [{ fact: 'isKnown', op: 'is_true' }, { not: { fact: 'fields.plan', op: 'is_set' } }] },
      ],
    }
    expect(() => checkCondition(wrong, facts)).toThrow(
      'In condition 2 of group 2: The field plan was renamed to Tier; choose Tier (fields.tier) instead.',
    )
  })

  test('is read from JSON up to its bounds, and a hostile depth costs nothing', () => {
    expect(conditionSchema.safeParse(nested(8)).success).toBe(true)
    let deep: unknown = { fact: 'name', op: 'is_set' }
    for (let i = 0; i < 50_000; i++) deep = { not: deep }
    expect(conditionSchema.safeParse(deep).success).toBe(false)
    expect(conditionSchema.safeParse({ fact: 'name', op: 'is_set', extra: 1 }).success).toBe(false)
  })
})

/** A comparison within so many levels, itself counted. */
function nested(levels: number): Condition {
  let condition: Condition = { fact: 'isKnown', op: 'is_true' }
  for (let i = 1; i < levels; i++) condition = { not: condition }
  return condition
}
