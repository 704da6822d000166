// Gathers a table row by row, each different cell of a column once.
import type { Table } from './find.ts'

export interface TableGatherer {
  /** Adds a record. `cells` stand in the order of the headers. */
  add(cells: readonly string[]): void
  /** @param nameOf what names a record, by its place and its cells' columns */
  finish(nameOf: (record: number, cell: (column: number) => string) => string): Table
}

/** Begins a table. Its memory is that of the different cells and four bytes for each cell. */
export function gatherTable(headers: readonly string[]): TableGatherer {
  const columns = headers.map((header) => ({
    header,
    values: [] as string[],
    placeOf: new Map<string, number>(),
    valueOf: new Int32Array(1_024),
  }))
  let count = 0
  return {
    add(cells) {
      columns.forEach((column, at) => {
        if (count === column.valueOf.length) {
          const more = new Int32Array(count * 2)
          more.set(column.valueOf)
          column.valueOf = more
        }
        const cell = (cells[at] ?? '').trim()
        column.valueOf[count] = cell === '' ? -1 : placeOf(column, cell)
      })
      count++
    },
    finish(nameOf) {
      const ids = Array.from({ length: count }, (_, record) =>
        nameOf(record, (at) => columns[at]!.values[columns[at]!.valueOf[record]!] ?? ''),
      )
      return {
        ids,
        columns: columns.map(({ header, values, valueOf }) => ({
          header,
          values,
          valueOf: valueOf.slice(0, count),
        })),
      }
    },
  }
}

function placeOf(
  { values, placeOf }: { values: string[]; placeOf: Map<string, number> },
  cell: string,
): number {
  const known = placeOf.get(cell)
  if (known !== undefined) return known
  // A cell is a part of its row's text and would keep all of it in memory.
  const own = Buffer.from(cell).toString()
  placeOf.set(own, values.length)
  values.push(own)
  return values.length - 1
}
