// Exporting: one state of PostgreSQL, and of the log what that state calls closed, into the parts of a new archive.
import type { PoolClient } from 'pg'
import { newId } from '../lib/ids.ts'
import { Refusal } from '../lib/refusal.ts'
import { openClickHouse } from '../platform/clickhouse.ts'
import type { ClickHouse } from '../platform/clickhouse.ts'
import type { Stores } from '../platform/instance.ts'
import { openPostgres } from '../platform/postgres.ts'
import type { Postgres } from '../platform/postgres.ts'
import { FORMAT_VERSION, figuresOf } from './contract.ts'
import type { ArchiveFigures, ArchivedTable, Manifest, OnProgress } from './contract.ts'
import { beginFolder, emptyFolder, sealFolder } from './folder.ts'
import { keyCheckOf } from './key-check.ts'
import { PartWriter } from './parts.ts'
import { travellingInClickHouse, travellingInPostgres } from './plan.ts'
import type { ClickHouseTable } from './plan.ts'
import {
  readAppliedInClickHouse,
  readAppliedInPostgres,
  readClickHouseTables,
  readPartitions,
  readPostgresTables,
  readSequences,
} from './store/catalogue.ts'
import { findClosedBatches, readLines, readPieces } from './store/log.ts'
import type { ClosedBatches } from './store/log.ts'
import { readUnfinished } from './store/progress.ts'
import { copyOut, estimateRows, takeSnapshot } from './store/rows.ts'
import { together } from './together.ts'

export interface ExportOrder {
  /** where the archive is to lie; made where it is not there */
  path: string
  secretKey: Buffer
  productVersion: string
  onProgress?: OnProgress
}

/**
 * Writes everything that the stores hold at one instant into a new archive, while others go on reading and writing.
 * An export that is broken off leaves no archive; the next one into the same folder begins anew.
 */
export async function exportArchive(stores: Stores, order: ExportOrder): Promise<ArchiveFigures> {
  const postgres = openPostgres(stores.databaseUrl, { max: 2, name: 'throughline-export', idleTimeoutMs: 0 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const client = await postgres.pool.connect()
  try {
    const exportedAt = await takeSnapshot(client)
    const schema = await readSchema(client, clickhouse)
    const folder = await beginFolder(order.path)
    try {
      const manifest: Manifest = {
        format: 'throughline-archive',
        formatVersion: FORMAT_VERSION,
        id: newId(),
        productVersion: order.productVersion,
        exportedAt: exportedAt.toISOString(),
        keyCheck: keyCheckOf(order.secretKey),
        schema,
        ...(await writeParts(folder, client, postgres, clickhouse, order.onProgress)),
      }
      await sealFolder(folder, manifest)
      return figuresOf(manifest, folder)
    } catch (error) {
      await emptyFolder(folder).catch(() => undefined)
      throw isDiskFull(error) ? diskFull(folder) : error
    }
  } finally {
    // The connection ends, and the snapshot with it, wherever a read of it stands.
    client.release(true)
    await Promise.all([postgres.close(), clickhouse.close()])
  }
}

async function readSchema(client: PoolClient, clickhouse: ClickHouse): Promise<Manifest['schema']> {
  const applied = {
    postgres: await readAppliedInPostgres(client),
    clickhouse: await readAppliedInClickHouse(clickhouse),
  }
  if (applied.postgres === null || applied.clickhouse === null) {
    throw new Refusal(
      'export_empty',
      409,
      'There is nothing to export: no installation was ever started on these stores. Check DATA_DIR, DATABASE_URL and CLICKHOUSE_URL.',
    )
  }
  const unfinished = await readUnfinished(client)
  if (unfinished) {
    throw new Refusal(
      'import_unfinished',
      409,
      'These stores hold a part of an archive only: run `throughline import` with it again, so that it ends.',
    )
  }
  return { postgres: applied.postgres, clickhouse: applied.clickhouse }
}

async function writeParts(
  folder: string,
  client: PoolClient,
  postgres: Postgres,
  clickhouse: ClickHouse,
  onProgress: OnProgress = () => undefined,
): Promise<Pick<Manifest, 'postgres' | 'clickhouse'>> {
  const logTables = travellingInClickHouse(await readClickHouseTables(clickhouse))
  const closed = await closedBatches(client, postgres, clickhouse, logTables)
  const pieces = await Promise.all(
    logTables.map(async (table) => ({ table, pieces: await readPieces(clickhouse, table.name) })),
  )
  const tables = travellingInPostgres(await readPostgresTables(client))
  const expected =
    (await estimateRows(client)) +
    pieces.flatMap((one) => one.pieces).reduce((sum, piece) => sum + Number(piece.rows), 0)
  let rows = 0
  const count = (more: number) => {
    rows += more
    onProgress(rows, Math.max(rows, expected))
  }
  const halt = { now: false }

  // The two stores side by side: each waits for its own server most of the time.
  const [archived, logged] = await together(halt, [
    async () => {
      const archived: ArchivedTable[] = []
      for (const table of tables) {
        // After a copy that was left half-way the connection answers nothing more.
        if (halt.now) break
        const lines = copyOut(client, table)
        archived.push(await writeTable(folder, 'postgres', table, [lines], count, halt))
      }
      return archived
    },
    async () => {
      const logged: ArchivedTable[] = []
      for (const { table, pieces: found } of pieces) {
        if (halt.now) break
        const lines = found.map((piece) => readLines(clickhouse, table, piece.partition, closed))
        logged.push(await writeTable(folder, 'clickhouse', table, lines, count, halt))
      }
      return logged
    },
  ])
  return {
    postgres: {
      tables: archived,
      partitions: await readPartitions(client),
      sequences: await readSequences(client),
    },
    clickhouse: { tables: logged },
  }
}

async function closedBatches(
  client: PoolClient,
  postgres: Postgres,
  clickhouse: ClickHouse,
  tables: ClickHouseTable[],
): Promise<ClosedBatches> {
  const present = await postgres.pool.connect()
  try {
    const batched = tables.filter((table) => table.columns.includes('batch_id'))
    return await findClosedBatches(client, present, clickhouse, batched)
  } finally {
    present.release()
  }
}

async function writeTable(
  folder: string,
  store: 'postgres' | 'clickhouse',
  table: { name: string; columns: string[] },
  sources: AsyncIterable<Buffer>[],
  count: (rows: number) => void,
  halt: { now: boolean },
): Promise<ArchivedTable> {
  const writer = new PartWriter(folder, `${store}/${table.name}`, count)
  for (const source of sources) {
    for await (const piece of source) {
      if (halt.now) break
      await writer.add(piece)
    }
    // A part holds rows of one source alone: one month of the log, which is then inserted as one block.
    await writer.turn()
  }
  const parts = await writer.end()
  return {
    name: table.name,
    columns: table.columns,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    parts,
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function diskFull(folder: string): Refusal {
  return new Refusal(
    'disk_full',
    507,
    `The disk of ${folder} is full, and the half archive was taken away: name a folder on a disk with more room.`,
  )
}
