// The fold of a turn goes through its leads one by one, whatever one of them holds.
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
