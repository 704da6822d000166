// What a shop's orders say of each buyer: days with an order, what was kept of their value, and where the buyer stands on a day.
import { medianOf } from '../../../lib/maths/quantile.ts'
import type { BuyingHistory } from './model.ts'

/** An order as far as buying habits go. Test and cancelled orders, tax, shipping and gift cards are left out before. */
export interface PlacedOrder {
  buyerId: string
  /** day in the workspace's time zone, in days since 1970-01-01 */
  day: number
  /** minor units of `currency` */
  amountMinor: number
  /** what was given back of it, whenever */
  refundedMinor: number
  currency: string
}

/** A day with at least one order; several on one day are one. `netMinor` is null where none was in the shop's currency. */
export interface OrderDay {
  day: number
  netMinor: number | null
}

/** By buyer the days with an order, the earliest first. */
export type OrderDays = ReadonlyMap<string, readonly OrderDay[]>

/** Where a buyer stands on a day: for the models, and what was spent. */
export interface Standing extends BuyingHistory {
  /** of the repeat days with a value in the shop's currency: how many, and their mean in minor units */
  spend: { repeats: number; meanMinor: number }
  /** net of refunds, all days, minor units */
  spentMinor: number
  firstDay: number
  lastDay: number
}

/**
 * Merges orders by buyer and day. A fully refunded order never happened; one in another currency counts as an order,
 * its amount is nowhere added. The order of the input does not matter.
 */
export function orderDaysOf(orders: Iterable<PlacedOrder>, currency: string): OrderDays {
  const byBuyer = new Map<string, Map<number, number | null>>()
  for (const { buyerId, day, amountMinor, refundedMinor, currency: paidIn } of orders) {
    if (refundedMinor > 0 && refundedMinor >= amountMinor) continue
    let days = byBuyer.get(buyerId)
    if (!days) byBuyer.set(buyerId, (days = new Map()))
    const before = days.get(day)
    const kept = paidIn === currency ? amountMinor - refundedMinor : null
    days.set(day, kept === null ? (before ?? null) : (before ?? 0) + kept)
  }
  const buyers = new Map<string, OrderDay[]>()
  for (const [buyerId, days] of byBuyer) {
    const sorted = [...days].sort((a, b) => a[0] - b[0])
    buyers.set(
      buyerId,
      sorted.map(([day, netMinor]) => ({ day, netMinor })),
    )
  }
  return buyers
}

/** A buyer on the evening of a day, by what was ordered until then; null where nothing was. */
export function standingOn(days: readonly OrderDay[], asOfDay: number): Standing | null {
  const first = days[0]
  if (!first || first.day > asOfDay) return null
  let last = first
  let repeats = 0
  let priced = 0
  let pricedMinor = 0
  let spentMinor = first.netMinor ?? 0
  for (let i = 1; i < days.length; i++) {
    const next = days[i] as OrderDay
    if (next.day > asOfDay) break
    last = next
    repeats++
    if (next.netMinor === null) continue
    priced++
    pricedMinor += next.netMinor
    spentMinor += next.netMinor
  }
  return {
    repeats,
    recencyWeeks: (last.day - first.day) / 7,
    ageWeeks: (asOfDay - first.day) / 7,
    spend: { repeats: priced, meanMinor: priced > 0 ? pricedMinor / priced : 0 },
    spentMinor,
    firstDay: first.day,
    lastDay: last.day,
  }
}

/** Days with an order after one day, up to and with another. */
export function ordersBetween(days: readonly OrderDay[], afterDay: number, untilDay: number): number {
  let orders = 0
  for (const { day } of days) if (day > afterDay && day <= untilDay) orders++
  return orders
}

/** The median of all gaps between neighbouring order days up to a day, in days; null where nobody ordered twice. */
export function medianGapDays(buyers: OrderDays, asOfDay: number): number | null {
  const gaps: number[] = []
  for (const days of buyers.values()) {
    for (let i = 1; i < days.length; i++) {
      const { day } = days[i] as OrderDay
      if (day <= asOfDay) gaps.push(day - (days[i - 1] as OrderDay).day)
    }
  }
  return gaps.length > 0 ? medianOf(gaps) : null
}
