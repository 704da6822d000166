// Lines of steps: order, what ends where and why, and what is counted.
import { describe, expect, it } from 'vitest'
import { drop, line, park, runLine } from './steps.ts'

interface Context {
  seen: number[][]
}
const work = line<Context, number>()
  .then({ name: 'halve', each: (n) => (n % 2 === 0 ? n / 2 : drop('odd')) })
  .then({
    name: 'look',
    batch: (items, context) => {
      context.seen.push(items)
      return Promise.resolve(items.map((n) => (n > 100 ? park('large', `${n} is large`) : n)))
    },
  })
  .then({ name: 'say', each: (n) => `n${n}` })

describe('a line of steps', () => {
  it('hands each item on, and tells in the order of the items what came of it', async () => {
    const context: Context = { seen: [] }
    const outcomes = await runLine(work, [4, 3, 800, 6], context)
    expect(outcomes).toMatchObject([
      { item: 'n2' },
      { ended: { outcome: 'dropped', reason: 'odd' }, step: 'halve' },
      { ended: { outcome: 'parked', reason: 'large', detail: '400 is large' }, step: 'look' },
      { item: 'n3' },
    ])
    expect(context.seen).toEqual([[2, 400, 3]])
  })

  it('counts per step what passed, and each end with its reason', async () => {
    const counts: [string, string, string, number][] = []
    await runLine(work, [4, 3, 5, 800], { seen: [] }, (...count) => counts.push(count))
    expect(counts).toEqual([
      ['halve', 'dropped', 'odd', 1],
      ['halve', 'dropped', 'odd', 1],
      ['halve', 'passed', '', 2],
      ['look', 'parked', 'large', 1],
      ['look', 'passed', '', 1],
      ['say', 'passed', '', 1],
    ])
  })

  it('calls no step for nothing', async () => {
    const context: Context = { seen: [] }
    expect(await runLine(work, [], context)).toEqual([])
    await runLine(work, [1, 3], context)
    expect(context.seen).toEqual([])
  })

  it('a step that loses an item is a bug and throws', async () => {
    const losing = line<null, number>().then({
      name: 'lose',
      batch: (items) => Promise.resolve(items.slice(1)),
    })
    await expect(runLine(losing, [1, 2], null)).rejects.toThrow(
      'the step lose was given 2 items and returned 1',
    )
  })

  it('what a step throws is thrown', async () => {
    const failing = line<null, number>().then({
      name: 'fail',
      each: () => {
        throw new Error('broken')
      },
    })
    await expect(runLine(failing, [1], null)).rejects.toThrow('broken')
  })
})
