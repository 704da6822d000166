// Values as they are compared: prepared once for each different value of a column.
import { readDate } from '../../lib/csv/dates.ts'
import type { DateOrder } from '../../lib/csv/dates.ts'
import { normaliseEmail, sharedEmail } from '../../lib/email.ts'
import { blockedIdentifier } from '../../lib/identifier-blocklist.ts'
import { normalisePhone } from '../../lib/phone.ts'
import type { Kind } from './kinds.ts'
import { signsOf } from './similarity.ts'
import type { WeightedWords } from './similarity.ts'
import { companyWords, foldedWords, saysNothing, streetWords } from './text-terms.ts'

/** One value in the form in which it is compared; two terms of one text are the same value. */
export interface Term {
  text: string
  /** without blanks, and which letters it has (`signsOf`) */
  joined: string
  signs: number
  /** of names and texts; the weights stand once all terms of the column are known */
  words?: WeightedWords
  /** year, month and day of a date that could be read */
  day?: readonly [year: number, month: number, day: number]
}

/** How a column's cells are read beyond its kind. */
export interface Reading {
  /** order of day and month, where the column shows it */
  dateOrder?: DateOrder | undefined
  /** country of phone numbers without country code */
  region?: string | undefined
  /** a mailbox of a desk (info@) names a company, and nobody where people are compared */
  desksCount?: boolean | undefined
}

/** The term of a cell, or null where the cell says nothing that could be compared. */
export function termOf(kind: Kind, raw: string, reading: Reading): Term | null {
  const cell = raw.length > 2_000 ? raw.slice(0, 2_000) : raw
  if (saysNothing(cell)) return null
  switch (kind) {
    case 'email':
      return emailTerm(cell, reading)
    case 'phone':
      return phoneTerm(cell, reading)
    case 'birth_date':
    case 'date':
      return dateTerm(cell, reading)
    case 'first_name':
    case 'middle_name':
    case 'last_name':
      return worded(foldedWords(cell), '')
    case 'company':
      return worded(companyWords(cell), ' ')
    case 'street':
      return worded(streetWords(cell), ' ')
    case 'website':
      return worded([siteOf(cell)], ' ')
    case 'text':
    case 'city':
      return worded(foldedWords(cell), ' ')
    default:
      return plainTerm(kind, cell)
  }
}

function emailTerm(cell: string, { desksCount }: Reading): Term | null {
  const read = normaliseEmail(cell)
  if ('problem' in read) return textOf(cell.trim().toLowerCase().replace(/\s+/g, ''))
  const shared = sharedEmail(read.email)
  if (shared === 'placeholder' || (shared === 'role_account' && !desksCount)) return null
  return textOf(read.matchKey)
}

function phoneTerm(cell: string, { region }: Reading): Term | null {
  const isWhole = /^\s*(\+|00)/.test(cell)
  const read = isWhole || region ? normalisePhone(cell, region) : null
  const digits = (
    read && 'phone' in read ? read.phone : cell.replace(/\s*(x|ext\.?)\s*\d+\s*$/i, '')
  ).replace(/\D/g, '')
  const plain = digits.replace(/^0+/, '')
  if (plain.length < 5 || blockedIdentifier('phone', plain)) return null
  return textOf(plain)
}

function dateTerm(cell: string, { dateOrder }: Reading): Term | null {
  const text = cell.trim()
  const packed = /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  const read = packed ? null : readDate(text, dateOrder, 'UTC')
  const on = packed ? `${packed[1]}-${packed[2]}-${packed[3]}` : read && 'on' in read ? read.on : null
  if (on === null) return textOf(text.toLowerCase().replace(/\s+/g, ' '))
  const [year = 0, month = 0, day = 0] = on.split('-').map(Number)
  if (year === 0 || on === '1900-01-01' || on === '9999-12-31') return null
  return { text: on, joined: on, signs: 0, day: [year, month, day] }
}

function plainTerm(kind: Kind, cell: string): Term | null {
  const text = foldedWords(cell).join('')
  if (text === '') return null
  if (kind === 'government_id' && blockedIdentifier('user_id', text)) return null
  // 4011.0 is what spreadsheets make of 4011, and 04011 what they lost.
  if (/^\s*\d+\.0\s*$/.test(cell)) return textOf(String(Number(cell)))
  if (kind === 'gender')
    return textOf(
      text.startsWith('m') || text === 'herr'
        ? 'm'
        : text.startsWith('f') || text.startsWith('w')
          ? 'f'
          : text,
    )
  return textOf(text)
}

function siteOf(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^www\d?\./, '')
    .replace(/[/?#].*$/, '')
}

function worded(words: readonly string[], between: string): Term | null {
  const filled = words.filter((word) => word !== '')
  if (filled.length === 0) return null
  const joined = filled.join('')
  return {
    text: filled.join(between),
    joined,
    signs: signsOf(joined),
    words: { words: filled, signs: filled.map(signsOf), weights: filled.map(() => 1), total: filled.length },
  }
}

function textOf(text: string): Term | null {
  return text === '' ? null : { text, joined: text, signs: signsOf(text) }
}
