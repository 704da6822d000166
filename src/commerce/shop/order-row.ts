// The row of an order that a connected shop tells of, and how its words change it: the newest wins, refunds add up once each. Pure.
import { saidAt } from '../../connectors/index.ts'
import type { ShopOrderWord } from '../../connectors/index.ts'
import type { OrderLine } from '../contract.ts'
import type { OrderRow } from '../order-row.ts'

/** A row of `orders` with what a shop says beyond other sources. */
export interface ShopOrderRow extends OrderRow {
  connection_id: string
  customer_id: string | null
  fulfilment: string | null
  is_edited: boolean
  cart_token: string | null
  discount_codes: string[]
  tags: string[]
  note: string | null
  said_at: string
  changed_at: string | null
}

/** What happened to an order by a word: what the log is told. */
export interface OrderChange {
  row: ShopOrderRow
  isNew: boolean
  /** whether the word was newer than what was known */
  isNewer: boolean
  /** this word cancelled it, changed its total */
  isCancelled: boolean
  isEdited: boolean
}

/** Whose an order is, and where it is kept. */
export interface OrderOwner {
  workspaceId: string
  connectionId: string
  leadId: string
  source: string
}

/**
 * The row after a word.
 * @param before null where the order is not known
 * @param refundedMinor the sum of its refunds that are known by now
 * @param id of a new row
 */
export function foldShopOrder(
  before: ShopOrderRow | null,
  word: ShopOrderWord,
  owner: OrderOwner,
  refundedMinor: number,
  id: string,
  now: Date,
): OrderChange {
  const said = saidAt(word.said)
  // What the total was said to be: two words that differ in it tell of an edit, whichever comes first.
  const isEdited =
    word.isEdited ||
    (before !== null && before.total_minor !== word.totalMinor && before.currency === word.currency)
  if (before && said <= before.said_at) {
    const row = {
      ...before,
      is_edited: before.is_edited || isEdited,
      refunded_minor: Math.max(before.refunded_minor, refundedMinor),
    }
    return {
      row,
      isNew: false,
      isNewer: false,
      isCancelled: false,
      isEdited: isEdited && !before.is_edited,
    }
  }
  const cancelledAt = word.cancelledAt ?? (word.status === 'voided' ? word.said.changedAt : null)
  const row: ShopOrderRow = {
    id: before?.id ?? id,
    workspace_id: owner.workspaceId,
    lead_id: owner.leadId,
    source: owner.source,
    external_id: word.id,
    number: word.number,
    status: word.status,
    currency: word.currency,
    total_minor: word.totalMinor,
    subtotal_minor: word.subtotalMinor,
    shipping_minor: word.shippingMinor,
    tax_minor: word.taxMinor,
    // What an edit took out of the order is no revenue either, whether or not it was paid back yet.
    refunded_minor: Math.max(refundedMinor, word.totalMinor - word.currentMinor, 0),
    placed_at: word.placedAt,
    cancelled_at: cancelledAt,
    is_test: word.isTest,
    lines: word.lines.map(plainLine),
    updated_at: now.toISOString(),
    last_word: 'order/set',
    connection_id: owner.connectionId,
    customer_id: word.customerId,
    fulfilment: word.fulfilment,
    is_edited: isEdited || before?.is_edited === true,
    cart_token: word.cartToken,
    discount_codes: word.discountCodes,
    tags: word.tags,
    note: word.note,
    said_at: said,
    changed_at: word.said.changedAt,
  }
  return {
    row,
    isNew: before === null,
    isNewer: true,
    isCancelled: cancelledAt !== null && (before?.cancelled_at ?? null) === null,
    isEdited: before !== null && row.is_edited && !before.is_edited,
  }
}

function plainLine({ name, sku, quantity, priceMinor }: ShopOrderWord['lines'][number]): OrderLine {
  return { name, quantity, priceMinor, ...(sku !== null && { sku }) }
}
