// Orders as buying habits go: which count, on which day, and for how much. Pure.
import { zoneOffsetMs } from '../../lib/instant.ts'
import type { HistoryOrder } from '../contract.ts'
import type { PlacedOrder } from './value/buyers.ts'

/** What of an order decides. */
export type OrderFacts = Omit<HistoryOrder, 'orderId' | 'externalId' | 'status' | 'subtotalMinor'>

/** Orders that count: neither a shop's tests nor cancelled nor given back whole nor free. */
export function keptOrders<Order extends OrderFacts>(orders: readonly Order[]): Order[] {
  return orders.filter(
    ({ isTest, cancelledAt, totalMinor, refundedMinor }) =>
      !isTest && cancelledAt === null && totalMinor > 0 && refundedMinor < totalMinor,
  )
}

/**
 * An order as buying habits go: merchandise without tax and shipping, refunds off pro rata; null for one that does not count.
 */
export function placedOrder(order: OrderFacts, buyerId: string, timeZone: string): PlacedOrder | null {
  if (keptOrders([order]).length === 0) return null
  const amountMinor = Math.max(0, order.totalMinor - order.taxMinor - order.shippingMinor)
  return {
    buyerId,
    day: dayOf(order.placedAt, timeZone),
    amountMinor,
    refundedMinor: Math.round((amountMinor * order.refundedMinor) / order.totalMinor),
    currency: order.currency,
  }
}

/** Days since 1970 in a zone. */
export function dayOf(at: number, timeZone: string): number {
  return Math.floor((at + zoneOffsetMs(at, timeZone)) / DAY_MS)
}

const DAY_MS = 86_400_000
