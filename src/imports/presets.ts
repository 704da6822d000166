// Suggests how a file's columns are read: by the export it is, by its headers, and by what stands in its cells.
import { exportPresets } from '../connectors/index.ts'
import type { ExportPreset, ImportTarget } from '../connectors/contract.ts'
import { cutText } from '../lib/csv/cut.ts'
import { dateOrderOf, looksLikeDate } from '../lib/csv/dates.ts'
import { readNumber, readYesNo } from '../lib/csv/values.ts'
import { decimalSeparatorOf } from '../lib/money.ts'
import type { ColumnMapping, DateOrder, ImportedField, Mapping } from './contract.ts'
import { fieldKeyOf } from './file.ts'
import { headerWords, targetOfHeader } from './headers.ts'

export interface Sample {
  headers: readonly string[]
  /** the first data rows */
  rows: readonly (readonly string[])[]
  /** of columns that were watched over the whole file, one cell of each shape (columns.ts) */
  examples?: ReadonlyMap<number, readonly string[]>
}

/** A custom field of the workspace; a column that is called as one that was merged into it fills it, too. */
export interface KnownField extends ImportedField {
  formerKeys?: readonly string[]
}

export interface Surroundings {
  region: string | null
  timeZone: string
  /** custom fields that the workspace has: a column of the same name fills them in their type */
  fields: readonly KnownField[]
}

/** The export whose signs all stand among the headers, the one with the most signs first; null for any other file. */
export function recogniseExport(headers: readonly string[]): ExportPreset | null {
  const present = new Set(headers.map((header) => header.toLowerCase().trim()))
  const fitting = exportPresets.filter((preset) => preset.signs.every((sign) => present.has(sign)))
  return fitting.sort((a, b) => b.signs.length - a.signs.length)[0] ?? null
}

/** A mapping for every column of the file. What no rule knows becomes a custom field of contacts; of orders, nothing. */
export function suggestMapping(sample: Sample, around: Surroundings): Mapping {
  const preset = recogniseExport(sample.headers)
  const kind = preset?.kind ?? 'contacts'
  const taken = new Set<ImportTarget>()
  const keys = new Set<string>()
  const targets = sample.headers.map((header) => {
    const told = preset?.columns[header.toLowerCase().trim()]
    const target = told ?? targetOfHeader(header)
    if (target === null || (taken.has(target) && !repeatable.has(target))) return null
    taken.add(target)
    return target
  })
  if (!taken.has('email')) {
    const index = targets.findIndex((target, column) => target === null && holdsAddresses(sample, column))
    if (index >= 0) targets[index] = 'email'
  }
  const columns = sample.headers.map((header, index): ColumnMapping => {
    const values = sampleOf(sample, index)
    const target = targets[index] ?? (kind === 'contacts' && values.length > 0 ? 'custom' : 'ignore')
    const prefix = preset?.prefixes?.[header.toLowerCase().trim()]
    const column: ColumnMapping = { header, target, ...(prefix ? { prefix } : {}) }
    const stages = preset?.stages?.[header.toLowerCase().trim()]
    if (target === 'custom' && stages && !keys.has('stage')) {
      keys.add('stage')
      return { ...column, key: 'stage', label: 'Stage', type: 'text', words: { ...stages } }
    }
    if (target === 'custom')
      return { ...column, ...customColumn(header, index, values, keys, preset, around) }
    if (instants.has(target)) return withDateOrder(column, values, preset, around)
    if (amounts.has(target)) return { ...column, decimal: decimalSeparatorOf(values) ?? '.' }
    if (target === 'phone' && preset?.phonesLackPlus) return { ...column, lacksPlus: true }
    return column
  })
  return {
    kind,
    preset: preset?.id ?? 'generic',
    idSpace: preset?.idSpace ?? 'csv',
    region: around.region,
    timeZone: preset?.timeZone ?? around.timeZone,
    columns,
    ...(preset?.testPaymentMethods ? { testPaymentMethods: [...preset.testPaymentMethods] } : {}),
  }
}

/** The columns whose cells decide how they are read: their type, their decimal separator, their order of day and month. */
export function columnsToWatch(mapping: Mapping): number[] {
  return mapping.columns.flatMap(({ target, words }, index) =>
    (target === 'custom' && !words) || target === 'ignore' || instants.has(target) || amounts.has(target)
      ? [index]
      : [],
  )
}

/** Why a file cannot be imported with this mapping, in a sentence; null where it can. */
export function obstacleOf(mapping: Mapping): string | null {
  const targets = new Set(mapping.columns.map((column) => column.target))
  const names = ['email', 'phone', 'user_id', 'vendor_customer_id'] as const
  if (!names.some((name) => targets.has(name))) {
    return 'No column holds an e-mail address, a phone number or an id, so nobody could be recognised. Choose the column that does, or export the file with one.'
  }
  for (const column of mapping.columns) {
    if (repeatable.has(column.target)) continue
    if (mapping.columns.some((other) => other !== column && other.target === column.target)) {
      return `Two columns fill ${column.target.replaceAll('_', ' ')}; choose one of them.`
    }
  }
  if (mapping.columns.some((column) => column.target === 'custom' && !column.key)) {
    return 'A column that fills a custom field needs the key of that field.'
  }
  if (mapping.kind === 'contacts') return null
  if (!targets.has('order_number') && !targets.has('order_id')) {
    return 'No column holds the number of the order. Choose it, or import the file as contacts.'
  }
  if (!targets.has('order_total')) return 'No column holds the total of the order. Choose it.'
  if (!targets.has('order_placed_at')) return 'No column holds the date of the order. Choose it.'
  if (!targets.has('order_currency') && !mapping.currency) {
    return 'No column holds the currency. Choose it, or name one currency for the file.'
  }
  return null
}

/** The custom fields that a mapping fills. */
export function fieldsOf(mapping: Mapping): ImportedField[] {
  return mapping.columns.flatMap(({ target, key, label, header, type }) =>
    target === 'custom' && key ? [{ key, label: label ?? cutText(header, 100), type: type ?? 'text' }] : [],
  )
}

const repeatable = new Set<ImportTarget>(['ignore', 'custom', 'email_consent_proof'])
const instants = new Set<ImportTarget>([
  'created_at',
  'email_consent_at',
  'email_unsubscribed_at',
  'sms_consent_at',
  'order_placed_at',
  'order_cancelled_at',
])
const amounts = new Set<ImportTarget>([
  'order_total',
  'order_subtotal',
  'order_shipping',
  'order_tax',
  'order_refunded',
  'line_price',
  'line_discount',
])

function sampleOf(sample: Sample, column: number): string[] {
  const cells = sample.rows.map((row) => row[column] ?? '')
  return [...cells, ...(sample.examples?.get(column) ?? [])]
    .map((cell) => cell.trim())
    .filter((cell) => cell !== '')
}

function holdsAddresses(sample: Sample, column: number): boolean {
  const values = sampleOf(sample, column)
  return (
    values.length > 0 &&
    values.filter((value) => /^[^\s@]+@[^\s@]+\.\w+$/.test(value)).length > values.length * 0.7
  )
}

function customColumn(
  header: string,
  index: number,
  values: string[],
  keys: Set<string>,
  preset: ExportPreset | null,
  around: Surroundings,
): Partial<ColumnMapping> {
  const given = fieldKeyOf(header) || `column_${index + 1}`
  const base = around.fields.find(({ formerKeys }) => formerKeys?.includes(given))?.key ?? given
  let key = base
  for (let count = 2; keys.has(key); count++) key = `${base}_${count}`
  keys.add(key)
  const known = around.fields.find((field) => field.key === key)
  const label = known?.label ?? cutText(header, 100)
  const type = known?.type ?? typeOf(header, values, preset, around)
  if (type === 'number') return { key, label, type, decimal: decimalSeparatorOf(values) ?? '.' }
  if (type === 'date') return { key, label, type, ...orderFor(values, preset, around) }
  return { key, label, type }
}

// Codes and numbers that only look like quantities: a leading zero or the ninth digit of an id must not be lost.
const codeHeader =
  /(^| )(zip|postal|postcode|plz|postnummer|phone|tel|id|no|nr|number|nummer|code|kod|sku|vat)( |$)/

function typeOf(
  header: string,
  values: string[],
  preset: ExportPreset | null,
  around: Surroundings,
): ImportedField['type'] {
  if (values.length === 0) return 'text'
  if (values.every((value) => readYesNo(value) !== null && !/^[01x]$/i.test(value))) return 'boolean'
  if (values.every(looksLikeDate) && orderFor(values, preset, around).dateOrder) return 'date'
  if (codeHeader.test(headerWords(header)) || values.some((value) => /^[+']|^0\d|\d{12}/.test(value)))
    return 'text'
  const decimal = decimalSeparatorOf(values) ?? '.'
  return values.every((value) => readNumber(value, decimal) !== null) ? 'number' : 'text'
}

function withDateOrder(
  column: ColumnMapping,
  values: string[],
  preset: ExportPreset | null,
  around: Surroundings,
): ColumnMapping {
  return { ...column, ...orderFor(values, preset, around) }
}

function orderFor(
  values: string[],
  preset: ExportPreset | null,
  around: Surroundings,
): { dateOrder?: DateOrder } {
  const settled = dateOrderOf(values) ?? preset?.dateOrder
  if (settled) return { dateOrder: settled }
  if (values.every((value) => !/^\d{1,2}[-/.]/.test(value))) return { dateOrder: 'YMD' }
  if (values.every((value) => value.includes('.')) || (around.region && around.region !== 'US')) {
    return { dateOrder: 'DMY' }
  }
  return around.region === 'US' ? { dateOrder: 'MDY' } : {}
}
