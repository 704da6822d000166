// Asks a comparison of events of a subject's events in memory.
import type { EventTest, PropertyPlace, PropertyTest } from './check-event.ts'
import { stretchOf } from './dates.ts'
import type { AsOf } from './dates.ts'
import type { PropertyPath } from './details.ts'
import type { SubjectEvent } from './fact.ts'
import { datePredicate, isWithin, textPredicate } from './memory-value.ts'
import { SUM_LIMIT, numberHolds } from './values.ts'
import type { NumberTest } from './values.ts'

/** A number written as text that counts as a number: what shops send for amounts. */
export const NUMERIC_TEXT = /^-?[0-9]{1,12}([.][0-9]{1,6})?$/

/** Whether an event is one of those that a comparison is about, as asked at a moment. */
export function eventCounts(asked: EventTest, asOf: AsOf): (event: SubjectEvent) => boolean {
  const within = asked.within && stretchOf(asked.within, asOf)
  const where = asked.where.map((test) => propertyPredicate(test, asOf))
  return (event) =>
    event.name === asked.event &&
    !event.isBot &&
    (within === null || isWithin(within, Date.parse(event.occurredAt))) &&
    where.every((test) => test(event))
}

/** What is summed of events, in whole millionths. */
export function sumOf(events: readonly SubjectEvent[], of: PropertyPath): bigint {
  return events.reduce((total, event) => total + micros(event, of), 0n)
}

/** The comparison as asked at a moment, of all events of one subject. */
export function eventHolds(asked: EventTest, asOf: AsOf): (events: readonly SubjectEvent[]) => boolean {
  const counts = eventCounts(asked, asOf)
  const { measure } = asked
  switch (measure.op) {
    case 'count':
      return (events) => numberHolds(measure.test, events.filter(counts).length)
    case 'sum': {
      const test = inMicros(measure.test)
      return (events) => numberHolds(test, sumOf(events.filter(counts), measure.of))
    }
    case 'first':
    case 'last': {
      const stretch = stretchOf(measure.test, asOf)
      return (events) => {
        const at = events.filter(counts).map(({ occurredAt }) => Date.parse(occurredAt))
        if (at.length === 0) return false
        const chosen = at.reduce((a, b) => (measure.op === 'first' ? Math.min(a, b) : Math.max(a, b)))
        return isWithin(stretch, chosen)
      }
    }
  }
}

/** A test of sums, in whole millionths. */
export function inMicros(test: NumberTest): NumberTest {
  return test.op === 'between'
    ? { ...test, from: toMicros(test.from), to: toMicros(test.to) }
    : { ...test, number: toMicros(test.number) }
}

function toMicros(number: number): number {
  return Math.floor(number * 1e6 + 0.5)
}

/** What of an event its properties and details are read from; a detail that is absent is not known. */
export type EventDetails = Partial<Omit<SubjectEvent, 'name' | 'occurredAt' | 'isBot'>>

/** The test of a property as asked at a moment, of one event. */
export function propertyPredicate(asked: PropertyTest, asOf: AsOf): (event: EventDetails) => boolean {
  const fits = valuePredicate(asked, asOf)
  return (event) => valuesOf(event, asked.at).some(fits) !== asked.negated
}

function valuePredicate(asked: PropertyTest, asOf: AsOf): (value: unknown) => boolean {
  switch (asked.type) {
    case 'text': {
      const test = textPredicate(asked.test)
      return (value) => test(asText(value))
    }
    case 'number': {
      const { test } = asked
      return (value) => {
        const number = asNumber(value)
        return number !== null && (test.op === 'is_set' || numberHolds(test, number))
      }
    }
    case 'boolean': {
      const { test } = asked
      return (value) =>
        typeof value === 'boolean' && (test.op === 'is_set' || value === (test.op === 'is_true'))
    }
    case 'date': {
      const test = datePredicate(asked.test, asOf)
      return (value) => typeof value === 'string' && test(value)
    }
  }
}

function valuesOf(event: EventDetails, at: PropertyPlace): unknown[] {
  return 'detail' in at ? [event[at.detail.key]] : follow(event.properties ?? {}, at.path)
}

function follow(properties: Record<string, unknown>, { keys, inEach }: PropertyPath): unknown[] {
  const reached = step(properties, keys)
  if (!inEach) return [reached]
  return Array.isArray(reached) ? reached.map((element) => step(element, inEach)) : []
}

function step(value: unknown, keys: readonly string[]): unknown {
  let reached = value
  for (const key of keys) {
    if (reached === null || typeof reached !== 'object' || Array.isArray(reached)) return undefined
    reached = Object.entries(reached).find(([name]) => name === key)?.[1]
  }
  return reached
}

// A whole number is also a text, as an article's number may be sent either way.
function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isInteger(value) && value > -(2 ** 63) && value < 2 ** 64
    ? String(value)
    : ''
}

function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && NUMERIC_TEXT.test(value) ? Number(value) : null
}

/** What an event adds to a sum, in whole millionths. */
export function micros(event: EventDetails, path: PropertyPath): bigint {
  return follow(event.properties ?? {}, path).reduce<bigint>((total, value) => {
    const number = asNumber(value)
    if (number === null || Math.abs(number) > SUM_LIMIT) return total
    return total + BigInt(toMicros(number))
  }, 0n)
}
