// A lead as a line of an export: the columns by name, and what each cell says. Pure.
import { csvLine } from '../../lib/csv/write.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Purpose } from '../contract.ts'
import { exportColumns } from './contract.ts'
import type { ExportRow } from './store.ts'

export interface ExportColumn {
  key: string
  label: string
  read: (row: ExportRow) => string | number | null
}

/**
 * The columns of an export, in the order asked for; all where nothing is asked.
 * Throws a Refusal (400 `column_unknown`) for a name that is no column.
 */
export function columnsOf(
  asked: readonly string[] | undefined,
  customFields: readonly { key: string; label: string }[],
): ExportColumn[] {
  const known = new Map<string, ExportColumn>()
  for (const { key, label } of exportColumns) known.set(key, { key, label, read: readerOf(key) })
  for (const { key, label } of customFields) {
    known.set(`fields.${key}`, { key: `fields.${key}`, label, read: (row) => cellOf(row.fields[key]) })
  }
  if (!asked) return [...known.values()]
  return asked.map((name) => {
    const column = known.get(name)
    if (!column) {
      throw new Refusal(
        'column_unknown',
        400,
        `There is no column ${name}. Known are ${[...known.keys()].slice(0, 60).join(', ')}.`,
      )
    }
    return column
  })
}

/** The first line; two columns of one name are told apart by their keys. */
export function headLine(columns: readonly ExportColumn[]): string {
  const isTwice = (label: string) => columns.filter((column) => column.label === label).length > 1
  return csvLine(columns.map(({ key, label }) => (isTwice(label) ? `${label} (${key})` : label)))
}

export function leadLine(columns: readonly ExportColumn[], row: ExportRow): string {
  return csvLine(columns.map(({ read }) => read(row)))
}

function readerOf(key: string): ExportColumn['read'] {
  if (key.startsWith('consent.')) {
    const purpose = key.slice('consent.'.length) as Purpose
    return (row) => row.consents[purpose] ?? null
  }
  return (row) => cellOf(row[key as keyof ExportRow])
}

function cellOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.join('; ')
  if (typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}
