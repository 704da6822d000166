// What follows from the outcome of an attempt.
import { expect, test } from 'vitest'
import { GIVE_UP_MS, afterAbandonment, afterAttempt, pauseMs } from './decide.ts'
import type { Leaving } from './shipper.ts'

const now = new Date('2026-11-20T12:00:00.000Z')
const item: Leaving = {
  id: 'd1',
  workspaceId: 'w',
  key: 'k',
  leadId: 'l',
  event: 'order_completed',
  occurredAt: now,
  item: {},
  payload: {},
  leftAt: now,
  attemptCount: 1,
  waitingSince: now,
  mayHaveArrived: false,
}
const words = 'what it said'

test.each([
  ['sent', false, 'sent', null],
  ['refused', false, 'refused', 'vendor_refused'],
  ['reauthorise', false, 'waiting', null],
  ['later', false, 'waiting', null],
  ['unknown', true, 'waiting', null],
  ['unknown', false, 'unknown', null],
] as const)('after %s, where a repeat is honoured: %s, it is %s', (kind, honours, status, reason) => {
  const settled = afterAttempt(item, { kind, words }, honours, now)
  expect(settled).toMatchObject({ status, reason, words, attempt: { kind, words } })
})

test('the pause doubles with each attempt up to an hour, and is never shorter than the vendor asks', () => {
  expect([1, 2, 3, 20].map(pauseMs)).toEqual([5_000, 10_000, 20_000, 3_600_000])
  const settled = afterAttempt(item, { kind: 'later', words, afterMs: 60_000 }, false, now)
  expect(settled.nextAt.getTime() - now.getTime()).toBe(60_000)
})

test('what did not leave within three days is given up; what may have arrived stays unknown', () => {
  const old = { ...item, waitingSince: new Date(now.getTime() - GIVE_UP_MS - 1) }
  expect(afterAttempt(old, { kind: 'later', words }, false, now)).toMatchObject({
    status: 'refused',
    reason: 'given_up',
  })
  expect(afterAttempt(old, { kind: 'unknown', words }, true, now)).toMatchObject({ status: 'unknown' })
})

test('an item whose sender died before it left waits again; one that was leaving is unknown unless a repeat is honoured', () => {
  expect(afterAbandonment({ ...item, isLeaving: false }, false, now).status).toBe('waiting')
  expect(afterAbandonment({ ...item, isLeaving: true }, false, now).status).toBe('unknown')
  expect(afterAbandonment({ ...item, isLeaving: true }, true, now).status).toBe('waiting')
})
