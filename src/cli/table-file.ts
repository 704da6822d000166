// Reads a table from a CSV file of one's own, packed with gzip or not, row by row: what the tools for such files share.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { delimiters, detectDialect, isBlank } from '../lib/csv/dialect.ts'
import type { Delimiter } from '../lib/csv/dialect.ts'
import { createEncodingScan, decodeSample } from '../lib/csv/encoding.ts'
import { fileProblem } from '../lib/csv/file-kind.ts'
import { createRowCutter, maxColumns } from '../lib/csv/rows.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Progress } from './say.ts'

export interface TableFile {
  /** one name per column: trimmed, never empty, never twice */
  headers: string[]
  /**
   * The rows below the header, blank ones left out, each as wide as the header: a short row ends in empty cells.
   * `progress` is told the bytes read of the file. Refuses a file that cannot be read to its end.
   */
  rows(progress: Progress): AsyncGenerator<string[]>
  /** known once all rows were read: rows with more cells than the header, whose surplus was left out */
  tooWide(): number
}

/**
 * Looks a file over: what it is, its encoding (from all of its bytes), delimiter and header. Refuses with a sentence
 * what is missing, empty or no CSV.
 * @param separator the sign between cells, `tab` or `\t` for a tabulator; detected unless told
 */
export async function openTable(path: string, separator?: string): Promise<TableFile> {
  const told = separator === undefined ? undefined : readSeparator(separator)
  const found = await stat(path).catch(() => null)
  if (!found?.isFile())
    throw new Refusal('file_missing', 404, `There is no file ${path} that can be read: check the path.`)
  const isPacked = await startsAsGzip(path)
  const scan = createEncodingScan()
  let head = Buffer.alloc(0)
  let total = 0
  for await (const piece of bytesOf(path, isPacked)) {
    scan.add(piece)
    total += piece.length
    if (head.length < headBytes) head = Buffer.concat([head, piece.subarray(0, headBytes - head.length)])
  }
  const problem = fileProblem(head)
  if (problem) throw new Refusal(head.length === 0 ? 'file_empty' : 'file_unreadable', 422, problem)
  const encoding = scan.verdict()
  const isWhole = total <= headBytes
  const dialect = detectDialect(decodeSample(head, encoding, isWhole), isWhole, told)
  const { headers, delimiter, headerRow } = dialect
  if (headerRow === 0 || headers.length === 0)
    throw new Refusal(
      'header_missing',
      422,
      'The file has no row that names its columns: add one and try again.',
    )
  if (headers.length > maxColumns)
    throw new Refusal(
      'file_too_wide',
      422,
      `The file has ${headers.length} columns; ${maxColumns} are the most that can be read. Remove those you do not need.`,
    )
  let tooWide = 0
  return {
    headers,
    tooWide: () => tooWide,
    async *rows(progress) {
      const cutter = createRowCutter(encoding, delimiter)
      let read = 0
      let row = 0
      function* cut(): Generator<string[]> {
        for (let cells = cutter.next(); cells; cells = cutter.next()) {
          row++
          if (row <= headerRow || isBlank(cells)) continue
          if (cells.length > headers.length) {
            if (!isBlank(cells.slice(headers.length))) tooWide++
            cells = cells.slice(0, headers.length)
          }
          while (cells.length < headers.length) cells.push('')
          yield cells
        }
        const broken = cutter.problem()
        if (broken)
          throw new Refusal('file_unreadable', 422, broken.replaceAll('import the file', 'read the file'))
      }
      for await (const piece of bytesOf(path, isPacked, (bytes) => (read += bytes))) {
        cutter.write(piece)
        yield* cut()
        progress.update(Math.min(read, found.size), found.size)
      }
      cutter.end()
      yield* cut()
    },
  }
}

const headBytes = 1_048_576

function readSeparator(text: string): Delimiter {
  const sign = ['\\t', 'tab'].includes(text.toLowerCase()) ? '\t' : text
  const known = delimiters.find((delimiter) => delimiter === sign)
  if (!known)
    throw new Refusal(
      'separator_unknown',
      422,
      `Cells cannot be separated by ${JSON.stringify(text)}: give , or ; or | or tab.`,
    )
  return known
}

async function startsAsGzip(path: string): Promise<boolean> {
  const file = await open(path).catch(() => {
    throw new Refusal('file_missing', 404, `The file ${path} cannot be read: check its permissions.`)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

async function* bytesOf(
  path: string,
  isPacked: boolean,
  tell: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  async function* raw(): AsyncGenerator<Buffer> {
    for await (const piece of createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
      tell(piece.length)
      yield piece
    }
  }
  if (!isPacked) return yield* raw()
  try {
    // What goes wrong on the way ends the unpacking, and is thrown by the loop over it.
    const unpacked = pipeline(Readable.from(raw()), createGunzip(), () => undefined)
    yield* unpacked as AsyncIterable<Buffer>
  } catch (error) {
    const isDamage = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
    if (!isDamage) throw error
    throw new Refusal(
      'file_unreadable',
      422,
      `${path} is packed with gzip but damaged or cut short: pack it again, or give the CSV file itself.`,
    )
  }
}
