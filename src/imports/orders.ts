// Joins the rows of one order into one order; order columns stand on its first row, a line item on each.
import { currencyExponent, parseMoney } from '../lib/money.ts'
import { cutText } from '../lib/csv/cut.ts'
import { readDate } from '../lib/csv/dates.ts'
import { readNumber } from '../lib/csv/values.ts'
import type {
  ColumnMapping,
  ImportItem,
  ImportTarget,
  ImportedLine,
  ImportedOrder,
  Mapping,
} from './contract.ts'
import type { ReadRow } from './mapping.ts'

export type OrderRead = { item: ImportItem } | { column: string; problem: string }

export type OrderJoin = (rows: readonly ReadRow[]) => OrderRead

/** What tells an order's rows from the next order's: its number, else its id; empty where the row has neither. */
export function orderKeyOf({ orderCells }: ReadRow): string {
  return orderCells.order_number ?? orderCells.order_id ?? ''
}

/**
 * Compiles the mapping into a function from an order's rows to the item. Of each order column the first filled cell
 * counts. A cell of the order that cannot be read refuses the whole order: an order with a guessed amount is worse
 * than one that waits in the error file.
 */
export function compileOrders(mapping: Mapping): OrderJoin {
  const columns = new Map(mapping.columns.map((column) => [column.target, column]))
  return (rows) => {
    const first = rows[0]
    if (!first) throw new Error('an order has at least one row')
    const cells: Partial<Record<ImportTarget, string>> = {}
    for (const { orderCells } of rows) {
      for (const [target, cell] of Object.entries(orderCells) as [ImportTarget, string][])
        cells[target] ??= cell
    }
    try {
      const order = readOrder({ cells, columns, mapping }, rows)
      return { item: { ...first.item, rows: rows.length, order } }
    } catch (error) {
      if (error instanceof Unreadable) return { column: error.column, problem: error.message }
      throw error
    }
  }
}

interface OrderSource {
  cells: Partial<Record<ImportTarget, string>>
  columns: ReadonlyMap<ImportTarget, ColumnMapping>
  mapping: Mapping
}

class Unreadable extends Error {
  readonly column: string

  constructor(column: string, problem: string) {
    super(problem)
    this.column = column
  }
}

function readOrder(source: OrderSource, rows: readonly ReadRow[]): ImportedOrder {
  const { cells, mapping } = source
  const currency = (cells.order_currency ?? mapping.currency ?? '').toUpperCase()
  if (currencyExponent(currency) === null) {
    throw new Unreadable(
      headerOf(source, 'order_currency'),
      currency === ''
        ? 'The order has no currency.'
        : `${cutText(currency, 20)} is not an ISO 4217 currency.`,
    )
  }
  if (cells.order_total === undefined)
    throw new Unreadable(headerOf(source, 'order_total'), 'The order has no total.')
  const totalMinor = amount(source, 'order_total', currency)
  const shippingMinor = amount(source, 'order_shipping', currency)
  const method = (cells.order_payment_method ?? '').toLowerCase()
  const number = cells.order_number ?? cells.order_id ?? ''
  return {
    externalId: cutText(cells.order_id ?? number, 200),
    number: cutText(number, 200),
    status: cutText((cells.order_status ?? 'unknown').toLowerCase(), 60),
    currency,
    totalMinor,
    subtotalMinor:
      cells.order_subtotal === undefined
        ? totalMinor - shippingMinor
        : amount(source, 'order_subtotal', currency),
    shippingMinor,
    taxMinor: amount(source, 'order_tax', currency),
    refundedMinor: amount(source, 'order_refunded', currency),
    placedAt: instant(source, 'order_placed_at') ?? refuseWithout(source, 'order_placed_at', 'date'),
    cancelledAt: instant(source, 'order_cancelled_at'),
    lines: rows.flatMap((row) => lineOf(source, row, currency)),
    isTest: (mapping.testPaymentMethods ?? []).some((mark) => method.includes(mark.toLowerCase())),
  }
}

function lineOf(source: OrderSource, { orderCells }: ReadRow, currency: string): ImportedLine[] {
  const title = orderCells.line_title ?? orderCells.line_sku
  if (title === undefined) return []
  const quantityCell = orderCells.line_quantity
  const quantity = quantityCell === undefined ? 1 : readNumber(quantityCell)
  if (quantity === null)
    throw new Unreadable(headerOf(source, 'line_quantity'), 'The quantity is not a number.')
  return [
    {
      title: cutText(title, 500),
      sku: cutText(orderCells.line_sku ?? '', 200),
      quantity,
      priceMinor: amountOf(source, 'line_price', orderCells.line_price, currency),
      discountMinor: amountOf(source, 'line_discount', orderCells.line_discount, currency),
    },
  ]
}

function amount(source: OrderSource, target: ImportTarget, currency: string): number {
  return amountOf(source, target, source.cells[target], currency)
}

function amountOf(
  source: OrderSource,
  target: ImportTarget,
  cell: string | undefined,
  currency: string,
): number {
  if (cell === undefined) return 0
  const read = parseMoney(cell, currency, source.columns.get(target)?.decimal ?? '.')
  if ('problem' in read) throw new Unreadable(headerOf(source, target), read.problem)
  return read.minor
}

function instant(source: OrderSource, target: ImportTarget): string | null {
  const cell = source.cells[target]
  if (cell === undefined) return null
  const read = readDate(cell, source.columns.get(target)?.dateOrder, source.mapping.timeZone)
  if ('problem' in read) throw new Unreadable(headerOf(source, target), read.problem)
  return read.startsAt
}

function refuseWithout(source: OrderSource, target: ImportTarget, what: string): never {
  throw new Unreadable(headerOf(source, target), `The order has no ${what}.`)
}

function headerOf({ columns }: OrderSource, target: ImportTarget): string {
  return columns.get(target)?.header ?? ''
}
