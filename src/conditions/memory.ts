// Asks a condition of a subject in memory. What is not known makes a comparison false, and its negated form true.
import type { Checked, CheckedComparison } from './check.ts'

/** Whether a condition holds for a subject at `now`; the SQL interpreter gives the same answer. */
export function holds<Subject>(condition: Checked<Subject>, subject: Subject, now: Date): boolean {
  if ('and' in condition) return condition.and.every((part) => holds(part, subject, now))
  if ('or' in condition) return condition.or.some((part) => holds(part, subject, now))
  if ('not' in condition) return !holds(condition.not, subject, now)
  return compare(condition.comparison, subject, now)
}

/** Letters in lower case, by Unicode's rules of no language; PostgreSQL does the same under the collation `und-x-icu`. */
export function fold(text: string): string {
  return text.toLowerCase()
}

/** The start of the last `days` days before `now`. */
export function daysBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString()
}

function compare<Subject>(comparison: CheckedComparison<Subject>, subject: Subject, now: Date): boolean {
  switch (comparison.op) {
    case 'is_set':
      return isSet(comparison.fact.read(subject))
    case 'is_not_set':
      return !isSet(comparison.fact.read(subject))
    case 'is':
    case 'is_not': {
      const text = comparison.fact.read(subject)
      const same = text !== null && fold(text) === fold(comparison.text)
      return comparison.op === 'is' ? same : !same
    }
    case 'contains':
      return fold(comparison.fact.read(subject) ?? '').includes(fold(comparison.text))
    case 'starts_with':
      return fold(comparison.fact.read(subject) ?? '').startsWith(fold(comparison.text))
    case 'equals':
      return comparison.fact.read(subject) === comparison.number
    case 'at_least':
      return (comparison.fact.read(subject) ?? -Infinity) >= comparison.number
    case 'at_most':
      return (comparison.fact.read(subject) ?? Infinity) <= comparison.number
    case 'before': {
      const at = comparison.fact.read(subject)
      return at !== null && at < comparison.at
    }
    case 'after': {
      const at = comparison.fact.read(subject)
      return at !== null && at > comparison.at
    }
    case 'in_last_days':
    case 'not_in_last_days': {
      const at = comparison.fact.read(subject)
      const recent = at !== null && at > daysBefore(now, comparison.days) && at <= now.toISOString()
      return comparison.op === 'in_last_days' ? recent : !recent
    }
    case 'is_true':
      return comparison.fact.read(subject) === true
    case 'is_false':
      return comparison.fact.read(subject) === false
    case 'has':
      return (comparison.fact.read(subject) ?? []).includes(comparison.tag)
    case 'has_not':
      return !(comparison.fact.read(subject) ?? []).includes(comparison.tag)
  }
}

function isSet(value: string | number | boolean | readonly string[] | null): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
}
