// Guarantees of what a tree says it uses, and of renaming within it.
import { expect, test } from 'vitest'
import { customFieldKeys, factNames, renameFact } from './contract.ts'
import type { Condition } from './contract.ts'

const condition: Condition = {
  or: [
    { fact: 'fields.plan', op: 'is', value: 'pro' },
    {
      not: {
        and: [
          { fact: 'fields.plan', op: 'is_set' },
          { fact: 'country', op: 'is', value: 'DE' },
        ],
      },
    },
    { event: 'Quiz Finished', op: 'did', where: [{ property: 'fields.plan', type: 'text', op: 'is_set' }] },
  ],
}

test('a tree names each field that it asks for once', () => {
  expect(factNames(condition)).toEqual(['fields.plan', 'country'])
  expect(customFieldKeys(condition)).toEqual(['plan'])
})

test('renaming a field changes it wherever it is asked for and nothing else', () => {
  const renamed = renameFact(condition, 'fields.plan', 'fields.tier')
  expect(customFieldKeys(renamed)).toEqual(['tier'])
  expect(renameFact(renamed, 'fields.tier', 'fields.plan')).toEqual(condition)
  expect(renameFact(condition, 'Quiz Finished', 'x')).toEqual(condition)
})
