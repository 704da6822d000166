// Spend reaches the sources that it brought people by, to the last minor unit.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareSpend } from './cost.ts'

test('a campaign goes to whom it brought, a channel to all whom it brought, and the rest to nobody', () => {
  const { bySource, leftMinor } = shareSpend(
    [
      { channel: 'Paid Social', campaign: 'spring', minor: 1000 },
      { channel: 'Paid Social', campaign: '', minor: 300 },
      { channel: 'Display', campaign: '', minor: 50 },
    ],
    [
      { source: 'a', channel: 'Paid Social', campaign: 'Spring', leads: 3 },
      { source: 'b', channel: 'Paid Social', campaign: 'Spring', leads: 1 },
      { source: 'b', channel: 'Paid Social', campaign: 'Autumn', leads: 2 },
    ],
  )
  // 1000 in quarters, and 300 in halves: three of six leads each.
  expect([...bySource].sort()).toEqual([
    ['a', 750 + 150],
    ['b', 250 + 150],
  ])
  expect(leftMinor).toBe(50)
})

test('what is shared and what is left add up to what was spent', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ channel: name, campaign: fc.constantFrom('', 'x', 'y'), minor: fc.nat(1_000_000) }),
      ),
      fc.array(
        fc.record({
          source: name,
          channel: name,
          campaign: fc.constantFrom('x', 'y'),
          leads: fc.integer({ min: 1, max: 50 }),
        }),
      ),
      (spent, brought) => {
        const { bySource, leftMinor } = shareSpend(spent, brought)
        const shared = [...bySource.values()].reduce((sum, minor) => sum + minor, 0)
        expect(shared + leftMinor).toBe(spent.reduce((sum, { minor }) => sum + minor, 0))
      },
    ),
  )
})
