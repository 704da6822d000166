// Loading: the rows of an archive into both stores side by side, each piece once, whatever had been loaded before.
import type { Pool } from 'pg'
import type { ClickHouse } from '../platform/clickhouse.ts'
import { figuresOf } from './contract.ts'
import type { ArchivedTable, Manifest, OnProgress, OpenArchive } from './contract.ts'
import { readPart, unzip } from './parts.ts'
import type { PostgresTable } from './plan.ts'
import { readPostgresTables } from './store/catalogue.ts'
import { makeAgain, readDefinitions, takeAwayDefinitions } from './store/definitions.ts'
import type { Definition } from './store/definitions.ts'
import { insertLines } from './store/log.ts'
import { beginImport, noteDone } from './store/progress.ts'
import { copyIn, inOneTransaction, makePartitions } from './store/rows.ts'
import { together } from './together.ts'

/** Readies empty tables for the rows of an archive, and notes that its import has begun. */
export async function beginLoading(pool: Pool, manifest: Manifest): Promise<void> {
  const tables = (await matched(pool, manifest)).filter(({ table }) => !table.isPartitioned)
  await inOneTransaction(pool, async (client) => {
    await beginImport(client, manifest.id, manifest.exportedAt)
    await takeAwayDefinitions(
      client,
      tables.map(({ table }) => table.name),
    )
  })
}

/**
 * Fills the tables of both stores, a piece at a time: a table of PostgreSQL, or a part of ClickHouse's.
 * @param done the pieces that are in already
 */
export async function loadArchive(
  { folder, manifest }: OpenArchive,
  pool: Pool,
  clickhouse: ClickHouse,
  done: Set<string>,
  onProgress: OnProgress = () => undefined,
): Promise<void> {
  const total = figuresOf(manifest, folder).rows
  let rows = 0
  const count = (more: number) => {
    rows += more
    onProgress(rows, total)
  }
  const halt = { now: false }
  await together(halt, [
    async () => {
      const waiting = await readDefinitions(pool)
      for (const { table, archived } of await matched(pool, manifest)) {
        if (halt.now) return
        if (!done.has(pieceOf(archived))) await loadTable(folder, manifest, pool, table, archived)
        count(archived.rows)
        const own = waiting.filter((one) => one.table === table.name && !one.isForeign)
        await makeAllAgain(pool, own, halt)
      }
      await makeAllAgain(
        pool,
        waiting.filter((one) => one.isForeign),
        halt,
      )
    },
    async () => {
      for (const table of manifest.clickhouse.tables) {
        for (const part of table.parts) {
          if (halt.now) return
          if (!done.has(part.file)) {
            const bytes = await readPart(folder, part)
            await insertLines(clickhouse, table.name, table.columns, bytes, `${manifest.id}/${part.file}`)
            await noteDone(pool, part.file)
          }
          count(part.rows)
        }
      }
    },
  ])
}

async function makeAllAgain(pool: Pool, definitions: Definition[], halt: { now: boolean }): Promise<void> {
  for (const definition of definitions) {
    if (halt.now) return
    await inOneTransaction(pool, (client) => makeAgain(client, definition))
  }
}

// Each archived table with the one that takes its rows.
async function matched(
  pool: Pool,
  manifest: Manifest,
): Promise<{ table: PostgresTable; archived: ArchivedTable }[]> {
  const client = await pool.connect()
  try {
    const tables = new Map((await readPostgresTables(client)).map((table) => [table.name, table]))
    return manifest.postgres.tables.map((archived) => {
      const table = tables.get(archived.name)
      if (!table) throw new Error(`the schema that the archive names has no table ${archived.name}`)
      return { table, archived }
    })
  } finally {
    client.release()
  }
}

async function loadTable(
  folder: string,
  manifest: Manifest,
  pool: Pool,
  table: PostgresTable,
  archived: ArchivedTable,
): Promise<void> {
  await inOneTransaction(pool, async (client) => {
    await makePartitions(client, table.name, manifest.postgres.partitions)
    const rows = await copyIn(client, table, archived.columns, linesOf(folder, archived))
    if (rows !== archived.rows) {
      throw new Error(`${rows} rows of ${table.name} came in instead of ${archived.rows}`)
    }
    await noteDone(client, pieceOf(archived))
  })
}

async function* linesOf(folder: string, table: ArchivedTable): AsyncGenerator<Buffer> {
  for (const part of table.parts) {
    const lines = await unzip(await readPart(folder, part))
    for (let at = 0; at < lines.length; at += PIECE_BYTES) yield lines.subarray(at, at + PIECE_BYTES)
  }
}

const PIECE_BYTES = 2 ** 20

function pieceOf(table: ArchivedTable): string {
  return `postgres/${table.name}`
}
