// What the cells of a row have told so far, while the row is read.
import type { ColumnMapping, ImportItem, ImportTarget, ImportedConsent } from './contract.ts'

export interface RowWarning {
  column: string
  problem: string
}

const NO_WARNINGS: readonly RowWarning[] = Object.freeze([])
/** Of a row without order columns; shared by all of them. */
export const NO_CELLS: Partial<Record<ImportTarget, string>> = Object.freeze({})
const NO_TAGS: readonly string[] = Object.freeze([])
const NO_CONSENTS: readonly ImportedConsent[] = Object.freeze([])
const NOBODY: ImportItem = {
  row: 0,
  rows: 1,
  fields: {},
  custom: {},
  tags: NO_TAGS,
  consents: NO_CONSENTS,
}

/** What the cells of a row have told so far; one for all rows, begun anew with each. */
export class Draft {
  readonly zone: string
  item: ImportItem = NOBODY
  warnings: readonly RowWarning[] = NO_WARNINGS
  orderCells: Partial<Record<ImportTarget, string>> = NO_CELLS
  fullName = ''
  phone: ColumnMapping | null = null
  phoneCell = ''
  email = saysNothing()
  sms = saysNothing()

  constructor(zone: string) {
    this.zone = zone
  }

  begin(row: number): ImportItem {
    this.item = { row, rows: 1, fields: {}, custom: {}, tags: NO_TAGS, consents: NO_CONSENTS }
    this.warnings = NO_WARNINGS
    this.orderCells = NO_CELLS
    this.fullName = ''
    this.phone = null
    return this.item
  }
}

export interface ConsentDraft {
  says: boolean | null
  unsubscribed: boolean
  grantedAt: string | null
  deniedAt: string | null
  proof: Record<string, string>
}

export function saysNothing(): ConsentDraft {
  return { says: null, unsubscribed: false, grantedAt: null, deniedAt: null, proof: {} }
}

/** Notes that a cell cannot be read; it is left out. */
export function warn(draft: Draft, column: ColumnMapping, problem: string): void {
  draft.warnings = [...draft.warnings, { column: column.header, problem }]
}
