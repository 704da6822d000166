// Sending stored batches to the log: whole, or in pieces where ClickHouse refuses some of their rows for good.
import { promisify } from 'node:util'
import { gunzip, gzipSync } from 'node:zlib'
import { ask, insertRows, isClickHouseUnreachable, isRowRefused } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import { batchSeconds } from '../../platform/metrics.ts'
import { inTransaction, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import { logColumns } from '../contract.ts'
import { keepRefused } from './refused.ts'

/** What sending came to: how many batches were closed, which ClickHouse refused, and whether it is away. */
export interface SendReport {
  closed: number
  /** batches of visitors and members that waited when it began */
  waiting: number
  refused: { id: string; words: string; attempts: number }[]
  isAway: boolean
}

/** A batch whose rows are refused is sent whole so often before it is sent in pieces. */
const WHOLE_ATTEMPTS = 3
/** Batches of bulk work that are sent before those of visitors and members are looked for again. */
const BULK_AT_ONCE = 1
/** Pieces of one batch are sent so long before the others have their turn. */
const PIECES_FOR_MS = 1_000

/**
 * Sends open batches in the order in which they were made until none is left or ClickHouse is away: those of visitors and
 * members first, then a few of bulk work, however many of the others there are. One that ClickHouse refuses stays open, is
 * tried again each time, and holds up nobody: those tried before come last. Where the refusal is about rows, it is sent in
 * pieces instead: the good rows are logged, the others kept as refused events.
 */
export async function sendOpenBatches(db: Db, clickhouse: ClickHouse, limit = 50): Promise<SendReport> {
  const open = await rows<{ id: string; isBulk: boolean }>(
    db,
    sql`select id, is_bulk as "isBulk" from (${nextOpen(false, limit)} union all ${nextOpen(true, BULK_AT_ONCE)}) as next
        order by was_tried, is_bulk, id`,
  )
  const waiting = open.filter(({ isBulk }) => !isBulk).length
  const report: SendReport = { closed: 0, waiting, refused: [], isAway: false }
  for (const { id } of open) {
    // One at a time: fifty of them at once may be more than there is memory. Another sender may have closed it meanwhile.
    const [stored] = await rows<Stored>(
      db,
      sql`select id, rows, settled, piece from batches where id = ${id} and closed_at is null`,
    )
    if (!stored) continue
    const end = await send(db, clickhouse, stored)
    if (end === 'closed') report.closed++
    else if (end === 'unfinished') continue
    else if (end.isAway) return { ...report, isAway: true }
    else report.refused.push({ id, words: end.words, attempts: end.attempts })
  }
  return report
}

function nextOpen(isBulk: boolean, limit: number) {
  return sql`(select id, is_bulk, attempts > 0 as was_tried from batches where closed_at is null and is_bulk = ${isBulk}
              order by attempts > 0, id limit ${limit})`
}

/**
 * The ids of the events that are left to be sent of a batch that goes in pieces; of all others it had, the log has them or
 * `refused_events` does.
 * @param bytes `batches.rows`
 */
export async function eventsLeft(bytes: Buffer, settled: number): Promise<string[]> {
  return linesOf(await unzip(bytes))
    .slice(settled)
    .map((line) => String((JSON.parse(line) as unknown[])[EVENT_ID]))
}

interface Stored {
  id: string
  rows: Buffer
  settled: number | null
  piece: number | null
}

/** Why a batch is still open. */
interface Failure {
  words: string
  attempts: number
  isAway: boolean
}

type End = 'closed' | 'unfinished' | Failure

async function send(db: Db, clickhouse: ClickHouse, stored: Stored): Promise<End> {
  const bytes = await unzip(stored.rows)
  if (stored.settled !== null) return sendPieces(db, clickhouse, stored, linesOf(bytes))
  const startedAt = performance.now()
  try {
    await insertRows(clickhouse, 'events', logColumns, bytes, stored.id)
  } catch (error) {
    const failure = await noteFailure(db, stored.id, error)
    if (isRowRefused(error) && failure.attempts >= WHOLE_ATTEMPTS) {
      await beginPieces(db, clickhouse, stored.id, linesOf(bytes))
      return 'unfinished'
    }
    return failure
  }
  await close(db, stored.id)
  batchSeconds.labels('log').observe((performance.now() - startedAt) / 1000)
  return 'closed'
}

// From here on the batch is never sent whole. What an earlier sending brought into the log, its reply lost, is left out.
async function beginPieces(db: Db, clickhouse: ClickHouse, id: string, lines: string[]): Promise<void> {
  const cells = lines.map((line) => JSON.parse(line) as unknown[])
  const logged = await ask<{ event_id: string }>(
    clickhouse,
    'select event_id from events where workspace_id in {workspaces:Array(UUID)} and batch_id = {batch:UUID}',
    { workspaces: [...new Set(cells.map((row) => row[0]))], batch: id },
    { maxSeconds: 60 },
  )
  const known = new Set(logged.map((row) => row.event_id))
  const rest = lines.filter((_, place) => !known.has(String(cells[place]![EVENT_ID])))
  await run(
    db,
    sql`update batches set rows = ${gzipSync(rest.join('\n'), { level: 1 })}, settled = 0, piece = ${half(rest.length)}
        where id = ${id} and closed_at is null and settled is null`,
  )
}

/**
 * Sends piece after piece: half as many rows after a refusal, twice as many after a success, a single refused row is kept.
 * A refusal about rows comes before anything is written, so a refused piece left nothing behind; a piece whose reply was
 * lost goes again, the same rows under the same token.
 */
async function sendPieces(db: Db, clickhouse: ClickHouse, stored: Stored, lines: string[]): Promise<End> {
  const startedAt = performance.now()
  let place: Place = { settled: stored.settled ?? 0, piece: stored.piece ?? 1 }
  while (place.settled < lines.length) {
    if (performance.now() - startedAt > PIECES_FOR_MS) return 'unfinished'
    const { settled } = place
    const end = Math.min(settled + place.piece, lines.length)
    let next: Place
    let words: string | undefined
    try {
      const bytes = Buffer.from(lines.slice(settled, end).join('\n'))
      await insertRows(clickhouse, 'events', logColumns, bytes, `${stored.id}:${settled}-${end}`)
      next = { settled: end, piece: (end - settled) * 2 }
    } catch (error) {
      if (!isRowRefused(error)) return noteFailure(db, stored.id, error)
      const isSingle = end - settled === 1
      next = isSingle ? { settled: end, piece: 1 } : { settled, piece: half(end - settled) }
      if (isSingle) words = wordsOf(error)
    }
    const from = place
    const isOurs = await inTransaction(db, async (tx) => {
      if (!(await movePlace(tx, stored.id, from, next))) return false
      if (words !== undefined)
        await keepRefused(tx, { batchId: stored.id, place: settled, line: lines[settled]!, words })
      return true
    })
    // Another sender is at it.
    if (!isOurs) return 'unfinished'
    place = next
  }
  await close(db, stored.id)
  return 'closed'
}

interface Place {
  settled: number
  piece: number
}

async function movePlace(tx: Db, id: string, from: Place, to: Place): Promise<boolean> {
  const moved = await run(
    tx,
    sql`update batches set settled = ${to.settled}, piece = ${to.piece}
        where id = ${id} and closed_at is null and settled = ${from.settled} and piece = ${from.piece}`,
  )
  return moved === 1
}

async function noteFailure(db: Db, id: string, error: unknown): Promise<Failure> {
  const words = wordsOf(error)
  const [noted] = await rows<{ attempts: number }>(
    db,
    sql`update batches set attempts = attempts + 1, last_error = ${words} where id = ${id} returning attempts`,
  )
  return { words, attempts: noted?.attempts ?? 0, isAway: isClickHouseUnreachable(error) }
}

async function close(db: Db, id: string): Promise<void> {
  await run(db, sql`update batches set closed_at = now(), rows = null, last_error = null where id = ${id}`)
}

const unzip = promisify(gunzip)
const EVENT_ID = logColumns.indexOf('event_id')

function linesOf(bytes: Buffer): string[] {
  return bytes.length === 0 ? [] : bytes.toString().split('\n')
}

function half(count: number): number {
  return Math.max(1, Math.ceil(count / 2))
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}
