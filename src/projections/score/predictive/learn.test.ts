// Learning from whole tables: what is named, refused, tested and explained.
import { describe, expect, test } from 'vitest'
import { predictReportSchema } from './contract.ts'
import { learn, stepsToLearn } from './learn.ts'
import { sigmoid } from './logistic.ts'
import { logOddsOf, reasonsOf } from './model.ts'
import { createTableGatherer } from './table.ts'
import type { TableOptions } from './table.ts'

const headers = ['id', 'source', 'visits', 'city', 'empty', 'same', 'note', 'created_at', 'outcome']

describe('clean leads', () => {
  const { report, learnt, steps } = learnFrom(headers, leads(3000), { label: 'outcome', time: 'created_at' })

  test('are learnt from without a word of leaks or drift', () => {
    expect(report.leaks).toEqual([])
    expect(report.drift?.isDrifting).toBe(false)
    expect(report.withLeaks).toBeNull()
    expect(report.order).toEqual({ by: 'column', column: 'created_at' })
  })

  test('are ranked about as well as the rule that made them, by chance and on newer rows', () => {
    expect(report.crossValidation.auc).toBeGreaterThan(0.73)
    expect(report.temporal?.auc).toBeGreaterThan(0.72)
    expect(report.temporal?.trainedRows).toBe(2100)
    expect(Math.abs((report.temporal?.expected ?? 0) - (report.temporal?.observed ?? 0))).toBeLessThan(0.06)
  })

  test('have a report of the published shape, in the steps that were announced', () => {
    expect(predictReportSchema.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined()
    expect(steps).toBeLessThanOrEqual(stepsToLearn)
  })

  test('lose no column in silence: each says how it is used or why not', () => {
    const notes = Object.fromEntries(
      report.columns.map(({ column, isUsed, note }) => [column, [isUsed, note]]),
    )
    expect(notes).toMatchObject({
      id: [false, 'left out: its values hardly ever repeat, as ids and free text do'],
      empty: [false, 'left out: no row has a value'],
      same: [false, 'left out: the same in every row'],
      note: [true, 'its values hardly ever repeat, so only whether there is one counts'],
      source: [true, null],
      visits: [true, null],
    })
  })

  test('get reasons that add up to the log odds of each row', () => {
    const rows = Int32Array.from({ length: 200 }, (_, at) => at * 7)
    const logOdds = logOddsOf(learnt.model, learnt.columns, rows)
    rows.forEach((row, at) => {
      const { base, contributions, ruleLogOdds } = reasonsOf(learnt.model, learnt.columns, row)
      const sum = contributions.reduce((total, one) => total + one.logOdds, base + ruleLogOdds)
      expect(sum).toBeCloseTo(logOdds[at] as number, 9)
    })
  })

  test('get contributions that are nothing on average, so that a reason tells a row from the others', () => {
    const totals = new Map<string, number>()
    for (let row = 0; row < 3000; row++)
      for (const { column, logOdds } of reasonsOf(learnt.model, learnt.columns, row).contributions)
        totals.set(column, (totals.get(column) ?? 0) + logOdds / 3000)
    for (const total of totals.values()) expect(total).toBeCloseTo(0, 9)
  })

  test('give examples whose first reason is what the rule says', () => {
    const [best] = report.examples
    expect(best?.probability).toBeCloseTo(sigmoid(best?.logOdds ?? 0), 12)
    expect(best?.contributions[0]?.reason).toMatch(/^(source is "referral"|visits is )/)
  })

  test('give the same report again, byte for byte', () => {
    const again = learnFrom(headers, leads(3000), { label: 'outcome', time: 'created_at' })
    expect(JSON.stringify(again.report)).toBe(JSON.stringify(report))
  })
})

describe('columns that the outcome fills in', () => {
  const rows = leads(3000).map((row) => {
    const won = row.at(-1) === 'won'
    return [...row.slice(0, -1), won ? 'signed' : 'no answer', won ? '900' : '', row.at(-1) as string]
  })
  const wider = [...headers.slice(0, -1), 'stage', 'deal amount', 'outcome']
  const { report } = learnFrom(wider, rows, { label: 'outcome' })

  test('are named with their signs, left out of the model, and weighed against it', () => {
    expect(report.leaks.map(({ column }) => column).sort()).toEqual(['deal amount', 'stage'])
    expect(report.model.coefficients.some(({ column }) => ['deal amount', 'stage'].includes(column))).toBe(
      false,
    )
    expect(report.crossValidation.auc).toBeLessThan(0.85)
    expect(report.withLeaks?.auc).toBeGreaterThan(0.99)
    expect(report.findings.join(' ')).toContain(
      'deal amount is filled for 100.0 % of the conversions and 0.0 %',
    )
  })

  test('are no longer spoken of once they are ignored', () => {
    const ignored = learnFrom(wider, rows, { label: 'outcome', ignore: ['Stage', 'deal amount'] }).report
    expect(ignored.leaks).toEqual([])
    expect(ignored.columns.find(({ column }) => column === 'stage')?.note).toBe('left out as asked')
    expect(ignored.model.coefficients).toEqual(report.model.coefficients)
  })

  test('are known by a change after the outcome, too', () => {
    const dated = leads(1500).map((row, at) => [
      String(at % 7),
      at % 3 === 0 ? '2024-07-05' : '2024-05-01',
      '2024-07-01',
      ...row.slice(1),
    ])
    const named = ['budget', 'budget updated at', 'decided', ...headers.slice(1)]
    const found = learnFrom(named, dated, { label: 'outcome', outcomeTime: 'decided' }).report
    expect(found.leaks.map(({ column }) => column)).toEqual(['budget'])
  })
})

describe('what changes over time', () => {
  test('is told: the rate, the columns, and how far the expectation fell short', () => {
    const rows = leads(4000, (at) => (at < 2800 ? -1 : 1.2)).map((row, at) =>
      row.map((cell, column) => (column === 1 && at >= 2800 && at % 2 === 0 ? 'partner' : cell)),
    )
    const { report } = learnFrom(headers, rows, { label: 'outcome', ignore: ['created_at'] })
    expect(report.drift?.isDrifting).toBe(true)
    expect(report.drift?.miss).toBeLessThan(-0.2)
    expect(report.drift?.columns.map(({ column }) => column)).toEqual(['source'])
    expect(report.findings.join(' ')).toMatch(/drifts: .* % to .* % .*the model expected/s)
  })

  test('is not asked of rows that stand sorted by their outcome', () => {
    const rows = leads(2000).sort((left, right) => (left.at(-1) ?? '').localeCompare(right.at(-1) ?? ''))
    const { report } = learnFrom(headers, rows, { label: 'outcome', ignore: ['created_at'] })
    expect(report).toMatchObject({ order: null, temporal: null, drift: null })
    expect(report.temporalMissing).toContain('sorted by their outcome')
    expect(report.crossValidation.auc).toBeGreaterThan(0.7)
  })
})

test('a file that seems to stand newest first is said to, unless a time is told', () => {
  const rows = leads(600).reverse()
  const said = (options: TableOptions) =>
    learnFrom(headers, rows, options).report.findings.filter((finding) => finding.includes('newest first'))
  expect(said({ label: 'outcome' })).toEqual([expect.stringContaining('created_at falls from row to row')])
  expect(said({ label: 'outcome', time: 'created_at' })).toEqual([])
})

describe('a table that cannot be learnt from is refused in a sentence', () => {
  test('with fewer than 120 conversions', () => {
    const rows = Array.from({ length: 1000 }, (_, at) => [String(at % 9), at % 9 === 0 ? '1' : '0'])
    expect(() => learnFrom(['x', 'y'], rows, { label: 'y' })).toThrow(
      /Only 112 of 1000 rows are y = "1": .* takes 120/,
    )
  })

  test('with three outcomes, one, or none', () => {
    const label = (cells: string[]) => () =>
      learnFrom(
        ['x', 'y'],
        cells.map((cell, at) => [String(at), cell]),
        { label: 'y' },
      )
    expect(label(['yes', 'no', 'maybe'])).toThrow(/more than two values \("yes", "no", "maybe"/)
    expect(label(['yes', 'Yes', '-'])).toThrow(/one value only \("yes"\)/)
    expect(label(['', ''])).toThrow(/has no value/)
  })

  test('with a column that is not there', () => {
    expect(() => learnFrom(['x', 'y'], [], { label: 'z' })).toThrow(
      /There is no column z to take as label. The file has x, y/,
    )
  })

  test('with a time that is none', () => {
    const rows = leads(400)
    expect(() => learnFrom(headers, rows, { label: 'outcome', time: 'source' })).toThrow(
      /source holds no dates or numbers/,
    )
  })

  test('with nothing but ids and constants', () => {
    const rows = Array.from({ length: 1000 }, (_, at) => [`k${at}`, 'x', '', at % 3 === 0 ? 'yes' : 'no'])
    expect(() => learnFrom(['key', 'same', 'empty', 'y'], rows, { label: 'y' })).toThrow(
      /No column can tell anything/,
    )
  })
})

describe('the conversion among two values', () => {
  test.each([
    [['yes', 'no'], 'yes'],
    [['0', '1'], '1'],
    [['FALSE', 'TRUE'], 'TRUE'],
    [['Closed Lost', 'Closed Won'], 'Closed Won'],
    [['not converted', 'converted'], 'converted'],
    [['A', 'B', 'B'], 'A'],
  ])('of %j is %s', (values, conversion) => {
    const rows = Array.from({ length: 1200 }, (_, at) => [
      String(at % 7),
      values[at % values.length] as string,
    ])
    expect(learnFrom(['x', 'y'], rows, { label: 'y' }).report.outcome.conversion).toBe(conversion)
  })

  test('is the one that was told', () => {
    const rows = Array.from({ length: 1200 }, (_, at) => [String(at % 7), at % 3 === 0 ? 'yes' : 'no'])
    expect(learnFrom(['x', 'y'], rows, { label: 'y', conversion: 'NO' }).report.outcome.conversion).toBe('no')
    expect(() => learnFrom(['x', 'y'], rows, { label: 'y', conversion: 'won' })).toThrow(/no value "won"/)
  })

  test('is asked of rows that have an outcome; the others are counted', () => {
    const rows = Array.from({ length: 1200 }, (_, at) => [
      String(at % 7),
      at % 3 === 0 ? 'yes' : at % 3 === 1 ? 'no' : '',
    ])
    const { report } = learnFrom(['x', 'y'], rows, { label: 'y' })
    expect(report.rows).toEqual({ read: 1200, used: 800, withoutOutcome: 400 })
    expect(report.findings).toContain('400 rows without an outcome were left out.')
  })
})

function learnFrom(names: string[], rows: string[][], options: TableOptions) {
  const gatherer = createTableGatherer(names, options)
  for (const row of rows) gatherer.add(row)
  const run = learn(gatherer.finish())
  for (let steps = 0; ; steps++) {
    const step = run.next()
    if (step.done) return { ...step.value, steps }
  }
}

/** Leads of which source and visits tell how they end; `level` shifts the log odds of a row. */
function leads(rows: number, level: (at: number) => number = () => 0): string[][] {
  let state = 42
  const draw = () => (state = (state * 48271) % 2147483647) / 2147483647
  const sources = ['ads', 'search', 'referral', 'mail']
  return Array.from({ length: rows }, (_, at) => {
    const source = sources[Math.floor(draw() * 4)] as string
    const visits = Math.floor(-Math.log(draw()) * 4)
    const z = -2.2 + (source === 'referral' ? 1.5 : source === 'ads' ? -0.7 : 0) + 0.15 * visits + level(at)
    const created = new Date(Date.UTC(2024, 0, 1) + at * 3_600_000).toISOString()
    return [
      `lead-${at * 31}`,
      source,
      draw() < 0.05 ? 'N/A' : String(visits),
      draw() < 0.1 ? 'Select' : `City ${Math.floor(draw() * 30)}`,
      '',
      'x',
      draw() < 0.5 ? '' : `wrote ${at}`,
      created,
      draw() < sigmoid(z) ? 'won' : 'lost',
    ]
  })
}
