// How the log is cut into slices.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutPartition } from './slices.ts'
import type { LeadBound } from './slices.ts'

const workspaceId = '01900000-0000-7000-8000-000000000000'
const leadOf = (n: number): LeadBound => ({
  workspaceId,
  leadId: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
})

test('a partition of 1,000 sampled rows becomes slices of 200 each, the last open to what comes later', () => {
  const sample = Array.from({ length: 10 }, (_, n) => leadOf(n))
  expect(cutPartition('202611', sample, 100, 200)).toEqual([
    { partition: '202611', after: null, upTo: leadOf(2) },
    { partition: '202611', after: leadOf(2), upTo: leadOf(4) },
    { partition: '202611', after: leadOf(4), upTo: leadOf(6) },
    { partition: '202611', after: leadOf(6), upTo: leadOf(8) },
    { partition: '202611', after: leadOf(8), upTo: null },
  ])
})

test('a partition that was not sampled is one slice', () => {
  expect(cutPartition('all', [], 100, 200)).toEqual([{ partition: 'all', after: null, upTo: null }])
})

test('every lead is in exactly one slice, however many rows it has', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (leads, step) => {
      const sample = leads.sort((a, b) => a - b).map(leadOf)
      const slices = cutPartition('202611', sample, 1, step)
      for (let n = 0; n <= 31; n++) {
        const { leadId } = leadOf(n)
        const holding = slices.filter(
          ({ after, upTo }) =>
            (after === null || leadId > after.leadId) && (upTo === null || leadId <= upTo.leadId),
        )
        expect(holding).toHaveLength(1)
      }
    }),
  )
})
