// What of a lead's history is a touch, a conversion or a milestone under a workspace's settings. Pure.
import { zoneOffsetMs } from '../../lib/instant.ts'
import type { HistoryEvent, HistoryOrder, LeadHistory, Stage } from '../contract.ts'
import type { Conversion, Milestone, Touch } from './contract.ts'
import type { AttributionSettings, Goal, TouchType } from './settings.ts'

/** As much of a lead's history as its credit is made of. */
export interface CreditedHistory extends Pick<LeadHistory, 'leadId' | 'createdAt'> {
  subject: { record: { is_known: boolean } }
  events: readonly CreditedEvent[]
  orders: readonly Omit<HistoryOrder, 'status' | 'externalId' | 'subtotalMinor'>[]
}
export type CreditedEvent = Pick<
  HistoryEvent,
  | 'eventId'
  | 'at'
  | 'name'
  | 'category'
  | 'call'
  | 'isBot'
  | 'channel'
  | 'source'
  | 'utmSource'
  | 'utmCampaign'
  | 'sessionStart'
  | 'valueMinor'
  | 'currency'
>

/** A touch with what names it in reports. */
export interface LeadTouch extends Touch {
  source: string
  campaign: string
}

/** A conversion with its currency and what was given back of it; the amounts are minor units of `currency`. */
export interface LeadConversion extends Conversion {
  currency: string
  refundedMinor: number
}

/** A move of a lead to another stage, as far as credit goes by it. */
export interface StageMoveFacts {
  at: number
  to: Stage
  isBackward: boolean
  amountMinor: number | null
  currency: string | null
  cause: { id: string }
}

/** Where amounts are counted. */
export interface MoneyPlace {
  /** IANA */
  timeZone: string
  /** the workspace's own: ISO 4217 */
  currency: string
  /** an amount in the workspace's currency by the rate of a day (since 1970); null where none is known */
  convert: (minor: number, currency: string, day: number) => number | null
}

const DIRECT = 'Direct'
const VISIT_PAUSE_MS = 30 * 60_000

const clickChannels = new Map([
  ['email_link_clicked', 'Email'],
  ['sms_link_clicked', 'SMS'],
  ['ad_clicked', 'Paid Other'],
])
const conversationChannels = new Map([
  ['call_connected', 'Phone'],
  ['meeting_booked', 'Meeting'],
  ['meeting_attended', 'Meeting'],
  ['chat_started', 'Chat'],
  ['email_replied', 'Email'],
  ['sms_replied', 'SMS'],
  ['social_message_received', 'Organic Social'],
])

/**
 * The touches of a lead in order of time, under the names of their groups. A page without a referrer within half an hour of
 * what the person did before belongs to that visit and is no direct visit of its own.
 */
export function touchesOf(
  events: readonly CreditedEvent[],
  { touchTypes, groups, viewDays }: AttributionSettings,
): LeadTouch[] {
  const groupOf = new Map(
    groups.flatMap(({ name, channels }) => channels.map((one) => [one.toLowerCase(), name])),
  )
  const wanted = new Set<TouchType | 'view'>(viewDays === null ? touchTypes : [...touchTypes, 'view'])
  const touches: LeadTouch[] = []
  let lastAt = -Infinity
  for (const event of events) {
    if (event.isBot || event.call === 'system') continue
    const found = touchOf(event)
    const isInside = found?.channel === DIRECT && !event.sessionStart && event.at - lastAt <= VISIT_PAUSE_MS
    // An ad that was seen is no sign of a visit.
    if (found?.type !== 'view') lastAt = event.at
    if (!found || isInside || !wanted.has(found.type)) continue
    touches.push({
      at: event.at,
      id: event.eventId,
      channel: groupOf.get(found.channel.toLowerCase()) ?? found.channel,
      source: event.utmSource || event.source,
      campaign: event.utmCampaign,
      ...(found.type === 'view' ? { kind: 'view' as const } : {}),
    })
  }
  return touches
}

function touchOf({
  name,
  channel,
  category,
}: CreditedEvent): { type: TouchType | 'view'; channel: string } | null {
  if (name === 'ad_viewed') return { type: 'view', channel: channel || 'Display' }
  const click = clickChannels.get(name)
  if (click !== undefined) return { type: 'click', channel: channel || click }
  const conversation = conversationChannels.get(name)
  if (conversation !== undefined) return { type: 'conversation', channel: channel || conversation }
  if (name === 'email_opened') return { type: 'open', channel: channel || 'Email' }
  return channel === '' || category === 'identity' ? null : { type: 'visit', channel }
}

/** When the lead became known, and each time that it became an opportunity. */
export function milestonesOf(history: CreditedHistory, moves: readonly StageMoveFacts[]): Milestone[] {
  const lead = knownSince(history)
  return [
    ...(lead === null ? [] : [{ at: lead, kind: 'lead' as const }]),
    ...moves
      .filter(({ to, isBackward }) => to === 'opportunity' && !isBackward)
      .map(({ at }) => ({ at, kind: 'opportunity' as const })),
  ]
}

/** The conversions of a lead to a goal, their worth in the workspace's currency where a rate is known. */
export function conversionsOf(
  goal: Goal,
  history: CreditedHistory,
  moves: readonly StageMoveFacts[],
  place: MoneyPlace,
): LeadConversion[] {
  return raw(goal, history, moves).map((conversion) => worthOf(conversion, goal, place))
}

function raw(goal: Goal, history: CreditedHistory, moves: readonly StageMoveFacts[]): LeadConversion[] {
  const plain = (at: number, id: string, valueMinor = 0, currency = ''): LeadConversion => ({
    at,
    id,
    kind: goal.kind,
    valueMinor,
    count: 1,
    currency,
    refundedMinor: 0,
  })
  switch (goal.kind) {
    case 'order':
      return history.orders.flatMap(ordered)
    case 'lead': {
      const at = knownSince(history)
      return at === null ? [] : [plain(at, history.leadId)]
    }
    case 'event':
      return history.events
        .filter(({ name, isBot }) => name === goal.event && !isBot)
        .map(({ at, eventId, valueMinor, currency }) => plain(at, eventId, Math.max(0, valueMinor), currency))
    default: {
      // What was sold counts as the order's; the amount of a move stands where there is no order.
      const hasOrder = history.orders.some((order) => ordered(order).length > 0)
      return moves
        .filter(({ to, isBackward }) => to === goal.kind && !isBackward)
        .map(({ at, cause, amountMinor, currency }) =>
          plain(at, `${cause.id}:${at}`, hasOrder ? 0 : (amountMinor ?? 0), currency ?? ''),
        )
    }
  }
}

// Merchandise without tax and shipping, refunds off pro rata. What was cancelled, free or a shop's test is no order.
function ordered(order: CreditedHistory['orders'][number]): LeadConversion[] {
  const { isTest, cancelledAt, totalMinor, refundedMinor, taxMinor, shippingMinor } = order
  if (isTest || cancelledAt !== null || totalMinor <= 0) return []
  const valueMinor = Math.max(0, totalMinor - taxMinor - shippingMinor)
  const refunded = Math.min(1, Math.max(0, refundedMinor / totalMinor))
  return [
    {
      at: order.placedAt,
      id: order.orderId,
      kind: 'order',
      valueMinor,
      count: 1,
      currency: order.currency,
      refundedMinor: Math.round(valueMinor * refunded),
    },
  ]
}

function worthOf(conversion: LeadConversion, goal: Goal, place: MoneyPlace): LeadConversion {
  const { valueMinor, refundedMinor, currency, at } = conversion
  if (goal.counts === 'count' && goal.kind !== 'order')
    return { ...conversion, valueMinor: 0, refundedMinor: 0, currency: place.currency }
  if (valueMinor === 0 || currency === '' || currency === place.currency)
    return { ...conversion, currency: currency === '' || valueMinor === 0 ? place.currency : currency }
  const day = Math.floor((at + zoneOffsetMs(at, place.timeZone)) / DAY_MS)
  const value = place.convert(valueMinor, currency, day)
  if (value === null) return conversion
  const isWhole = refundedMinor === valueMinor
  const refunded = isWhole ? value : (place.convert(refundedMinor, currency, day) ?? 0)
  return {
    ...conversion,
    valueMinor: value,
    refundedMinor: Math.min(value, refunded),
    currency: place.currency,
  }
}

const DAY_MS = 86_400_000

/**
 * When a lead became known: when it was made, where that was before all that it did; else when it first said who it is or ordered,
 * or, where nothing tells that, when it first did something. A record is dated by whichever event came in first, so that its date alone
 * would make a difference between late and on time. Null for whom nobody knows.
 */
function knownSince({ createdAt, subject, events, orders }: CreditedHistory): number | null {
  if (!subject.record.is_known) return null
  const first = events[0]
  if (!first || createdAt < first.at) return createdAt
  const told = events.find(({ name }) => name === 'identified')?.at ?? Infinity
  const known = Math.min(told, orders[0]?.placedAt ?? Infinity)
  return known === Infinity ? first.at : known
}
