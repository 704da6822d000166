// What of a lead's history its journey is read from: days with orders, days with acts, and how we stand with each other. Pure.
import { isAct } from '../../events/contract.ts'
import type { LeadHistory } from '../contract.ts'
import type { RelationshipFacts } from './health.ts'
import { milestonesOf } from './milestones.ts'
import type { Milestone } from './milestones.ts'
import { dayOf, placedOrder } from './orders.ts'
import { orderDaysOf } from './value/buyers.ts'
import type { OrderDay } from './value/buyers.ts'

/** Everything that time does not change; days are since 1970 in the workspace's zone, amounts minor units. */
export interface JourneyState {
  createdDay: number
  /** with an order that was kept; `netMinor` null where it was in another currency */
  orderDays: OrderDay[]
  /** with at least one act of a person */
  activeDays: number[]
  /** with a click of a person in an e-mail */
  clickDays: number[]
  relationship: RelationshipFacts
  milestones: Milestone[]
}

/** Words of a ticket's `severity` or `priority` that stand for a severe one. */
const SEVERE = /^(high|severe|urgent|critical|p1|1)$/i

/** @param currency the workspace's own; the history needs the properties of `ticket_opened` */
export function journeyOf(
  history: LeadHistory,
  { timeZone, currency }: { timeZone: string; currency: string },
): JourneyState {
  const active = new Set<number>()
  const clicks = new Set<number>()
  let openSevere = 0
  let hasBounced = false
  let hasComplained = false
  for (const event of history.events) {
    const { name, day } = event
    if (name === 'email_bounced') hasBounced = true
    if (name === 'email_complained') hasComplained = true
    if (event.isBot) continue
    if (isAct(name, event.category)) active.add(day)
    if (name === 'email_link_clicked') clicks.add(day)
    if (name === 'ticket_opened' && isSevere(event.properties)) openSevere++
    if (name === 'ticket_solved') openSevere = Math.max(0, openSevere - 1)
  }
  const placed = history.orders.flatMap((order) => placedOrder(order, history.leadId, timeZone) ?? [])
  const ordered = history.orders.filter(({ isTest }) => !isTest)
  const orderedMinor = ordered.reduce((sum, { totalMinor }) => sum + totalMinor, 0)
  const returnedMinor = ordered.reduce(
    (sum, order) => sum + Math.min(order.refundedMinor, order.totalMinor),
    0,
  )
  return {
    createdDay: dayOf(history.createdAt, timeZone),
    orderDays: [...(orderDaysOf(placed, currency).get(history.leadId) ?? [])],
    activeDays: [...active].sort((a, b) => a - b),
    clickDays: [...clicks].sort((a, b) => a - b),
    relationship: {
      hasBounced,
      hasComplained,
      hasUnsubscribed: history.subject.consents.email_marketing === 'denied',
      refundedShare: orderedMinor > 0 ? returnedMinor / orderedMinor : 0,
      hasSevereTicket: openSevere > 0,
    },
    milestones: milestonesOf(history),
  }
}

function isSevere(properties: Record<string, unknown> | undefined): boolean {
  const said = properties?.severity ?? properties?.priority
  return (typeof said === 'string' || typeof said === 'number') && SEVERE.test(String(said).trim())
}
