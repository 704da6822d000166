// Whether a change of a lead and that of somebody else meet in a field.
import { expect, test } from 'vitest'
import type { Lead } from '../../../src/leads/contract.ts'
import { changedBetween, isMet, namesIn } from './lead-change.ts'

function lead(part: Partial<Lead>): Lead {
  return { email: null, company: null, tags: [], fields: {}, ownerId: null, ...part } as Lead
}

test('a change is about the fields that it sends, custom ones by their key', () => {
  expect(namesIn({ company: 'Acme', tags: [], fields: { plan: 'gold' }, revision: 4 })).toEqual([
    'company',
    'tags',
    'fields.plan',
  ])
})

test('what somebody changed meanwhile is found, tags in whatever order', () => {
  const seen = lead({ company: 'Acme', tags: ['a', 'b'], fields: { plan: 'gold' } })
  expect(changedBetween(seen, lead({ company: 'Acme', tags: ['b', 'a'], fields: { plan: 'gold' } }))).toEqual(
    [],
  )
  expect(changedBetween(seen, lead({ company: 'Works', tags: ['a'], fields: {} }))).toEqual([
    'company',
    'tags',
    'fields.plan',
  ])
})

test('two changes meet only where they are about the same field', () => {
  const seen = lead({ company: 'Acme' })
  const now = lead({ company: 'Works' })
  expect(isMet({ company: 'Acme Ltd' }, seen, now)).toBe(true)
  expect(isMet({ email: 'ann@mail.example' }, seen, now)).toBe(false)
  expect(isMet({ fields: { plan: 'gold' } }, lead({}), lead({ fields: { plan: 'basic' } }))).toBe(true)
})
