// The moments of a lead's journey that a person would tell of, with the event or order behind each. Pure.
import { eventLabel, isAct } from '../../events/contract.ts'
import type { HistoryEvent, LeadHistory } from '../contract.ts'
import { keptOrders } from './orders.ts'

export interface Milestone {
  /** `first_seen`, `first_<event>`, `order_<n>`, `came_back` */
  kind: string
  label: string
  at: number
  /** of the event; null where an order is behind it */
  eventId: string | null
  orderId: string | null
}

/** Events whose first time is worth telling. */
const FIRSTS = new Set([
  'signed_up',
  'newsletter_subscribed',
  'form_submitted',
  'content_downloaded',
  'email_link_clicked',
  'email_replied',
  'sms_replied',
  'chat_started',
  'call_connected',
  'webinar_attended',
  'demo_requested',
  'quote_requested',
  'trial_started',
  'meeting_booked',
  'meeting_attended',
  'product_added',
  'checkout_started',
  'ticket_opened',
  'review_posted',
  'unsubscribed',
])
/** Orders that are worth telling, by their number. */
const ORDERS = new Set([1, 2, 3, 5, 10, 25, 50, 100])
/** Whoever was away for longer came back. */
const SILENCE_DAYS = 60

/** In order of time. */
export function milestonesOf(history: Pick<LeadHistory, 'events' | 'orders'>): Milestone[] {
  const milestones: Milestone[] = []
  const tell = (kind: string, label: string, { at, eventId }: Pick<HistoryEvent, 'at' | 'eventId'>) =>
    milestones.push({ kind, label, at, eventId, orderId: null })
  const seen = new Set<string>()
  let last: HistoryEvent | undefined
  for (const event of history.events) {
    if (event.isBot) continue
    const { name, category } = event
    if (FIRSTS.has(name) && !seen.has(name)) {
      seen.add(name)
      tell(`first_${name}`, `First: ${lowered(eventLabel(name))}`, event)
    }
    if (!isAct(name, category)) continue
    if (!last) tell('first_seen', 'First seen', event)
    else if (event.day - last.day > SILENCE_DAYS)
      tell('came_back', `Came back after ${event.day - last.day} days`, event)
    last = event
  }
  keptOrders(history.orders).forEach(({ orderId, placedAt }, i) => {
    const number = i + 1
    if (!ORDERS.has(number)) return
    const label = number === 1 ? 'First order' : `${ordinal(number)} order`
    milestones.push({ kind: `order_${number}`, label, at: placedAt, eventId: null, orderId })
  })
  return milestones.sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : 1))
}

function lowered(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1)
}

function ordinal(number: number): string {
  const ends: Record<number, string> = { 2: '2nd', 3: '3rd' }
  return ends[number] ?? `${number}th`
}
