// How a phone number may stand in a file, as a pattern that finds it there however it is written. Pure.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

/** What people put between the digits. */
const BETWEEN = '[\\s().\\/\\-\\u00a0\\u2010-\\u2015]{0,3}'

/**
 * A pattern, for JavaScript and PostgreSQL alike, of the national digits with whatever stands between them; before them may
 * stand a country code or a zero, after them no further digit. Null for what is no number in E.164.
 */
export function writtenPhone(value: string): string | null {
  if (!/^\+\d{6,15}$/.test(value)) return null
  const digits = parsePhoneNumberFromString(value)?.nationalNumber ?? value.slice(1)
  // Short numbers would find too much; those are found as they are.
  return digits.length < 6 ? null : `${[...digits].join(BETWEEN)}(?![0-9])`
}
