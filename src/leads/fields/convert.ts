// Whether a value is of a field's type, and what it becomes where it can be read as one. Pure.
import { DAY, INSTANT } from '../../conditions/index.ts'
import { dateOrderOf, readDate } from '../../lib/csv/dates.ts'
import { readNumber, readYesNo } from '../../lib/csv/values.ts'
import { decimalSeparatorOf } from '../../lib/money.ts'
import type { FieldType, Reading } from './contract.ts'

export type FieldValue = string | number | boolean

/** True where filters take the value for one of the type. */
export function isOfType(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && (DAY.test(value) || INSTANT.test(value))
  }
}

/**
 * The value as one of the type, or null where it cannot be read as one without losing something: `007` and a number of more
 * than 15 digits are codes, and stay texts. Yes and no are 1 and 0 as numbers, `Yes` and `No` as texts.
 * @param timeZone IANA: in which times without an offset are meant
 */
export function convertValue(
  value: unknown,
  type: FieldType,
  reading: Reading,
  timeZone: string,
): FieldValue | null {
  if (isOfType(value, type)) return value as FieldValue
  switch (type) {
    case 'text':
      return typeof value === 'number'
        ? String(value)
        : typeof value === 'boolean'
          ? value
            ? 'Yes'
            : 'No'
          : null
    case 'number':
      if (typeof value === 'boolean') return value ? 1 : 0
      if (typeof value !== 'string' || CODE.test(value)) return null
      return readNumber(value.trim(), reading.decimal ?? '.')
    case 'boolean':
      if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : null
      return typeof value === 'string' ? readYesNo(value.trim()) : null
    case 'date': {
      if (typeof value !== 'string') return null
      const read = readDate(value, reading.dateOrder, timeZone)
      return 'problem' in read ? null : (read.at ?? read.on)
    }
  }
}

/**
 * A value that came in, as a field takes it whose type a person chose: what can be read in one way only is read, the rest is
 * kept as it came.
 */
export function settledValue(value: FieldValue, type: FieldType): FieldValue {
  if (type === 'date') return value
  if (type === 'number' && typeof value === 'string' && !PLAIN_NUMBER.test(value.trim())) return value
  return convertValue(value, type, {}, 'UTC') ?? value
}

/** How values are written, as far as they settle it themselves. */
export function readingOf(values: readonly string[], type: FieldType): Reading {
  if (type === 'number') return { decimal: decimalSeparatorOf(values) ?? '.' }
  if (type !== 'date') return {}
  const order = dateOrderOf(values) ?? (values.every((value) => !SHORT_DATE.test(value)) ? 'YMD' : undefined)
  return order ? { dateOrder: order } : {}
}

// A leading zero or apostrophe, or more digits than a number keeps.
const CODE = /^\s*['+]|^\s*-?0\d|\d{16}/
const PLAIN_NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/
const SHORT_DATE = /^\s*\d{1,2}[-/.]/
