// Which webhook is told of what.
import { expect, test } from 'vitest'
import { wants } from './telling.ts'

const asked = {
  id: 'w1',
  workspaceId: 'a',
  types: ['segment.entered', 'lead.score_reached'],
  segmentIds: ['s1'],
  scoreFrom: 80,
}
const news = { workspaceId: 'a', key: 'k', leadId: 'l', happenedAt: new Date(0) }
const entered = (segmentId: string) => ({ ...news, type: 'segment.entered', details: { segmentId } })
const scored = (before: number, score: number) => ({
  ...news,
  type: 'lead.score_reached',
  details: { before, score },
})

test('moves are told of the segments that were named, and of all where none was', () => {
  expect(wants(asked, entered('s1'))).toBe(true)
  expect(wants(asked, entered('s2'))).toBe(false)
  expect(wants({ ...asked, segmentIds: [] }, entered('s2'))).toBe(true)
})

test('a score is told where it comes to the threshold from below, and not where it was above already', () => {
  expect(wants(asked, scored(79.9, 80))).toBe(true)
  expect(wants(asked, scored(80, 95))).toBe(false)
  expect(wants(asked, scored(10, 79))).toBe(false)
})

test('no webhook is told of another workspace, or of what it did not ask for', () => {
  expect(wants(asked, { ...entered('s1'), workspaceId: 'b' })).toBe(false)
  expect(wants(asked, { ...news, type: 'lead.created', details: {} })).toBe(false)
})
