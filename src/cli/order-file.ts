// Reads orders, one a row, from a CSV file of one's own: who, when, how much.
import { dateOrderOf, readDate } from '../lib/csv/dates.ts'
import type { DateOrder } from '../lib/csv/dates.ts'
import { readNumber } from '../lib/csv/values.ts'
import { decimalSeparatorOf } from '../lib/money.ts'
import type { DecimalSeparator } from '../lib/money.ts'
import { Refusal } from '../lib/refusal.ts'
import type { PlacedOrder } from '../projections/journey/value/index.ts'
import { showProgress } from './say.ts'
import { openTable } from './table-file.ts'
import type { TableFile } from './table-file.ts'

export interface OrderFileOptions {
  customer: string
  date: string
  amount: string
  dateOrder?: 'DMY' | 'MDY'
  separator?: string
}

/** Amounts are whole ten-thousandths, so that sums of any currency's decimals are exact. */
export const amountScale = 10_000

export interface OrderFile {
  orders: PlacedOrder[]
  /** the currency that most rows are in; empty where the file has no column `currency` */
  currency: string
  rows: number
  /** rows that could not be read, and the first of them */
  rejected: number
  problems: { row: number; problem: string }[]
  /** amounts below zero, as read, and what of them exceeded all orders before */
  refunds: number
  unmatchedRefunds: number
  lastDay: number
}

/**
 * Reads all rows. Columns are found by name, whatever its case; a column `currency` is used where there is one. An amount
 * below zero is a refund: it is taken off the customer's latest order on or before its day, what is left off the one
 * before. Refuses a file without the columns or without a row that can be read.
 */
export async function readOrders(path: string, options: OrderFileOptions): Promise<OrderFile> {
  const table = await openTable(path, options.separator)
  const columns = {
    customer: columnOf(table, options.customer, 'customer'),
    date: columnOf(table, options.date, 'date'),
    amount: columnOf(table, options.amount, 'amount'),
    currency: table.headers.findIndex((header) => header.toLowerCase() === 'currency'),
  }
  const { order, decimal } = await settle(table, columns.date, columns.amount)
  const reading = { order: options.dateOrder ?? order ?? undefined, decimal: decimal ?? '.' }
  const perCustomer = new Map<string, PlacedOrder[]>()
  const perCurrency = new Map<string, number>()
  const file: OrderFile = {
    orders: [],
    currency: '',
    rows: 0,
    rejected: 0,
    problems: [],
    refunds: 0,
    unmatchedRefunds: 0,
    lastDay: -Infinity,
  }
  const progress = showProgress('bytes read')
  try {
    for await (const cells of table.rows(progress)) {
      file.rows++
      const read = readRow(cells, columns, reading)
      if ('problem' in read) {
        file.rejected++
        if (file.problems.length < 20) file.problems.push({ row: file.rows, problem: read.problem })
        continue
      }
      file.lastDay = Math.max(file.lastDay, read.day)
      perCurrency.set(read.currency, (perCurrency.get(read.currency) ?? 0) + 1)
      const known = perCustomer.get(read.buyerId)
      if (known) known.push(read)
      else perCustomer.set(read.buyerId, [read])
    }
  } finally {
    progress.end()
  }
  if (perCustomer.size === 0) {
    const why = file.problems[0]
    throw new Refusal(
      'orders_unreadable',
      422,
      why
        ? `No row could be read. The first one: ${why.problem}`
        : 'The file has a header and no row below it.',
    )
  }
  for (const orders of perCustomer.values()) {
    const kept = takeRefunds(orders, file)
    for (const one of kept) file.orders.push(one)
  }
  file.currency = [...perCurrency].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
  return file
}

function columnOf({ headers }: TableFile, name: string, option: string): number {
  const found = headers.findIndex((header) => header.toLowerCase() === name.toLowerCase())
  if (found >= 0) return found
  throw new Refusal(
    'column_missing',
    422,
    `The file has no column ${JSON.stringify(name)}, only ${headers.slice(0, 12).join(', ')}: name the one that holds it with --${option}.`,
  )
}

// Reads until the order of day and month and the decimal separator are settled, mostly a row or two.
async function settle(
  table: TableFile,
  date: number,
  amount: number,
): Promise<{ order: DateOrder | null; decimal: DecimalSeparator | null }> {
  let order: DateOrder | null = null
  let decimal: DecimalSeparator | null = null
  const silent = { update: () => undefined, end: () => undefined }
  for await (const cells of table.rows(silent)) {
    order ??= compactDate.test((cells[date] ?? '').trim()) ? 'YMD' : dateOrderOf([cells[date] ?? ''])
    decimal ??= decimalSeparatorOf([cells[amount] ?? ''])
    if (order && decimal) break
  }
  return { order, decimal }
}

const compactDate = /^(\d{4})(\d{2})(\d{2})$/

function readRow(
  cells: readonly string[],
  columns: { customer: number; date: number; amount: number; currency: number },
  reading: { order: DateOrder | undefined; decimal: DecimalSeparator },
): PlacedOrder | { problem: string } {
  const buyerId = (cells[columns.customer] ?? '').trim()
  if (buyerId === '') return { problem: 'The row names no customer.' }
  const written = (cells[columns.date] ?? '').trim().replace(compactDate, '$1-$2-$3')
  const date = readDate(written, reading.order, 'UTC')
  if ('problem' in date) {
    const hint = written !== '' && !reading.order ? ' Say which with --date-order DMY or MDY.' : ''
    return { problem: `${date.problem}${hint}` }
  }
  const amount = readNumber((cells[columns.amount] ?? '').trim(), reading.decimal)
  if (amount === null) return { problem: 'The row holds no amount that can be read.' }
  const amountMinor = Math.round(amount * amountScale)
  if (!Number.isSafeInteger(amountMinor)) return { problem: 'The amount is too large.' }
  return {
    buyerId,
    day: Date.parse(`${date.on}T00:00:00Z`) / 86_400_000,
    amountMinor,
    refundedMinor: 0,
    currency: columns.currency < 0 ? '' : (cells[columns.currency] ?? '').trim().toUpperCase(),
  }
}

function takeRefunds(rows: PlacedOrder[], file: OrderFile): PlacedOrder[] {
  const refunds = rows.filter(({ amountMinor }) => amountMinor < 0)
  if (refunds.length === 0) return rows
  const orders = rows.filter(({ amountMinor }) => amountMinor >= 0).sort((a, b) => b.day - a.day)
  for (const { day, amountMinor, currency } of refunds.sort((a, b) => a.day - b.day)) {
    file.refunds++
    let left = -amountMinor
    for (const order of orders) {
      if (left === 0) break
      if (order.day > day || order.currency !== currency) continue
      const taken = Math.min(left, order.amountMinor - order.refundedMinor)
      order.refundedMinor += taken
      left -= taken
    }
    if (left > 0) file.unmatchedRefunds++
  }
  return orders
}
