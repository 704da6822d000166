// Takes a file in as a stream: bounded, in compressed pieces that survive a crash, looked at as it goes by.
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { createEncodingScan } from '../lib/csv/encoding.ts'
import { Refusal } from '../lib/refusal.ts'
import { hasRoom } from '../platform/disk.ts'
import { sqlState } from '../platform/postgres.ts'
import type { Db } from '../platform/postgres.ts'
import type { Settings } from '../platform/settings.ts'
import { maxUploadBytes } from './contract.ts'
import type { ColumnScan } from './columns.ts'
import { headBytes, refuseOtherFiles } from './inspect.ts'
import type { FileHead } from './inspect.ts'
import { insertChunk, readChunk } from './store.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const chunkBytes = headBytes

/** Begins to watch columns of a file whose first bytes these are. */
export type Watch = (head: FileHead) => ColumnScan

/** What was seen of a file as it went by. */
export interface SeenFile {
  head: FileHead
  sizeBytes: number
  /** of the watched columns, one cell of each shape */
  examples: Map<number, string[]>
}

/**
 * Stores a stream's bytes as the pieces of an import. Refuses a file that is no text, is empty or is too large, and one that
 * the disk has no room for (507 `disk_full`).
 * @param settings where the database is, to look at its disk before each piece
 */
export async function storeFile(
  db: Db,
  importId: string,
  bytes: AsyncIterable<Buffer | string>,
  watch: Watch,
  settings: Settings,
): Promise<SeenFile> {
  return seeFile(bytes, watch, async (chunk, seq) => {
    if (!(await hasRoom(settings))) throw diskFull()
    const compressed = await compress(chunk, { level: 1 })
    try {
      await insertChunk(db, importId, seq, compressed)
    } catch (error) {
      throw sqlState(error) === '53100' ? diskFull() : error
    }
  })
}

/** Looks at a stream and keeps nothing of it. */
export async function lookThrough(bytes: AsyncIterable<Buffer | string>, watch: Watch): Promise<SeenFile> {
  return seeFile(bytes, watch, () => Promise.resolve())
}

async function seeFile(
  bytes: AsyncIterable<Buffer | string>,
  watch: Watch,
  keep: (chunk: Buffer, seq: number) => Promise<void>,
): Promise<SeenFile> {
  const scan = createEncodingScan()
  let first: Buffer = Buffer.alloc(0)
  let columns: ColumnScan | undefined
  let sizeBytes = 0
  let seq = 0
  let kept = Promise.resolve()
  for await (const chunk of chunked(bytes)) {
    sizeBytes += chunk.length
    if (sizeBytes > maxUploadBytes) throw tooLarge()
    if (seq === 0) refuseOtherFiles(chunk)
    scan.add(chunk)
    if (seq === 0) {
      first = chunk
      columns = watch({ bytes: first, isWhole: first.length < chunkBytes, encoding: scan.verdict() })
    }
    await kept
    // The piece is compressed and stored while its cells are looked at and the next one comes in.
    kept = keep(chunk, seq)
    kept.catch(() => undefined)
    columns?.add(chunk)
    seq++
  }
  await kept
  refuseOtherFiles(first)
  const head = { bytes: first, isWhole: first.length === sizeBytes, encoding: scan.verdict() }
  return { head, sizeBytes, examples: columns?.examples() ?? new Map() }
}

/** The bytes of an import's file; the next piece is fetched while one is read. */
export async function* storedFile(db: Db, importId: string): AsyncGenerator<Buffer, void, undefined> {
  let fetching = fetchChunk(db, importId, 0)
  for (let seq = 1; ; seq++) {
    const chunk = await fetching
    if (chunk === undefined) return
    fetching = fetchChunk(db, importId, seq)
    // Whoever stops reading leaves this promise alone; its failure then concerns nobody.
    fetching.catch(() => undefined)
    yield chunk
  }
}

/** The beginning of an import's file, as `encoding` was found when it came in. */
export async function storedHead(
  db: Db,
  importId: string,
  sizeBytes: number,
  encoding: FileHead['encoding'],
): Promise<FileHead> {
  const bytes = (await fetchChunk(db, importId, 0)) ?? Buffer.alloc(0)
  return { bytes, isWhole: bytes.length === sizeBytes, encoding }
}

async function fetchChunk(db: Db, importId: string, seq: number): Promise<Buffer | undefined> {
  const stored = await readChunk(db, importId, seq)
  return stored && decompress(stored)
}

async function* chunked(bytes: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const piece of bytes) {
    let rest: Buffer = typeof piece === 'string' ? Buffer.from(piece) : piece
    while (length + rest.length >= chunkBytes) {
      const missing = chunkBytes - length
      yield Buffer.concat([...parts, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      parts = []
      length = 0
    }
    if (rest.length > 0) {
      parts.push(rest)
      length += rest.length
    }
  }
  if (length > 0) yield Buffer.concat(parts)
}

function diskFull(): Refusal {
  return new Refusal(
    'disk_full',
    507,
    'The disk of the database has no room for the file; nothing of it was kept. Make room, then upload it again.',
  )
}

function tooLarge(): Refusal {
  return new Refusal(
    'file_too_large',
    413,
    `The file is larger than ${maxUploadBytes / 1_073_741_824} GB, the most that one import may have. Split it and import the parts.`,
  )
}
