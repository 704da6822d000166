// Merging and parting records: whatever the order, what stays is what the merges that stand would have made.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { partRecord } from './part.ts'
import { mergeRecords, newLeadRow } from './record.ts'
import type { LeadRow } from './record.ts'

const instant = (at: number) => new Date(at * 1000).toISOString()
const leads = fc
  .record({
    first: fc.option(fc.constantFrom('Ann', 'Bea'), { nil: null }),
    company: fc.option(fc.constantFrom('Shop', 'Works'), { nil: null }),
    plan: fc.option(fc.constantFrom('gold', 'free'), { nil: null }),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
    at: fc.integer({ min: 0, max: 5 }),
    rank: fc.integer({ min: 1, max: 3 }),
    isKnown: fc.boolean(),
  })
  .map(({ first, company, plan, tags, at, rank, isKnown }): LeadRow => {
    const made = newLeadRow({
      id: 'x',
      workspaceId: 'w',
      source: 's',
      at: new Date(at * 1000),
      now: new Date(0),
      isKnown,
    })
    const told: [number, number] = [rank, at]
    return {
      ...made,
      first_name: first,
      company,
      tags,
      fields: plan === null ? {} : { plan },
      provenance: {
        ...(first === null ? {} : { first_name: told }),
        ...(company === null ? {} : { company: told }),
        ...(plan === null ? {} : { 'fields.plan': told }),
      },
    }
  })
const shown = (row: LeadRow) => ({ ...row, tags: [...row.tags].sort() })

describe('parting a merged record', () => {
  test('restores both to the letter, where nothing came since', () => {
    fc.assert(
      fc.property(leads, leads, (winner, loser) => {
        const [winnerBefore, loserBefore] = [structuredClone(winner), structuredClone(loser)]
        const trace = mergeRecords(winner, loser)
        partRecord(winner, trace, [])
        expect(shown(winner)).toEqual(shown(winnerBefore))
        expect(loser).toEqual(loserBefore)
      }),
    )
  })

  test('in any order leaves the winner as it was before all merges', () => {
    fc.assert(
      fc.property(
        leads,
        fc.array(leads, { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (winner, losers, picks) => {
          const before = structuredClone(winner)
          const merges = losers.map((loser) => ({ loser, trace: mergeRecords(winner, loser) }))
          while (merges.length > 0) {
            const at = picks.next().value % merges.length
            const [merge] = merges.splice(at, 1)
            partRecord(winner, merge!.trace, merges.slice(at))
          }
          expect(shown(winner)).toEqual(shown(before))
        },
      ),
    )
  })

  test('leaves alone what somebody wrote since', () => {
    const make = (company: string | null) => ({
      ...newLeadRow({
        id: 'x',
        workspaceId: 'w',
        source: 's',
        at: new Date(instant(1)),
        now: new Date(0),
        isKnown: true,
      }),
      company,
    })
    const winner = make(null)
    const trace = mergeRecords(winner, make('Shop'))
    winner.company = 'Works'
    partRecord(winner, trace, [])
    expect(winner.company).toBe('Works')
  })
})
