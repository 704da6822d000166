// Joins linked records to groups: the surest link first, and never against what speaks for two.

/** A link between two records: places, smaller first. */
export interface Link {
  a: number
  b: number
  probability: number
}

export interface Grouping {
  /** places of at least two records each, ascending; ordered by the first */
  groups: number[][]
  /** links that were not followed, and why */
  refused: { link: Link; because: 'too_large' | 'contradiction' }[]
}

/** No group grows beyond this without a person. */
export const largestGroup = 50

/**
 * Follows links, the surest first. Two groups are not joined where they would have more than fifty records, where two of their
 * records are in hard conflict, or where what their records say of each other speaks on the whole for two.
 * @param evidence of two records that are linked through others: the log-odds, with even odds before, that they are one;
 *   -Infinity for a hard conflict
 */
export function groupLinks(links: readonly Link[], evidence: (a: number, b: number) => number): Grouping {
  const ordered = [...links].sort((x, y) => y.probability - x.probability || x.a - y.a || x.b - y.b)
  const groupOf = new Map<number, number[]>()
  const refused: Grouping['refused'] = []
  for (const link of ordered) {
    const one = groupOf.get(link.a) ?? [link.a]
    const other = groupOf.get(link.b) ?? [link.b]
    if (one === other) continue
    if (one.length + other.length > largestGroup) {
      refused.push({ link, because: 'too_large' })
      continue
    }
    if (evidenceBetween(one, other) < 0) {
      refused.push({ link, because: 'contradiction' })
      continue
    }
    const joined = [...one, ...other]
    for (const record of joined) groupOf.set(record, joined)
  }
  const groups = [...new Set(groupOf.values())].map((group) => group.sort((x, y) => x - y))
  return { groups: groups.sort((x, y) => x[0]! - y[0]!), refused }

  // A chain of links is as good as what its ends say: each pair counts, none for more than ten bits.
  function evidenceBetween(one: readonly number[], other: readonly number[]): number {
    let sum = 0
    for (const a of one) {
      for (const b of other) {
        const found = evidence(Math.min(a, b), Math.max(a, b))
        if (found === -Infinity) return found
        sum += Math.max(-mostBits, Math.min(mostBits, found))
      }
    }
    return sum
  }
}

const mostBits = 10
