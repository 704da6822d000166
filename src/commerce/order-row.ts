// The row of an order and how words about it change it: what the store's statement does, for one order in memory. Pure.
import type { OrderLine, OrderWord } from './contract.ts'

/** A row of `orders`; instants are ISO 8601 in UTC, amounts minor units. */
export interface OrderRow {
  id: string
  workspace_id: string
  lead_id: string
  source: string
  external_id: string
  number: string | null
  status: string
  currency: string
  total_minor: number
  subtotal_minor: number
  shipping_minor: number
  tax_minor: number
  refunded_minor: number
  placed_at: string
  cancelled_at: string | null
  is_test: boolean
  lines: OrderLine[]
  updated_at: string
  /** the kind of the last word, and how it spoke of refunds: `order/add` */
  last_word: string
}

/** The row that a word about an unknown order makes; a refund or cancellation alone knows no amounts. */
export function orderRow(word: OrderWord, id: string, updatedAt: string): OrderRow {
  const isOrder = word.kind === 'order'
  return {
    id,
    workspace_id: word.workspaceId,
    lead_id: word.leadId,
    source: word.source,
    external_id: word.externalId,
    number: word.number ?? null,
    status: word.status,
    currency: word.currency,
    total_minor: isOrder ? word.totalMinor : 0,
    subtotal_minor: isOrder ? word.subtotalMinor : 0,
    shipping_minor: isOrder ? word.shippingMinor : 0,
    tax_minor: isOrder ? word.taxMinor : 0,
    refunded_minor: word.refund.minor,
    placed_at: word.placedAt,
    cancelled_at: word.cancelledAt,
    is_test: word.isTest,
    lines: word.lines,
    updated_at: updatedAt,
    last_word: `${word.kind}/${word.refund.mode}`,
  }
}

/** The row after a further word, as `writeOrders` has it; a test holds the two equal. */
export function foldOrder(before: OrderRow, word: OrderWord, updatedAt: string): OrderRow {
  const said = orderRow(word, before.id, updatedAt)
  const isOrder = word.kind === 'order'
  const whole = isOrder ? said : before
  const isSettled = before.status === 'refunded' || before.status === 'cancelled'
  return {
    ...before,
    lead_id: whole.lead_id,
    number: said.number ?? before.number,
    status: said.last_word === 'order/add' && isSettled ? before.status : said.status,
    currency: whole.currency,
    total_minor: whole.total_minor,
    subtotal_minor: whole.subtotal_minor,
    shipping_minor: whole.shipping_minor,
    tax_minor: whole.tax_minor,
    refunded_minor: refundedAfter(before, said),
    placed_at: isOrder && said.placed_at < before.placed_at ? said.placed_at : before.placed_at,
    cancelled_at: said.cancelled_at ?? before.cancelled_at,
    is_test: said.is_test || before.is_test,
    lines: isOrder && said.lines.length > 0 ? said.lines : before.lines,
    updated_at: said.updated_at,
    last_word: said.last_word,
  }
}

function refundedAfter(before: OrderRow, said: OrderRow): number {
  if (said.last_word.endsWith('/set')) return said.refunded_minor
  if (said.last_word === 'refund/all') return Math.max(before.refunded_minor, before.total_minor)
  if (said.last_word === 'order/add' && before.last_word === 'refund/all' && before.total_minor === 0)
    return said.total_minor
  return before.refunded_minor + said.refunded_minor
}
