// What counts of baskets say of two products: support, confidence and lift, and what a buyer may like next. Pure.
import type { Affinities, Affinity, Taste } from './contract.ts'

export interface CountedProduct {
  key: string
  name: string
  baskets: number
}

export interface CountedPair {
  /** keys of the products */
  first: string
  second: string
  both: number
}

/** Two-sided 95 %. */
const Z = 1.959964
const MOST_LIKED = 8

/**
 * Affinities of pairs: support, confidence and lift as Agrawal, Imieliński and Swami (SIGMOD 1993) and Brin et al. (SIGMOD 1997)
 * define them. The lower end of the lift takes Wilson's lower bound of the confidence, so that a pair that was seen a few times
 * does not stand above one that is well proven.
 * @returns the strongest first; of each pair the direction that is surer
 */
export function affinitiesOf(
  counted: { baskets: number; mixedBaskets: number; products: readonly CountedProduct[] },
  pairs: readonly CountedPair[],
): Affinities {
  const { baskets, mixedBaskets, products } = counted
  const byKey = new Map(products.map((product) => [product.key, product]))
  const items = pairs.flatMap(({ first, second, both }): Affinity[] => {
    const [a, b] = [byKey.get(first), byKey.get(second)]
    if (!a || !b || both < 1 || baskets < 1) return []
    // Of the rarer one more baskets have the other: that direction says more.
    const [from, to] = a.baskets <= b.baskets ? [a, b] : [b, a]
    const share = to.baskets / baskets
    return [
      {
        first: { key: from.key, name: from.name },
        second: { key: to.key, name: to.name },
        both,
        withFirst: from.baskets,
        withSecond: to.baskets,
        support: both / baskets,
        confidence: both / from.baskets,
        confidenceBack: both / to.baskets,
        lift: both / from.baskets / share,
        liftAtLeast: lowerShare(both, from.baskets) / share,
      },
    ]
  })
  items.sort(
    (a, b) => b.liftAtLeast - a.liftAtLeast || b.both - a.both || (a.first.key < b.first.key ? -1 : 1),
  )
  return { baskets, mixedBaskets, items }
}

/**
 * Products that go with what somebody bought and that are missing there: each by its best reason, the surest first. Only what is
 * bought more often together than apart counts.
 */
export function mayLike(bought: ReadonlySet<string>, affinities: readonly Affinity[]): Taste['mayLike'] {
  const best = new Map<string, Taste['mayLike'][number]>()
  for (const affinity of affinities) {
    const { first, second, confidence, confidenceBack, lift, liftAtLeast, both } = affinity
    if (liftAtLeast <= 1 || bought.has(first.key) === bought.has(second.key)) continue
    const isForward = bought.has(first.key)
    const [because, product] = isForward ? [first, second] : [second, first]
    const found = { ...product, because, confidence: isForward ? confidence : confidenceBack, lift, both }
    const known = best.get(product.key)
    if (!known || known.confidence < found.confidence) best.set(product.key, found)
  }
  return [...best.values()]
    .sort((a, b) => b.confidence - a.confidence || b.lift - a.lift || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_LIKED)
}

/** Wilson's lower bound of a share (Wilson, Journal of the American Statistical Association 22, 1927). */
export function lowerShare(hits: number, of: number): number {
  if (of <= 0) return 0
  const share = hits / of
  const z2 = Z * Z
  const middle = share + z2 / (2 * of)
  const spread = Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of))
  return Math.max(0, (middle - spread) / (1 + z2 / of))
}
