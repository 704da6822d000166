// Exporting: one state of PostgreSQL, and of the log what that state calls closed, into the parts of a new archive.
import { resolve } from 'node:path'
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
import { folderFull, isFolderFull, isStoreFull, storesFull } from './disk.ts'
import { beginFolder, emptyFolder, sealFolder } from './folder.ts'
import type { Journal } from './journal.ts'
import { keyCheckOf } from './key-check.ts'
import { exportLog, planLog } from './log-export.ts'
import { archivedTable, writeRows } from './parts.ts'
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
import type { ClosedBatches } from './slices.ts'
import { findClosedBatches, isByBatch } from './store/log.ts'
import { readUnfinished, takeExportPlace } from './store/progress.ts'
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
 * An export that is broken off leaves no archive; the next one into the same folder keeps what it had read of the log.
 */
export async function exportArchive(stores: Stores, order: ExportOrder): Promise<ArchiveFigures> {
  const postgres = openPostgres(stores.databaseUrl, { max: 2, name: 'throughline-export', idleTimeoutMs: 0 })
  const clickhouse = openClickHouse(stores.clickhouseUrl)
  const client = await postgres.pool.connect()
  try {
    await holdFolder(client, resolve(order.path))
    const exportedAt = await takeSnapshot(client)
    const schema = await readSchema(client, clickhouse)
    const { folder, journal } = await beginFolder(order.path)
    try {
      const manifest: Manifest = {
        format: 'throughline-archive',
        formatVersion: FORMAT_VERSION,
        id: newId(),
        productVersion: order.productVersion,
        exportedAt: exportedAt.toISOString(),
        keyCheck: keyCheckOf(order.secretKey),
        schema,
        ...(await writeParts(folder, journal, client, postgres, clickhouse, order.onProgress)),
      }
      await sealFolder(folder, manifest)
      return figuresOf(manifest, folder)
    } catch (error) {
      if (isStoreFull(error)) throw storesFull('Make room, then run the same export again, and it goes on.')
      if (!isFolderFull(error)) throw error
      await emptyFolder(folder).catch(() => undefined)
      throw folderFull(folder)
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

async function holdFolder(client: PoolClient, folder: string): Promise<void> {
  if (await takeExportPlace(client, folder)) return
  throw new Refusal(
    'export_running',
    409,
    `Another export into ${folder} is at work: wait until it ends, or name another folder.`,
  )
}

async function writeParts(
  folder: string,
  journal: Journal | null,
  client: PoolClient,
  postgres: Postgres,
  clickhouse: ClickHouse,
  onProgress: OnProgress = () => undefined,
): Promise<Pick<Manifest, 'postgres' | 'clickhouse'>> {
  const logTables = travellingInClickHouse(await readClickHouseTables(clickhouse))
  const closed = await closedBatches(client, postgres, clickhouse, logTables)
  const plan = await planLog(clickhouse, logTables, closed, journal)
  const tables = travellingInPostgres(await readPostgresTables(client))
  const expected = (await estimateRows(client)) + plan.rows
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
        const parts = await writeRows(folder, `postgres/${table.name}`, copyOut(client, table), count, halt)
        archived.push(archivedTable(table, parts))
      }
      return archived
    },
    () => exportLog(folder, clickhouse, plan, count, halt),
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
    return await findClosedBatches(client, present, clickhouse, tables.filter(isByBatch))
  } finally {
    present.release()
  }
}
