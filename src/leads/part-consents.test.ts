// Merging and parting consents: whatever the order, what stands is what the merges that stand would have made.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { strictest } from './consent.ts'
import type { StandingConsent } from './consent.ts'
import type { Purpose } from './contract.ts'
import { partConsents } from './part-consents.ts'
import type { LaterConsents } from './part-consents.ts'

type Consents = ReadonlyMap<Purpose, StandingConsent>

const instant = (at: number) => new Date(at * 1000).toISOString()
const consents = fc
  .array(
    fc.record({
      purpose: fc.constantFrom<Purpose>('email_marketing', 'analytics'),
      state: fc.constantFrom('granted' as const, 'denied' as const),
      at: fc.integer({ min: 0, max: 5 }),
      isDated: fc.boolean(),
    }),
    { maxLength: 3 },
  )
  .map(
    (said): Consents =>
      new Map(
        said.map(({ purpose, state, at, isDated }) => [
          purpose,
          {
            purpose,
            state,
            source: 'form',
            proof: {},
            actedAt: isDated ? instant(at) : null,
            recordedAt: instant(at),
          },
        ]),
      ),
  )

function merge(winner: Consents, loser: Consents, at: number): { after: Consents; made: LaterConsents } {
  const after = new Map(winner)
  const made: LaterConsents = {
    trace: { consentsBefore: [...winner.values()], consentsAfter: [] },
    loser,
    mergedAt: instant(at),
  }
  for (const purpose of ['email_marketing', 'analytics'] as const) {
    const result = strictest(winner.get(purpose), loser.get(purpose))
    if (!result || result === winner.get(purpose)) continue
    const taken = { ...result, recordedAt: instant(at) }
    after.set(purpose, taken)
    made.trace.consentsAfter.push(taken)
  }
  return { after, made }
}

function mergeAll(winner: Consents, losers: Consents[]): { after: Consents; merges: LaterConsents[] } {
  let after = winner
  const merges = losers.map((loser, nth) => {
    const step = merge(after, loser, 100 + nth)
    after = step.after
    return step.made
  })
  return { after, merges }
}

function part(standing: Consents, merges: LaterConsents[], at: number): Consents {
  const next = new Map(standing)
  for (const [purpose, consent] of partConsents(merges[at]!.trace, merges.slice(at + 1), standing)) {
    if (consent) next.set(purpose, consent)
    else next.delete(purpose)
  }
  return next
}

const states = (of: Consents) =>
  Object.fromEntries([...of].map(([purpose, { state }]) => [purpose, state]).sort())

describe('parting merged consents', () => {
  test('leaves what the merges that still stand come to', () => {
    fc.assert(
      fc.property(
        consents,
        fc.array(consents, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (winner, losers, nth) => {
          const { after, merges } = mergeAll(winner, losers)
          const at = nth % losers.length
          expect(states(part(after, merges, at))).toEqual(
            states(mergeAll(winner, losers.toSpliced(at, 1)).after),
          )
        },
      ),
    )
  })

  test('in any order leaves the winner with what it said itself, to the letter', () => {
    fc.assert(
      fc.property(
        consents,
        fc.array(consents, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
        (winner, losers, order) => {
          const { after, merges } = mergeAll(winner, losers)
          let standing = after
          for (const nth of order) {
            if (merges.length === 0) break
            const at = nth % merges.length
            standing = part(standing, merges, at)
            merges.splice(at, 1)
          }
          expect(standing).toEqual(winner)
        },
      ),
    )
  })

  test('keeps what the person said since', () => {
    const said = (state: 'granted' | 'denied', at: number): StandingConsent => ({
      purpose: 'analytics',
      state,
      source: 'form',
      proof: {},
      actedAt: instant(at),
      recordedAt: instant(at),
    })
    const { merges } = mergeAll(new Map([['analytics', said('granted', 1)]]), [
      new Map([['analytics', said('denied', 2)]]),
    ])
    const since = said('granted', 200)
    expect(part(new Map([['analytics', since]]), merges, 0).get('analytics')).toBe(since)
  })
})
