// Moves between stages read as a person would tell them.
import { expect, test } from 'vitest'
import type { StageMove } from '../../../src/projections/lifecycle/contract.ts'
import { causeWords, skippedWords, spanWords } from './stage-words.ts'

const move: StageMove = {
  at: '2026-03-01T10:00:00.000Z',
  from: 'new',
  to: 'opportunity',
  kind: 'automatic',
  isBackward: false,
  skipped: ['contacted', 'qualified', 'engaged'],
  cause: { kind: 'event', id: 'e1', name: 'meeting_booked' },
  rule: { id: 'r', name: 'Booked a meeting', version: 0 },
  actor: null,
  reason: null,
  amountMinor: null,
  currency: null,
  afterDays: 3,
}

test('an automatic move names what happened and the rule', () => {
  expect(causeWords(move, undefined)).toBe('Booked a meeting (Booked a meeting)')
  expect(causeWords({ ...move, cause: { kind: 'order', id: 'o1', name: '' } }, undefined)).toBe(
    'An order (Booked a meeting)',
  )
})

test('a decision names who made it and why', () => {
  expect(causeWords({ ...move, kind: 'manual', rule: null, reason: 'No budget' }, 'Ann')).toBe(
    'Ann: No budget',
  )
})

test('stages that were passed over are listed', () => {
  expect(skippedWords(move)).toBe('passed over Contacted, Qualified and Engaged')
  expect(skippedWords({ skipped: ['contacted'] })).toBe('passed over Contacted')
  expect(skippedWords({ skipped: [] })).toBe('')
})

test.each([
  [0.01, 'less than an hour'],
  [0.05, '1 hour'],
  [1.5, '36 hours'],
  [2, '2 days'],
  [41.4, '41 days'],
])('%d days are told as %s', (days, words) => {
  expect(spanWords(days)).toBe(words)
})
