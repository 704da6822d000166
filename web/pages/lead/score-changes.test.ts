// What a history of a score says of each change.
import { expect, test } from 'vitest'
import { scoreChanges, scoreMoments } from './score-changes.ts'
import type { ScoreHistory } from './score-changes.ts'

const base = { temperature: 'warm', confidence: 1, kind: 'live', ruleVersion: 0, grade: 'C' } as const
const event = (name: string) => ({ kind: 'event' as const, name, eventId: 'e' })

const items: ScoreHistory['items'] = [
  { ...base, at: '2026-06-03T00:00:00.000Z', total: 30, before: 50, cause: event('unsubscribed') },
  { ...base, at: '2026-06-02T00:00:00.000Z', total: 60, before: 35, cause: event('demo_requested') },
  {
    ...base,
    at: '2026-06-01T00:00:00.000Z',
    total: 40,
    before: null,
    cause: { kind: 'rules', name: '', eventId: null },
    kind: 'recomputed',
    ruleVersion: 2,
  },
]

test('a change is what its cause gave or took; what silence took before it stands apart', () => {
  const [last, demo, first] = scoreChanges(items)
  expect(last).toMatchObject({ points: -20, silence: 10, cause: 'Unsubscribed' })
  expect(demo).toMatchObject({ points: 25, silence: 5, total: 60 })
  expect(first).toMatchObject({
    points: null,
    silence: 0,
    cause: 'Rules of version 2 were adopted',
    isRecomputed: true,
  })
})

test('both lines run along the same time, and end together now', () => {
  const now = { ...base, at: '2026-06-05T00:00:00.000Z', total: 28 }
  const then = { ...base, at: '2026-06-01T00:00:00.000Z', total: 44 }
  const moments = scoreMoments({ items, recomputed: [then, now] })
  expect(moments.map(({ x }) => x)).toEqual([0, 0, 0.25, 0.5, 1, 1])
  expect(moments.at(-2)?.scored).toBe(28)
  expect(moments.at(-1)?.recomputed).toBe(28)
  expect(moments.flatMap(({ scored }) => scored ?? [])).toEqual([40, 60, 30, 28])
})
