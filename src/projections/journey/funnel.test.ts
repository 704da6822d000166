// The funnel: people and their moves listed, numbers stated.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countFunnel } from './funnel.ts'
import type { FunnelPerson } from './funnel.ts'

const dayMs = 86_400_000
const now = 200 * dayMs

/** A person's entries as step and day. */
function person(...entries: [step: number, day: number][]): FunnelPerson {
  return { entries: entries.map(([step, day]) => ({ step, at: day * dayMs })) }
}

describe('the funnel', () => {
  it('counts who came, who dropped off, and who still may', () => {
    const funnel = countFunnel(
      [
        // All three steps; the second before the last.
        person([0, 10], [1, 20], [2, 30]),
        // Two steps, and the window of 90 days is long over.
        person([0, 10], [1, 20]),
        // The second step on the ninetieth day counts, on the ninety-first not.
        person([0, 10], [1, 100]),
        person([0, 10], [1, 101]),
        // Came 50 days ago: the window is open.
        person([0, 150]),
        // Never came.
        person(),
      ],
      3,
      now,
    )
    expect(funnel.steps).toEqual([
      {
        entered: 5,
        skipped: 0,
        droppedOff: 0,
        stillOpen: 0,
        conversion: null,
        dropOff: null,
        stillOpenShare: null,
      },
      {
        entered: 3,
        skipped: 0,
        droppedOff: 1,
        stillOpen: 1,
        conversion: 0.6,
        dropOff: 0.2,
        stillOpenShare: 0.2,
      },
      {
        entered: 1,
        skipped: 0,
        droppedOff: 2,
        stillOpen: 0,
        conversion: 1 / 3,
        dropOff: 2 / 3,
        stillOpenShare: 0,
      },
    ])
    expect(funnel).toMatchObject({ youngestDays: 50, oldestDays: 190 })
  })

  it('takes a skipped step as passed and flags it, unless the order is strict', () => {
    const people = [person([0, 10], [2, 30])]
    const loose = countFunnel(people, 3, now).steps
    expect(loose.map(({ entered, skipped }) => [entered, skipped])).toEqual([
      [1, 0],
      [1, 1],
      [1, 0],
    ])
    const strict = countFunnel(people, 3, now, { windowDays: 90, isStrict: true }).steps
    expect(strict.map(({ entered }) => entered)).toEqual([1, 0, 0])
    expect(strict[1]).toMatchObject({ droppedOff: 1, dropOff: 1 })
  })

  it('does not take away what a move backward leaves behind', () => {
    const { steps } = countFunnel([person([0, 10], [1, 20], [2, 30], [0, 40], [1, 50])], 3, now)
    expect(steps.map(({ entered, skipped }) => [entered, skipped])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
    ])
  })

  it('takes no step before the one before it, where the order is strict', () => {
    const { steps } = countFunnel([person([1, 5], [0, 10])], 2, now, { windowDays: 90, isStrict: true })
    expect(steps.map(({ entered }) => entered)).toEqual([1, 0])
  })

  it('two steps at one instant are both taken, and the future is not seen', () => {
    const { steps } = countFunnel([person([1, 10], [0, 10]), person([0, 300])], 2, now)
    expect(steps.map(({ entered, skipped }) => [entered, skipped])).toEqual([
      [1, 0],
      [1, 0],
    ])
  })

  it('always adds up: who came, dropped off or still may are those of the step before', () => {
    const anyPerson = fc
      .array(fc.tuple(fc.nat(3), fc.nat(250)), { maxLength: 8 })
      .map((entries) => person(...entries))
    fc.assert(
      fc.property(fc.array(anyPerson, { maxLength: 20 }), fc.boolean(), (people, isStrict) => {
        const { steps } = countFunnel(people, 4, now, { windowDays: 60, isStrict })
        for (let at = 1; at < steps.length; at++) {
          const { entered = 0, droppedOff = 0, stillOpen = 0 } = steps[at] ?? {}
          expect(entered + droppedOff + stillOpen).toBe(steps[at - 1]?.entered)
        }
      }),
    )
  })
})
