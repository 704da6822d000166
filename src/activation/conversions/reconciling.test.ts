// The reconciliation adds up whatever is counted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveryReasons, deliveryStatuses } from '../../deliveries/contract.ts'
import { KINDS } from './item.ts'
import { addUp } from './reconciling.ts'

test('ten happened: seven left, one was withheld, one failed, and one was never taken', () => {
  const counts = [
    { kind: KINDS.forwarded, event: 'order_completed', status: 'sent', reason: null, count: 7 },
    {
      kind: KINDS.forwarded,
      event: 'order_completed',
      status: 'withheld',
      reason: 'consent_missing',
      count: 1,
    },
    { kind: KINDS.forwarded, event: 'order_completed', status: 'refused', reason: 'too_old', count: 1 },
    { kind: KINDS.byHand, event: 'Lead', status: 'sent', reason: null, count: 4 },
  ]
  expect(addUp(counts, new Map([['order_completed', 10]]))).toMatchObject({
    happened: 10,
    delivered: 7,
    withheld: 1,
    withheldWhy: [{ reason: 'consent_missing', count: 1 }],
    failed: 1,
    failedWhy: [{ reason: 'too_old', count: 1 }],
    notTaken: 1,
    byHand: 4,
  })
})

test('the parts add up to the whole, and the reasons to their part, whichever store is ahead', () => {
  const event = fc.constantFrom('order_completed', 'form_submitted', 'signed_up')
  const line = fc
    .record({
      kind: fc.constantFrom(...Object.values(KINDS)),
      event,
      status: fc.constantFrom(...deliveryStatuses),
      reason: fc.constantFrom(...deliveryReasons),
      count: fc.nat(1_000),
    })
    .map((one) => ({ ...one, reason: ['withheld', 'refused'].includes(one.status) ? one.reason : null }))
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.tuple(event, fc.nat(2_000))), (counts, logged) => {
      const report = addUp(counts, new Map(logged))
      const { happened, delivered, withheld, failed, unknown, waiting, notTaken } = report
      expect(delivered + withheld + failed + unknown + waiting + notTaken).toBe(happened)
      expect(notTaken).toBeGreaterThanOrEqual(0)
      const sum = (list: { count: number }[]) => list.reduce((total, { count }) => total + count, 0)
      expect(sum(report.withheldWhy)).toBe(withheld)
      expect(sum(report.failedWhy)).toBe(failed)
      expect(report.events.reduce((total, one) => total + one.happened, 0)).toBe(happened)
    }),
  )
})
