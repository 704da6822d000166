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
  problems: RowProblem[]
  footerRows: number
}

interface RawRow {
  row: number
  cells: string[]
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

  let raw: RawRow[] = []
  let nextRaw = 0
  let rowCount = 0
  let readBytes = 0
  let ended = false
  let failure: string | null = null
  let checkpoint = file.afterRow

  let afterBlank = false
  let held: (RawRow & { afterBlank: boolean })[] = []
  let openOrder: { key: string; rows: (RawRow & { read: ReadRow })[] } | null = null
  let longOrder = ''
  let ready: Unit[] = []
  let readyRows = 0

  async function readOn(): Promise<void> {
    const next = await pieces.next()
    const cut = next.done ? await cutter.end() : await cutter.write(next.value)
    if (next.done) ended = true
    else readBytes += next.value.length
    raw = cut.rows.map((cells) => ({ row: ++rowCount, cells }))
    nextRaw = 0
    if (cut.problem) {
      failure = cut.problem
      ended = true
    }
  }

  function add(unit: Unit): void {
    ready.push(unit)
    readyRows += unit.rows
  }

  function accept({ row, cells }: RawRow): void {
    if (row <= file.headerRow) return
    if (isBlank(cells)) {
      afterBlank = true
      return
    }
    const mayBeFooter = width > 2 && held.length < maxFooterRows && holdsOneCell(cells)
    if (mayBeFooter && (held.length > 0 || footerStarts(cells, afterBlank))) {
      held.push({ row, cells, afterBlank })
      afterBlank = false
      return
    }
    afterBlank = false
    releaseHeld()
    acceptData({ row, cells })
  }

  function releaseHeld(): void {
    const rows = held
    held = []
    for (const row of rows) acceptData(row)
  }

  function acceptData({ row, cells }: RawRow): void {
    if (row <= file.afterRow) return
    const problem = rowProblem(cells, mapping.columns, file.delimiter)
    if (problem?.severity === 'rejected') {
      closeOrder()
      add(rejected([{ row, cells }], problem.column, problem.problem))
      return
    }
    const read = readRow(row, cells)
    if (problem) read.warnings.push(problem)
    if (joinOrder) joinRow({ row, cells, read })
    else add(unitOf([{ row, cells, read }], read.item))
  }

  function joinRow(line: RawRow & { read: ReadRow }): void {
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
      add({ toRow: last.row, rows: 0, item: null, problems: [], footerRows: footers.length })
    }
  }

  return {
    async take(limit) {
      let rows = 0
      let isFinished = false
      while (readyRows < limit) {
        const row = raw[nextRaw]
        if (row) {
          nextRaw++
          accept(row)
        } else if (ended) {
          finish()
          isFinished = true
          break
        } else await readOn()
      }
      let count = 0
      for (const unit of ready) {
        if (count > 0 && rows + unit.rows > limit) break
        count++
        rows += unit.rows
      }
      const taken = ready.slice(0, count)
      ready = ready.slice(count)
      readyRows -= rows
      const done = isFinished && ready.length === 0
      const fromRow = checkpoint
      checkpoint = done ? Math.max(checkpoint, rowCount) : (taken.at(-1)?.toRow ?? checkpoint)
      return {
        importId: file.importId,
        workspaceId: file.workspaceId,
        kind: mapping.kind,
        fromRow,
        toRow: checkpoint,
        rows,
        items: taken.flatMap(({ item }) => (item ? [item] : [])),
        problems: taken.flatMap(({ problems }) => problems),
        footerRows: taken.reduce((sum, unit) => sum + unit.footerRows, 0),
        readBytes,
        done,
        failure: done ? failure : null,
      }
    },
    async close() {
      ended = true
      await pieces.return(undefined)
    },
  }
}

function holdsOneCell(cells: readonly string[]): boolean {
  let filled = 0
  for (const cell of cells) if (cell.trim() !== '' && ++filled > 1) return false
  return filled === 1
}

function unitOf(lines: readonly (RawRow & { read: ReadRow })[], item: ImportItem): Unit {
  const first = lines[0] as RawRow & { read: ReadRow }
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
  return { toRow: lines.at(-1)?.row ?? first.row, rows: lines.length, item, problems, footerRows: 0 }
}

function rejected(lines: readonly RawRow[], column: string, problem: string): Unit {
  return {
    toRow: lines.at(-1)?.row ?? 0,
    rows: lines.length,
    item: null,
    problems: lines.map(({ row, cells }) => ({ row, severity: 'rejected', column, problem, cells })),
    footerRows: 0,
  }
}

async function* smallPieces(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes)
  }
}
