// Arithmetic of batches: counted so that every row is accounted for, and halved where one item spoils the rest.
import type { BatchOutcome, ImportBatch, ImportItem, RowProblem } from './contract.ts'

export interface BatchCounts {
  created: number
  updated: number
  skipped: number
  rejected: number
  joined: number
  warnings: number
}

/** Counts in rows. Throws where the outcome does not account for each item. */
export function outcomeCounts(
  batch: ImportBatch,
  outcome: BatchOutcome,
): { counts: BatchCounts; problems: RowProblem[] } {
  const { created, updated, skipped } = outcome
  const placeByRow = new Map(
    outcome.rejected.length > 0 ? batch.items.map((item, place) => [item.row, place]) : [],
  )
  let rejectedItemRows = 0
  const refused = outcome.rejected.map((problem) => {
    const place = placeByRow.get(problem.row) ?? -1
    const item = batch.items[place]
    if (!item) throw new Error(`row ${problem.row} was rejected, but no item of the batch starts there`)
    rejectedItemRows += item.rows
    return { ...problem, cells: problem.isWithheld ? [] : (batch.cells[place] ?? problem.cells) }
  })
  const decided = created + updated + skipped + outcome.rejected.length
  if (decided !== batch.items.length) {
    throw new Error(`the batch has ${batch.items.length} items, but the outcome tells of ${decided}`)
  }
  const rejectedRows = batch.problems.filter(({ severity }) => severity === 'rejected').length
  const rejected = rejectedRows + rejectedItemRows
  const withheld = new Set(outcome.rejected.flatMap(({ row, isWithheld }) => (isWithheld ? [row] : [])))
  const told = batch.problems.map((problem) =>
    withheld.has(problem.row) ? { ...problem, problem: 'This row is not kept.', cells: [] } : problem,
  )
  const problems = [...told, ...refused].sort((a, b) => a.row - b.row)
  const warnings = problems.length - rejectedRows - outcome.rejected.length
  const joined = batch.rows - created - updated - skipped - rejected
  return { counts: { created, updated, skipped, rejected, joined, warnings }, problems }
}

/** Two batches that together are this one, cut between two items; undefined where it has fewer than two. */
export function halveBatch(batch: ImportBatch): [ImportBatch, ImportBatch] | undefined {
  const middle = batch.items[Math.ceil(batch.items.length / 2)]
  if (!middle || batch.items.length < 2) return undefined
  const [early, late] = [
    batch.items.slice(0, Math.ceil(batch.items.length / 2)),
    batch.items.slice(Math.ceil(batch.items.length / 2)),
  ]
  const isEarly = (problem: RowProblem) => problem.row < middle.row
  const earlyProblems = batch.problems.filter(isEarly)
  const rows = rowsOf(early, earlyProblems)
  return [
    {
      ...batch,
      toRow: middle.row - 1,
      rows,
      items: early,
      cells: batch.cells.slice(0, early.length),
      problems: earlyProblems,
      footerRows: 0,
      done: false,
      failure: null,
    },
    {
      ...batch,
      fromRow: middle.row - 1,
      rows: batch.rows - rows,
      items: late,
      cells: batch.cells.slice(early.length),
      problems: batch.problems.filter((problem) => !isEarly(problem)),
    },
  ]
}

function rowsOf(items: readonly ImportItem[], problems: readonly RowProblem[]): number {
  const itemRows = items.reduce((sum, item) => sum + item.rows, 0)
  return itemRows + problems.filter(({ severity }) => severity === 'rejected').length
}
