// The rule models against vectors worked by hand, and against published ones where they are at hand.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { referenceTest } from '../../../test/reference.ts'
import { modelSettingsSchema, ruleModels } from './contract.ts'
import type { ModelSettings, RuleModel } from './contract.ts'
import { lastNonDirectOf, weigh } from './rules.ts'
import type { Weighable } from './rules.ts'

const defaults = modelSettingsSchema.parse({})

function shares(model: RuleModel, journey: Partial<Weighable> & { touches: number }, settings = defaults) {
  const channels = Array.from({ length: journey.touches }, (_, i) => i)
  const out = new Float64Array(journey.touches)
  const used = weigh(
    model,
    {
      channels,
      lastNonDirect: journey.touches - 1,
      agesDays: null,
      leadIndex: null,
      opportunityIndex: null,
      ...journey,
    },
    settings,
    out,
  )
  return { used, shares: [...out] }
}

const close = (want: number[]) => want.map((share) => expect.closeTo(share, 12))

test.each<[RuleModel, number, number[]]>([
  ['first', 3, [1, 0, 0]],
  ['last', 3, [0, 0, 1]],
  ['linear', 4, [0.25, 0.25, 0.25, 0.25]],
  ['u_shaped', 1, [1]],
  ['u_shaped', 2, [0.5, 0.5]],
  ['u_shaped', 3, [0.4, 0.2, 0.4]],
  ['u_shaped', 6, [0.4, 0.05, 0.05, 0.05, 0.05, 0.4]],
])('%s over %i touches', (model, touches, want) => {
  expect(shares(model, { touches }).shares).toEqual(close(want))
})

test('the last non-direct touch is credited, and the last one where all are direct', () => {
  const isDirect = (channel: number) => channel === 9
  expect([[1, 2, 9, 9], [9, 9], [1]].map((ids) => lastNonDirectOf(ids, isDirect))).toEqual([1, 1, 0])
  expect(shares('last_non_direct', { touches: 3, lastNonDirect: 1 }).shares).toEqual([0, 1, 0])
})

test('unique linear shares by channel, and a channel by its touches', () => {
  // Two channels: each a half; the first has two touches.
  expect(shares('unique_linear', { touches: 3, channels: ['a', 'b', 'a'] }).shares).toEqual(
    close([0.25, 0.5, 0.25]),
  )
})

test('own position weights are normalised where a journey has no middle', () => {
  const settings = { ...defaults, positionWeights: { first: 0.6, middle: 0.3, last: 0.1 } }
  expect(shares('position', { touches: 4 }, settings).shares).toEqual(close([0.6, 0.15, 0.15, 0.1]))
  expect(shares('position', { touches: 2 }, settings).shares).toEqual(close([6 / 7, 1 / 7]))
  const onlyMiddle = { ...defaults, positionWeights: { first: 0, middle: 1, last: 0 } }
  expect(shares('position', { touches: 2 }, onlyMiddle).shares).toEqual([0.5, 0.5])
})

test('a touch as old as the half-life weighs half of one at the conversion, and very old touches do not vanish', () => {
  expect(shares('time_decay', { touches: 2, agesDays: [7, 0] }).shares).toEqual(close([1 / 3, 2 / 3]))
  expect(shares('time_decay', { touches: 2, agesDays: [90_007, 90_000] }).shares).toEqual(
    close([1 / 3, 2 / 3]),
  )
  expect(() => shares('time_decay', { touches: 1 })).toThrow('age of every touch')
})

test('touches after the opportunity get nothing from a W, and own weights are normalised', () => {
  const journey = { touches: 5, leadIndex: 1, opportunityIndex: 3 }
  expect(shares('w_shaped', journey)).toEqual({ used: 'w_shaped', shares: close([0.3, 0.3, 0.1, 0.3, 0]) })
  const settings: ModelSettings = {
    ...defaults,
    wWeights: { first: 0.2, lead: 0.2, opportunity: 0.4, rest: 0.2 },
  }
  expect(shares('w_shaped', { touches: 3, leadIndex: 1, opportunityIndex: 2 }, settings).shares).toEqual(
    close([0.25, 0.25, 0.5]),
  )
})

test('the shares of every rule model add up to one and are never below zero', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          channel: fc.integer({ min: 0, max: 3 }),
          age: fc.double({ min: 0, max: 400, noNaN: true }),
        }),
        {
          minLength: 1,
          maxLength: 30,
        },
      ),
      fc.nat(),
      fc.nat(),
      (touches, lead, opportunity) => {
        for (const model of ruleModels) {
          const { shares: found } = shares(model, {
            touches: touches.length,
            channels: touches.map(({ channel }) => channel),
            agesDays: touches.map(({ age }) => age),
            leadIndex: lead % (touches.length + 1) === touches.length ? null : lead % (touches.length + 1),
            opportunityIndex: opportunity % touches.length,
          })
          expect(found.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
          expect(Math.min(...found)).toBeGreaterThanOrEqual(0)
        }
      },
    ),
  )
})

interface Vectors {
  vectors: {
    name: string
    touches: number
    lead_creation_index: number | null
    opportunity_creation_index: number | null
    model_used: string
    weights: number[]
  }[]
  time_decay_published_worked_example: { ages_days: number[]; deal: number; exact: number[] }
  salesforce_published_u_shape: { weights: number[] }
}

referenceTest(
  'W-shaped, time-decay and U-shaped vectors are those published',
  'attribution/w_shaped_and_decay_vectors.json',
  (text) => {
    const reference = JSON.parse(text) as Vectors
    for (const vector of reference.vectors) {
      const found = shares('w_shaped', {
        touches: vector.touches,
        leadIndex: vector.lead_creation_index,
        opportunityIndex: vector.opportunity_creation_index,
      })
      expect([vector.name, found.used]).toEqual([vector.name, vector.model_used])
      expect(found.shares).toEqual(close(vector.weights))
    }
    const { ages_days, deal, exact } = reference.time_decay_published_worked_example
    const decayed = shares('time_decay', { touches: ages_days.length, agesDays: ages_days }).shares
    expect(decayed.map((share) => share * deal)).toEqual(exact.map((value) => expect.closeTo(value, 2)))
    expect(shares('u_shaped', { touches: 4 }).shares).toEqual(
      close(reference.salesforce_published_u_shape.weights),
    )
  },
)
