// Makes rules ready for leads: checks their conditions, and reads a lead as it was at a moment of its history. Pure.
import { checkCondition } from '../../conditions/index.ts'
import type { Facts } from '../../conditions/index.ts'
import { isAct } from '../../events/contract.ts'
import type { FactOrders, FactState, LeadSubject } from '../../leads/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { HistoryEvent, HistoryOrder, LeadHistory } from '../contract.ts'
import { foldLifecycle, readyRule } from './fold.ts'
import type { CheckedRule, LifecycleMoment, LifecycleOrder, LifecycleState } from './fold.ts'
import type { LifecycleRule } from './rules.ts'

/** Rules that can be asked, and those that cannot: what they name is no more. */
export interface ReadyRules {
  rules: CheckedRule<LeadSubject>[]
  broken: { rule: LifecycleRule; sentence: string }[]
}

/** Checks each rule on its own, so that a field that is gone costs one rule and not all. */
export function readyRules(rules: readonly LifecycleRule[], facts: Facts<LeadSubject>): ReadyRules {
  const ready: ReadyRules = { rules: [], broken: [] }
  for (const rule of rules) {
    try {
      ready.rules.push(readyRule(rule, checkCondition(rule.when, facts)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      ready.broken.push({ rule, sentence: error.message })
    }
  }
  return ready
}

/**
 * The way of a lead through the stages.
 * @param earlier what the projections before lifecycle say of a part of the history
 */
export function wayOf(
  history: LeadHistory,
  rules: readonly CheckedRule<LeadSubject>[],
  timeZone: string,
  earlier: (part: LeadHistory) => FactState,
): LifecycleState {
  const orders = standing(history)
  const byId = new Map(history.orders.map((order) => [order.orderId, order]))
  const counts = activityAlong(history.events)
  const subjectAt = ({ at, upTo, orders: placed, stage, since }: LifecycleMoment): LeadSubject => {
    const placedThen = [...placed]
    const ordersThen = () => placedThen.map(({ orderId }) => byId.get(orderId)!)
    let rest: FactState | undefined
    const restOf = () =>
      (rest ??= earlier({
        ...history,
        subject: { ...history.subject, orders: sumsOf(ordersThen()), activity: counts(upTo) },
        events: history.events.slice(0, upTo),
        orders: ordersThen(),
        moves: history.moves.filter((move) => move.at <= at),
      }))
    return {
      ...history.subject,
      get activity() {
        return counts(upTo)
      },
      get orders() {
        return sumsOf(ordersThen())
      },
      state: stateThen({ stage, stage_since: new Date(since).toISOString() }, restOf),
    }
  }
  const events = history.events.map((event) => ({ ...event, isAct: isAct(event.name, event.category) }))
  return foldLifecycle(
    { createdAt: history.createdAt, events, orders, moves: history.moves },
    rules,
    subjectAt,
    timeZone,
  )
}

/**
 * Orders that were paid for, each until it was called off. One that was refunded whole stood until the refund; where nobody
 * told when that was, it never stood. A shop's tests and what cost nothing are no orders here.
 */
export function standing({ orders, events }: Pick<LeadHistory, 'orders' | 'events'>): LifecycleOrder[] {
  return orders.flatMap((order) => {
    if (order.isTest || order.totalMinor <= 0) return []
    const { orderId, placedAt } = order
    const isRefundedWhole = order.refundedMinor >= order.totalMinor
    const refundedAt = isRefundedWhole ? (lastRefund(events, placedAt) ?? placedAt) : null
    const ends = [order.cancelledAt, refundedAt].filter((end) => end !== null)
    return [{ orderId, placedAt, cancelledAt: ends.length > 0 ? Math.min(...ends) : null }]
  })
}

function lastRefund(events: readonly HistoryEvent[], since: number): number | undefined {
  return events.findLast(({ name, at }) => name === 'order_refunded' && at >= since)?.at
}

// The columns of stages are at hand; all others cost a fold, and few rules ask for them.
function stateThen(own: FactState, rest: () => FactState): FactState {
  return new Proxy(own, {
    get: (target, column) =>
      (column in target ? Reflect.get(target, column) : Reflect.get(rest(), column)) as unknown,
  })
}

function sumsOf(orders: readonly HistoryOrder[]): FactOrders | undefined {
  if (orders.length === 0) return undefined
  const revenue: Record<string, number> = {}
  for (const { currency, totalMinor, refundedMinor } of orders)
    revenue[currency] = (revenue[currency] ?? 0) + totalMinor - Math.min(refundedMinor, totalMinor)
  const at = orders.map(({ placedAt }) => placedAt)
  return {
    count: orders.length,
    revenue,
    firstAt: new Date(Math.min(...at)).toISOString(),
    lastAt: new Date(Math.max(...at)).toISOString(),
  }
}

// As the projection `activity` counts, over the first events of a history; worked out once, where a rule asks at all.
function activityAlong(
  events: readonly HistoryEvent[],
): (upTo: number) => NonNullable<LeadSubject['activity']> | undefined {
  let along: NonNullable<LeadSubject['activity']>[] | undefined
  return (upTo) => {
    along ??= countedAlong(events)
    return along[upTo - 1]
  }
}

function countedAlong(events: readonly HistoryEvent[]): NonNullable<LeadSubject['activity']>[] {
  let sessions = 0
  let pages = 0
  let counted = 0
  let firstChannel: string | null = null
  let lastChannel: string | null = null
  const firstAt = new Date(events[0]?.at ?? 0).toISOString()
  return events.map((event) => {
    if (event.call !== 'system') counted++
    if (event.sessionStart) sessions++
    if (event.category === 'page') pages++
    if (event.channel !== '' && !event.isBot) {
      firstChannel ??= event.channel
      lastChannel = event.channel
    }
    return {
      first_seen_at: firstAt,
      last_seen_at: new Date(event.at).toISOString(),
      event_count: counted,
      session_count: sessions,
      page_count: pages,
      first_channel: firstChannel,
      last_channel: lastChannel,
    }
  })
}
