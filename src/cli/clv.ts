// `throughline clv`: lifetime value and churn risk from a file of orders, by the product's own models, tested on a holdout.
import { createWriteStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { Option } from 'commander'
import type { Command } from 'commander'
import { Refusal } from '../lib/refusal.ts'
import {
  defaultStudySettings,
  orderDaysOf,
  studyOrders,
  studySteps,
} from '../projections/journey/value/index.ts'
import type { Judged, OrderDays, Study, StudySettings } from '../projections/journey/value/index.ts'
import { amountScale, readOrders } from './order-file.ts'
import type { OrderFile, OrderFileOptions } from './order-file.ts'
import { count, say, showProgress } from './say.ts'

interface Options extends OrderFileOptions {
  holdout?: string
  churnHorizon?: string
  horizon: string
  model: 'mbg' | 'bg' | 'pareto'
  discount: string
  margin: string
  json?: string
}

export function addClv(program: Command): void {
  program
    .command('clv')
    .description('lifetime value and churn risk from a CSV file of orders, tested on its last part')
    .argument('<file>', 'CSV with a header and an order a row; an amount below zero is a refund')
    .option(
      '--holdout <time>',
      'the last part of the data, such as 39w, that no model sees and all are tested on',
    )
    .option(
      '--churn-horizon <time>',
      'how long without an order counts as lost, such as 180d; usual for the shop',
    )
    .option('--horizon <time>', 'how far ahead value is counted', '365d')
    .addOption(
      new Option('--model <model>', 'of repeat buying: MBG/NBD, BG/NBD or Pareto/NBD')
        .choices(['mbg', 'bg', 'pareto'])
        .default('mbg'),
    )
    .option('--discount <share>', 'by how much a year makes value less', '0.1')
    .option('--margin <share>', 'what is left of revenue; 1 makes value mean revenue', '1')
    .option('--customer <column>', 'who ordered', 'customer')
    .option('--date <column>', 'when', 'date')
    .option('--amount <column>', 'for how much', 'amount')
    .addOption(
      new Option('--date-order <order>', 'of day and month, where no date tells').choices(['DMY', 'MDY']),
    )
    .option('--separator <sign>', 'between cells: , ; | or tab; detected unless told')
    .option('--json <out>', 'write the whole report to this file, or to the standard output with -')
    .action(clv)
}

async function clv(path: string, options: Options): Promise<void> {
  const settings = settingsOf(options)
  if (options.json !== undefined && options.json !== '-') await refuseUnwritable(options.json)
  const file = await readOrders(path, options)
  const buyers = orderDaysOf(file.orders, file.currency)
  refuseLongHoldout(buyers, file.lastDay, settings)
  if (file.rejected > 0)
    say(
      `${count(file.rejected)} of ${count(file.rows)} rows could not be read: ${file.problems[0]?.problem ?? ''}`,
    )
  const study = await studied(buyers, file.lastDay, settings)
  if (options.json === '-')
    await pipeline(reportOf(file, buyers, study, settings), process.stdout, { end: false })
  else {
    if (options.json !== undefined)
      await pipeline(reportOf(file, buyers, study, settings), createWriteStream(options.json))
    process.stdout.write(`${describe(study)}\n`)
  }
}

function settingsOf(options: Options): StudySettings {
  return {
    ...defaultStudySettings,
    holdoutDays: options.holdout === undefined ? null : daysIn(options.holdout, 'holdout'),
    churnHorizonDays:
      options.churnHorizon === undefined ? null : daysIn(options.churnHorizon, 'churn-horizon'),
    horizonDays: daysIn(options.horizon, 'horizon'),
    model: `${options.model}_nbd`,
    yearlyDiscount: shareIn(options.discount, 'discount', 10),
    margin: shareIn(options.margin, 'margin', 1),
  }
}

function daysIn(text: string, option: string): number {
  const [, number, unit] = /^(\d{1,5})([dw])$/.exec(text.trim().toLowerCase()) ?? []
  const days = Number(number) * (unit === 'w' ? 7 : 1)
  if (days >= 1 && days <= 36_500) return days
  throw new Refusal(
    'time_unreadable',
    422,
    `--${option} cannot be ${text}: give days or weeks, such as 180d or 39w.`,
  )
}

function shareIn(text: string, option: string, most: number): number {
  const share = Number(text)
  if (text.trim() !== '' && share >= 0 && share <= most) return share
  throw new Refusal(
    'share_unreadable',
    422,
    `--${option} cannot be ${text}: give a number from 0 to ${most}, such as 0.1.`,
  )
}

function refuseLongHoldout(buyers: OrderDays, lastDay: number, { holdoutDays }: StudySettings): void {
  if (holdoutDays === null) return
  for (const days of buyers.values()) if ((days[0]?.day ?? Infinity) <= lastDay - holdoutDays) return
  throw new Refusal(
    'holdout_too_long',
    422,
    `A holdout of ${count(holdoutDays)} days leaves no order before it: give a shorter one.`,
  )
}

async function studied(buyers: OrderDays, lastDay: number, settings: StudySettings): Promise<Study> {
  const progress = showProgress('steps')
  const steps = studyOrders(buyers, lastDay, settings)
  try {
    for (let done = 1; ; done++) {
      const step = steps.next()
      progress.update(step.done ? studySteps : done, studySteps)
      if (step.done) return step.value
      await setImmediate()
    }
  } finally {
    progress.end()
  }
}

function reportOf(file: OrderFile, buyers: OrderDays, study: Study, settings: StudySettings): Readable {
  return Readable.from(piecesOf(file, buyers, study, settings))
}

// Customers one by one, so that a million of them are never one text.
function* piecesOf(
  file: OrderFile,
  buyers: OrderDays,
  study: Study,
  settings: StudySettings,
): Generator<string> {
  const { outlook, churn } = study
  const { shop, buying } = outlook
  const head = {
    file: {
      rows: file.rows,
      rejected: file.rejected,
      problems: file.problems,
      refunds: file.refunds,
      unmatchedRefunds: file.unmatchedRefunds,
      currency: file.currency === '' ? null : file.currency,
    },
    asOf: dateOf(outlook.asOfDay),
    settings: { ...settings, horizonDays: outlook.settings.horizonDays },
    guard: { verdict: outlook.verdict, sentence: outlook.sentence, warnings: outlook.warnings },
    shop: {
      buyers: shop.buyers,
      payingBuyers: shop.payingBuyers,
      orderDays: shop.orderDays,
      historyDays: shop.historyDays,
      revenue: money(shop.spentMinor),
      meanOrder: shop.meanOrderMinor === null ? null : money(shop.meanOrderMinor),
      meanBuyer: shop.meanBuyerMinor === null ? null : money(shop.meanBuyerMinor),
    },
    models: study.models,
    spend: buying && spendIn(buying.spend),
    repeats: study.repeats,
    holdout: study.holdout,
    churn: {
      horizonDays: churn.outlook.horizonDays,
      method: churn.outlook.used?.method ?? null,
      sentence: churn.outlook.sentence,
      holdout: churn.holdout,
      lastHorizon: churn.lastHorizon && {
        asOf: dateOf(churn.lastHorizon.asOfDay),
        by: churn.lastHorizon.by,
      },
    },
  }
  yield `${JSON.stringify(head).slice(0, -1)},"customers":[`
  let isFirst = true
  for (const customer of buyers.keys()) {
    const buyer = study.buyerOf(customer)
    if (!buyer) continue
    const { standing, predicted } = buyer
    const inDays = predicted?.nextOrderInDays ?? null
    const row = {
      customer,
      repeats: standing.repeats,
      recencyWeeks: standing.recencyWeeks,
      ageWeeks: standing.ageWeeks,
      meanRepeat: standing.spend.repeats > 0 ? money(standing.spend.meanMinor) : null,
      historicValue: money(buyer.historicMinor),
      aliveChance: predicted?.aliveChance ?? null,
      expectedOrders: buyer.expectedOrders,
      actualOrders: buyer.actualOrders,
      expectedSpend: predicted && money(predicted.spendMinor),
      predictedValue: predicted && money(predicted.valueMinor),
      nextOrderOn: inDays === null ? null : dateOf(outlook.asOfDay + inDays),
      churnRisk: buyer.churn?.risk ?? null,
      churnBand: buyer.churn?.band ?? null,
    }
    yield `${isFirst ? '' : ','}\n${JSON.stringify(row)}`
    isFirst = false
  }
  yield '\n]}\n'
}

function spendIn(spend: NonNullable<Study['outlook']['buying']>['spend']): object {
  if (spend.name === 'shrunken_mean') {
    const { name, middleMinor, correlation, rejected } = spend
    return { name, middle: money(middleMinor), correlation, rejected: rejected && inUnits(rejected) }
  }
  const { name, parameters, spenders, correlation } = spend
  const logLikelihood = spend.logLikelihood + spenders * Math.log(amountScale)
  return { name, parameters: inUnits(parameters), logLikelihood, spenders, correlation }
}

// Gamma is an amount: in the file's unit, as p and q have none.
function inUnits({ p, q, gamma }: { p: number; q: number; gamma: number }): object {
  return { p, q, gamma: gamma / amountScale }
}

function describe({ outlook, models, holdout, churn }: Study): string {
  const lines = [
    `${count(outlook.shop.buyers)} customers with ${count(outlook.shop.orderDays)} days with an order, as of ${dateOf(outlook.asOfDay)}.`,
    outlook.sentence,
    ...outlook.warnings,
  ]
  for (const { name, isUsed, isDegenerate, parameters, logLikelihood, holdout: fit } of models) {
    const values = Object.entries(parameters).map(([key, value]) => `${key} ${value.toFixed(3)}`)
    lines.push(
      `${isUsed ? '*' : ' '} ${name}: ${values.join(', ')}; log-likelihood ${logLikelihood.toFixed(1)}${
        isDegenerate ? '; degenerate' : ''
      }${fit ? `; holdout ${fit.expected.toFixed(1)} of ${count(fit.actual)}, off by ${fit.meanAbsoluteError.toFixed(3)} on average` : ''}`,
    )
  }
  if (holdout) lines.push(`No order in the ${count(holdout.days)} days held out: ${figures(holdout.noOrder)}`)
  lines.push(churn.outlook.sentence)
  if (churn.holdout) lines.push(`  in the holdout: ${figures(churn.holdout)}`)
  for (const [method, judged] of Object.entries(churn.lastHorizon?.by ?? {})) {
    lines.push(`  on the last ${count(churn.outlook.horizonDays)} days, ${method}: ${figures(judged)}`)
  }
  return lines.join('\n')
}

function figures({ auc, brier, happened }: Judged): string {
  return `AUC ${auc === null ? 'none' : auc.toFixed(4)}, Brier ${brier.toFixed(4)}, lost ${(100 * happened).toFixed(1)} %.`
}

function money(minor: number): number {
  return Math.round(minor) / amountScale
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

async function refuseUnwritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch(() => {
    throw new Refusal(
      'folder_missing',
      404,
      `${path} cannot be written: there is no folder ${dirname(path)}, or it is not yours to write to.`,
    )
  })
}
