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

/** Rows in one batch: of 2,000 most outlive two collections of garbage and are moved to where it is collected seldom. */
const BATCH_LIMIT = 1_000

/** Keeps the readers of running imports open between batches. */
export function startImportWork(services: Services): ImportWork {
  const readers = new Map<string, Open>()

  async function forget(id: string): Promise<void> {
    const open = readers.get(id)
    readers.delete(id)
    await Promise.allSettled(open?.working.map(({ deciding }) => deciding) ?? [])
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
        const batch = await decideNext(services, open)
        if (batch.done) await forget(next.id)
        return Math.max(1, batch.rows)
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
  /** the batch after those in work */
  ahead: Promise<ImportBatch> | undefined
  /** the batch in work, and the one that was begun meanwhile */
  working: Working[]
}

interface Working {
  batch: ImportBatch
  deciding: Promise<void>
  identified: Promise<void>
}

// One batch is prepared while PostgreSQL works on the one before, and a third is read meanwhile.
async function decideNext(services: Services, open: Open): Promise<ImportBatch> {
  if (open.working.length === 0) open.working.push(await begin(services, open))
  const current = open.working[0]!
  if (!current.batch.done) open.working.push(await begin(services, open, current))
  await current.deciding.catch(async (error: unknown) => {
    if (!hasMoved(error)) throw error
    // It gave way to the one before, and has the import for itself now.
    await decideImport(services, current.batch, open.fileName)
  })
  open.working.shift()
  return current.batch
}

async function begin(services: Services, open: Open, before?: Working): Promise<Working> {
  const batch = await (open.ahead ?? open.reader.take(BATCH_LIMIT))
  open.ahead = undefined
  let identified: () => void = () => undefined
  const isIdentified = new Promise<void>((resolve) => {
    identified = resolve
  })
  await Promise.race([before?.identified, before?.deciding.catch(() => undefined)])
  const deciding = decideImport(services, batch, open.fileName, { identified, before: before?.deciding })
  deciding.catch(() => undefined)
  if (!batch.done) {
    open.ahead = open.reader.take(BATCH_LIMIT)
    open.ahead.catch(() => undefined)
  }
  return { batch, deciding, identified: isIdentified }
}

function hasMoved(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'import_moved'
}

async function openReader(services: Services, id: string): Promise<Open> {
  const [reader, fileName] = await Promise.all([openImport(services, id), getImportName(services.db, id)])
  return { reader, fileName, ahead: undefined, working: [] }
}

function shardOfImport(id: string): number {
  return createHash('md5').update(id).digest()[0]! % SHARDS
}
