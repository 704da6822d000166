// Asks a condition of a subject in memory. What is not known makes a comparison false, and its negated form true.
import type { Checked, FactTest } from './check.ts'
import type { AsOf } from './dates.ts'
import { eventHolds } from './memory-event.ts'
import type { SubjectEvent } from './fact.ts'
import { datePredicate, textPredicate } from './memory-value.ts'
import { numberHolds } from './values.ts'

/** A question that can be put to many subjects: its dates are worked out once. */
export type Predicate<Subject> = (subject: Subject) => boolean

/**
 * The condition as asked at a moment; ClickHouse gives the same answer to `conditionSql`.
 * @param eventsOf the events of a subject, those of leads merged into it too; needed where the condition asks for events
 */
export function predicateOf<Subject>(
  condition: Checked<Subject>,
  asOf: AsOf,
  eventsOf?: (subject: Subject) => readonly SubjectEvent[],
): Predicate<Subject> {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => predicateOf(part, asOf, eventsOf))
      return (subject) => parts.every((part) => part(subject))
    }
    case 'or': {
      const parts = condition.parts.map((part) => predicateOf(part, asOf, eventsOf))
      return (subject) => parts.some((part) => part(subject))
    }
    case 'not': {
      const part = predicateOf(condition.part, asOf, eventsOf)
      return (subject) => !part(subject)
    }
    case 'fact': {
      const { negated } = condition.asked
      const test = factPredicate(condition.asked, asOf)
      return negated ? (subject) => !test(subject) : test
    }
    case 'event': {
      if (!eventsOf) throw new Error(`the events of a subject are needed to ask for ${condition.asked.event}`)
      const test = eventHolds(condition.asked, asOf)
      return (subject) => test(eventsOf(subject))
    }
  }
}

/** Whether a condition holds for one subject. */
export function holds<Subject>(
  condition: Checked<Subject>,
  subject: Subject,
  asOf: AsOf,
  eventsOf?: (subject: Subject) => readonly SubjectEvent[],
): boolean {
  return predicateOf(condition, asOf, eventsOf)(subject)
}

/** The comparison of a fact as asked at a moment, without the negation of its operator. */
export function factPredicate<Subject>(asked: FactTest<Subject>, asOf: AsOf): Predicate<Subject> {
  switch (asked.type) {
    case 'text': {
      const { fact } = asked
      const test = textPredicate(asked.test)
      return (subject) => test(fact.read(subject, asOf) ?? '')
    }
    case 'choice': {
      const { fact, test } = asked
      if (test.op === 'is_set') return (subject) => (fact.read(subject, asOf) ?? '') !== ''
      const wanted = new Set(test.op === 'any_of' ? test.texts : [test.text])
      return (subject) => wanted.has(fact.read(subject, asOf) ?? '')
    }
    case 'number': {
      const { fact, test } = asked
      return (subject) => {
        const number = fact.read(subject, asOf)
        return number !== null && (test.op === 'is_set' || numberHolds(test, number))
      }
    }
    case 'date': {
      const { fact } = asked
      const test = datePredicate(asked.test, asOf)
      return (subject) => test(fact.read(subject, asOf) ?? '')
    }
    case 'boolean': {
      const { fact, test } = asked
      return (subject) => {
        const value = fact.read(subject, asOf)
        return test.op === 'is_set' ? value !== null : value === (test.op === 'is_true')
      }
    }
    case 'tags': {
      const { fact, test } = asked
      return (subject) => {
        const tags = fact.read(subject, asOf) ?? []
        if (test.op === 'is_set') return tags.length > 0
        return test.op === 'has_any'
          ? test.tags.some((tag) => tags.includes(tag))
          : test.tags.every((tag) => tags.includes(tag))
      }
    }
    case 'consent': {
      const { fact, test } = asked
      return (subject) => {
        const { stated, isAllowed } = fact.read(subject, asOf)
        return test.op === 'allowed' ? isAllowed : test.op === (stated ?? 'unknown')
      }
    }
  }
}
