// The published bank marketing data, in date order, with and without the column that is known only after the call.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { readRows } from '../../../lib/csv/dialect.ts'
import type { PredictReport } from './contract.ts'
import { learn } from './learn.ts'
import { createTableGatherer } from './table.ts'

const path = process.env.REFERENCE_DIR ? join(process.env.REFERENCE_DIR, 'predict', 'bank-full.csv.gz') : ''
const atHand = existsSync(path)
if (!atHand)
  process.stdout.write(
    'reference data predict/bank-full.csv.gz is not at hand (set REFERENCE_DIR), skipped\n',
  )

describe.runIf(atHand)('the bank marketing data', () => {
  let report: PredictReport

  // With `duration` in the file: what is named is left out, so the figures are those without it.
  beforeAll(() => {
    const [headers = [], ...rows] = readRows(gunzipSync(readFileSync(path)).toString(), ';', Infinity)
    const gatherer = createTableGatherer(headers, { label: 'y' })
    for (const row of rows) gatherer.add(row)
    const run = learn(gatherer.finish())
    for (let step = run.next(); ; step = run.next()) {
      if (!step.done) continue
      report = step.value.report
      return
    }
  })

  test('has one leak, the duration of the call, and no other', () => {
    expect(report.rows.used).toBe(45_211)
    expect(report.leaks.map(({ column }) => column)).toEqual(['duration'])
    expect(report.withLeaks?.auc).toBeGreaterThan(0.9)
  })

  test('without it is ranked with an AUC of 0.760 or more in five-fold cross validation', () => {
    expect(report.crossValidation.auc).toBeGreaterThanOrEqual(0.76)
    expect(report.crossValidation.brier).toBeLessThanOrEqual(0.0865)
  })

  test('without it is ranked with an AUC of 0.680 or more on the last 30 % of calls', () => {
    expect(report.temporal?.trainedRows).toBe(31_648)
    expect(report.temporal?.auc).toBeGreaterThanOrEqual(0.68)
  })

  test('has its drift reported: 3 % to 47 %, and what the model expected instead', () => {
    const rates = report.drift?.parts.map(({ rate }) => Math.round(rate * 100))
    expect(rates).toEqual([3, 4, 5, 6, 6, 6, 10, 13, 16, 47])
    expect(report.drift?.isDrifting).toBe(true)
    expect(report.drift?.miss).toBeLessThan(-0.2)
    expect(report.findings.join(' ')).toContain('3.0 % to 47.1 %')
  })
})
