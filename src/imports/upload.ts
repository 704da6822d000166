// Takes a file in as a stream: bounded, in compressed pieces that survive a crash, looked at as it goes by.
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { createEncodingScan } from '../lib/csv/encoding.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Db } from '../platform/postgres.ts'
import { maxUploadBytes } from './contract.ts'
import { headBytes, refuseOtherFiles } from './inspect.ts'
import type { FileHead } from './inspect.ts'
import { insertChunk, readChunk } from './store.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const chunkBytes = 1_048_576

/** Stores a stream's bytes as the pieces of an import. Refuses a file that is no text, is empty or is too large. */
export async function storeFile(
  db: Db,
  importId: string,
  bytes: AsyncIterable<Buffer | string>,
): Promise<{ head: FileHead; sizeBytes: number }> {
  const scan = createEncodingScan()
  let head: Buffer = Buffer.alloc(0)
  let sizeBytes = 0
  let seq = 0
  for await (const chunk of chunked(bytes)) {
    sizeBytes += chunk.length
    if (sizeBytes > maxUploadBytes) throw tooLarge()
    if (seq === 0) refuseOtherFiles(chunk)
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)])
    scan.add(chunk)
    await insertChunk(db, importId, seq, await compress(chunk, { level: 1 }))
    seq++
  }
  refuseOtherFiles(head)
  return { head: { bytes: head, isWhole: head.length === sizeBytes, encoding: scan.verdict() }, sizeBytes }
}

/** Reads the beginning of a stream and lets the rest go by. */
export async function readHead(bytes: AsyncIterable<Buffer | string>): Promise<FileHead> {
  const scan = createEncodingScan()
  let head: Buffer = Buffer.alloc(0)
  let sizeBytes = 0
  for await (const chunk of chunked(bytes)) {
    sizeBytes += chunk.length
    if (sizeBytes > maxUploadBytes) throw tooLarge()
    if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)])
    scan.add(chunk)
  }
  return { bytes: head, isWhole: head.length === sizeBytes, encoding: scan.verdict() }
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

function tooLarge(): Refusal {
  return new Refusal(
    'file_too_large',
    413,
    `The file is larger than ${maxUploadBytes / 1_048_576} MB, the most that one import may have. Split it and import the parts.`,
  )
}
