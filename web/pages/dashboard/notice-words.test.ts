// What notices say.
import { expect, test } from 'vitest'
import type { Notice } from '../../../src/notices/contract.ts'
import { byKind, noticeName, noticeWords } from './notice-words.ts'

const bare: Notice = {
  kind: 'duplicates',
  subject: '',
  happenedAt: '2026-06-01T00:00:00.000Z',
  count: 2,
  about: '',
  lead: null,
  ownerId: null,
  dismissed: null,
}
const hot: Notice = {
  ...bare,
  kind: 'hot_lead',
  subject: 'a',
  count: 1,
  lead: {
    id: 'a',
    label: 'Ada Moor',
    email: null,
    company: 'Engines',
    lastSeenAt: null,
    score: 83.6,
    grade: 'A',
    stage: 'engaged',
  },
}

test('a notice about a lead says its company, stage and score', () => {
  expect(noticeWords(hot)).toBe('Engines · Engaged · score 84 A')
  expect(noticeName(hot)).toBe('Ada Moor')
})

test('other notices count, in the singular where it is one', () => {
  expect(noticeWords(bare)).toBe('2 pairs of leads may be the same person')
  expect(noticeWords({ ...bare, kind: 'parked_messages', count: 1 })).toBe(
    '1 message could not be worked on and waits to be replayed',
  )
})

test('leads stand by kind, all else together', () => {
  const cold = { ...hot, kind: 'cold_lead' as const }
  const groups = byKind([hot, hot, cold, { ...bare, kind: 'parked_messages' }, bare])
  expect(groups.map(({ kind, items }) => [kind, items.length])).toEqual([
    ['hot_lead', 2],
    ['cold_lead', 1],
    ['parked_messages', 2],
  ])
})
