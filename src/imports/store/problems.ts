// Rows that were refused or warned of, kept with their cells.
import { rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { RowProblem } from '../contract.ts'

/** Problems with their cells, cut to 2 kB a row. */
export async function insertProblems(
  tx: Db,
  importId: string,
  problems: readonly RowProblem[],
): Promise<void> {
  if (problems.length === 0) return
  await run(
    tx,
    sql`insert into import_errors (import_id, row_number, severity, column_name, problem, cells)
        select ${importId}, * from unnest(${problems.map((p) => p.row)}::int[], ${problems.map((p) => p.severity)}::text[],
          ${problems.map((p) => storable(p.column))}::text[], ${problems.map((p) => storable(p.problem))}::text[],
          ${problems.map((p) => cutCells(p.cells))}::text[])`,
  )
}

export interface StoredProblem {
  id: number
  row: number
  severity: 'rejected' | 'warning'
  column: string
  problem: string
  cells: string[]
}

/** Problems in the order of their rows, a page at a time. */
export async function readProblems(
  db: Db,
  importId: string,
  after: { row: number; id: number },
  limit: number,
  only?: 'rejected',
): Promise<StoredProblem[]> {
  const found = await rows<Omit<StoredProblem, 'cells'> & { cells: string }>(
    db,
    sql`select id, row_number as "row", severity, column_name as "column", problem, cells from import_errors
        where import_id = ${importId} and (row_number, id) > (${after.row}, ${after.id})
          ${only ? sql`and severity = ${only}` : sql``}
        order by row_number, id limit ${limit}`,
  )
  return found.map((problem) => ({ ...problem, cells: JSON.parse(problem.cells) as string[] }))
}

function cutCells(cells: readonly string[]): string {
  let left = 1800
  const kept: string[] = []
  for (const cell of cells) {
    if (left <= 0) break
    const text = storable(cell.length > left ? `${cell.slice(0, left)}…` : cell)
    left -= text.length + 3
    kept.push(text)
  }
  return JSON.stringify(kept)
}

// PostgreSQL takes neither NUL nor half a surrogate pair, and a cell that was cut may end in one.
function storable(text: string): string {
  return text.replace(
    /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  )
}
