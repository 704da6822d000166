// Writes a condition as a PostgreSQL expression that is never null, for questions that PostgreSQL answers itself.
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Checked, FactTest } from './check.ts'
import { anniversaries, stretchOf } from './dates.ts'
import type { AsOf, DateTest } from './dates.ts'
import { isoOf } from './memory-value.ts'
import { DAY, INSTANT, fold } from './text.ts'
import type { NumberTest, TextTest } from './values.ts'

/** How a fact is read in PostgreSQL. */
export interface PostgresColumn {
  sql: RawBuilder<unknown>
  /** of a date that is a text, a day or an instant; any other is `timestamptz` */
  as?: 'text'
}

/**
 * The condition over the columns that are given for its facts. It must ask for nothing else: a fact without a column, a consent
 * or an event is for the copy of the leads.
 */
export function postgresSql<Subject>(
  condition: Checked<Subject>,
  asOf: AsOf,
  columnOf: (fact: string) => PostgresColumn | undefined,
): RawBuilder<boolean> {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.parts.map((part) => postgresSql(part, asOf, columnOf))
      return sql`(${sql.join(parts, condition.kind === 'and' ? sql` and ` : sql` or `)})`
    }
    case 'not':
      return sql`(not ${postgresSql(condition.part, asOf, columnOf)})`
    case 'event':
      throw unanswered(condition.asked.event)
    case 'fact': {
      const column = columnOf(condition.asked.fact.name)
      if (!column) throw unanswered(condition.asked.fact.label)
      const test = sql<boolean>`coalesce(${factSql(condition.asked, column, asOf)}, false)`
      return condition.asked.negated ? sql`(not ${test})` : test
    }
  }
}

function factSql<Subject>(asked: FactTest<Subject>, column: PostgresColumn, asOf: AsOf): RawBuilder<unknown> {
  switch (asked.type) {
    case 'text':
      return asked.test.op === 'is_set'
        ? sql`${column.sql} <> ''`
        : textSql(asked.test, sql`replace(lower(${column.sql} collate "und-x-icu"), 'ς', 'σ')`)
    case 'choice': {
      const { test } = asked
      if (test.op === 'is_set') return sql`${column.sql} <> ''`
      return sql`${column.sql} = any(${test.op === 'any_of' ? test.texts : [test.text]}::text[])`
    }
    case 'number':
      return asked.test.op === 'is_set' ? sql`${column.sql} is not null` : numberSql(asked.test, column.sql)
    case 'boolean':
      return asked.test.op === 'is_set'
        ? sql`${column.sql} is not null`
        : sql`${column.sql} = ${asked.test.op === 'is_true'}::boolean`
    case 'tags':
      if (asked.test.op === 'is_set') return sql`cardinality(${column.sql}) > 0`
      return asked.test.op === 'has_any'
        ? sql`${column.sql} && ${asked.test.tags}::text[]`
        : sql`${column.sql} @> ${asked.test.tags}::text[]`
    case 'date':
      return dateSql(asked.test, column, asOf)
    case 'consent':
      throw unanswered(asked.fact.label)
  }
}

function textSql(test: TextTest, folded: RawBuilder<unknown>): RawBuilder<unknown> {
  // strpos and starts_with know no wildcards, so that % and _ are just characters.
  switch (test.op) {
    case 'any_of':
      return sql`${folded} = any(${test.texts.map(fold)}::text[])`
    case 'contains':
      return sql`strpos(${folded}, ${fold(test.text)}::text) > 0`
    case 'starts_with':
      return sql`starts_with(${folded}, ${fold(test.text)}::text)`
    case 'ends_with':
      return sql`right(${folded}, length(${fold(test.text)}::text)) = ${fold(test.text)}::text`
  }
}

function numberSql(test: NumberTest, number: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (test.op) {
    case 'equals':
      return sql`${number} = ${test.number}::float8`
    case 'more_than':
      return sql`${number} > ${test.number}::float8`
    case 'at_least':
      return sql`${number} >= ${test.number}::float8`
    case 'less_than':
      return sql`${number} < ${test.number}::float8`
    case 'at_most':
      return sql`${number} <= ${test.number}::float8`
    case 'between':
      return sql`${number} between ${test.from}::float8 and ${test.to}::float8`
  }
}

function dateSql(test: DateTest | { op: 'is_set' }, column: PostgresColumn, asOf: AsOf): RawBuilder<unknown> {
  const isText = column.as === 'text'
  const text = sql`(${column.sql} collate "C")`
  const isDay = sql`${text} ~ ${DAY.source}::text`
  const isInstant = sql`${text} ~ ${INSTANT.source}::text`
  if (test.op === 'is_set') return isText ? sql`(${isDay} or ${isInstant})` : sql`${column.sql} is not null`
  if (test.op === 'anniversary_in_next') {
    const days = sql`${anniversaries(test.span, asOf)}::text[]`
    const local = (at: RawBuilder<unknown>) =>
      sql`to_char(${at} at time zone ${asOf.timeZone}::text, 'MM-DD') = any(${days})`
    if (!isText) return local(column.sql)
    return sql`(case when ${isDay} then right(${text}, 5) = any(${days}) when ${isInstant} then ${local(sql`${text}::timestamptz`)} end)`
  }
  const { fromMs, toMs, fromDay, toDay } = stretchOf(test, asOf)
  const between = (
    value: RawBuilder<unknown>,
    from: string | undefined,
    to: string | undefined,
    as: string,
  ) =>
    sql`(${from === undefined ? sql`true` : sql`${value} >= ${from}::${sql.raw(as)}`} and ${
      to === undefined ? sql`true` : sql`${value} < ${to}::${sql.raw(as)}`
    })`
  const from = fromMs === undefined ? undefined : isoOf(fromMs)
  const to = toMs === undefined ? undefined : isoOf(toMs)
  if (!isText) return between(column.sql, from, to, 'timestamptz')
  const days = sql`(${fromDay === undefined ? sql`true` : sql`${text} >= ${fromDay}::text`} and ${
    toDay === undefined ? sql`true` : sql`${text} <= ${toDay}::text`
  })`
  return sql`(case when ${isDay} then ${days} when ${isInstant} then ${between(text, from, to, 'text')} end)`
}

function unanswered(what: string): Error {
  return new Error(`PostgreSQL is not asked for ${what}`)
}
