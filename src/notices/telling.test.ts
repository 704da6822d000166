// Notices as webhooks are told of them.
import { expect, test } from 'vitest'
import type { Candidate } from './candidates.ts'
import { webhookNewsOf } from './telling.ts'

const now = new Date('2026-11-20T12:00:00.000Z')
const notice = (kind: Candidate['kind'], minutesAgo: number, subject = ''): Candidate => ({
  kind,
  subject,
  happenedAt: now.getTime() - minutesAgo * 60_000,
  count: 3,
  about: 'Shop: 401',
  ownerId: null,
  score: null,
  grade: null,
  stage: '',
})

test('a lost connection is told under one key however often it is looked at, with what is wrong', () => {
  const [first] = webhookNewsOf([notice('lost_connection', 1, 'c1')], 'w', now)
  const [again] = webhookNewsOf([notice('lost_connection', 1, 'c1')], 'w', new Date(now.getTime() + 60_000))
  expect(first).toMatchObject({
    type: 'notice.connection_lost',
    details: { kind: 'lost_connection', subject: 'c1', about: 'Shop: 401' },
  })
  expect(again!.key).toBe(first!.key)
})

test('deliveries that go on failing are told once an hour, and what lies longer back not at all', () => {
  const keys = [1, 20, 50].map((ago) => webhookNewsOf([notice('failed_deliveries', ago)], 'w', now)[0]!.key)
  expect(new Set(keys).size).toBe(1)
  expect(webhookNewsOf([notice('failed_deliveries', 61)], 'w', now)).toEqual([])
})

test('leads and pairs to review are told of on the screen alone', () => {
  expect(webhookNewsOf([notice('hot_lead', 1, 'l'), notice('duplicates', 1)], 'w', now)).toEqual([])
})
