// Looks at the beginning of a file: how it is written, what its columns are, and its first rows as they would be.
import { getTimezone } from 'countries-and-timezones'
import { createEncodingScan, decodeSample } from '../lib/csv/encoding.ts'
import type { Encoding, EncodingScan } from '../lib/csv/encoding.ts'
import { detectDialect, readRows } from '../lib/csv/dialect.ts'
import type { Delimiter } from '../lib/csv/dialect.ts'
import { fileProblem } from '../lib/csv/file-kind.ts'
import { maxColumns } from '../lib/csv/rows.ts'
import { Refusal } from '../lib/refusal.ts'
import type { ImportPreview, Mapping } from './contract.ts'
import { obstacleOf, suggestMapping } from './presets.ts'
import type { Surroundings } from './presets.ts'
import { readImport } from './reader.ts'

/** The first bytes of a file; `isWhole` where they are all of it. */
export interface FileHead {
  bytes: Buffer
  isWhole: boolean
  /** what the whole file looks like, where it was seen */
  encoding: Encoding
}

/** How a file is read. */
export interface Reading {
  encoding: Encoding
  delimiter: Delimiter
  headerRow: number
  mapping: Mapping
}

/** Bytes that the look at a file is based on. */
export const headBytes = 1_048_576

/** Refuses what is no CSV file at all, by its first bytes. */
export function refuseOtherFiles(head: Buffer): void {
  const problem = fileProblem(head)
  if (problem) throw new Refusal(head.length === 0 ? 'file_empty' : 'file_unreadable', 422, problem)
}

/**
 * Reads dialect and headers and suggests a mapping; what is told wins over what is detected.
 * @param examples cells of watched columns from the whole file, where it was seen
 */
export function inspectHead(
  head: FileHead,
  around: Surroundings,
  told: { encoding?: Encoding | undefined; delimiter?: Delimiter | undefined; region?: string | undefined },
  examples?: ReadonlyMap<number, readonly string[]>,
): Reading {
  refuseOtherFiles(head.bytes)
  const encoding = told.encoding ?? head.encoding
  const text = decodeSample(head.bytes, encoding, head.isWhole)
  const dialect = detectDialect(text, head.isWhole, told.delimiter)
  if (dialect.headers.length === 0) {
    throw new Refusal('file_empty', 422, 'The file holds no row. Export it again and check that it has data.')
  }
  if (dialect.headers.length > maxColumns) {
    throw new Refusal(
      'file_too_wide',
      422,
      `The file has ${dialect.headers.length} columns; ${maxColumns} are the most that can be imported. Remove those you do not need.`,
    )
  }
  const rows = sampleRows(text, dialect.delimiter, head.isWhole).slice(dialect.headerRow)
  const region = told.region ?? around.region
  const mapping = suggestMapping({ headers: dialect.headers, rows, examples }, { ...around, region })
  return { encoding, delimiter: dialect.delimiter, headerRow: dialect.headerRow, mapping }
}

/** The first rows of the file under a reading, as they will be: 20 items and the problems among them. */
export async function previewHead(head: FileHead, reading: Reading): Promise<ImportPreview> {
  const { mapping, encoding, delimiter, headerRow } = reading
  const text = decodeSample(head.bytes, encoding, head.isWhole)
  const samples = sampleRows(text, delimiter, head.isWhole).slice(headerRow)
  const reader = readImport({
    importId: '',
    workspaceId: '',
    encoding,
    delimiter,
    headerRow,
    mapping,
    afterRow: 0,
    pieces: wholeRows(head, encoding),
  })
  const batch = await reader.take(20)
  await reader.close()
  return {
    encoding,
    delimiter,
    headerRow,
    columns: mapping.columns.map(({ header }, index) => ({
      header,
      samples: samples
        .map((row) => (row[index] ?? '').trim().slice(0, 200))
        .filter((cell) => cell !== '')
        .slice(0, 5),
    })),
    mapping,
    obstacle: obstacleOf(mapping) ?? (batch.items.length === 0 ? batch.failure : null),
    items: batch.items
      .slice(0, 20)
      .map((item) => ({ ...item, tags: [...item.tags], consents: [...item.consents] })),
    problems: batch.problems
      .slice(0, 100)
      .map(({ row, severity, column, problem }) => ({ row, severity, column, problem })),
  }
}

/** The country of a zone such as Europe/Stockholm, where it has only one; null for UTC. */
export function regionOfZone(timeZone: string): string | null {
  const countries = getTimezone(timeZone)?.countries ?? []
  return countries[0] ?? null
}

/** A fresh scan over bytes that are all at hand. */
export function encodingOf(bytes: Buffer): Encoding {
  const scan: EncodingScan = createEncodingScan()
  scan.add(bytes)
  return scan.verdict()
}

function sampleRows(text: string, delimiter: Delimiter, isWhole: boolean): string[][] {
  const end = isWhole ? text.length : Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
  return readRows(end > 0 ? text.slice(0, end) : text, delimiter, 5_000)
}

// A row that the end of the sample cuts in two would look damaged.
async function* wholeRows({ bytes, isWhole }: FileHead, encoding: Encoding): AsyncGenerator<Buffer> {
  if (isWhole || encoding === 'utf-16le' || encoding === 'utf-16be') yield bytes
  else {
    const end = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1
    yield end > 0 ? bytes.subarray(0, end) : bytes
  }
}
