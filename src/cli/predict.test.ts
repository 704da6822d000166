// `throughline predict` on files as people have them: packed or not, wrong in the usual ways.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { predictReportSchema } from '../projections/score/predictive/contract.ts'
import { addPredict } from './predict.ts'

let folder: string
let said: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predict-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  said = []
})

describe('predict', () => {
  test('writes the whole report as JSON and says the gist in words', async () => {
    const file = await write('leads.csv', lines(900, ';'))
    const out = join(folder, 'out.json')
    await predict(file, '--label', 'Outcome', '--time', 'created', '--json', out)
    const report = predictReportSchema.parse(JSON.parse(await readFile(out, 'utf8')))
    expect(report).toMatchObject({
      rows: { read: 900, used: 900 },
      outcome: { column: 'Outcome', conversion: 'won' },
      order: { by: 'column', column: 'created' },
    })
    expect(said.join('')).toMatch(
      /900 rows, of which .*Five-fold cross validation: AUC 0\.\d{4}.*Newest 30 %/s,
    )
  })

  test('reads the same from a file packed with gzip, and prints only JSON with --json -', async () => {
    const plain = await write('same.csv', lines(600, ','))
    const packed = await write('same.csv.gz', gzipSync(lines(600, ',')))
    await predict(plain, '--label', 'Outcome', '--json', '-')
    await predict(packed, '--label', 'Outcome', '--json', '-')
    expect(said).toHaveLength(2)
    expect(said[1]).toBe(said[0])
  })

  test('leaves out columns whose names hold a comma, too', async () => {
    const text = lines(600, ';').replace('source;', '"Source, first";')
    const file = await write('comma.csv', text)
    await predict(file, '--label', 'Outcome', '--ignore', 'Source, first, created', '--json', '-')
    const report = predictReportSchema.parse(JSON.parse(said[0] ?? ''))
    expect(
      report.columns.filter(({ note }) => note === 'left out as asked').map(({ column }) => column),
    ).toEqual(['Source, first', 'created'])
  })

  test('writes the probabilities of both tests, from which the reported figures can be counted anew', async () => {
    const file = await write('count.csv', lines(900, ','))
    const out = join(folder, 'predictions.csv')
    await predict(file, '--label', 'Outcome', '--predictions', out, '--json', '-')
    const report = predictReportSchema.parse(JSON.parse(said[0] ?? ''))
    const [header, ...rows] = (await readFile(out, 'utf8')).trim().split('\n')
    expect(header).toBe('row,outcome,cross_validated,newest_30_percent')
    const cells = rows.map((row) => row.split(','))
    expect(cells.map(([row]) => Number(row))).toEqual(Array.from({ length: 900 }, (_, at) => at + 1))
    const brier = (list: string[][], column: number) =>
      list.reduce((sum, row) => sum + (Number(row[column]) - Number(row[1])) ** 2, 0) / list.length
    expect(brier(cells, 2)).toBeCloseTo(report.crossValidation.brier, 12)
    const newest = cells.filter((row) => row[3] !== '')
    expect(newest).toHaveLength(270)
    expect(brier(newest, 3)).toBeCloseTo(report.temporal?.brier ?? 0, 12)
  })

  test.each([
    ['a folder', () => Promise.resolve(folder), /There is no file .* that can be read/],
    ['an empty file', () => write('empty.csv', ''), /The file is empty/],
    [
      'a workbook',
      () => write('book.csv', Buffer.from('PK\u0003\u0004 and more')),
      /Excel or OpenDocument workbook/,
    ],
    [
      'a cut archive',
      () => write('cut.gz', gzipSync(lines(600, ',')).subarray(0, 400)),
      /packed with gzip but damaged or cut short/,
    ],
    ['too few rows', () => write('few.csv', lines(60, ',')), /takes 120 of either outcome/],
    [
      'an open quote',
      () => write('quote.csv', `source,Outcome\n"ads,won\n${'x,lost\n'.repeat(50)}`),
      /never closed/,
    ],
  ])('refuses %s with a sentence', async (_, make, sentence) => {
    await expect(predict(await make(), '--label', 'Outcome')).rejects.toThrow(sentence)
  })

  test('refuses an unknown separator and a folder that is not there before it works', async () => {
    const file = await write('leads-2.csv', lines(400, ','))
    await expect(predict(file, '--label', 'Outcome', '--separator', '#')).rejects.toThrow(
      /give , or ; or \| or tab/,
    )
    const out = join(folder, 'nowhere', 'out.json')
    await expect(predict(file, '--label', 'Outcome', '--json', out)).rejects.toThrow(/there is no folder/)
  })
})

async function predict(...words: string[]): Promise<void> {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const program = new Command()
  addPredict(program)
  await program.parseAsync(['node', 'throughline', 'predict', ...words])
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

function lines(rows: number, separator: string): string {
  const header = ['source', 'visits', 'created', 'Outcome'].join(separator)
  const body = Array.from({ length: rows }, (_, at) => {
    const visits = (at * 7) % 13
    const won = (at * 11) % 17 < 3 + visits / 2
    const created = new Date(Date.UTC(2024, 0, 1) + at * 7_200_000).toISOString()
    return [['ads', 'search', 'mail'][at % 3], visits, created, won ? 'won' : 'lost'].join(separator)
  })
  return `${[header, ...body].join('\n')}\n`
}
