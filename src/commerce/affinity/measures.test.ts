// Support, confidence and lift of two products by hand, and what a buyer may like.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { affinitiesOf, lowerShare, mayLike } from './measures.ts'

const products = [
  { key: 'tea', name: 'Tea', baskets: 40 },
  { key: 'pot', name: 'Pot', baskets: 10 },
  { key: 'cup', name: 'Cup', baskets: 20 },
]
const counted = { baskets: 100, mixedBaskets: 30, products }

describe('affinity', () => {
  it('of two products is counted from the rarer one on', () => {
    // 8 of 10 baskets with a pot have tea, which 40 of 100 have: 0.8 / 0.4 = 2. Wilson's lower bound of 8 of 10 is 0.4902.
    const [found] = affinitiesOf(counted, [{ first: 'tea', second: 'pot', both: 8 }]).items
    expect(found).toMatchObject({
      first: { key: 'pot' },
      second: { key: 'tea' },
      support: 0.08,
      confidence: 0.8,
      confidenceBack: 0.2,
      lift: 2,
    })
    expect(found!.liftAtLeast).toBeCloseTo(0.4902 / 0.4, 3)
  })

  it('that is well proven stands above one that was seen a few times', () => {
    const { items } = affinitiesOf(
      {
        baskets: 1_000,
        mixedBaskets: 500,
        products: [
          ...products,
          { key: 'rare', name: 'Rare', baskets: 2 },
          { key: 'jam', name: 'Jam', baskets: 200 },
        ],
      },
      [
        { first: 'rare', second: 'jam', both: 2 },
        { first: 'cup', second: 'pot', both: 9 },
      ],
    )
    expect(items.map(({ first }) => first.key)).toEqual(['pot', 'rare'])
  })
})

test('a buyer may like what goes with what was bought, and nothing that was bought or goes with nothing', () => {
  const { items } = affinitiesOf(counted, [
    { first: 'tea', second: 'pot', both: 8 },
    { first: 'cup', second: 'pot', both: 9 },
  ])
  expect(mayLike(new Set(['pot']), items).map(({ key, because }) => [key, because.key])).toEqual([
    ['cup', 'pot'],
    ['tea', 'pot'],
  ])
  expect(mayLike(new Set(['pot', 'cup']), items).map(({ key }) => key)).toEqual(['tea'])
  expect(mayLike(new Set(), items)).toEqual([])
})

test('the lower bound of a share lies below it and comes near with more of the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
      const hits = Math.round(of * part)
      const lower = lowerShare(hits, of)
      expect(lower).toBeGreaterThanOrEqual(0)
      expect(lower).toBeLessThanOrEqual(hits / of + 1e-12)
      expect(lowerShare(hits * 10, of * 10)).toBeGreaterThanOrEqual(lower - 1e-12)
    }),
  )
})
