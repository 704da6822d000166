// Guarantees of segments that name each other: no circle, the named one first, and time moves whoever names what it moves.
import { expect, test } from 'vitest'
import type { Condition } from '../conditions/contract.ts'
import { leadFacts } from '../leads/index.ts'
import { dependentsOf, inOrder, movingSegments, refuseTangled } from './definitions.ts'
import type { Defined } from './definitions.ts'

const facts = leadFacts({ customFields: [], consentDefaults: {}, currency: 'EUR' })
const plain: Condition = { fact: 'country', op: 'is', value: 'DE' }
const silent: Condition = { fact: 'lastSeenAt', op: 'not_in_last', value: { count: 7, unit: 'days' } }
const naming = (...ids: string[]): Condition => ({
  or: [plain, { not: { fact: 'segment', op: 'has_any', value: ids } }],
})
const segment = (id: string, condition: Condition): Defined => ({ id, name: id.toUpperCase(), condition })

test('a segment that would be part of itself is refused with the circle by name', () => {
  const all = [segment('a', plain), segment('b', naming('a')), segment('c', naming('b'))]
  expect(() => refuseTangled(segment('a', naming('c')), all)).toThrow(
    'A would be part of itself: A → C → B → A. Take C out of its condition, or change one of the others first.',
  )
  expect(() => refuseTangled(segment('a', naming('a')), all)).toThrow('Take it out of its own condition.')
  expect(() => refuseTangled(segment('c', naming('a', 'b')), all)).not.toThrow()
})

test('a segment that is not there cannot be named, and nesting has an end', () => {
  expect(() => refuseTangled(segment('a', naming('gone')), [])).toThrow('not there any more')
  const chain = Array.from({ length: 7 }, (_, at) =>
    segment(`s${at}`, at === 0 ? plain : naming(`s${at - 1}`)),
  )
  expect(() => refuseTangled(chain[6]!, chain)).toThrow('at most 5 deep')
  expect(() => refuseTangled(chain[5]!, chain.slice(0, 6))).not.toThrow()
})

test('each segment comes after those that it names, and so do those that name one', () => {
  const all = [
    segment('a', naming('b', 'c')),
    segment('b', naming('c')),
    segment('c', plain),
    segment('d', plain),
  ]
  expect(inOrder(all).map(({ id }) => id)).toEqual(['c', 'b', 'a', 'd'])
  expect(dependentsOf('c', all).map(({ id }) => id)).toEqual(['b', 'a'])
})

test('a segment moves with time where its condition does, or one that it names', () => {
  const seen: Condition = {
    event: 'page_viewed',
    op: 'did',
    within: { op: 'in_last', value: { count: 2, unit: 'hours' } },
  }
  const all = [
    segment('a', naming('b')),
    segment('b', silent),
    segment('c', plain),
    segment('d', { and: [plain, seen] }),
  ]
  expect([...movingSegments(all, facts)].sort()).toEqual(['a', 'b', 'd'])
})
