// `throughline predict`: learns from a file of leads with known outcomes, and says how far its predictions can be trusted.
import { access, constants, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Command } from 'commander'
import { Refusal } from '../lib/refusal.ts'
import type { Evaluation, PredictReport } from '../projections/score/predictive/contract.ts'
import { createTableGatherer, learn, sigmoid, stepsToLearn } from '../projections/score/predictive/index.ts'
import type { Learnt, Table } from '../projections/score/predictive/index.ts'
import { count, say, showProgress } from './say.ts'
import { openTable } from './table-file.ts'

interface Options {
  label: string
  conversion?: string
  time?: string
  outcomeTime?: string
  ignore?: string
  separator?: string
  json?: string
  predictions?: string
}

export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('learn from a CSV file of leads with known outcomes, and test what was learnt')
    .argument('<file>', 'CSV, packed with gzip or not, with a header row and a lead a row')
    .requiredOption('--label <column>', 'the column that says how it ended, with two values')
    .option(
      '--conversion <value>',
      'which value of the label is the conversion, where yes or won does not say it',
    )
    .option('--time <column>', 'the moment of prediction; without it the order of the file is taken for time')
    .option('--outcome-time <column>', 'when the outcome came: columns changed after it are leaks')
    .option('--ignore <columns>', 'columns to leave out, separated by commas')
    .option('--separator <sign>', 'between cells: , ; | or tab; detected unless told')
    .option('--json <out>', 'write the whole report to this file, or to the standard output with -')
    .option(
      '--predictions <file>',
      'write a CSV of the probabilities that each row got in both tests, to count with',
    )
    .action(predict)
}

async function predict(path: string, options: Options): Promise<void> {
  for (const out of [options.json === '-' ? undefined : options.json, options.predictions])
    if (out !== undefined) await refuseUnwritable(out)
  const table = await gather(path, options)
  const { report, learnt } = await learnFrom(table)
  if (options.predictions !== undefined) await writeFile(options.predictions, predictionsOf(learnt))
  const json = `${JSON.stringify(report)}\n`
  if (options.json === '-') process.stdout.write(json)
  else {
    if (options.json !== undefined) await writeFile(options.json, json)
    process.stdout.write(`${describeReport(report)}\n`)
  }
}

async function gather(path: string, options: Options): Promise<Table> {
  const file = await openTable(path, options.separator)
  const gatherer = createTableGatherer(file.headers, {
    label: options.label,
    conversion: options.conversion,
    time: options.time,
    outcomeTime: options.outcomeTime,
    ignore: options.ignore === undefined ? [] : namesIn(options.ignore, file.headers),
  })
  const progress = showProgress('bytes read')
  try {
    for await (const cells of file.rows(progress)) gatherer.add(cells)
  } finally {
    progress.end()
  }
  if (file.tooWide() > 0)
    say(`${count(file.tooWide())} rows have more cells than the header; what stands beyond it was not read.`)
  return gatherer.finish()
}

async function learnFrom(table: Table): Promise<{ report: PredictReport; learnt: Learnt }> {
  const progress = showProgress('steps of learning')
  const steps = learn(table)
  try {
    for (let done = 0; ; done++) {
      const step = steps.next()
      if (step.done) {
        progress.update(stepsToLearn, stepsToLearn)
        return step.value
      }
      progress.update(Math.min(done + 1, stepsToLearn), stepsToLearn)
      await setImmediate()
    }
  } finally {
    progress.end()
  }
}

// A line per row with an outcome, oldest first: what a model said that had not seen it.
function predictionsOf({ table, order, crossValidated, newest }: Learnt): string {
  const firstNewest = order.length - (newest?.length ?? 0)
  const lines = Array.from(order, (row, at) => {
    const inTest = newest !== null && at >= firstNewest ? sigmoid(newest[at - firstNewest] as number) : ''
    return [table.rowNumbers[row], table.outcomes[row], sigmoid(crossValidated[at] as number), inTest].join(
      ',',
    )
  })
  return `row,outcome,cross_validated,newest_30_percent\n${lines.join('\n')}\n`
}

// A header may hold a comma of its own, so the longest name that fits is taken each time.
export function namesIn(list: string, headers: readonly string[]): string[] {
  const names: string[] = []
  let rest = list.split(',')
  while (rest.length > 0) {
    let taken = rest.length
    const joined = (parts: number) => rest.slice(0, parts).join(',').trim()
    const isHeader = (name: string) => headers.some((header) => header.toLowerCase() === name.toLowerCase())
    while (taken > 1 && !isHeader(joined(taken))) taken--
    if (joined(taken) !== '') names.push(joined(taken))
    rest = rest.slice(taken)
  }
  return names
}

export async function refuseUnwritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch(() => {
    throw new Refusal(
      'folder_missing',
      404,
      `${path} cannot be written: there is no folder ${dirname(path)}, or it is not yours to write to.`,
    )
  })
}

function describeReport(report: PredictReport): string {
  const { outcome, rows, crossValidation, temporal, model, leaks, drift } = report
  const lines = [
    `${count(rows.used)} rows, of which ${count(outcome.conversions)} (${percent(outcome.rate)}) are ${outcome.column} = "${outcome.conversion}".`,
    '',
    describeEvaluation(`Five-fold cross validation`, crossValidation),
  ]
  if (temporal) lines.push(describeEvaluation(`Newest 30 %, learnt from the older 70 %`, temporal))
  if (drift)
    lines.push('', `Rate by tenth, oldest first: ${drift.parts.map(({ rate }) => percent(rate)).join('  ')}`)
  if (leaks.length > 0) lines.push('', `Leaks, left out: ${leaks.map(({ column }) => column).join(', ')}`)
  lines.push('', 'Strongest coefficients (log odds):')
  for (const { column, feature, coefficient } of model.coefficients.slice(0, 12))
    lines.push(`  ${coefficient >= 0 ? '+' : '-'}${Math.abs(coefficient).toFixed(3)}  ${column} ${feature}`)
  if (report.findings.length > 0) lines.push('', ...report.findings)
  return lines.join('\n')
}

function describeEvaluation(name: string, found: Evaluation): string {
  const figure = (value: number | null) => (value === null ? 'none' : value.toFixed(4))
  return `${name}: AUC ${figure(found.auc)}, PR-AUC ${figure(found.prAuc)}, Brier ${figure(found.brier)}, log loss ${figure(found.logLoss)}; expected ${percent(found.expected)}, came ${percent(found.observed)}; best tenth ${(found.lift[0]?.lift ?? 0).toFixed(1)} times the rate.`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
