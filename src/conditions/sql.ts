// Writes a condition as a PostgreSQL expression that is never null; every value is a parameter.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Checked, CheckedComparison } from './check.ts'
import { daysBefore } from './memory.ts'

/** The condition at `now` over the columns that its facts name; the memory interpreter gives the same answer. */
export function conditionSql<Subject>(condition: Checked<Subject>, now: Date): RawBuilder<boolean> {
  if ('and' in condition) return joined(condition.and, sql` and `, now)
  if ('or' in condition) return joined(condition.or, sql` or `, now)
  if ('not' in condition) return sql`(not ${conditionSql(condition.not, now)})`
  return compare(condition.comparison, now)
}

function joined<Subject>(parts: Checked<Subject>[], by: RawBuilder<unknown>, now: Date): RawBuilder<boolean> {
  return sql`(${sql.join(
    parts.map((part) => conditionSql(part, now)),
    by,
  )})`
}

function compare<Subject>(comparison: CheckedComparison<Subject>, now: Date): RawBuilder<boolean> {
  const fact = comparison.fact.sql
  switch (comparison.op) {
    case 'is_set':
    case 'is_not_set': {
      const set = isSet(comparison.fact.type, fact)
      return comparison.op === 'is_set' ? set : sql`(not ${set})`
    }
    case 'is':
      return known(sql`${folded(fact)} = ${folded(text(comparison.text))}`)
    case 'is_not':
      return sql`(${folded(fact)} is distinct from ${folded(text(comparison.text))})`
    // strpos and starts_with know no wildcards, so that % and _ are just characters.
    case 'contains':
      return known(sql`strpos(${folded(fact)}, ${folded(text(comparison.text))}) > 0`)
    case 'starts_with':
      return known(sql`starts_with(${folded(fact)}, ${folded(text(comparison.text))})`)
    case 'equals':
      return known(sql`${fact} = ${comparison.number}::float8`)
    case 'at_least':
      return known(sql`${fact} >= ${comparison.number}::float8`)
    case 'at_most':
      return known(sql`${fact} <= ${comparison.number}::float8`)
    case 'before':
      return known(sql`${instantFact(comparison.fact)} < ${instant(comparison.fact, comparison.at)}`)
    case 'after':
      return known(sql`${instantFact(comparison.fact)} > ${instant(comparison.fact, comparison.at)}`)
    case 'in_last_days':
    case 'not_in_last_days': {
      const since = instant(comparison.fact, daysBefore(now, comparison.days))
      const until = instant(comparison.fact, now.toISOString())
      const at = instantFact(comparison.fact)
      const recent = known(sql`${at} > ${since} and ${at} <= ${until}`)
      return comparison.op === 'in_last_days' ? recent : sql`(not ${recent})`
    }
    case 'is_true':
      return sql`(${fact} is true)`
    case 'is_false':
      return sql`(${fact} is false)`
    case 'has':
      return known(sql`${fact} @> array[${comparison.tag}]::text[]`)
    case 'has_not':
      return sql`(not ${known(sql`${fact} @> array[${comparison.tag}]::text[]`)})`
  }
}

function known(expression: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`coalesce(${expression}, false)`
}

function isSet(type: string, fact: RawBuilder<unknown>): RawBuilder<boolean> {
  if (type === 'text') return known(sql`${fact} <> ''`)
  if (type === 'tags') return known(sql`cardinality(${fact}) > 0`)
  return sql`(${fact} is not null)`
}

function folded(expression: RawBuilder<unknown>): RawBuilder<string> {
  return sql`lower(${expression} collate "und-x-icu")`
}

function text(value: string): RawBuilder<string> {
  return sql`${value}::text`
}

function instantFact(fact: {
  sql: RawBuilder<unknown>
  instantAs?: 'timestamptz' | 'text'
}): RawBuilder<unknown> {
  return fact.instantAs === 'text' ? sql`${fact.sql} collate "C"` : fact.sql
}

function instant(fact: { instantAs?: 'timestamptz' | 'text' }, at: string): RawBuilder<unknown> {
  return fact.instantAs === 'text' ? sql`${at}::text` : sql`${at}::timestamptz`
}
