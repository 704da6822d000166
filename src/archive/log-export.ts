// Exporting the log slice by slice: what an earlier export into the same folder had read stays where nothing of it has changed.
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { ArchivedTable, Part } from './contract.ts'
import { noteWhole, writeJournal } from './journal.ts'
import type { Beginning, Journal, WholeSlice } from './journal.ts'
import { archivedTable, problemOf, removeParts, writeRows } from './parts.ts'
import type { ClickHouseTable } from './plan.ts'
import type { ClosedBatches, Selection, Slice } from './slices.ts'
import { isByBatch, readDigest, readLines, readSlices } from './store/log.ts'

interface TablePlan {
  table: ClickHouseTable
  selections: Selection[]
}

/** What is to be read of the log. */
export interface LogPlan {
  tables: TablePlan[]
  /** of all tables, as many as there may be */
  rows: number
  /** by which the slices are cut, in this export and in those that go on with it */
  beginning: Beginning
  earlier: WholeSlice[]
  /** what an earlier export read of other tables than there are now */
  outdated: Part[]
}

/**
 * What to read of the log. An export that goes on with an earlier one takes over its slices, each holding what was closed
 * then; what was closed since is read beside them, so that every closed row is in one selection and no other.
 */
export async function planLog(
  clickhouse: ClickHouse,
  tables: ClickHouseTable[],
  closed: ClosedBatches,
  journal: Journal | null,
): Promise<LogPlan> {
  const found = await Promise.all(
    tables.map(async (table) => ({ table, ...(await readSlices(clickhouse, table)) })),
  )
  const begun = journal && isOfTables(journal.beginning, tables) ? journal : null
  const beginning = begun?.beginning ?? {
    closed,
    tables: found.map(({ table, slices }) => ({ name: table.name, columns: table.columns, slices })),
  }
  return {
    tables: found.map(({ table, slices }, index) => ({
      table,
      selections: !isByBatch(table)
        ? slices.map((slice) => ({ slice, closed: null, earlier: null }))
        : begun
          ? selectionsAfter(beginning.closed, beginning.tables[index]!.slices, closed, slices)
          : slices.map((slice) => ({ slice, closed, earlier: null })),
    })),
    rows: found.reduce((sum, { rows }) => sum + rows, 0),
    beginning,
    earlier: begun?.whole ?? [],
    outdated: begun ? [] : (journal?.whole ?? []).flatMap((slice) => slice.parts),
  }
}

/** Writes what the plan names, and notes each slice that is whole. */
export async function exportLog(
  folder: string,
  clickhouse: ClickHouse,
  plan: LogPlan,
  count: (rows: number) => void,
  halt: { now: boolean },
): Promise<ArchivedTable[]> {
  const earlier = new Map(plan.earlier.map((slice) => [slice.stem, slice]))
  await removeParts(folder, plan.outdated)
  if (plan.earlier.length === 0) await writeJournal(folder, { beginning: plan.beginning, whole: [] })
  const archived: ArchivedTable[] = []
  for (const { table, selections } of plan.tables) {
    const parts: Part[] = []
    for (const [index, selection] of selections.entries()) {
      if (halt.now) break
      const stem = `clickhouse/${table.name}.${String(index + 1).padStart(5, '0')}`
      const isKept = index < slicesOf(plan.beginning, table)
      const source = { clickhouse, table, selection }
      parts.push(...(await exportSlice(folder, stem, source, isKept, earlier.get(stem), count, halt)))
    }
    archived.push(archivedTable(table, parts))
  }
  return archived
}

function isOfTables(beginning: Beginning, tables: ClickHouseTable[]): boolean {
  const words = (list: { name: string; columns: string[] }[]) =>
    list.map(({ name, columns }) => `${name}(${columns.join()})`).join()
  return words(beginning.tables) === words(tables)
}

function selectionsAfter(
  earlierClosed: ClosedBatches,
  earlierSlices: Slice[],
  closed: ClosedBatches,
  slices: Slice[],
): Selection[] {
  const within = earlierSlices.map((slice) => ({
    slice,
    closed,
    earlier: { closed: earlierClosed, side: 'within' as const },
  }))
  const known = new Set(earlierSlices.map((slice) => slice.partition))
  const since = [...new Set(slices.map((slice) => slice.partition))].map((partition) => ({
    slice: { partition, after: null, upTo: null },
    closed,
    earlier: known.has(partition) ? { closed: earlierClosed, side: 'since' as const } : null,
  }))
  return [...within, ...since]
}

// What was closed since the beginning is another selection each time, and little.
function slicesOf(beginning: Beginning, table: ClickHouseTable): number {
  return isByBatch(table) ? beginning.tables.find(({ name }) => name === table.name)!.slices.length : 0
}

interface Source {
  clickhouse: ClickHouse
  table: ClickHouseTable
  selection: Selection
}

async function exportSlice(
  folder: string,
  stem: string,
  { clickhouse, table, selection }: Source,
  isKept: boolean,
  earlier: WholeSlice | undefined,
  count: (rows: number) => void,
  halt: { now: boolean },
): Promise<Part[]> {
  // Before the rows are read: rows only ever go, so that one which has the same check value later was this when it was read.
  const now = isKept ? await readDigest(clickhouse, table, selection) : null
  if (earlier && now?.digest === earlier.digest && (await areIntact(folder, earlier.parts))) {
    count(now.rows)
    return earlier.parts
  }
  if (earlier) await removeParts(folder, earlier.parts)
  const parts = await writeRows(folder, stem, readLines(clickhouse, table, selection), count, halt)
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  if (now?.rows === rows && !halt.now) await noteWhole(folder, { stem, digest: now.digest, parts })
  return parts
}

async function areIntact(folder: string, parts: Part[]): Promise<boolean> {
  for (const part of parts) {
    if (typeof (await problemOf(folder, part)) === 'string') return false
  }
  return true
}
