// A table of a report as CSV: amounts in major units, shares as fractions, durations in days. Pure.
import { currencyExponent } from '../../lib/money.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Report, ReportColumn } from './contract.ts'

/**
 * A head and a line per row (RFC 4180), of the named table, or the first; `cards` gives the numbers above them.
 * Throws `table_missing` (404).
 */
export function reportCsv(
  { tables, cards }: Pick<Report, 'tables' | 'cards'>,
  name: string | undefined,
): string {
  if (name === 'cards') {
    const lines = cards.map((card) => {
      const column: ReportColumn = { key: 'now', ...card }
      return [card.label, card.currency ?? '', written(card.now, column), written(card.before, column)]
    })
    return csv([['Number', 'Currency', 'Now', 'Before'], ...lines])
  }
  const table = name === undefined ? tables[0] : tables.find(({ id }) => id === name)
  if (!table) {
    const names = [...tables.map(({ id }) => id), 'cards'].join(', ')
    throw new Refusal('table_missing', 404, `This report has no table of that name. It has ${names}.`)
  }
  const head = table.columns.map(({ label, currency }) => (currency ? `${label} (${currency})` : label))
  return csv([
    head,
    ...table.rows.map(({ values }) => table.columns.map((column) => written(values[column.key], column))),
  ])
}

export function csv(lines: string[][]): string {
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

function written(value: string | number | null | undefined, { kind, currency }: ReportColumn): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (kind !== 'money') return String(value)
  const exponent = currencyExponent(currency ?? '') ?? 2
  return (value / 10 ** exponent).toFixed(exponent)
}

// What a spreadsheet would take for a formula is a text.
function quoted(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
