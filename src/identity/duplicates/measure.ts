// Measures what was found against the truth: over pairs, over the pairs that groups imply, over whole groups, and B-cubed.

export interface Measure {
  precision: number
  recall: number
  f1: number
}

/** Pairs that were found, as two places of records, against `truth`, which names for each record whose it is. */
export function measurePairs(
  pairs: readonly (readonly [number, number])[],
  truth: readonly string[],
): Measure {
  const right = pairs.filter(([a, b]) => truth[a] === truth[b]).length
  return measureOf(right, pairs.length, pairsOf(sizesOf(truth)))
}

/** The pairs that groups imply; `groups` names those of at least two records, all others stand alone. */
export function measureGroupPairs(groups: readonly (readonly number[])[], truth: readonly string[]): Measure {
  let right = 0
  for (const group of groups) right += pairsOf(sizesOf(group.map((record) => truth[record]!)))
  const found = groups.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0)
  return measureOf(right, found, pairsOf(sizesOf(truth)))
}

/** Whole groups: one is right where it is exactly a group of the truth; single records count as groups on both sides. */
export function measureWholeGroups(
  groups: readonly (readonly number[])[],
  truth: readonly string[],
): Measure {
  const sizes = sizesOf(truth)
  const all = withSingles(groups, truth.length)
  const right = all.filter(
    (group) =>
      group.every((record) => truth[record] === truth[group[0]!]) &&
      sizes.get(truth[group[0]!]!) === group.length,
  ).length
  return measureOf(right, all.length, sizes.size)
}

/** B-cubed (Bagga and Baldwin, 1998): precision and recall of the group of each record, averaged over the records. */
export function measureBCubed(groups: readonly (readonly number[])[], truth: readonly string[]): Measure {
  const sizes = sizesOf(truth)
  let precision = 0
  let recall = 0
  for (const group of withSingles(groups, truth.length)) {
    for (const [owner, count] of sizesOf(group.map((record) => truth[record]!))) {
      precision += (count * count) / group.length
      recall += (count * count) / sizes.get(owner)!
    }
  }
  return measured(precision / truth.length, recall / truth.length)
}

function withSingles(groups: readonly (readonly number[])[], recordCount: number): (readonly number[])[] {
  const grouped = new Set(groups.flat())
  const singles = Array.from({ length: recordCount }, (_, record) => record).filter(
    (record) => !grouped.has(record),
  )
  return [...groups, ...singles.map((record) => [record])]
}

function sizesOf(owners: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const owner of owners) sizes.set(owner, (sizes.get(owner) ?? 0) + 1)
  return sizes
}

function pairsOf(sizes: Map<string, number>): number {
  let pairs = 0
  for (const size of sizes.values()) pairs += (size * (size - 1)) / 2
  return pairs
}

function measureOf(right: number, found: number, all: number): Measure {
  return measured(found === 0 ? 1 : right / found, all === 0 ? 1 : right / all)
}

function measured(precision: number, recall: number): Measure {
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  }
}
