// Asks a condition again and again along a history: as it was answered when only a part of the events had happened.
import type { Checked } from './check.ts'
import type { EventTest } from './check-event.ts'
import { stretchOf } from './dates.ts'
import type { AsOf, Stretch } from './dates.ts'
import { factPredicate } from './memory.ts'
import { inMicros, micros, propertyPredicate } from './memory-event.ts'
import type { EventDetails } from './memory-event.ts'
import { isWithin } from './memory-value.ts'
import type { Span } from './tree.ts'
import { numberHolds } from './values.ts'

/** An event of a history; `at` is its instant in ms since 1970. */
export type ReplayedEvent = EventDetails & { name: string; at: number; isBot: boolean }

/** A moment of a history: of the events, those from the index `from` up to and without `upTo` have happened and count. */
export interface ReplayMoment<Subject> {
  asOf: AsOf
  from: number
  upTo: number
  /** read only where the condition asks for a fact */
  subject: () => Subject
}

type Replay<Subject> = (moment: ReplayMoment<Subject>) => boolean

/**
 * The condition to be asked at many moments of many histories. The answer is that of `holds` over the events that count; it
 * takes the logarithm of their number where that takes all of them.
 * @returns takes the events of one history, in order of time, and gives the question for its moments
 */
export function replayOf<Subject>(
  condition: Checked<Subject>,
): (events: readonly ReplayedEvent[]) => Replay<Subject> {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map(replayOf)
      return (events) => {
        const replays = parts.map((part) => part(events))
        return (moment) => replays.every((replay) => replay(moment))
      }
    }
    case 'or': {
      const parts = condition.parts.map(replayOf)
      return (events) => {
        const replays = parts.map((part) => part(events))
        return (moment) => replays.some((replay) => replay(moment))
      }
    }
    case 'not': {
      const part = replayOf(condition.part)
      return (events) => {
        const replay = part(events)
        return (moment) => !replay(moment)
      }
    }
    case 'fact': {
      const { asked } = condition
      // Only dates are compared with the moment, and what moves with time.
      const isMoving = asked.type === 'date' || asked.fact.movesWithTime === true
      const always = isMoving ? undefined : factPredicate(asked, NEVER)
      return () =>
        ({ subject, asOf }) =>
          (always ?? factPredicate(asked, asOf))(subject()) !== asked.negated
    }
    case 'event':
      return (events) => eventReplay(condition.asked, events)
  }
}

const NEVER: AsOf = { now: new Date(0), timeZone: 'UTC' }

function eventReplay<Subject>(asked: EventTest, events: readonly ReplayedEvent[]): Replay<Subject> {
  const { where, within, measure } = asked
  const isMeant = (event: ReplayedEvent) => event.name === asked.event && !event.isBot
  // A date among the properties is compared with the moment: such tests are put again each time.
  const fixed = where.filter((test) => test.type !== 'date').map((test) => propertyPredicate(test, NEVER))
  const moving = where.filter((test) => test.type === 'date')
  let found: Found | undefined
  return ({ asOf, from, upTo }) => {
    found ??= find(events, (event) => isMeant(event) && fixed.every((test) => test(event)), asked)
    let low = firstFrom(found.indexes, from)
    let high = firstFrom(found.indexes, upTo)
    if (within !== null && low < high) {
      const about = within.op === 'in_last' ? since(found.at, low, high, within.span, asOf) : null
      const counted = about && moving.length === 0 ? countDecided(measure, about, high) : null
      if (counted !== null) return counted
      if (about && about[0] === about[1]) low = about[0]
      else [low, high] = narrowed(found.at, low, high, stretchOf(within, asOf))
    }
    const counting = moving.length === 0 || low === high ? found : undefined
    if (!counting) {
      const tests = moving.map((test) => propertyPredicate(test, asOf))
      const some = found.indexes.slice(low, high).map((index) => events[index]!)
      const part = find(some, (event) => tests.every((test) => test(event)), asked)
      return measured(part, 0, part.indexes.length, measure, asOf)
    }
    return measured(counting, low, high, measure, asOf)
  }
}

/** Events that a comparison means: where they stand, when they were, and the sum before each and after the last. */
interface Found {
  indexes: number[]
  at: number[]
  sums: bigint[]
}

function find(
  events: readonly ReplayedEvent[],
  isMeant: (event: ReplayedEvent) => boolean,
  { measure }: EventTest,
): Found {
  const found: Found = { indexes: [], at: [], sums: [0n] }
  let sum = 0n
  events.forEach((event, index) => {
    if (!isMeant(event)) return
    found.indexes.push(index)
    found.at.push(event.at)
    if (measure.op === 'sum') found.sums.push((sum += micros(event, measure.of)))
  })
  return found
}

function measured(
  { at, sums }: Found,
  low: number,
  high: number,
  measure: EventTest['measure'],
  asOf: AsOf,
): boolean {
  switch (measure.op) {
    case 'count':
      return numberHolds(measure.test, high - low)
    case 'sum':
      return numberHolds(inMicros(measure.test), (sums[high] ?? 0n) - (sums[low] ?? 0n))
    case 'first':
      return low < high && isWithin(stretchOf(measure.test, asOf), at[low]!)
    case 'last':
      return low < high && isWithin(stretchOf(measure.test, asOf), at[high - 1]!)
  }
}

/** Longer than any change of a zone's clocks, and than a month differs from 30 days. */
const UNSURE_MS = { hours: 0, days: 26 * 3_600_000, weeks: 26 * 3_600_000, months: 0 }
const UNIT_MS = { hours: 3_600_000, days: 86_400_000, weeks: 7 * 86_400_000, months: 0 }

/**
 * The first of those between two places that lies in the last so many days, at the earliest and at the latest, without asking
 * the clocks of the zone: that costs ten times the rest. Null for months.
 */
function since(
  at: readonly number[],
  low: number,
  high: number,
  { count, unit }: Span,
  { now }: AsOf,
): [number, number] | null {
  if (unit === 'months' || at[high - 1]! > now.getTime()) return null
  const edge = now.getTime() - count * UNIT_MS[unit] + 1
  const from = (bound: number) => Math.min(Math.max(low, firstFrom(at, bound)), high)
  return [from(edge - UNSURE_MS[unit]), from(edge + UNSURE_MS[unit])]
}

// Whether there are enough, where that is so wherever the edge lies exactly; else null.
function countDecided(
  measure: EventTest['measure'],
  [early, late]: [number, number],
  high: number,
): boolean | null {
  if (measure.op !== 'count' || measure.test.op !== 'at_least') return null
  if (high - late >= measure.test.number) return true
  return high - early < measure.test.number ? false : null
}

function narrowed(at: readonly number[], low: number, high: number, stretch: Stretch): [number, number] {
  const from = stretch.fromMs === undefined ? low : Math.max(low, firstFrom(at, stretch.fromMs))
  const to = stretch.toMs === undefined ? high : Math.min(high, firstFrom(at, stretch.toMs))
  return from < to ? [from, to] : [low, low]
}

/** The place of the first that is not below the bound, in a list in order. */
function firstFrom(ordered: readonly number[], bound: number): number {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ordered[middle]! < bound) low = middle + 1
    else high = middle
  }
  return low
}
