// Guarantees that a condition reads as the sentence that a person would say.
import { expect, test } from 'vitest'
import { catalogue } from '../events/catalogue.ts'
import { conditionWords, deedWords } from './contract.ts'
import type { Condition, FactType } from './contract.ts'

const facts: Record<string, { label: string; type: FactType }> = {
  country: { label: 'Country', type: 'choice' },
  company: { label: 'Company', type: 'text' },
  tags: { label: 'Tags', type: 'tags' },
  visits: { label: 'Visits', type: 'number' },
  seenAt: { label: 'Last seen', type: 'date' },
  isKnown: { label: 'Known', type: 'boolean' },
  mail: { label: 'Consent to e-mail', type: 'consent' },
}
const words = (condition: Condition) =>
  conditionWords(condition, {
    factOf: (name) => facts[name],
    valueLabel: (fact, value) => (fact === 'country' && value === 'AT' ? 'Austria' : value),
  })
const month = { count: 30, unit: 'days' } as const

test.each<[string, Condition]>([
  [
    'Country is DE and did not place an order in the last 30 days',
    {
      and: [
        { fact: 'country', op: 'is', value: 'DE' },
        { event: 'order_completed', op: 'did_not', within: { op: 'in_last', value: month } },
      ],
    },
  ],
  [
    'Company contains “acme” and (Country is any of DE or Austria or Tags do not include vip)',
    {
      and: [
        { fact: 'company', op: 'contains', value: 'acme' },
        {
          or: [
            { fact: 'country', op: 'any_of', value: ['DE', 'AT'] },
            { fact: 'tags', op: 'has_none', value: ['vip'] },
          ],
        },
      ],
    },
  ],
  [
    'Not (Visits is between 1,000 and 2,500.5 or Known is yes)',
    {
      not: {
        or: [
          { fact: 'visits', op: 'between', value: [1000, 2500.5] },
          { fact: 'isKnown', op: 'is_true' },
        ],
      },
    },
  ],
  ['Last seen is more than 30 days ago', { fact: 'seenAt', op: 'more_than_ago', value: month }],
  [
    'Last seen is between 1 Jan 2026 and 31 Jan 2026',
    { fact: 'seenAt', op: 'between', value: ['2026-01-01', '2026-01-31'] },
  ],
  ['Consent to e-mail is in effect', { fact: 'mail', op: 'allowed' }],
  [
    'Placed an order at least 3 times where total is more than 50 and Channel is “Email” after 1 Jan 2026',
    {
      event: 'order_completed',
      op: 'count',
      test: { op: 'at_least', value: 3 },
      where: [
        { property: 'total', type: 'number', op: 'more_than', value: 50 },
        { property: '$channel', type: 'text', op: 'is', value: 'Email' },
      ],
      within: { op: 'after', value: '2026-01-01' },
    },
  ],
  [
    'Placed an order with total adding up to at most 100',
    { event: 'order_completed', op: 'sum', of: 'total', test: { op: 'at_most', value: 100 } },
  ],
  [
    'First viewed a page more than 1 month ago',
    {
      event: 'page_viewed',
      op: 'first',
      test: { op: 'more_than_ago', value: { count: 1, unit: 'months' } },
    },
  ],
  ['Did not do “Quiz Finished”', { event: 'Quiz Finished', op: 'did_not' }],
  ['Fields.gone is known', { fact: 'fields.gone', op: 'is_set' }],
])('reads: %s', (sentence, condition) => {
  expect(words(condition)).toBe(sentence)
})

test('every event that the product knows has words for having been done and not', () => {
  expect(catalogue.filter(({ name }) => deedWords(name).did.includes('“')).map(({ name }) => name)).toEqual(
    [],
  )
})
