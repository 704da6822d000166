// What is told of moves and states.
import { expect, test } from 'vitest'
import type { MoveReason } from '../../../src/segments/contract.ts'
import { reasonWords, stateOf } from './words.ts'

const reason = (given: Partial<MoveReason>): MoveReason => ({
  kind: 'event',
  words: null,
  holds: true,
  event: null,
  ...given,
})
const order = { id: 'e', name: 'order_completed', occurredAt: '2026-06-30T12:00:00.000Z' }

test('a reason names the condition and what turned it, each once', () => {
  expect(reasonWords(reason({ words: 'Placed an order', event: order }), 'entered')).toBe('Placed an order')
  expect(reasonWords(reason({ words: 'Orders is at least 3', event: order }), 'entered')).toBe(
    'Orders is at least 3, by “Placed an order”',
  )
  expect(
    reasonWords(reason({ kind: 'time', words: 'Viewed a page in the last 7 days', holds: false }), 'left'),
  ).toBe('No longer: Viewed a page in the last 7 days, as time passed')
  expect(reasonWords(reason({ kind: 'definition' }), 'left')).toBe('The segment was changed')
})

test('a segment that is filled tells how far it is', () => {
  expect(stateOf({ status: 'filling', progress: { done: 50, total: 200 } }).label).toBe('Filling 25%')
  expect(stateOf({ status: 'filling', progress: { done: 0, total: 0 } }).label).toBe('Counting')
  expect(stateOf({ status: 'live', progress: null }).label).toBe('Live')
})
