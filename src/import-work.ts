// Works imports as a bulk source of the worker: a batch of rows at a time, rows and checkpoint in one transaction.
import { createHash } from 'node:crypto'
import type { ImportBatch } from './imports/contract.ts'
import { failImport, getImportName, openImport, runningImports } from './imports/index.ts'
import type { ImportReader } from './imports/index.ts'
import { SHARDS } from './ingest/index.ts'
import { Refusal } from './lib/refusal.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { decideImport } from './pipeline.ts'

export interface ImportWork {
  /**
   * Decides the next batches of the import that waits longest, of those whose shard this worker holds.
   * @returns how many rows; 0 where nothing waits
   */
  work(shards: readonly number[]): Promise<number>
  close(): Promise<void>
}

/** Rows in one batch. */
const BATCH_LIMIT = 2_000

/** Keeps the readers of running imports open between batches. */
export function startImportWork(services: Services): ImportWork {
  const readers = new Map<string, Open>()

  async function forget(id: string): Promise<void> {
    const open = readers.get(id)
    readers.delete(id)
    await open?.ahead?.catch(() => undefined)
    await open?.reader.close()
  }

  return {
    async work(shards) {
      const running = (await runningImports(services.db)).filter(({ id }) =>
        shards.includes(shardOfImport(id)),
      )
      for (const id of readers.keys()) if (!running.some((one) => one.id === id)) await forget(id)
      const next = running[0]
      if (!next) return 0
      try {
        const open = readers.get(next.id) ?? (await openReader(services, next.id))
        readers.set(next.id, open)
        const batches = await decideTwo(services, open)
        if (batches.some((batch) => batch.done)) await forget(next.id)
        return Math.max(
          1,
          batches.reduce((rows, batch) => rows + batch.rows, 0),
        )
      } catch (error) {
        await forget(next.id)
        if (isPostgresUnreachable(error)) throw error
        // Cancelled, or another worker was faster: what stands in the database is true, the next turn looks again.
        if (hasMoved(error)) return 1
        services.log.error({ err: error, importId: next.id }, 'an import failed')
        await failImport(
          services,
          next.id,
          'The import stopped on an error of ours; the log has it. What was read stays.',
        )
        return 1
      }
    },
    async close() {
      for (const id of [...readers.keys()]) await forget(id)
    },
  }
}

interface Open {
  reader: ImportReader
  fileName: string
  /** the batch after the one in work */
  ahead: Promise<ImportBatch> | undefined
}

// One batch is prepared while PostgreSQL works on the other, and a third is read meanwhile: a third more rows a second.
async function decideTwo(services: Services, open: Open): Promise<ImportBatch[]> {
  const first = await (open.ahead ?? open.reader.take(BATCH_LIMIT))
  open.ahead = undefined
  let firstIdentified: () => void = () => undefined
  const identified = new Promise<void>((resolve) => {
    firstIdentified = resolve
  })
  const deciding = decideImport(services, first, open.fileName, { identified: firstIdentified })
  deciding.catch(() => undefined)
  if (first.done) {
    await deciding
    return [first]
  }
  const second = await open.reader.take(BATCH_LIMIT)
  await Promise.race([identified, deciding])
  const decidingSecond = decideImport(services, second, open.fileName, { before: deciding })
  decidingSecond.catch(() => undefined)
  if (!second.done) {
    open.ahead = open.reader.take(BATCH_LIMIT)
    open.ahead.catch(() => undefined)
  }
  await Promise.allSettled([deciding, decidingSecond])
  await deciding
  await decidingSecond.catch(async (error: unknown) => {
    if (!hasMoved(error)) throw error
    // It gave way to the first, and has the import for itself now.
    await decideImport(services, second, open.fileName)
  })
  return [first, second]
}

function hasMoved(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'import_moved'
}

async function openReader(services: Services, id: string): Promise<Open> {
  const [reader, fileName] = await Promise.all([openImport(services, id), getImportName(services.db, id)])
  return { reader, fileName, ahead: undefined }
}

function shardOfImport(id: string): number {
  return createHash('md5').update(id).digest()[0]! % SHARDS
}
