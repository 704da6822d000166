// RFM against the R package's answers, and on shops where fifths of orders say nothing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceTest } from '../../../test/reference.ts'
import { fixedFrequencyCuts, rfmCuts, rfmScores, rfmSegments, segmentOf } from './rfm.ts'
import type { RfmBuyer, SegmentRule } from './rfm.ts'

/** The segments of the package's own tests (https://github.com/rsquaredacademy/rfm), which leave some buyers without one. */
const testSegments: SegmentRule[] = [
  { segment: 'Champions', r: [4, 5], f: [4, 5], m: [4, 5] },
  { segment: 'Loyal Customers', r: [2, 5], f: [3, 5], m: [3, 5] },
  { segment: 'Potential Loyalist', r: [3, 5], f: [1, 3], m: [1, 3] },
  { segment: 'New Customers', r: [4, 5], f: [1, 1], m: [1, 1] },
  { segment: 'Promising', r: [3, 4], f: [1, 1], m: [1, 1] },
  { segment: 'Need Attention', r: [2, 3], f: [2, 3], m: [2, 3] },
  { segment: 'About To Sleep', r: [2, 3], f: [1, 2], m: [1, 2] },
  { segment: 'At Risk', r: [1, 2], f: [2, 5], m: [2, 5] },
  { segment: "Can't Lose Them", r: [1, 1], f: [4, 5], m: [4, 5] },
  { segment: 'Lost', r: [1, 2], f: [1, 2], m: [1, 2] },
]

const anyScore = fc.integer({ min: 1, max: 5 })
const anyBuyer = fc.record({
  recencyDays: fc.nat(700),
  frequency: fc.integer({ min: 1, max: 12 }),
  monetary: fc.integer({ min: 0, max: 90_000 }),
})

describe('RFM', () => {
  referenceTest(
    'gives all 995 customers the package’s scores, and both of its segment tables',
    'rfm/ref_rfm_scores.csv',
    (text) => {
      const known = text
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','))
      const buyers: RfmBuyer[] = known.map(([, , amount, orders, days]) => ({
        recencyDays: Number(days),
        frequency: Number(orders),
        monetary: Number(amount),
      }))
      const cuts = rfmCuts(buyers, 1)
      const tables = new Map<string, number[]>()
      known.forEach(([, , amount, orders, , r, f, m, segment, testSegment], at) => {
        const scores = rfmScores(buyers[at] as RfmBuyer, cuts)
        expect(scores).toEqual({ r: Number(r), f: Number(f), m: Number(m) })
        expect(segmentOf(scores)).toBe(segment)
        expect(segmentOf(scores, testSegments) ?? 'Others').toBe(testSegment)
        const sum = tables.get(segment ?? '') ?? [0, 0, 0]
        tables.set(segment ?? '', [sum[0]! + 1, sum[1]! + Number(orders), sum[2]! + Number(amount)])
      })
      expect(known).toHaveLength(995)
      expect(Object.fromEntries(tables)).toEqual({
        Champions: [35, 316, 31646],
        'Potential Loyalist': [342, 2211, 204856],
        'Loyal Customers': [170, 799, 76562],
        "Can't Lose Them": [47, 274, 32446],
        'At Risk': [28, 216, 22227],
        'About To Sleep': [102, 283, 23449],
        Lost: [148, 393, 35324],
        'New Customers': [104, 329, 28837],
        'Need Attention': [10, 57, 4562],
        Promising: [9, 28, 4249],
      })
    },
  )

  it('has a segment for each of the 125 scores, ten in all', () => {
    const found = new Set<string | null>()
    for (let r = 1; r <= 5; r++)
      for (let f = 1; f <= 5; f++) for (let m = 1; m <= 5; m++) found.add(segmentOf({ r, f, m }))
    expect(found).not.toContain(null)
    expect(found.size).toBe(10)
  })

  it('never parts buyers who are alike, and never scores more for less', () => {
    fc.assert(
      fc.property(fc.array(anyBuyer, { minLength: 1, maxLength: 60 }), (buyers) => {
        const cuts = rfmCuts(buyers, 100)
        for (const one of buyers) {
          for (const other of buyers) {
            const [a, b] = [rfmScores(one, cuts), rfmScores(other, cuts)]
            if (one.recencyDays <= other.recencyDays) expect(a.r).toBeGreaterThanOrEqual(b.r)
            if (one.frequency >= other.frequency) expect(a.f).toBeGreaterThanOrEqual(b.f)
            if (one.monetary >= other.monetary) expect(a.m).toBeGreaterThanOrEqual(b.m)
          }
        }
      }),
    )
  })

  it('goes by 2, 3, 5 and 8 orders where most people bought once', () => {
    const buyers = Array.from({ length: 100 }, (_, at) => ({
      recencyDays: at,
      frequency: at < 85 ? 1 : at < 99 ? 2 : 9,
      monetary: 100 * at,
    }))
    const cuts = rfmCuts(buyers, 100)
    expect(cuts.frequency).toEqual([...fixedFrequencyCuts])
    const scoreOf = (frequency: number) => rfmScores({ recencyDays: 0, frequency, monetary: 0 }, cuts).f
    expect([1, 2, 3, 4, 5, 7, 8, 50].map(scoreOf)).toEqual([1, 2, 3, 3, 4, 4, 5, 5])
  })

  it('does not call somebody lost who bought for the first time lately', () => {
    fc.assert(
      fc.property(anyScore, (m) => {
        expect(['New Customers', 'Promising', 'Potential Loyalist']).toContain(segmentOf({ r: 5, f: 1, m }))
      }),
    )
    expect(new Set(rfmSegments.map(({ segment }) => segment)).size).toBe(10)
  })
})
