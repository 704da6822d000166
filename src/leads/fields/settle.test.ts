// Where words that come in are kept, and which of two values stays where two fields become one.
import { expect, test } from 'vitest'
import { mergePair } from './merge.ts'
import type { FieldMerge } from './merge.ts'
import { settleSayings } from './settle.ts'
import type { SettledField } from './settle.ts'
import type { HeldPair } from './store/work.ts'

const saying = (custom: Record<string, string | number | boolean | null>, workspaceId = 'ours') => ({
  leadId: 'lead',
  workspaceId,
  words: { fields: {}, custom, rank: 3, at: 1 },
})
const field = (key: string, into: string | null, type: SettledField['type'] = null): SettledField => ({
  workspaceId: 'ours',
  key,
  into,
  type,
})
const settled = (custom: Record<string, string | number | boolean | null>, ...fields: SettledField[]) =>
  settleSayings([saying(custom)], fields)[0]?.words?.custom

test('a word under a former key is kept under the field that it became, unless that has a word of its own', () => {
  expect(settled({ old: 'a', other: 1 }, field('old', 'plan'))).toEqual({ plan: 'a', other: 1 })
  expect(settled({ old: 'a', plan: 'b' }, field('old', 'plan'))).toEqual({ plan: 'b' })
  expect(settled({ plan: 'b', old: null }, field('old', 'plan'))).toEqual({ plan: 'b' })
})

test('a word is read in the type that a person chose, and kept as it came where it does not fit', () => {
  expect(
    settled({ seats: '12', size: 'XL' }, field('seats', 'seats', 'number'), field('size', 'size', 'number')),
  ).toEqual({
    seats: 12,
    size: 'XL',
  })
  expect(settled({ seats: null }, field('seats', 'seats', 'number'))).toEqual({ seats: null })
})

test('a word of a field that is being removed is dropped, and other workspaces keep theirs', () => {
  expect(settled({ old: 'a', plan: 'b' }, field('old', null))).toEqual({ plan: 'b' })
  const theirs = [saying({ old: 'a' }, 'theirs')]
  expect(settleSayings(theirs, [field('old', null)])).toEqual(theirs)
})

const merge: FieldMerge = { type: 'number', wins: 'newest', timeZone: 'UTC' }
const pair = (part: Partial<HeldPair>): HeldPair => ({
  id: 'lead',
  isMerged: false,
  from: undefined,
  into: undefined,
  fromWord: [3, 10],
  intoWord: [3, 20],
  ...part,
})

test.each([
  [
    'moves into an empty place in its type',
    { from: '5' },
    merge,
    { takes: { value: 5, word: [3, 10] }, isLost: false },
  ],
  [
    'moves as it is where it does not fit',
    { from: 'many' },
    merge,
    { takes: { value: 'many', word: [3, 10] }, isLost: false },
  ],
  ['goes where the same stands already', { from: '5', into: 5 }, merge, { isLost: false }],
  ['goes where the newer word stands', { from: 4, into: 5 }, merge, { isLost: true }],
  [
    'stays where it is the newer word',
    { from: 4, into: 5, fromWord: [2, 30] },
    merge,
    { takes: { value: 4, word: [2, 30] }, isLost: true },
  ],
  [
    'stays where it was chosen',
    { from: 4, into: 5 },
    { ...merge, wins: 'from' },
    { takes: { value: 4, word: [3, 10] }, isLost: true },
  ],
  ['leaves what stands where there is only a word that emptied it', {}, merge, { isLost: false }],
] as [string, Partial<HeldPair>, FieldMerge, object][])(
  'a value of the field that goes %s',
  (_, part, how, expected) => {
    expect(mergePair(pair(part), how)).toEqual({ id: 'lead', ...expected })
  },
)
