// What leads to what: each rule is worked by hand, the rest holds for any history.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { journeySettingsSchema } from './contract.ts'
import type { Conversion, JourneySettings, Milestone, Touch } from './contract.ts'
import { agesDays, journeysOf, lengthDays, primaryAndSecondary } from './journeys.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const NOW = Date.UTC(2026, 2, 31, 12)
const defaults = journeySettingsSchema.parse({})

let made = 0
const touch = (channel: string, at: number, more: Partial<Touch> = {}): Touch => ({
  at,
  channel,
  id: `t${++made}`,
  ...more,
})
const order = (at: number, more: Partial<Conversion> = {}): Conversion => ({
  at,
  id: `c${++made}`,
  kind: 'order',
  valueMinor: 1000,
  count: 1,
  ...more,
})
const paths = (
  touches: Touch[],
  conversions: Conversion[],
  settings: Partial<JourneySettings> = {},
  milestones: Milestone[] = [],
) =>
  journeysOf({ touches, conversions, milestones }, { ...defaults, ...settings }).map((journey) =>
    journey.touches.map(({ channel }) => channel).join(' > '),
  )

test('a touch exactly as old as the look-back counts, one a millisecond older does not', () => {
  const touches = [touch('a', NOW - 30 * DAY - 1), touch('b', NOW - 30 * DAY), touch('c', NOW)]
  expect(paths(touches, [order(NOW)])).toEqual(['b > c'])
  expect(paths(touches, [order(NOW)], { lookbackMs: null })).toEqual(['a > b > c'])
})

test('a touch after the conversion leads to nothing yet, and is a journey that has not converted', () => {
  const journeys = journeysOf(
    { touches: [touch('a', NOW - DAY), touch('b', NOW + 1)], conversions: [order(NOW)], milestones: [] },
    defaults,
  )
  expect(journeys.map(({ conversion, touches }) => [conversion !== null, touches[0]?.channel])).toEqual([
    [true, 'a'],
    [false, 'b'],
  ])
})

test('who never converted is one journey, back to the look-back before its last touch', () => {
  expect(paths([touch('a', NOW - 40 * DAY), touch('b', NOW - DAY), touch('c', NOW)], [])).toEqual(['b > c'])
})

describe('a second conversion', () => {
  const touches = [touch('a', NOW - 3 * DAY), touch('b', NOW - DAY), touch('c', NOW)]

  test('starts after the one before under restart, and uses its touches again under reuse', () => {
    const conversions = [order(NOW - 2 * DAY), order(NOW)]
    expect(paths(touches, conversions)).toEqual(['a', 'b > c'])
    expect(paths(touches, conversions, { repeat: 'reuse' })).toEqual(['a', 'a > b > c'])
  })

  test('of another kind takes nothing from the first', () => {
    const conversions = [order(NOW - 2 * DAY, { kind: 'lead' }), order(NOW)]
    expect(paths(touches, conversions)).toEqual(['a', 'a > b > c'])
  })

  test('at the same instant shares the touches, whichever order the ids have', () => {
    expect(paths(touches, [order(NOW), order(NOW)])).toEqual(['a > b > c', 'a > b > c'])
  })

  test('without a touch of its own is unattributed', () => {
    expect(paths(touches, [order(NOW), order(NOW + DAY)])).toEqual(['a > b > c', ''])
  })
})

test('touches of one channel in a row are one while no pause exceeds thirty minutes', () => {
  const at = NOW - 2 * DAY
  const touches = [
    touch('a', at),
    touch('a', at + 30 * MINUTE),
    touch('a', at + 60 * MINUTE),
    touch('a', at + 90 * MINUTE + 1),
    touch('b', at + 91 * MINUTE),
    touch('a', at + 92 * MINUTE),
  ]
  expect(paths(touches, [order(NOW)])).toEqual(['a > a > b > a'])
  expect(paths(touches, [order(NOW)], { sessionMs: null })).toEqual(['a > a > a > a > b > a'])
  const [journey] = journeysOf({ touches, conversions: [order(NOW)], milestones: [] }, defaults)
  expect([journey?.joined, journey?.touches[0]?.at]).toEqual([2, at])
})

test('what proxies and bots did is no touch, and an ad that was only seen is one where views are asked for', () => {
  const touches = [
    touch('a', NOW - DAY, { signal: 'proxy' }),
    touch('b', NOW - DAY, { signal: 'bot' }),
    touch('c', NOW - 2 * DAY, { kind: 'view' }),
    touch('d', NOW - DAY, { kind: 'view' }),
    touch('e', NOW - DAY + 1, { signal: 'human' }),
  ]
  expect(paths(touches, [order(NOW)])).toEqual(['e'])
  expect(paths(touches, [order(NOW)], { viewLookbackMs: DAY })).toEqual(['d > e'])
})

test('the anchors are the last touches at or before the milestones, and none where the touches came later', () => {
  const touches = [touch('a', NOW - 5 * DAY), touch('b', NOW - 3 * DAY), touch('c', NOW - DAY)]
  const at = (milestones: Milestone[]) => {
    const [journey] = journeysOf({ touches, conversions: [order(NOW)], milestones }, defaults)
    return [journey?.leadIndex, journey?.opportunityIndex]
  }
  expect(
    at([
      { at: NOW - 3 * DAY, kind: 'lead' },
      { at: NOW - 2 * DAY, kind: 'opportunity' },
    ]),
  ).toEqual([1, 1])
  expect(
    at([
      { at: NOW - 6 * DAY, kind: 'lead' },
      { at: NOW + DAY, kind: 'opportunity' },
    ]),
  ).toEqual([null, null])
  expect(
    at([
      { at: NOW - 4 * DAY, kind: 'lead' },
      { at: NOW - DAY, kind: 'lead' },
    ]),
  ).toEqual([2, null])
})

test('a journey tells its length in days and how old each touch was', () => {
  const touches = [touch('a', NOW - 36 * 3_600_000), touch('b', NOW)]
  const [journey] = journeysOf({ touches, conversions: [order(NOW)], milestones: [] }, defaults)
  expect(journey && [lengthDays(journey), agesDays(journey)]).toEqual([1.5, [1.5, 0]])
  const [bare] = journeysOf({ touches: [], conversions: [order(NOW)], milestones: [] }, defaults)
  expect(bare && lengthDays(bare)).toBe(null)
})

test.each([
  [[0.2, 0.5, 0.3], 1, 2],
  [[0.5, 0.5], 0, 1],
  [[0.1, 0.2, 0.7], 2, 1],
  [[1], 0, null],
  [[1, 0], 0, null],
  [[], null, null],
])('of %j the touches with most weight are %s and %s', (weights, primary, secondary) => {
  expect(primaryAndSecondary(weights)).toEqual({ primary, secondary })
})

const instants = fc.integer({ min: 0, max: 90 }).map((hours) => NOW + hours * 20 * MINUTE)
const histories = fc.record({
  touches: fc.array(fc.record({ at: instants, channel: fc.constantFrom('a', 'b', 'c'), id: fc.uuid() }), {
    maxLength: 20,
  }),
  conversions: fc.array(
    fc.record({
      at: instants,
      id: fc.uuid(),
      kind: fc.constantFrom('order', 'lead'),
      valueMinor: fc.integer({ min: 0, max: 9999 }),
      count: fc.constant(1),
    }),
    { maxLength: 6 },
  ),
  milestones: fc.array(
    fc.record({ at: instants, kind: fc.constantFrom<Milestone['kind']>('lead', 'opportunity') }),
    { maxLength: 3 },
  ),
})

test('the order in which events came in, and events that came twice, change nothing', () => {
  fc.assert(
    fc.property(histories, fc.integer(), (history, seed) => {
      const turned = <E>(list: E[]) =>
        [...list, ...list]
          .map((entry, i) => ({ entry, key: Math.imul(i + 1, seed | 1) }))
          .sort((a, b) => a.key - b.key)
      const again = {
        touches: turned(history.touches).map(({ entry }) => entry),
        conversions: turned(history.conversions).map(({ entry }) => entry),
        milestones: turned(history.milestones).map(({ entry }) => entry),
      }
      expect(journeysOf(again, defaults)).toEqual(journeysOf(history, defaults))
    }),
  )
})

test('every conversion has one journey, and under restart no touch leads to two of a kind', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const journeys = journeysOf(history, { ...defaults, sessionMs: null })
      expect(journeys.filter(({ conversion }) => conversion).length).toBe(history.conversions.length)
      const uses = journeys.flatMap(({ touches, conversion }) =>
        touches.map(({ id }) => `${id} ${conversion?.kind} ${conversion?.at}`),
      )
      const kindsOfUse = [...new Set(uses)].map((use) => use.split(' ').slice(0, 2).join(' '))
      expect(new Set(kindsOfUse).size).toBe(kindsOfUse.length)
    }),
  )
})
