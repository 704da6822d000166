// Reads the files that shops wrote as a bulk source of the worker: streamed, a batch at a time, resumed at the last checkpoint.
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { isSyncAhead, moveSync, readReadingSyncs } from './commerce/shop/index.ts'
import type { SyncRow } from './commerce/shop/index.ts'
import { workspaceSettings } from './accounts/index.ts'
import { SHARDS } from './ingest/index.ts'
import type { WorkspaceId } from './lib/ids.ts'
import { Refusal } from './lib/refusal.ts'
import { openStream } from './platform/http.ts'
import { isPostgresUnreachable } from './platform/postgres.ts'
import type { Services } from './platform/services.ts'
import { decideFileBatch } from './shop-pipeline.ts'
import type { FileBatch } from './shop-pipeline.ts'
import { connectedShop } from './shop-voices.ts'
import type { ConnectedShop } from './shop-voices.ts'

export interface ShopWork {
  /** Decides the next batch of the file that waits longest, of those whose shard this worker holds. @returns how many records */
  work(shards: readonly number[]): Promise<number>
  close(): Promise<void>
}

/** Records in one batch. */
const BATCH_LIMIT = 1_000
/** Without a byte for so long the download is begun again. */
const SILENCE_MS = 30_000

interface Open {
  sync: SyncRow
  shop: ConnectedShop
  batches: AsyncGenerator<FileBatch, void>
  ahead: Promise<IteratorResult<FileBatch, void>> | undefined
}

/** Keeps the downloads of running syncs open between batches. */
export function startShopWork(services: Services): ShopWork {
  const readers = new Map<string, Open>()

  async function forget(id: string): Promise<void> {
    const open = readers.get(id)
    readers.delete(id)
    await open?.ahead?.catch(() => undefined)
    await open?.batches.return().catch(() => undefined)
  }

  async function next(shards: readonly number[]): Promise<SyncRow | undefined> {
    const reading = (await readReadingSyncs(services.db, services.clock())).filter(({ id }) =>
      shards.includes(shardOf(id)),
    )
    for (const id of readers.keys()) if (!reading.some((one) => one.id === id)) await forget(id)
    for (const sync of reading) {
      const isBuyers = sync.resource === 'customers' || sync.resource === 'products'
      if (isBuyers || !(await isSyncAhead(services.db, sync, 'customers'))) return sync
    }
    return undefined
  }

  return {
    async work(shards) {
      const sync = await next(shards)
      if (!sync) return 0
      try {
        const open = readers.get(sync.id) ?? (await openFile(services, sync))
        if (!open) return 1
        readers.set(sync.id, open)
        const { value: batch, done } = await (open.ahead ?? open.batches.next())
        if (done) {
          await forget(sync.id)
          return 1
        }
        open.ahead = batch.isLast ? undefined : open.batches.next()
        open.ahead?.catch(() => undefined)
        await decideFileBatch(services, open.shop, sync, batch)
        if (batch.isLast) await forget(sync.id)
        return Math.max(1, batch.records.length)
      } catch (error) {
        await forget(sync.id)
        if (isPostgresUnreachable(error)) throw error
        // Cancelled, or another worker was faster: what stands in the database is true, the next turn looks again.
        if (error instanceof Refusal && error.code === 'sync_moved') return 1
        await putOff(services, sync, error)
        return 1
      }
    },
    async close() {
      for (const id of [...readers.keys()]) await forget(id)
    },
  }
}

async function openFile(services: Services, sync: SyncRow): Promise<Open | null> {
  const shop = await connectedShop(services.db, sync.workspaceId, sync.connectionId)
  if (!shop || !sync.fileUrl) {
    await moveSync(services.db, sync, {
      status: 'failed',
      problem: 'The shop was disconnected.',
      finishedAt: services.clock(),
      nextAt: services.clock(),
    })
    return null
  }
  const { mode } = await workspaceSettings(services.db, sync.workspaceId as WorkspaceId)
  const isElsewhere = Object.values(shop.connector.bases).some(
    ({ variable }) => variable !== undefined && services.settings.vendorUrls[variable] !== undefined,
  )
  const from = sync.bytesRead
  const { status, body } = await openStream(
    {
      method: 'GET',
      url: sync.fileUrl,
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      timeoutMs: SILENCE_MS,
      // The vendor names it; the sandbox, and what stands for the vendor by the installation's word, are on this machine.
      isGuarded: mode !== 'test' && !isElsewhere,
    },
    services.settings.privateHosts,
  )
  if (status !== 200 && status !== 206) {
    body.destroy()
    throw new FileGone(status)
  }
  const skip = status === 200 ? from : 0
  return { sync, shop, batches: batchesOf(body, shop, sync, skip), ahead: undefined }
}

/** The file's address works no longer. */
class FileGone extends Error {
  constructor(status: number) {
    super(`The file of the shop was answered with ${status}.`)
  }
}

/** Records of the file from the checkpoint on. @param skip bytes to pass over, where the server ignored the range */
async function* batchesOf(
  body: Readable,
  { shop, voice }: ConnectedShop,
  sync: SyncRow,
  skip: number,
): AsyncGenerator<FileBatch, void> {
  const toldAt = sync.preparedAt?.toISOString() ?? ''
  let records: FileBatch['records'] = []
  let from = sync.bytesRead
  let lines: Record<string, unknown>[] = []
  let began = from
  const close = (to: number) => {
    if (lines.length === 0) return
    const word = shop.readRecord(sync.resource, lines, toldAt, voice.currency)
    records.push({ word, from: began, to })
    lines = []
  }
  try {
    let end = from
    for await (const { line, start, end: next } of linesOf(body, sync.bytesRead, skip)) {
      if (shop.beginsRecord(line)) {
        close(start)
        if (records.length >= BATCH_LIMIT) {
          yield { records, from, to: start, isLast: false }
          records = []
          from = start
        }
        began = start
      }
      lines.push(parsed(line))
      end = next
    }
    // A connection that ends early must not end the sync.
    if (sync.bytesTotal !== null && end < sync.bytesTotal)
      throw new Error(`The file ended after ${end} of ${sync.bytesTotal} bytes.`)
    close(end)
    yield { records, from, to: end, isLast: true }
  } finally {
    body.destroy()
  }
}

async function* linesOf(
  body: Readable,
  from: number,
  skip: number,
): AsyncGenerator<{ line: string; start: number; end: number }, void> {
  let rest: Buffer = Buffer.alloc(0)
  let offset = from
  let toSkip = skip
  for await (const piece of body) {
    let chunk = piece as Buffer
    if (toSkip > 0) {
      const passed = Math.min(toSkip, chunk.length)
      toSkip -= passed
      chunk = chunk.subarray(passed)
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    for (let cut = bytes.indexOf(10); cut >= 0; cut = bytes.indexOf(10, at)) {
      const line = bytes.toString('utf8', at, cut)
      if (line !== '') yield { line, start: offset + at, end: offset + cut + 1 }
      at = cut + 1
    }
    rest = bytes.subarray(at)
    offset += at
  }
  if (rest.length > 0) yield { line: rest.toString('utf8'), start: offset, end: offset + rest.length }
}

function parsed(line: string): Record<string, unknown> {
  return JSON.parse(line) as Record<string, unknown>
}

// A download that broke off goes on at the checkpoint; a file that is gone is asked for anew.
async function putOff(services: Services, sync: SyncRow, error: unknown): Promise<void> {
  const now = services.clock()
  const attempts = sync.attempts + 1
  const words = error instanceof Error ? error.message : String(error)
  services.log.warn({ err: error, sync: sync.id }, 'a file of a shop could not be read on')
  const isGone = error instanceof FileGone && attempts >= 3
  await moveSync(services.db, sync, {
    ...(isGone && { status: 'queued', bytesRead: 0, operationId: null, fileUrl: null }),
    attempts: isGone ? 0 : attempts,
    problem: `${words.slice(0, 300)} It goes on by itself.`,
    nextAt: new Date(now.getTime() + Math.min(60_000, 250 * 2 ** Math.min(attempts, 8))),
  })
}

function shardOf(id: string): number {
  return createHash('md5').update(id).digest()[0]! % SHARDS
}
