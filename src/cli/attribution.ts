// `throughline attribution`: what each channel earned, under every model, from a CSV file of touches or of paths.
import { writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { attributionModels, modelSettingsSchema } from '../projections/attribution/contract.ts'
import type { AttributionModel, ModelSettings } from '../projections/attribution/contract.ts'
import { createReport } from '../projections/attribution/index.ts'
import type { ModelCredit, Report } from '../projections/attribution/index.ts'
import { isZone } from '../lib/instant.ts'
import { Refusal } from '../lib/refusal.ts'
import { kindOf, readPaths, readTime, readTouches } from './attribution-files.ts'
import type { ReadFile, ReadOptions } from './attribution-files.ts'
import { count, readAs, say, showProgress } from './say.ts'
import { openTable } from './table-file.ts'
import type { TableFile } from './table-file.ts'

interface Options extends ReadOptions {
  models: string
  order?: string
  halfLife: string
  positionWeights?: number[]
  wWeights?: number[]
  intervals?: true | string
  json?: string
}

const DAY_MS = 86_400_000

export function addAttribution(program: Command): void {
  program
    .command('attribution')
    .description('share the credit for conversions among channels, from a CSV file of touches or of paths')
    .argument(
      '<file>',
      'touch rows (person, occurred_at, channel, conversion, value) or paths (path, conversions)',
    )
    .option('--models <models>', `all, or some of ${attributionModels.join(', ')}, by commas`, 'all')
    .option('--lookback <time>', 'how old a touch may be at the conversion, such as 30d, or none', '30d')
    .addOption(
      new Option('--repeat <how>', 'whether a conversion may use the touches of the one before')
        .choices(['restart', 'reuse'])
        .default('restart'),
    )
    .option('--session <time>', 'the pause within which touches of a channel are one, or none', '30m')
    .option('--separator <sign>', 'what stands between the channels of a path', ' > ')
    .addOption(new Option('--order <k>', 'Markov of this order alone').choices(['1', '2', '3']))
    .option('--half-life <time>', 'time decay: the age that halves a touch', '7d')
    .option('--position-weights <weights>', 'position: first, middle and last, such as 0.4,0.2,0.4', numbers)
    .option('--w-weights <weights>', 'w_shaped: first, lead, opportunity and rest', numbers)
    .option(
      '--intervals [which]',
      '95 % intervals of markov_1 and shapley; all: of markov_2 and markov_3, too',
    )
    .option('--zone <zone>', 'whose clocks times without an offset show', 'UTC')
    .option('--json <out>', 'write everything as JSON into this file, - for the standard output')
    .action(attributeFile)
}

async function attributeFile(path: string, options: Options): Promise<void> {
  if (!isZone(options.zone))
    throw new Refusal(
      'zone_unknown',
      422,
      `There is no time zone ${options.zone}: name one, such as Europe/Berlin.`,
    )
  const models = readModels(options)
  const settings = readModelSettings(options)
  const table = await openTable(path)
  const kind = kindOf(table.headers)
  const file = kind === 'touches' ? await readTouches(table, options) : await readPaths(table, options)
  const intervals = intervalsOf(models, options)
  const report = createReport({ ...file, hasTimes: kind === 'touches', models, settings, intervals })
  file.into(report)
  for (const remark of [...file.remarks(), ...remarksOn(table)]) say(remark)
  const found = {
    kind,
    settings: { ...file.settings, ...settings },
    ...summaryOf(report, file, models.length),
  }
  if (options.json === '-') process.stdout.write(`${JSON.stringify(found)}\n`)
  else {
    if (options.json !== undefined) await writeResult(options.json, `${JSON.stringify(found, null, 1)}\n`)
    process.stdout.write(`${describe(found)}\n`)
  }
}

function readModels({ models, order }: Options): AttributionModel[] {
  const asked = models.split(',').map((name) => name.trim().toLowerCase().replaceAll('-', '_'))
  const chosen = new Set<AttributionModel>()
  for (const name of asked) {
    const found = attributionModels.filter(
      (model) => name === 'all' || name === model || (name === 'markov' && model === `markov_${order ?? 1}`),
    )
    if (found.length === 0)
      throw new Refusal(
        'model_unknown',
        422,
        `There is no model ${name || '""'}: name some of ${attributionModels.join(', ')}, or all.`,
      )
    for (const model of found)
      if (order === undefined || !model.startsWith('markov_') || model.endsWith(order)) chosen.add(model)
  }
  return attributionModels.filter((model) => chosen.has(model))
}

function readModelSettings({ halfLife, positionWeights, wWeights }: Options): ModelSettings {
  const [first, middle, last] = positionWeights ?? []
  const [start, lead, opportunity, rest] = wWeights ?? []
  return readAs(
    modelSettingsSchema,
    {
      halfLifeDays: (readTime('--half-life', halfLife) ?? Infinity) / DAY_MS,
      ...(positionWeights ? { positionWeights: { first, middle, last } } : {}),
      ...(wWeights ? { wWeights: { first: start, lead, opportunity, rest } } : {}),
    },
    'The settings',
  )
}

function intervalsOf(models: AttributionModel[], { intervals }: Options): AttributionModel[] {
  if (typeof intervals === 'string' && intervals !== 'all')
    throw new Refusal(
      'intervals_unknown',
      422,
      `--intervals takes nothing or all, not ${intervals}: name the models with --models.`,
    )
  const asked: AttributionModel[] = ['markov_1', 'shapley']
  if (intervals === 'all') asked.push('markov_2', 'markov_3')
  return intervals === undefined ? [] : models.filter((model) => asked.includes(model))
}

function summaryOf(report: Report, file: ReadFile, asked: number) {
  const scale = 10 ** file.decimals
  const totals = report.totals()
  const progress = showProgress('models')
  const unsupported = report.unsupported()
  const models = []
  for (const credit of report.credits()) {
    models.push(presentModel(credit, totals.conversions + totals.nulls, scale))
    progress.update(models.length, asked - unsupported.length)
  }
  progress.end()
  return {
    totals: {
      conversions: totals.conversions,
      value: totals.valueMinor / scale,
      valueDecimals: file.decimals,
      nulls: totals.nulls,
      paths: totals.paths,
      unattributed: {
        conversions: totals.unattributed.conversions,
        value: totals.unattributed.valueMinor / scale,
      },
    },
    journeys: file.journeys(),
    models,
    unsupported,
  }
}

function presentModel({ model, channels, ...rest }: ModelCredit, journeys: number, scale: number) {
  const isHighOrder = model === 'markov_2' || model === 'markov_3'
  return {
    model,
    ...rest,
    ...(isHighOrder && journeys < 10_000
      ? { caution: `Orders above 1 want 10,000 journeys; these are ${count(journeys)}.` }
      : {}),
    channels: channels.map(({ channel, conversions, valueMinor, ledger, ...more }) => ({
      channel,
      conversions,
      value: valueMinor / scale,
      ledger: { conversionMillionths: ledger.countUnits, valueUnits: ledger.valueMinor },
      ...more,
    })),
  }
}

function describe({ totals, models, unsupported }: ReturnType<typeof summaryOf>): string {
  const names = [...new Set(models.flatMap(({ channels }) => channels.map(({ channel }) => channel)))]
  const [first] = models
  const byWorth = (name: string) => first?.channels.find(({ channel }) => channel === name)?.conversions ?? 0
  names.sort((a, b) => byWorth(b) - byWorth(a))
  const wide = Math.max(10, ...names.map((name) => name.length))
  const lines = names.map((name) => {
    const cells = models.map(({ channels }) => {
      const credit = channels.find(({ channel }) => channel === name)
      return (credit ? credit.conversions.toFixed(1) : '-').padStart(16)
    })
    return name.padEnd(wide) + cells.join('')
  })
  return [
    `${count(totals.conversions)} conversions worth ${totals.value.toFixed(Math.min(2, totals.valueDecimals))}, ${count(totals.nulls)} journeys without one. Conversions credited:`,
    ' '.repeat(wide) + models.map(({ model }) => model.padStart(16)).join(''),
    ...lines,
    ...models.flatMap((model) => ('caution' in model ? [`${model.model}: ${model.caution}`] : [])),
    ...unsupported.map(({ model, reason }) => `Left out ${model}: ${reason}`),
  ].join('\n')
}

function remarksOn(table: TableFile): string[] {
  const surplus = table.tooWide()
  return surplus > 0
    ? [`${count(surplus)} rows have more cells than the header; the surplus was left out.`]
    : []
}

async function writeResult(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      'file_unwritable',
      422,
      `${path} cannot be written (${error.code}): name another file with --json.`,
    )
  })
}

function numbers(text: string): number[] {
  const list = text.split(',').map(Number)
  if (list.some((number) => !Number.isFinite(number)))
    throw new InvalidArgumentError('Write weights with commas between them, such as 0.4,0.2,0.4.')
  return list
}
