// The fold of a turn goes through its projections one by one, whatever one of its leads holds.
import { expect, test } from 'vitest'
import type { LeadHistory } from './projections/contract.ts'
import { foldAll } from './understand.ts'

const history = (leadId: string): LeadHistory => ({
  leadId,
  workspaceId: 'w',
  createdAt: 0,
  subject: {} as LeadHistory['subject'],
  events: [],
  orders: [],
  moves: [],
})

test('a lead whose fold throws is told of and left out, and the others are understood', () => {
  const failed: string[] = []
  const understood = foldAll(
    [
      {
        name: 'counted',
        fold({ leadId }) {
          if (leadId === 'b') throw new TypeError('nobody thought of this')
          return { facts: { stage: leadId }, details: leadId }
        },
      },
    ],
    ['a', 'b', 'c'].map(history),
    new Map(),
    (leadId) => failed.push(leadId),
  )
  expect(failed).toEqual(['b'])
  expect(understood.map(({ history, state }) => [history.leadId, state])).toEqual([
    ['a', { facts: { stage: 'a' }, details: { counted: 'a' } }],
    ['c', { facts: { stage: 'c' }, details: { counted: 'c' } }],
  ])
})

test('a set is folded at once, after the projections before and without those who failed; of one that throws each is', () => {
  const failed: string[] = []
  const sets: string[][] = []
  const understood = foldAll(
    [
      {
        name: 'first',
        fold({ leadId }) {
          if (leadId === 'b') throw new TypeError('nobody thought of this')
          return { facts: { stage: leadId } }
        },
      },
      {
        name: 'chance',
        fold: () => ({ facts: { trend: 'alone' } }),
        foldSet(parts) {
          sets.push(parts.map(({ state }) => state.facts.stage ?? ''))
          return parts.map(({ history: { leadId } }) => ({ facts: { trend: `set ${leadId}` } }))
        },
      },
      {
        name: 'broken',
        fold({ leadId }) {
          if (leadId === 'd') throw new TypeError('nor of this')
          return { facts: { rfm_segment: leadId } }
        },
        foldSet() {
          throw new TypeError('nor of this')
        },
      },
    ],
    ['a', 'b', 'c', 'd'].map(history),
    new Map(),
    (leadId) => failed.push(leadId),
  )
  expect(sets).toEqual([['a', 'c', 'd']])
  expect(failed).toEqual(['b', 'd'])
  expect(understood.map(({ state }) => state.facts)).toEqual([
    { stage: 'a', trend: 'set a', rfm_segment: 'a' },
    { stage: 'c', trend: 'set c', rfm_segment: 'c' },
  ])
})

test('each projection reads what those before it said, of a part of the history too', () => {
  const [one] = foldAll(
    [
      { name: 'first', fold: ({ createdAt }) => ({ facts: { score_version: createdAt } }) },
      {
        name: 'second',
        fold: (whole, { facts }, earlier) => ({
          facts: {},
          details: [facts.score_version, earlier({ ...whole, createdAt: 7 }).score_version],
        }),
      },
    ],
    [{ ...history('a'), createdAt: 3 }],
    new Map(),
    (_, error) => {
      throw error
    },
  )
  expect(one?.state.details).toEqual({ second: [3, 7] })
})
