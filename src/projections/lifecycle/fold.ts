// A lead's way through the stages, folded from all that happened: events, orders, what people decided, and the rules. Pure.
import type { Checked, ReplayMoment, ReplayedEvent } from '../../conditions/index.ts'
import { replayOf } from '../../conditions/index.ts'
import type { Condition } from '../../conditions/contract.ts'
import type { ManualMove } from '../contract.ts'
import type { LifecycleRule } from './rules.ts'
import { isBackward, rankOf, skippedBetween } from './stages.ts'
import type { Stage } from './stages.ts'

export type LifecycleEvent = ReplayedEvent & { eventId: string; isAct: boolean }

/** An order that was paid for; `cancelledAt` is when it was called off or refunded whole. Instants are ms since 1970. */
export interface LifecycleOrder {
  orderId: string
  placedAt: number
  cancelledAt: number | null
}

export interface LifecycleHistory {
  /** when the lead was made; what happened before it counts all the same */
  createdAt: number
  /** in order of time, then of id */
  events: readonly LifecycleEvent[]
  orders: readonly LifecycleOrder[]
  moves: readonly ManualMove[]
}

/** What made a lead move: an event, an order, or a person's decision. */
export interface MoveCause {
  kind: 'event' | 'order' | 'person'
  id: string
  /** the event's name; empty for the others */
  name: string
}

export interface StageMove {
  at: number
  from: Stage
  to: Stage
  isBackward: boolean
  /** stages that a move forward passed over */
  skipped: Stage[]
  cause: MoveCause
  /** the rule's id; null where a person decided */
  rule: string | null
  actor: string | null
  reason: string | null
  amountMinor: number | null
  currency: string | null
}

/** A stretch of time in one stage; `until` is null for the one that lasts. */
export interface StageStay {
  stage: Stage
  since: number
  until: number | null
  /** what the person did in it, by people only */
  touches: number
}

export interface LifecycleState {
  stage: Stage
  since: number
  /** in order of time */
  moves: StageMove[]
  /** one after the other without a gap, from the first moment on */
  stays: StageStay[]
  /** what people decided that the lead was at or past by then: an amount, or a word that came late */
  confirmations: { moveId: string; at: number; stage: Stage }[]
}

/** What a rule may ask of a lead at a moment, beside its events. */
export interface LifecycleMoment {
  at: number
  /** events from the first up to and without this index have happened */
  upTo: number
  /** orders that stand: placed by then and not cancelled */
  orders: readonly LifecycleOrder[]
  stage: Stage
  since: number
}

export interface CheckedRule<Subject> {
  rule: LifecycleRule
  /** events that alone can make it true; null where other events, orders or time can, too */
  triggers: ReadonlySet<string> | null
  when: (events: readonly ReplayedEvent[]) => (moment: ReplayMoment<Subject>) => boolean
}

/** A rule made ready to be asked of many leads. */
export function readyRule<Subject>(rule: LifecycleRule, checked: Checked<Subject>): CheckedRule<Subject> {
  return { rule, triggers: triggersOf(rule.when), when: replayOf(checked) }
}

/**
 * The whole way of a lead, a function of its history and the rules alone: in whatever order things became known, the state is
 * the same, and what happens later changes no move before it.
 *
 * At each event of a person, and when an order is placed or cancelled, the rules are asked as of that moment; of those that lead forward and
 * hold the furthest wins, else the first that leads back. After a move backward the evidence begins anew: a rule that leads
 * forward needs events after it, and must have been false since. A person's decision always counts, except where it was made
 * to bring a lead forward that, as became known later, was already there or past it.
 * @param subjectAt what facts are read from, as of a moment
 * @param timeZone in which the rules' days begin, IANA
 */
export function foldLifecycle<Subject>(
  history: LifecycleHistory,
  rules: readonly CheckedRule<Subject>[],
  subjectAt: (moment: LifecycleMoment) => Subject,
  timeZone: string,
): LifecycleState {
  const { events } = history
  const moments = momentsOf(history)
  const asked = rules
    .filter(({ rule }) => rule.isOn)
    .map(({ rule, triggers, when }) => ({ rule, triggers, holds: when(events), isHeld: false }))
  const since = Math.min(history.createdAt, moments[0]?.at ?? history.createdAt)
  const state: LifecycleState = {
    stage: 'new',
    since,
    moves: [],
    stays: [],
    confirmations: [],
  }
  const orders: LifecycleOrder[] = []
  let evidenceFrom = 0

  function momentAt(at: number, upTo: number): ReplayMoment<Subject> {
    let subject: Subject | undefined
    return {
      asOf: { now: new Date(at), timeZone },
      from: evidenceFrom,
      upTo,
      subject: () => (subject ??= subjectAt({ at, upTo, orders, stage: state.stage, since: state.since })),
    }
  }

  function move(to: Stage, upTo: number, rest: Omit<StageMove, 'from' | 'to' | 'isBackward' | 'skipped'>) {
    const back = isBackward(state.stage, to)
    state.moves.push({
      ...rest,
      from: state.stage,
      to,
      isBackward: back,
      skipped: skippedBetween(state.stage, to),
    })
    state.stays.push({ stage: state.stage, since: state.since, until: rest.at, touches: 0 })
    state.stage = to
    state.since = rest.at
    if (back) evidenceFrom = upTo
    // What holds already is no news: it must turn false before it moves the lead against what was just decided.
    const now = momentAt(rest.at, upTo)
    for (const one of asked) {
      if (one.rule.isBackward || back) one.isHeld = one.holds(now)
    }
  }

  for (const moment of moments) {
    const { at, upTo } = moment
    if (moment.kind === 'person') {
      const { decision } = moment
      const { moveId, to, reason, actor, amountMinor, currency } = decision
      const isFulfilled = rankOf(to) > rankOf(decision.seen) && rankOf(state.stage) > rankOf(to)
      if (to === state.stage || isFulfilled) {
        state.confirmations.push({ moveId, at, stage: to })
        continue
      }
      const cause: MoveCause = { kind: 'person', id: moveId, name: '' }
      move(to, upTo, { at, cause, rule: null, actor, reason, amountMinor, currency })
      continue
    }
    if (moment.kind === 'placed') orders.push(moment.order)
    if (moment.kind === 'cancelled') orders.splice(orders.indexOf(moment.order), 1)
    const now = momentAt(at, upTo)
    let chosen: LifecycleRule | undefined
    for (const one of asked) {
      const { rule } = one
      const from = rankOf(state.stage)
      const isWanted = rule.isBackward ? rankOf(rule.to) < from : rankOf(rule.to) > from
      if (!isWanted && !one.isHeld) continue
      if (one.triggers && !one.isHeld && !isAmong(one.triggers, moment, events)) continue
      if (!one.holds(now)) one.isHeld = false
      else if (isWanted && !one.isHeld && isBetter(rule, chosen)) chosen = rule
    }
    if (!chosen) continue
    const cause = causeOf(moment)
    move(chosen.to, upTo, {
      at,
      cause,
      rule: chosen.id,
      actor: null,
      reason: null,
      amountMinor: null,
      currency: null,
    })
  }
  state.stays.push({ stage: state.stage, since: state.since, until: null, touches: 0 })
  countTouches(state.stays, events)
  return state
}

// What asks only whether something was done, or how often at least, turns true with such an event and with nothing else.
function triggersOf(condition: Condition): ReadonlySet<string> | null {
  if ('and' in condition || 'or' in condition) {
    const parts = ('and' in condition ? condition.and : condition.or).map(triggersOf)
    const known = parts.filter((part) => part !== null)
    return known.length === parts.length ? new Set(known.flatMap((part) => [...part])) : null
  }
  if (!('event' in condition)) return null
  const { event, op, test, where = [], within } = condition
  const isCounted = op === 'did' || (op === 'count' && (test?.op === 'at_least' || test?.op === 'more_than'))
  const growsWithTime = within?.op === 'more_than_ago' || where.some(({ type }) => type === 'date')
  return isCounted && !growsWithTime ? new Set([event]) : null
}

// An order comes with its event, at the same instant.
function isAmong(triggers: ReadonlySet<string>, moment: Moment, events: readonly LifecycleEvent[]): boolean {
  if (moment.kind === 'event') return triggers.has(moment.event.name)
  for (let at = moment.upTo - 1; at >= 0 && events[at]!.at === moment.at; at--)
    if (triggers.has(events[at]!.name)) return true
  return false
}

type Moment = { at: number; upTo: number } & (
  | { kind: 'placed' | 'cancelled'; order: LifecycleOrder }
  | { kind: 'event'; event: LifecycleEvent }
  | { kind: 'person'; decision: ManualMove }
)

// At one instant: what became of orders, then events, then what people decided.
const ranks = { cancelled: 0, placed: 1, event: 2, person: 3 } satisfies Record<Moment['kind'], number>

function momentsOf({ events, orders, moves }: LifecycleHistory): Moment[] {
  const moments: Moment[] = []
  const happenedBy = (at: number) => firstAfter(events, at)
  for (const order of orders) {
    // Called off the moment it was placed, or before: it never stood.
    if (order.cancelledAt !== null && order.cancelledAt <= order.placedAt) continue
    moments.push({ kind: 'placed', at: order.placedAt, upTo: happenedBy(order.placedAt), order })
    if (order.cancelledAt !== null)
      moments.push({ kind: 'cancelled', at: order.cancelledAt, upTo: happenedBy(order.cancelledAt), order })
  }
  events.forEach((event, index) => {
    if (!event.isBot) moments.push({ kind: 'event', at: event.at, upTo: index + 1, event })
  })
  for (const decision of moves)
    moments.push({ kind: 'person', at: decision.at, upTo: happenedBy(decision.at), decision })
  return moments.sort(
    (a, b) => a.at - b.at || ranks[a.kind] - ranks[b.kind] || a.upTo - b.upTo || (idOf(a) < idOf(b) ? -1 : 1),
  )
}

function idOf(moment: Moment): string {
  switch (moment.kind) {
    case 'event':
      return moment.event.eventId
    case 'person':
      return moment.decision.moveId
    default:
      return moment.order.orderId
  }
}

function causeOf(moment: Exclude<Moment, { kind: 'person' }>): MoveCause {
  return moment.kind === 'event'
    ? { kind: 'event', id: moment.event.eventId, name: moment.event.name }
    : { kind: 'order', id: moment.order.orderId, name: '' }
}

// Forward before backward, further before nearer, and else the order of the list.
function isBetter(rule: LifecycleRule, chosen: LifecycleRule | undefined): boolean {
  if (!chosen) return true
  if (chosen.isBackward !== rule.isBackward) return chosen.isBackward
  return !rule.isBackward && rankOf(rule.to) > rankOf(chosen.to)
}

function firstAfter(events: readonly LifecycleEvent[], at: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return low
}

// A touch belongs to the stage that the lead was in before it: what brings a lead forward is the last touch of where it was.
function countTouches(stays: StageStay[], events: readonly LifecycleEvent[]): void {
  let place = 0
  for (const event of events) {
    if (event.isBot || !event.isAct) continue
    while (place < stays.length - 1 && event.at > stays[place]!.until!) place++
    stays[place]!.touches++
  }
}
