// Writes a condition as ClickHouse's SQL over `lead_facts`: an expression that is 0 or 1 and never null; every value is a parameter.
import type { Checked, FactTest } from './check.ts'
import { anniversaries, stretchOf } from './dates.ts'
import type { AsOf, DateTest } from './dates.ts'
import type { MovingSql, TagsColumn } from './fact.ts'
import { chSql, joinedBy, param } from './fragment.ts'
import type { Fragment } from './fragment.ts'
import { eventSql } from './sql-event.ts'
import { foldSql, foldedTextSql, localDay, numberSql, textDateSql, withinSql } from './sql-value.ts'
import type { TagsTest } from './values.ts'

/** Where a condition is asked. */
export interface SqlScope extends AsOf {
  workspaceId: string
  /** the id of the lead that a row is about: UUID */
  leadId: Fragment
}

/** The condition as SQL; the memory interpreter gives the same answer. */
export function conditionSql<Subject>(condition: Checked<Subject>, scope: SqlScope): Fragment {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return chSql`(${joinedBy(
        condition.kind,
        condition.parts.map((part) => conditionSql(part, scope)),
      )})`
    case 'not':
      return chSql`(not ${conditionSql(condition.part, scope)})`
    case 'fact': {
      const test = factSql(condition.asked, scope)
      return condition.asked.negated ? chSql`(not ${test})` : test
    }
    case 'event':
      return eventSql(condition.asked, scope)
  }
}

function factSql<Subject>(asked: FactTest<Subject>, scope: SqlScope): Fragment {
  switch (asked.type) {
    case 'text': {
      const { sql, isFolded } = asked.fact.column
      return foldedTextSql(asked.test, isFolded || asked.test.op === 'is_set' ? sql : foldSql(sql))
    }
    case 'choice': {
      const sql = momentSql(asked.fact.column.sql, scope)
      const { test } = asked
      if (test.op === 'is_set') return chSql`(${sql} != '')`
      const texts = test.op === 'any_of' ? test.texts : [test.text]
      return texts.length === 1
        ? chSql`(${sql} = ${param('String', texts[0])})`
        : chSql`(${sql} in ${param('Array(String)', texts)})`
    }
    case 'number': {
      const sql = momentSql(asked.fact.column.sql, scope)
      return asked.test.op === 'is_set' ? chSql`(${sql} is not null)` : orFalse(numberSql(asked.test, sql))
    }
    case 'date':
      return dateSql(asked.test, asked.fact.column, scope)
    case 'boolean': {
      const { sql } = asked.fact.column
      if (asked.test.op === 'is_set') return chSql`(${sql} is not null)`
      return orFalse(asked.test.op === 'is_true' ? chSql`${sql} = true` : chSql`${sql} = false`)
    }
    case 'tags': {
      if ('each' in asked.fact.column) return eachTagSql(asked.test, asked.fact.column, scope)
      const { sql } = asked.fact.column
      if (asked.test.op === 'is_set') return chSql`notEmpty(${sql})`
      const tags = param('Array(String)', asked.test.tags)
      return asked.test.op === 'has_any' ? chSql`hasAny(${sql}, ${tags})` : chSql`hasAll(${sql}, ${tags})`
    }
    case 'consent': {
      const { stated, isAllowed } = asked.fact.column
      switch (asked.test.op) {
        case 'granted':
          return chSql`(${stated} = 'granted')`
        case 'denied':
          return chSql`(${stated} = 'denied')`
        case 'unknown':
          return chSql`(${stated} not in ('granted', 'denied'))`
        case 'allowed':
          return isAllowed
      }
    }
  }
}

/** How a fact is read at a moment, whether it moves with time or not. */
export function momentSql(sql: Fragment | MovingSql, asOf: AsOf): Fragment {
  return typeof sql === 'function' ? sql(asOf) : sql
}

function eachTagSql(
  test: TagsTest | { op: 'is_set' },
  { each, has }: Extract<TagsColumn, { each: unknown }>,
  scope: SqlScope,
): Fragment {
  const tags = test.op === 'is_set' ? each : test.tags
  if (tags.length === 0) return chSql`0`
  const parts = tags.map((tag) => has(tag, scope))
  return chSql`(${joinedBy(test.op === 'has_all' ? 'and' : 'or', parts)})`
}

function dateSql(
  test: DateTest | { op: 'is_set' },
  column: { sql: Fragment; as: 'instant' | 'text' },
  scope: SqlScope,
): Fragment {
  if (column.as === 'text') return textDateSql(test, column.sql, scope)
  if (test.op === 'is_set') return chSql`(${column.sql} is not null)`
  if (test.op === 'anniversary_in_next') {
    const days = param('Array(String)', anniversaries(test.span, scope))
    return orFalse(chSql`${localDay(column.sql, scope)} in ${days}`)
  }
  return orFalse(withinSql(stretchOf(test, scope), column.sql))
}

function orFalse(expression: Fragment): Fragment {
  return chSql`ifNull(${expression}, 0)`
}
