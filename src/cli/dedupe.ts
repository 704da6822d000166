// `throughline dedupe`: which rows of a file are the same person or company, with a probability and its reasons.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { findDuplicates, gatherTable, reportOf, thresholds } from '../identity/duplicates/index.ts'
import type { DedupeReport, Table } from '../identity/duplicates/index.ts'
import { Refusal } from '../lib/refusal.ts'
import { namesIn, refuseUnwritable } from './predict.ts'
import { count, say, showProgress } from './say.ts'
import { openTable } from './table-file.ts'

interface Options {
  id?: string
  ignore?: string
  truth?: string
  region?: string
  mergeAt: number
  reviewAt: number
  separator?: string
  json?: string
}

export function addDedupe(program: Command): void {
  program
    .command('dedupe')
    .description('find the rows of a CSV file of people or companies that are the same one')
    .argument('<file>', 'CSV, packed with gzip or not, with a header row and a person or company a row')
    .option('--id <column>', 'the column that names a row in the answer; it is never compared')
    .option('--ignore <columns>', 'columns not to compare, separated by commas')
    .option('--truth <column>', 'a column that says whose each row is: not compared, but measured against')
    .option('--region <country>', 'country of phone numbers without country code, such as DE')
    .option(
      '--merge-at <probability>',
      'pairs that may be merged without a person',
      probability,
      thresholds.merge,
    )
    .option('--review-at <probability>', 'pairs that are told at all', probability, thresholds.review)
    .option('--separator <sign>', 'between cells: , ; | or tab; detected unless told')
    .option('--json <out>', 'write the whole report to this file, or to the standard output with -')
    .action(dedupe)
}

async function dedupe(path: string, options: Options): Promise<void> {
  const { mergeAt, reviewAt, json } = options
  if (mergeAt < reviewAt)
    throw new Refusal(
      'thresholds_crossed',
      422,
      '--merge-at is below --review-at: what is merged by itself must be surer than what a person looks at.',
    )
  if (json !== undefined && json !== '-') await refuseUnwritable(json)
  const { table, id, truth, ignored } = await gather(path, options)
  const progress = showProgress('pairs compared')
  const region = options.region?.toUpperCase()
  const found = findDuplicates(table, {
    idColumns: id === null ? [] : [id],
    ignored,
    reviewAt,
    ...(region === undefined ? {} : { region }),
    onProgress: (compared, most) => progress.update(compared, most),
  })
  progress.update(found.candidates, found.candidates)
  progress.end()
  if (found.prepared.columns.length === 0)
    throw new Refusal(
      'columns_missing',
      422,
      'No column is left that could tell people or companies apart: name fewer with --ignore, or check the header.',
    )
  const report = reportOf(table, found, { id, mergeAt, reviewAt, region: region ?? null, truth })
  if (json === '-') await pipeline(Readable.from(linesOf(report)), process.stdout, { end: false })
  else {
    if (json !== undefined) await pipeline(Readable.from(linesOf(report)), createWriteStream(json))
    process.stdout.write(`${describeReport(report)}\n`)
  }
}

interface Gathered {
  table: Table
  id: string | null
  truth: string[] | null
  ignored: string[]
}

async function gather(path: string, options: Options): Promise<Gathered> {
  const file = await openTable(path, options.separator)
  const { headers } = file
  const at = (name: string, option: string) => {
    const found = headers.findIndex((header) => header.toLowerCase() === name.trim().toLowerCase())
    if (found >= 0) return found
    throw new Refusal(
      'column_missing',
      422,
      `There is no column ${name} for ${option}: the file has ${headers.join(', ')}.`,
    )
  }
  const idAt = options.id === undefined ? -1 : at(options.id, '--id')
  const truthAt = options.truth === undefined ? -1 : at(options.truth, '--truth')
  const ignored = (options.ignore === undefined ? [] : namesIn(options.ignore, headers)).map(
    (name) => headers[at(name, '--ignore')]!,
  )
  const gatherer = gatherTable(headers)
  const progress = showProgress('bytes read')
  try {
    for await (const cells of file.rows(progress)) gatherer.add(cells)
  } finally {
    progress.end()
  }
  if (file.tooWide() > 0)
    say(`${count(file.tooWide())} rows have more cells than the header; what stands beyond it was not read.`)
  const truth: string[] = []
  const table = gatherer.finish((record, cell) => {
    if (truthAt >= 0) truth.push(cell(truthAt) || `row ${record + 1}`)
    return idAt < 0 ? String(record + 1) : cell(idAt)
  })
  if (idAt >= 0) refuseSharedIds(table, headers[idAt]!)
  return {
    table,
    id: idAt < 0 ? null : headers[idAt]!,
    truth: truthAt < 0 ? null : truth,
    ignored: truthAt < 0 ? ignored : [...ignored, headers[truthAt]!],
  }
}

function refuseSharedIds({ ids }: Table, column: string): void {
  const seen = new Map<string, number>()
  ids.forEach((id, record) => {
    const before = seen.get(id)
    if (before !== undefined)
      throw new Refusal(
        'id_shared',
        422,
        `${column} does not name every row: rows ${before + 1} and ${record + 1} below the header both have ${JSON.stringify(id)}. Leave --id out to name rows by their number.`,
      )
    seen.set(id, record)
  })
}

// One line of JSON, written in pieces: a text of all pairs of a large file would be longer than a text can be.
function* linesOf(report: DedupeReport): Generator<string> {
  const { pairs, clusters, ...rest } = report
  yield JSON.stringify(rest).slice(0, -1)
  for (const [name, list] of [['pairs', pairs] as const, ['clusters', clusters] as const]) {
    yield `,"${name}":[`
    for (let from = 0; from < list.length; from += 1_000)
      yield (
        (from > 0 ? ',' : '') +
        list
          .slice(from, from + 1_000)
          .map((item) => JSON.stringify(item))
          .join(',')
      )
    yield ']'
  }
  yield '}\n'
}

function describeReport(report: DedupeReport): string {
  const { records, subject, columns, pairs, clusters, measures, settings } = report
  const merged = pairs.filter(({ merge }) => merge).length
  const inClusters = clusters.reduce((sum, cluster) => sum + cluster.records.length, 0)
  const lines = [
    `${count(records)} records of ${subject}. Compared: ${columns.flatMap(({ column, kind }) => (kind ? [`${column} (${kind.replaceAll('_', ' ')})`] : [])).join(', ')}.`,
    `${count(pairs.length)} pairs of at least ${settings.reviewAt}, of which ${count(merged)} may be merged without a person (${settings.mergeAt}).`,
    `${count(inClusters)} records are ${count(clusters.length)} ${subject}; ${count(records - inClusters + clusters.length)} in all.`,
  ]
  const leftOut = columns.filter(({ kind }) => kind === null)
  if (leftOut.length > 0)
    lines.push(
      `Not compared: ${leftOut.map(({ column, because }) => `${column} (${reasons[because ?? ''] ?? because})`).join(', ')}.`,
    )
  for (const { a, b, probability } of pairs.slice(0, 10))
    lines.push(`  ${probability.toFixed(4)}  ${a} = ${b}`)
  if (pairs.length > 10) lines.push(`  ... ${count(pairs.length - 10)} more in the report that --json writes`)
  if (measures)
    for (const [name, { precision, recall, f1 }] of Object.entries(measures))
      lines.push(
        `${measureNames[name]}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, F1 ${f1.toFixed(4)}`,
      )
  return lines.join('\n')
}

const reasons: Record<string, string> = {
  told_to: 'as asked',
  id: 'names the row',
  empty: 'empty',
  one_value: 'the same everywhere',
  tells_when: 'says when, not who',
  link: 'links',
  said_by_first_and_last_name: 'said by first and last name',
  copy_of_another: 'a copy of another column',
}

const measureNames: Record<string, string> = {
  pairs: 'Pairs',
  merges: 'Merged without a person',
  clusterPairs: 'Pairs that the clusters imply',
  wholeClusters: 'Whole clusters',
  bCubed: 'B-cubed',
}

function probability(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('Give a probability above 0 and up to 1, such as 0.99.')
  return value
}
