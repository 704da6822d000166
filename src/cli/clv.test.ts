// `throughline clv` on files as people have them: published answers, refunds, wrong in the usual ways.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { referenceTest } from '../../test/reference.ts'
import { addClv } from './clv.ts'

let folder: string
let said: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clv-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  said = []
})

describe('clv', () => {
  referenceTest(
    'has BG/NBD’s published parameters on the CDNOW customers, and tells churn as well as it should',
    'cdnow/CDNOW_sample.txt',
    async (text) => {
      const rows = text.trim().split(/\r?\n/)
      const lines = rows.map((row) => {
        const [, customer, date, , amount] = row.trim().split(/\s+/)
        return `${customer},${date},${amount}`
      })
      const file = await write('cdnow.csv', ['customer,date,amount', ...lines].join('\n'))
      const out = join(folder, 'cdnow.json')
      await clv(file, '--holdout', '39w', '--churn-horizon', '180d', '--json', out)
      const report = JSON.parse(await readFile(out, 'utf8'))
      expect(report).toMatchObject({ asOf: '1997-09-30', guard: { verdict: 'fits' }, file: { rows: 6919 } })
      const bg = report.models.find((model: { name: string }) => model.name === 'bg_nbd')
      expect(bg).toMatchObject({
        parameters: {
          r: expect.closeTo(0.243, 3),
          alpha: expect.closeTo(4.414, 2),
          a: expect.closeTo(0.793, 3),
          b: expect.closeTo(2.426, 3),
        },
        logLikelihood: expect.closeTo(-9582.43, 2),
        holdout: { actual: 1882, expected: expect.closeTo(1653.4, 1) },
      })
      expect(report.spend).toMatchObject({
        name: 'gamma_gamma',
        parameters: {
          p: expect.closeTo(6.25, 2),
          q: expect.closeTo(3.74, 2),
          gamma: expect.closeTo(15.44, 2),
        },
        logLikelihood: expect.closeTo(-4055.92, 2),
      })
      expect(report.customers).toHaveLength(2357)
      expect(report.customers[0]).toMatchObject({
        customer: '0001',
        repeats: 2,
        meanRepeat: 22.345,
        expectedOrders: { bg_nbd: expect.closeTo(1.226, 3), pareto_nbd: expect.closeTo(1.4552, 3) },
        actualOrders: 1,
        expectedSpend: expect.closeTo(24.65, 2),
      })
      const { closed_form: closed } = report.churn.lastHorizon.by
      expect(closed.auc).toBeGreaterThanOrEqual(0.785)
      expect(closed.brier).toBeLessThanOrEqual(0.133)
      expect(said.join('')).toContain('* mbg_nbd')
    },
  )

  test('takes refunds off the latest order before them, and gives the same packed or not', async () => {
    // Ann keeps 10.00 of two orders on one day and 5.00 later, Bob nothing: his order never happened.
    const text = [
      'Date;Who;Total',
      '03/01/2024;ann;8,00',
      '03/01/2024;ann;4,00',
      '25/01/2024;ann;20,00',
      '28/01/2024;ann;-17,00',
      '02/02/2024;bob;6,50',
      '05/02/2024;bob;-6,50',
      '05/02/2024;;1,00',
      'soon;cleo;1,00',
    ].join('\n')
    const names = ['--customer', 'who', '--amount', 'total', '--json', '-']
    await clv(await write('own.csv', text), ...names)
    await clv(await write('own.csv.gz', gzipSync(text)), ...names)
    const [plain, packed] = [said.slice(0, said.length / 2).join(''), said.slice(said.length / 2).join('')]
    expect(packed).toBe(plain)
    const report = JSON.parse(plain)
    expect(report.file).toMatchObject({
      rows: 8,
      rejected: 2,
      refunds: 2,
      unmatchedRefunds: 0,
      problems: [
        { row: 7, problem: 'The row names no customer.' },
        { row: 8, problem: 'The cell is not a date that can be read.' },
      ],
    })
    expect(report.guard).toMatchObject({
      verdict: 'too_little_data',
      sentence: expect.stringContaining('500 buyers'),
    })
    expect(report.customers).toEqual([
      expect.objectContaining({
        customer: 'ann',
        repeats: 1,
        meanRepeat: 3,
        historicValue: 15,
        predictedValue: null,
        churnRisk: null,
      }),
    ])
  })

  test('adds no amount of one currency to another', async () => {
    const text =
      'customer,date,amount,currency\na,2024-01-01,10,EUR\na,2024-02-01,900,SEK\na,2024-03-01,20,EUR\n'
    await clv(await write('currencies.csv', text), '--json', '-')
    const report = JSON.parse(said.join(''))
    expect(report.file.currency).toBe('EUR')
    expect(report.customers[0]).toMatchObject({ repeats: 2, historicValue: 30, meanRepeat: 20 })
    expect(report.guard.warnings.join()).toContain('other currencies')
  })

  test.each([
    ['no such file', () => Promise.resolve(join(folder, 'none.csv')), [], /There is no file/],
    ['an empty file', () => write('empty.csv', ''), [], /The file is empty/],
    [
      'a file without the column',
      () => write('wrong.csv', 'who,date,amount\na,2024-01-01,1\n'),
      [],
      /no column "customer", only who, date, amount: name the one that holds it with --customer/,
    ],
    [
      'dates that can be read in two ways',
      () => write('dates.csv', 'customer,date,amount\na,01/02/2024,1\n'),
      [],
      /in two ways.*--date-order DMY or MDY/,
    ],
    ['a header alone', () => write('header.csv', 'customer,date,amount\n'), [], /no row below it/],
    [
      'a holdout longer than the data',
      () => write('short.csv', 'customer,date,amount\na,2024-01-01,1\na,2024-02-01,1\n'),
      ['--holdout', '39w'],
      /leaves no order before it/,
    ],
    [
      'a time that is none',
      () => write('a.csv', 'x\n1\n'),
      ['--churn-horizon', 'soon'],
      /such as 180d or 39w/,
    ],
    ['a margin above 1', () => write('b.csv', 'x\n1\n'), ['--margin', '40'], /a number from 0 to 1/],
  ])('refuses %s with a sentence', async (_, make, options, sentence) => {
    await expect(clv(await make(), ...options)).rejects.toThrow(sentence)
  })
})

async function clv(...words: string[]): Promise<void> {
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk, ...rest: unknown[]) => {
    said.push(String(chunk))
    // A stream waits for its callback.
    const done = rest.find((one) => typeof one === 'function')
    if (done) done()
    return true
  })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const program = new Command()
  addClv(program)
  await program.parseAsync(['node', 'throughline', 'clv', ...words])
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
