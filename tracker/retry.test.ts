// What is kept for another attempt, and when that is.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Call } from './calls.ts'
import { newId } from './calls.ts'
import { firstPortion, isWorthRetrying, keepCalls, pauseMs, sizeBytes } from './retry.ts'

const nowMs = Date.parse('2026-03-08T10:00:00.000Z')

function call(messageId: string, ageMs = 0, text = ''): Call {
  const timestamp = new Date(nowMs - ageMs).toISOString()
  return { type: 'track', messageId, anonymousId: 'a', timestamp, context: {}, event: text }
}

test('each message id is kept once, however often its calls come back', () => {
  expect(keepCalls([call('1'), call('2'), call('1')], nowMs).map((kept) => kept.messageId)).toEqual([
    '1',
    '2',
  ])
})

test('of more than 100 calls the oldest go first', () => {
  const kept = keepCalls(
    Array.from({ length: 130 }, (_, index) => call(String(index))),
    nowMs,
  )
  expect(kept).toHaveLength(100)
  expect(kept[0]?.messageId).toBe('30')
})

test('a call over seven days old is dropped, so that the server’s deduplication still knows every id that comes', () => {
  const sevenDaysMs = 7 * 86_400_000
  expect(keepCalls([call('old', sevenDaysMs), call('young', sevenDaysMs - 1)], nowMs)).toHaveLength(1)
})

test('a portion stays under 64 kB in bytes, loses and repeats nothing, and is never empty', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(31_000), { minLength: 1, maxLength: 20 }), (lengths) => {
      const calls = lengths.map((length, index) => call(String(index), 0, '€'.repeat(Math.floor(length / 3))))
      const portion = firstPortion(calls)
      expect(portion.length).toBeGreaterThan(0)
      expect(portion).toEqual(calls.slice(0, portion.length))
      expect(sizeBytes(portion[0]!)).toBeLessThan(32_000)
      expect(new TextEncoder().encode(JSON.stringify(portion)).length).toBeLessThan(64_000)
    }),
    { numRuns: 30 },
  )
})

test('no answer, time-outs, back-pressure and server errors are tried again; refusals are final', () => {
  expect([0, 408, 429, 500, 503].every(isWorthRetrying)).toBe(true)
  expect([200, 202, 400, 401, 403, 413].some(isWorthRetrying)).toBe(false)
})

test('pauses double from one second to five minutes, spread over their upper half', () => {
  expect([1, 2, 3, 9, 50].map((failures) => pauseMs(failures, null, 1))).toEqual([
    1000, 2000, 4000, 256_000, 300_000,
  ])
  expect(pauseMs(3, null, 0)).toBe(2000)
})

test('Retry-After is a lower bound, obeyed for an hour at most, and nonsense in it is ignored', () => {
  expect(pauseMs(1, '30', 1)).toBe(30_000)
  expect(pauseMs(9, '30', 1)).toBe(256_000)
  expect(pauseMs(1, '999999', 1)).toBe(3_600_000)
  expect(pauseMs(1, 'soon', 1)).toBe(1000)
})

test('new ids are version 4 UUIDs and do not repeat', () => {
  const ids = new Set(Array.from({ length: 1000 }, newId))
  expect(ids.size).toBe(1000)
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})
