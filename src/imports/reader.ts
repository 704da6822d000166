// Reads a file as a stream of batches: rows in, items and problems out, nothing lost on the way, resumable by row.
import { isBlank } from '../lib/csv/dialect.ts'
import type { Delimiter } from '../lib/csv/dialect.ts'
import type { Encoding } from '../lib/csv/encoding.ts'
import { createRowCutter } from '../lib/csv/rows.ts'
import type { ImportBatch, ImportItem, Mapping, RowProblem } from './contract.ts'
import { compileMapping, namesSomebody } from './mapping.ts'
import type { ReadRow } from './mapping.ts'
import { compileOrders, orderKeyOf } from './orders.ts'
import { footerStarts, rowProblem } from './row-checks.ts'

export interface FileToRead {
  importId: string
  workspaceId: string
  encoding: Encoding
  delimiter: Delimiter
  /** 0 where the file has no header */
  headerRow: number
  mapping: Mapping
  /** the checkpoint: rows up to this one are read over */
  afterRow: number
  /** the file's bytes in order, in pieces of any size */
  pieces: AsyncIterable<Buffer>
}

export interface ImportReader {
  /** The next rows, at most about `limit` of them (an order is never split). After `done` it gives empty batches. */
  take(limit: number): Promise<ImportBatch>
  /** lets go of the file */
  close(): Promise<void>
}

/** One row, or the rows of one order, as it goes into a batch. */
interface Unit {
  toRow: number
  rows: number
  item: ImportItem | null
  cells: readonly string[]
  problems: readonly RowProblem[]
  footerRows: number
}

interface RawRow {
  row: number
  cells: string[]
  /** every cell may be stored as it is (lib/csv/rows.ts) */
  isPlain: boolean
}

const maxOrderRows = 10_000
const maxFooterRows = 20
// Cutting 256 kB into rows takes 10 ms: as long as the process may stay deaf to requests.
const pieceBytes = 262_144

/**
 * Opens a reader. Memory is bounded by the piece size and the largest row; mapping happens as rows are taken.
 * Measured with 20 columns, e-mail and phone among them: see docs/imports.md.
 */
export function readImport(file: FileToRead): ImportReader {
  const { mapping } = file
  const width = mapping.columns.length
  const readRow = compileMapping(mapping)
  const joinOrder = mapping.kind === 'orders' ? compileOrders(mapping) : null
  const cutter = createRowCutter(file.encoding, file.delimiter)
  const pieces = smallPieces(file.pieces)

  let rowCount = 0
  let readBytes = 0
  let ended = false
  let checkpoint = file.afterRow

  let afterBlank = false
  /** the last row that was no footer and not blank */
  let lastDataRow = 0
  let held: RawRow[] = []
  let openOrder: { key: string; rows: ReadLine[] } | null = null
  let longOrder = ''
  let batch = emptyDraft()
  /** what the batch had no room for */
  let waiting: Unit[] = []

  async function readOn(): Promise<void> {
    const next = await pieces.next()
    if (next.done) {
      cutter.end()
      ended = true
    } else {
      cutter.write(next.value)
      readBytes += next.value.length
    }
  }

  function accept(cells: string[]): void {
    const row = ++rowCount
    if (row <= file.headerRow) return
    if (isBlank(cells)) {
      afterBlank = true
      return
    }
    const isPlain = cutter.isPlain()
    const mayBeFooter = width > 2 && held.length < maxFooterRows && holdsOneCell(cells)
    if (mayBeFooter && (held.length > 0 || footerStarts(cells, afterBlank))) {
      held.push({ row, cells, isPlain })
      afterBlank = false
      return
    }
    afterBlank = false
    lastDataRow = row
    if (held.length > 0) releaseHeld()
    acceptData(row, cells, isPlain)
  }

  function releaseHeld(): void {
    const rows = held
    held = []
    for (const { row, cells, isPlain } of rows) acceptData(row, cells, isPlain)
  }

  function acceptData(row: number, cells: string[], isPlain: boolean): void {
    if (row <= file.afterRow) return
    const problem =
      isPlain && cells.length === width ? null : rowProblem(cells, mapping.columns, file.delimiter)
    if (problem?.severity === 'rejected') {
      closeOrder()
      add(rejected([{ row, cells }], problem.column, problem.problem))
      return
    }
    const read = readRow(row, cells)
    if (problem) read.warnings = [...read.warnings, problem]
    if (joinOrder) joinRow({ row, cells, read })
    else if (read.warnings.length === 0 && namesSomebody(read.item) && hasRoom(1)) take(row, cells, read.item)
    else add(unitOf([{ row, cells, read }], read.item))
  }

  function hasRoom(rows: number): boolean {
    return waiting.length === 0 && (batch.rows === 0 || batch.rows + rows <= batch.limit)
  }

  function take(row: number, cells: readonly string[], item: ImportItem): void {
    batch.items.push(item)
    batch.cells.push(cells)
    batch.rows++
    batch.toRow = row
  }

  function add(unit: Unit): void {
    if (hasRoom(unit.rows)) fill(unit)
    else waiting.push(unit)
  }

  function fill({ item, cells, rows, toRow, problems, footerRows }: Unit): void {
    if (item) {
      batch.items.push(item)
      batch.cells.push(cells)
    }
    batch.rows += rows
    batch.toRow = toRow
    for (const problem of problems) batch.problems.push(problem)
    batch.footerRows += footerRows
  }

  function joinRow(line: ReadLine): void {
    const key = orderKeyOf(line.read)
    if (key === '') {
      closeOrder()
      add(rejected([line], '', 'The row does not say which order it is part of.'))
      return
    }
    if (openOrder && (openOrder.key !== key || openOrder.rows.length >= maxOrderRows)) {
      longOrder = openOrder.key === key ? key : ''
      closeOrder()
    }
    if (longOrder === key) add(rejected([line], '', `An order may have ${maxOrderRows} rows at most.`))
    else if (openOrder) openOrder.rows.push(line)
    else openOrder = { key, rows: [line] }
  }

  function closeOrder(): void {
    if (!openOrder || !joinOrder) return
    const { rows } = openOrder
    openOrder = null
    const joined = joinOrder(rows.map(({ read }) => read))
    add('problem' in joined ? rejected(rows, joined.column, joined.problem) : unitOf(rows, joined.item))
  }

  function finish(): void {
    const footers = held
    held = []
    closeOrder()
    const last = footers.at(-1)
    if (last && last.row > file.afterRow) {
      const footerRows = last.row - Math.max(lastDataRow, file.headerRow)
      add({ toRow: last.row, rows: 0, item: null, cells: [], problems: [], footerRows })
    }
  }

  return {
    async take(limit) {
      batch = emptyDraft(limit, checkpoint)
      let isFinished = false
      const before = waiting
      waiting = []
      for (const unit of before) add(unit)
      while (batch.rows < limit && waiting.length === 0) {
        const cells = cutter.next()
        if (cells) accept(cells)
        else if (ended || cutter.problem() !== null) {
          finish()
          isFinished = true
          break
        } else await readOn()
      }
      const done = isFinished && waiting.length === 0
      const fromRow = checkpoint
      checkpoint = done ? Math.max(checkpoint, rowCount) : batch.toRow
      return {
        importId: file.importId,
        workspaceId: file.workspaceId,
        kind: mapping.kind,
        conflict: mapping.conflict,
        fromRow,
        toRow: checkpoint,
        rows: batch.rows,
        items: batch.items,
        cells: batch.cells,
        problems: batch.problems,
        footerRows: batch.footerRows,
        readBytes,
        done,
        failure: done ? cutter.problem() : null,
      }
    },
    async close() {
      ended = true
      await pieces.return(undefined)
    },
  }
}

/** What goes into the next batch. */
interface BatchDraft {
  limit: number
  toRow: number
  rows: number
  items: ImportItem[]
  cells: (readonly string[])[]
  problems: RowProblem[]
  footerRows: number
}

function emptyDraft(limit = 0, toRow = 0): BatchDraft {
  return { limit, toRow, rows: 0, items: [], cells: [], problems: [], footerRows: 0 }
}

/** A row that was read, with its cells for the file of errors. */
interface ReadLine {
  row: number
  cells: string[]
  read: ReadRow
}

function holdsOneCell(cells: readonly string[]): boolean {
  let filled = 0
  for (const cell of cells) if (cell.trim() !== '' && ++filled > 1) return false
  return filled === 1
}

function unitOf(lines: readonly ReadLine[], item: ImportItem): Unit {
  const first = lines[0] as ReadLine
  if (!namesSomebody(item)) {
    const cause = first.read.warnings[0]
    return rejected(
      lines,
      cause?.column ?? '',
      cause?.problem ??
        'The row has no e-mail address, no phone number and no id, so nobody could be recognised.',
    )
  }
  const problems = lines.flatMap(({ row, cells, read }) =>
    read.warnings.map((warning): RowProblem => ({ row, severity: 'warning', ...warning, cells })),
  )
  return {
    toRow: lines.at(-1)?.row ?? first.row,
    rows: lines.length,
    item,
    cells: first.cells,
    problems,
    footerRows: 0,
  }
}

function rejected(lines: readonly Pick<ReadLine, 'row' | 'cells'>[], column: string, problem: string): Unit {
  return {
    toRow: lines.at(-1)?.row ?? 0,
    rows: lines.length,
    item: null,
    cells: [],
    problems: lines.map(({ row, cells }) => ({ row, severity: 'rejected', column, problem, cells })),
    footerRows: 0,
  }
}

async function* smallPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes)
  }
}
