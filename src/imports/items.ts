// What a row of a file becomes, and the batches in which a reader hands rows out.
import type { ImportKind } from '../connectors/contract.ts'
import type { LeadChange, LeadFields, Purpose } from '../leads/contract.ts'
import type { ImportConflict } from './file.ts'

/** A consent that a row states. Without `actedAt` it may narrow, never widen (DESIGN of consent). */
export interface ImportedConsent {
  purpose: Purpose
  state: 'granted' | 'denied'
  /** the instant of the person's act, ISO 8601 UTC */
  actedAt?: string
  /** the columns and cells that say so */
  proof: Record<string, string>
}

export interface ImportedLine {
  title: string
  sku: string
  quantity: number
  /** per unit, in minor units of the order's currency */
  priceMinor: number
  discountMinor: number
}

/** Amounts are integer minor units of `currency`; instants ISO 8601 UTC. */
export interface ImportedOrder {
  externalId: string
  /** what people call it: `#1001` */
  number: string
  /** the shop's word for the state of payment: paid, pending, refunded, partially_refunded, voided, ... */
  status: string
  currency: string
  totalMinor: number
  subtotalMinor: number
  shippingMinor: number
  taxMinor: number
  refundedMinor: number
  placedAt: string
  cancelledAt: string | null
  lines: ImportedLine[]
  isTest: boolean
}

/** What one row (of an order: its rows) becomes. At least one of userId, vendorCustomerId, email, phone is set. */
export interface ImportItem {
  /** the row as a spreadsheet counts it (the first row of the file is 1; a cell with line breaks is in one row) */
  row: number
  /** how many rows of the file it stands for: 1, or the rows of one order */
  rows: number
  userId?: string
  /** with whose id it is in front: `shopify:6001` */
  vendorCustomerId?: string
  /** normalised (lib/email.ts) */
  email?: string
  /** what two addresses of one mailbox share */
  emailKey?: string
  /** E.164 */
  phone?: string
  /** filled ones only */
  fields: Partial<Omit<LeadFields, 'email' | 'phone'>>
  /** by custom field key, in the type that the mapping gives the field */
  custom: Record<string, string | number | boolean>
  tags: readonly string[]
  consents: readonly ImportedConsent[]
  /** when the sender says the lead was created, ISO 8601 UTC */
  createdAt?: string
  order?: ImportedOrder
}

/** `rejected`: the row became nothing. `warning`: the row came in without that cell. */
export interface RowProblem {
  row: number
  severity: 'rejected' | 'warning'
  /** the column's header, or empty where the row as a whole is meant */
  column: string
  problem: string
  /** the cells of the row as they stood in the file */
  cells: readonly string[]
  /** the row speaks of an erased person: none of its cells are kept */
  isWithheld?: boolean
}

/** A custom field that an import fills. */
export interface ImportedField {
  key: string
  label: string
  type: 'text' | 'number' | 'date' | 'boolean'
}

/**
 * What a reader hands out at once: everything in rows fromRow to toRow. Each data row in it is part of exactly one item
 * or is rejected by exactly one problem: `rows = sum(items.rows) + rejected rows`.
 */
export interface ImportBatch {
  importId: string
  workspaceId: string
  kind: ImportKind
  /** what counts where a lead is known already; `update` unless told */
  conflict?: ImportConflict | undefined
  /** the checkpoint it follows on */
  fromRow: number
  /** the checkpoint after it */
  toRow: number
  rows: number
  items: ImportItem[]
  /** per item the cells of its first row, as they stood in the file */
  cells: (readonly string[])[]
  problems: RowProblem[]
  /** lines after the data that are no data (totals, copyright) */
  footerRows: number
  /** bytes of the file read so far, for the progress bar */
  readBytes: number
  /** true: nothing follows */
  done: boolean
  /** a sentence where the file cannot be read any further: nothing follows, and the import ends as failed */
  failure: string | null
}

/** What a batch did, so that it can be taken back: the leads and orders (by external id) it made, and what it wrote over. */
export interface ImportTrace {
  leads: string[]
  orders: string[]
  changes: LeadChange[]
}

/** What became of a batch's items. `created + updated + skipped + rejected` must be the number of its items. */
export interface BatchOutcome {
  created: number
  updated: number
  /** left alone on purpose: nothing new in it, or its lead was erased */
  skipped: number
  /** items that could not be decided */
  rejected: RowProblem[]
}
