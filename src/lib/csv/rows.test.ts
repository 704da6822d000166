// Rows of a CSV stream: the same however the bytes arrive, and bounded.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRowCutter } from './rows.ts'
import { csvLine } from './write.ts'

async function cut(bytes: Buffer, sizes: number[], delimiter: ',' | ';' = ',') {
  const cutter = createRowCutter('utf-8', delimiter)
  const rows: string[][] = []
  let problem: string | null = null
  for (let at = 0, step = 0; at < bytes.length; step++) {
    const size = Math.max(1, sizes[step % sizes.length] ?? 1)
    const piece = await cutter.write(bytes.subarray(at, at + size))
    rows.push(...piece.rows)
    problem ??= piece.problem
    at += size
  }
  const last = await cutter.end()
  rows.push(...last.rows)
  return { rows, problem: problem ?? last.problem }
}

describe('cutting rows', () => {
  test('rows are the same however the bytes are cut into pieces', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '日', '😀', ',', '"', '\n', '\r\n', ' ', '1'),
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        async (written, sizes) => {
          const text = written
            .map((cells) => cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
            .join('\r\n')
          expect(await cut(Buffer.from(`${text}\r\n`), sizes)).toEqual({ rows: written, problem: null })
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a blank line counts as a row, so that numbers are those of a spreadsheet', async () => {
    expect((await cut(Buffer.from('a,b\n\n1,2\n'), [3])).rows).toEqual([['a', 'b'], [''], ['1', '2']])
  })

  test('line ends of all three kinds may be mixed, and a byte order mark is no part of the first header', async () => {
    expect((await cut(Buffer.from('\ufeffName,Email\r\na,b\nc,d\re,f'), [2])).rows).toEqual([
      ['Name', 'Email'],
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ])
  })

  test('a quotation mark inside an unquoted cell is part of it', async () => {
    expect((await cut(Buffer.from('6" pipe,12\nthe "best",3\n'), [100])).rows).toEqual([
      ['6" pipe', '12'],
      ['the "best"', '3'],
    ])
  })

  test('a quotation mark that is never closed ends the file with the row where it was opened', async () => {
    const short = await cut(Buffer.from('a,b\n1,2\n3,"4\n5,6\n'), [100])
    expect(short.rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(short.problem).toMatch(/row 3 is never closed/)
  })

  test('an unclosed quotation mark does not gather the whole file in memory', async () => {
    const cutter = createRowCutter('utf-8', ',')
    const megabyte = Buffer.alloc(1_048_576, 'x\n')
    let written = (await cutter.write(Buffer.from('a,b\n1,"'))).rows.length
    let pieces = 0
    let problem: string | null = null
    while (problem === null && pieces < 100) {
      const piece = await cutter.write(megabyte)
      written += piece.rows.length
      problem = piece.problem
      pieces++
    }
    await cutter.end()
    expect(problem).toMatch(/row 2 is never closed/)
    expect(pieces).toBeLessThan(8)
    expect(written).toBe(1)
  })
})

describe('writing a line', () => {
  test('what is written is read back as it was, but for the apostrophe before a formula', async () => {
    const cells = ['plain', 'a,b', 'say "hi"', 'two\nlines', ' padded ', '']
    expect((await cut(Buffer.from(csvLine(cells)), [100])).rows).toEqual([cells])
  })

  test('a cell that a spreadsheet would run as a formula is made text, a number or phone is not', () => {
    expect(csvLine(['=1+1', '@SUM(A1)', '+cmd|x', '-2+3', '\tx', '+46 70 123', '-12.50'])).toBe(
      `'=1+1,'@SUM(A1),'+cmd|x,'-2+3,"'\tx",+46 70 123,-12.50\r\n`,
    )
  })
})

const spectrum = process.env.REFERENCE_DIR ? join(process.env.REFERENCE_DIR, 'csv', 'csv-spectrum') : null

describe.skipIf(spectrum === null)('csv-spectrum', () => {
  const names =
    spectrum === null ? [] : readdirSync(join(spectrum, 'csvs')).map((name) => name.replace(/\.csv$/, ''))

  test.each(names)('%s is read as its JSON says', async (name) => {
    const bytes = readFileSync(join(spectrum ?? '', 'csvs', `${name}.csv`))
    const json = JSON.parse(readFileSync(join(spectrum ?? '', 'json', `${name}.json`), 'utf8')) as
      object | object[]
    const [header = [], ...rows] = (await cut(bytes, [5])).rows
    const found = rows.map((cells) => Object.fromEntries(header.map((key, index) => [key, cells[index]])))
    // The suite masked the phone number in the JSON of this one case, but not in its CSV.
    if (name === 'location_coordinates') found[0]!['Contact Phone Number'] = '1234567890'
    expect(found).toEqual(Array.isArray(json) ? json : [json])
  })
})
