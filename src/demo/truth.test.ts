// Attribution against the demo's process, whose true shares are known: intervals hold them, and a world without a channel tells its effect.
import { describe, expect, test } from 'vitest'
import { defaultAttributionSettings } from '../projections/attribution/contract.ts'
import { creditsIn, historyOf } from './credit.ts'
import { planOf } from './plan.ts'
import { worldFor } from './stream.ts'
import { compareWithTruth, coverageOf, learnedModels, misplaced } from './truth.ts'

const options = { leads: 500, days: 60, events: 20_000, endOn: '2025-06-30' }
const world = worldFor({ ...options, seed: 1 })

describe('the demo as attribution sees it', () => {
  test('is what a seed sends: every visit opens with its channel, and every order is there', () => {
    for (let index = 0; index < 200; index++) {
      const { acts } = planOf(world, index)
      const { history } = historyOf(world, index)
      const visits = acts.flatMap((act) =>
        act.kind === 'visit' ? [{ at: act.at, channel: act.channel }] : [],
      )
      const opened = history.events.filter(({ sessionStart }) => sessionStart)
      expect(opened.map(({ at, channel }) => ({ at, channel }))).toEqual(visits)
      const ordered = acts.reduce(
        (sum, act) => sum + (act.kind === 'visit' ? act.orders.length : act.kind === 'order' ? 1 : 0),
        0,
      )
      expect(history.orders).toHaveLength(ordered)
    }
  })

  test('has credit that adds up to all orders that stand, by every model, and journeys whose parts add up', () => {
    const { paths, earned } = creditsIn(world, defaultAttributionSettings)
    let standing = 0
    for (let index = 0; index < world.people; index++)
      standing += historyOf(world, index).history.orders.filter(
        ({ totalMinor, refundedMinor }) => refundedMinor < totalMinor,
      ).length
    for (const sums of Object.values(earned))
      expect([...sums.values()].reduce((sum, units) => sum + units, 0)).toBe(standing * 1_000_000)
    for (const { conversions, nulls, parts = [] } of paths) {
      expect(parts.reduce((sum, part) => sum + part.conversions, 0)).toBe(conversions)
      expect(parts.reduce((sum, part) => sum + part.nulls, 0)).toBe(nulls)
    }
  })
})

test(
  'at least nine of ten channel shares lie inside their 95 % interval on the process',
  { timeout: 60_000 },
  () => {
    const { shares, caused, credited } = compareWithTruth(
      options,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      defaultAttributionSettings,
      // A hundred in `npm run bench -- --only demo-truth`, which takes longer.
      25,
    )
    for (const model of learnedModels) {
      expect(shares.filter((share) => share.model === model)).toHaveLength(90)
      expect(coverageOf(shares, model)).toBeGreaterThanOrEqual(0.9)
    }
    for (const { share, low, high } of shares) {
      expect(low).toBeGreaterThanOrEqual(0)
      expect(low).toBeLessThanOrEqual(share)
      expect(high).toBeGreaterThanOrEqual(share)
      // An interval of everything would hold anything.
      expect(high - low).toBeLessThan(0.5)
    }
    expect(caused.Direct).toBe(0)
    for (const of100 of [caused, ...Object.values(credited)])
      expect(Object.values(of100).reduce((sum, part) => sum + part, 0)).toBeCloseTo(100, 6)
    expect(misplaced(caused, caused)).toBe(0)
  },
)
