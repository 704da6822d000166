// How the cell of a column is read, by what the column is mapped to.
import { normaliseEmail } from '../lib/email.ts'
import { isZone } from '../lib/instant.ts'
import { cutText } from '../lib/csv/cut.ts'
import { readDate } from '../lib/csv/dates.ts'
import { readNumber, readYesNo } from '../lib/csv/values.ts'
import type { ColumnMapping, Mapping } from './contract.ts'
import { readCountry, readTags } from './cells.ts'
import { NO_CELLS, warn } from './row-draft.ts'
import type { ConsentDraft, Draft } from './row-draft.ts'

/** Reads a cell, which is not empty, into the row. */
export type ReadCell = (cell: string, draft: Draft, column: ColumnMapping) => void

/** The reader of a column; null where it is ignored. */
export function readerOf(column: ColumnMapping, mapping: Mapping): ReadCell | null {
  switch (column.target) {
    case 'ignore':
      return null
    case 'custom':
      return column.key ? customReader(column.key, column) : null
    case 'email':
      return (cell, draft) => {
        const read = normaliseEmail(cell)
        if ('problem' in read) return warn(draft, column, read.problem)
        draft.item.email = read.email
        draft.item.emailKey = read.matchKey
      }
    case 'phone':
      return (cell, draft) => {
        draft.phone = column
        draft.phoneCell = column.lacksPlus && /^\d/.test(cell) ? `+${cell}` : cell
      }
    case 'user_id':
      return (cell, draft) => void (draft.item.userId = cut(cell, 200, draft, column))
    case 'vendor_customer_id':
      return (cell, draft) =>
        void (draft.item.vendorCustomerId = `${mapping.idSpace}:${cut(cell, 150, draft, column)}`)
    case 'full_name':
      return (cell, draft) => void (draft.fullName = cell)
    case 'first_name':
      return (cell, draft) => void (draft.item.fields.firstName = cut(cell, 100, draft, column))
    case 'last_name':
      return (cell, draft) => void (draft.item.fields.lastName = cut(cell, 100, draft, column))
    case 'company':
      return (cell, draft) => void (draft.item.fields.company = cut(cell, 200, draft, column))
    case 'job_title':
      return (cell, draft) => void (draft.item.fields.jobTitle = cut(cell, 200, draft, column))
    case 'city':
      return (cell, draft) => void (draft.item.fields.city = cut(cell, 100, draft, column))
    case 'country':
      return (cell, draft) => {
        const code = readCountry(cell)
        if (code) draft.item.fields.country = code
        else warn(draft, column, 'The cell is no country that is known by name or two-letter code.')
      }
    case 'language':
      return (cell, draft) => {
        if (/^[a-z]{2,3}([-_][a-z0-9]{2,8})*$/i.test(cell))
          draft.item.fields.language = cell.replaceAll('_', '-')
        else warn(draft, column, 'The cell is no language code such as sv or pt-BR.')
      }
    case 'time_zone':
      return (cell, draft) => {
        if (isZone(cell)) draft.item.fields.timeZone = cell
        else warn(draft, column, 'The cell is no time zone such as Europe/Stockholm.')
      }
    case 'tags':
      return (cell, draft) => void (draft.item.tags = readTags(cell))
    case 'created_at':
      return instantReader((draft, at) => void (draft.item.createdAt = at))
    case 'email_consent':
      return yesNoReader((draft) => draft.email, false)
    case 'email_unsubscribed':
      return yesNoReader((draft) => draft.email, true)
    case 'sms_consent':
      return yesNoReader((draft) => draft.sms, false)
    case 'sms_unsubscribed':
      return yesNoReader((draft) => draft.sms, true)
    case 'email_consent_at':
      return consentInstantReader((draft) => draft.email, 'grantedAt')
    case 'email_unsubscribed_at':
      return consentInstantReader((draft) => draft.email, 'deniedAt')
    case 'sms_consent_at':
      return consentInstantReader((draft) => draft.sms, 'grantedAt')
    case 'email_consent_proof':
      return (cell, draft) => void (draft.email.proof[column.header] = cutText(cell, 200))
    default:
      return (cell, draft) => {
        if (draft.orderCells === NO_CELLS) draft.orderCells = {}
        draft.orderCells[column.target] = cell
      }
  }
}

function cut(cell: string, most: number, draft: Draft, column: ColumnMapping): string {
  if (cell.length <= most) return cell
  warn(draft, column, `The cell is longer than ${most} characters; the rest was cut off.`)
  return cutText(cell, most)
}

function customReader(key: string, { type, decimal, words }: ColumnMapping): ReadCell {
  if (type === 'number') {
    return (cell, draft, column) => {
      const value = readNumber(cell, decimal)
      if (value === null) warn(draft, column, 'The cell is not a number as the column writes them.')
      else draft.item.custom[key] = value
    }
  }
  if (type === 'boolean') {
    return (cell, draft, column) => {
      const value = readYesNo(cell)
      if (value === null) warn(draft, column, 'The cell is neither yes nor no.')
      else draft.item.custom[key] = value
    }
  }
  if (type === 'date') {
    return (cell, draft, column) => {
      const read = readDate(cell, column.dateOrder, draft.zone)
      if ('problem' in read) warn(draft, column, read.problem)
      else draft.item.custom[key] = read.at ?? read.on
    }
  }
  if (words) {
    const known = new Map(Object.entries(words))
    return (cell, draft, column) =>
      void (draft.item.custom[key] = known.get(cell.toLowerCase()) ?? cut(cell, 5000, draft, column))
  }
  return (cell, draft, column) => void (draft.item.custom[key] = cut(cell, 5000, draft, column))
}

function instantReader(
  set: (draft: Draft, at: string, cell: string, column: ColumnMapping) => void,
): ReadCell {
  return (cell, draft, column) => {
    const read = readDate(cell, column.dateOrder, draft.zone)
    if ('problem' in read) warn(draft, column, read.problem)
    else set(draft, read.startsAt, cell, column)
  }
}

function consentInstantReader(of: (draft: Draft) => ConsentDraft, which: 'grantedAt' | 'deniedAt'): ReadCell {
  return instantReader((draft, at, cell, column) => {
    of(draft)[which] = at
    of(draft).proof[column.header] = cutText(cell, 200)
  })
}

function yesNoReader(of: (draft: Draft) => ConsentDraft, negated: boolean): ReadCell {
  return (cell, draft, column) => {
    const says = readYesNo(cell)
    if (says === null)
      return warn(draft, column, 'The cell is neither yes nor no, so it says nothing about consent.')
    const consent = of(draft)
    if (negated) consent.unsubscribed = says
    else consent.says = says
    // "Unsubscribed: no" refuses nothing, but it is no consent either.
    if (!negated || says) consent.proof[column.header] = cell
  }
}
