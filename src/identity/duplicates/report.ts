// Puts what was found into the words and the order of the report, which the order of the rows does not change.
import type { DedupeReport } from './contract.ts'
import { traits } from './kinds.ts'
import type { Found, FoundPair, Table } from './find.ts'
import { measureBCubed, measureGroupPairs, measurePairs, measureWholeGroups } from './measure.ts'
import type { ColumnModel } from './model.ts'

export interface ReportSettings {
  /** the column that names the records, if one does */
  id: string | null
  mergeAt: number
  reviewAt: number
  region: string | null
  /** by record, whose it is, where the file says so */
  truth: readonly string[] | null
}

export function reportOf(table: Table, found: Found, settings: ReportSettings): DedupeReport {
  const { id, mergeAt, reviewAt, region, truth } = settings
  const nameOf = (record: number) => table.ids[record]!
  const inOrder = compareNames(id === null)
  const pairs = found.pairs.map((pair) => {
    const [a, b] = [nameOf(pair.a), nameOf(pair.b)].sort(inOrder)
    return {
      a: a!,
      b: b!,
      probability: rounded(pair.probability),
      merge: mayMerge(pair, mergeAt),
      needsPerson: pair.needsPerson,
      reasons: pair.reasons.map((reason) => ({ ...reason, bits: rounded(reason.bits, 1e3) })),
    }
  })
  const clusters = found.groups.map(({ records, probability }) => ({
    records: records.map(nameOf).sort(inOrder),
    probability: rounded(probability),
    merge: probability >= mergeAt,
  }))
  return {
    records: table.ids.length,
    subject: found.recognised.subject,
    id,
    settings: { mergeAt, reviewAt, region },
    columns: table.columns.map(({ header }, at) => {
      const use = found.recognised.uses[at]!
      return use.as === 'left_out'
        ? { column: header, kind: null, because: use.because }
        : { column: header, kind: use.as, because: null }
    }),
    model: {
      shares: { ...found.model.shares },
      columns: found.prepared.columns.map(({ header, kind }, at) => {
        const column = found.model.columns[at]!
        const { leaning } = column.chances
        const levelsAt = (state: 0 | 1, ofLevel: Float64Array) =>
          traits[kind].levels.map(({ name }, level) => ({
            level: name,
            ofOne: column.agreement[state][level]!,
            ofStrangers: ofLevel[level]!,
          }))
        return {
          column: header,
          kind,
          levels: levelsAt(0, column.chances.ofLevel),
          leaning: leaning && { on: leansOn(found, column), levels: levelsAt(1, leaning.ofLevel) },
        }
      }),
    },
    candidates: { pairs: found.candidates, rules: found.rules },
    pairs: pairs.sort((x, y) => y.probability - x.probability || inOrder(x.a, y.a) || inOrder(x.b, y.b)),
    clusters: clusters.sort((x, y) => inOrder(x.records[0]!, y.records[0]!)),
    refused: found.refused
      .map(({ a, b, because }) => {
        const [first, second] = [nameOf(a), nameOf(b)].sort(inOrder)
        return { a: first!, b: second!, because }
      })
      .sort((x, y) => inOrder(x.a, y.a) || inOrder(x.b, y.b)),
    measures: truth && measuresOf(found, truth, mergeAt),
  }
}

/** Whether a pair may be merged without a person. */
export function mayMerge(
  { probability, needsPerson }: Pick<FoundPair, 'probability' | 'needsPerson'>,
  mergeAt: number,
): boolean {
  return needsPerson === null && probability >= mergeAt
}

function measuresOf({ pairs, groups }: Found, truth: readonly string[], mergeAt: number) {
  const places = (list: readonly FoundPair[]) => list.map(({ a, b }) => [a, b] as const)
  const records = groups.map((group) => group.records)
  return {
    pairs: measurePairs(places(pairs), truth),
    merges: measurePairs(places(pairs.filter((pair) => mayMerge(pair, mergeAt))), truth),
    clusterPairs: measureGroupPairs(records, truth),
    wholeClusters: measureWholeGroups(records, truth),
    bCubed: measureBCubed(records, truth),
  }
}

function leansOn(found: Found, column: ColumnModel): string[] {
  return column.on.map((at) => found.prepared.columns[at]!.header)
}

// Rows are numbers, ids are texts.
function compareNames(areRows: boolean): (a: string, b: string) => number {
  return areRows ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0)
}

function rounded(value: number, places = 1e6): number {
  return Math.round(value * places) / places
}
