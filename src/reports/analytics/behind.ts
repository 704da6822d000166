// Who is behind a number: for each measure the condition over the copy of the leads, the same that the reports count by.
import { chSql, joinedBy, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { catalogue } from '../../events/contract.ts'
import { Refusal } from '../../lib/refusal.ts'
import { cohortMonth, returnedAt } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import { creditBehind } from './contract.ts'
import type { Measure } from './contract.ts'
import { creditedSql, ruleOf } from './credit.ts'
import { journeyedSql } from './journey-behind.ts'
import { dealSql } from './pipeline.ts'
import { factSql, happenedIn, isWithin } from './scope.ts'
import type { Scope } from './scope.ts'
import { funnelSql } from './stages.ts'
import type { DaySpan } from './window.ts'

/**
 * Whether a lead is behind a number of a measure in the days of the scope's range.
 * @param value which of several: a type of act, a channel, a grade, ...; as `behind` gave it. Throws `measure_invalid` (400)
 */
export function behindSql(scope: Scope, of: Measure, value: string | undefined): Fragment {
  const { now } = scope.window
  return readers[of](scope, now, value)
}

/** Did something. */
export function actedIn(span: DaySpan): Fragment {
  return chSql`arrayExists(d -> ${isWithin(chSql`d`, span)}, seen_days)`
}

/** Placed an order that counts. */
export function orderedIn(span: DaySpan): Fragment {
  return chSql`(order_count > 0 and arrayExists(d -> ${isWithin(chSql`d`, span)}, order_days))`
}

type Read = (scope: Scope, span: DaySpan, value: string | undefined) => Fragment

const readers: Record<Measure, Read> = {
  new: (scope, span, value) =>
    joinedBy('and', [happenedIn(scope, chSql`created_at`, span), ...cameBy(value, 'first')]),
  active: (_scope, span) => actedIn(span),
  acted: (_scope, span, value) =>
    chSql`arrayExists((d, w) -> ${isWithin(chSql`d`, span)} and ${isType(value ?? '')}, act_days, act_names)`,
  visited: (_scope, span, value) =>
    value === undefined
      ? chSql`arrayExists(d -> ${isWithin(chSql`d`, span)}, visit_days)`
      : chSql`arrayExists((d, w) -> ${isWithin(chSql`d`, span)} and w = ${param('String', value)}, visit_days, visit_channels)`,
  ordered: (_scope, span, value) => joinedBy('and', [orderedIn(span), ...cameBy(value, 'last')]),
  stage: (_scope, _span, value) => chSql`stage = ${param('String', value ?? '')}`,
  reached: (scope, span, value) => funnelSql(scope, span, 'reached', value),
  dropped: (scope, span, value) => funnelSql(scope, span, 'dropped', value),
  open: (scope, span, value) => funnelSql(scope, span, 'open', value),
  skipped: (scope, span, value) => funnelSql(scope, span, 'skipped', value),
  won: (scope, span) => dealSql(scope, span, 'won'),
  lost: (scope, span) => dealSql(scope, span, 'lost'),
  grade: (scope, _span, value) => isFact(scope, 'grade', value),
  temperature: (scope, _span, value) => isFact(scope, 'temperature', value),
  score: (scope, _span, value) => isFactFrom(scope, 'score', value),
  churn: (scope, _span, value) => isFactFrom(scope, 'churnRisk', value),
  disengagement: (scope, _span, value) => isFactFrom(scope, 'disengagementRisk', value),
  health: (scope, _span, value) => isFactFrom(scope, 'health', value),
  trend: (scope, _span, value) => isFact(scope, 'trend', value),
  rfm: (scope, _span, value) => isFact(scope, 'rfmSegment', value),
  cohort: (scope, _span, value) => cohortSql(scope, value ?? ''),
  credited: (scope, span, value) => earnedSql(scope, span, value ?? ''),
  journeyed: (scope, span, value) => journeyedSql(scope, span, value ?? ''),
}

// `page_viewed`, or `kind:form` of all types of a kind. What the catalogue does not know is an action.
function isType(value: string): Fragment {
  if (!value.startsWith('kind:')) return chSql`w = ${param('String', value)}`
  const kind = value.slice('kind:'.length)
  const named = (isOf: boolean) =>
    param(
      'Array(String)',
      catalogue.filter(({ category }) => (category === kind) === isOf).map(({ name }) => name),
    )
  return kind === 'action' ? chSql`w not in ${named(false)}` : chSql`w in ${named(true)}`
}

// `["order","linear","channel","Email"]`: whose conversions gave e-mail credit by that model; null for any name.
function earnedSql(scope: Scope, span: DaySpan, value: string): Fragment {
  const told = creditBehind.safeParse(textOf(value))
  if (!told.success) throw new Refusal('measure_invalid', 400, 'Name the bar as the report gave it.')
  const [goal, model, dimension, name] = told.data
  return creditedSql(scope, span, { goal, model: ruleOf(model), dimension, name })
}

function textOf(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}

function isFact(scope: Scope, name: string, value: string | undefined): Fragment {
  return chSql`${factOrNone(scope, name)} = ${param('String', value ?? '')}`
}

// `40 45`: from 40 to below 45, the last step with its end.
function isFactFrom(scope: Scope, name: string, value: string | undefined): Fragment {
  const [from, to] = (value ?? '').split(' ').map(Number)
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to))
    throw new Refusal('measure_invalid', 400, 'Name the step as the report gave it.')
  const sql = factOrNone(scope, name)
  return chSql`ifNull(${sql} >= ${param('Float64', from)} and ${sql} < ${param('Float64', to)}, 0)`
}

function factOrNone(scope: Scope, name: string): Fragment {
  const sql = factSql(scope, name)
  if (!sql) throw new Refusal('measure_invalid', 400, `Leads have no ${name} here.`)
  return sql
}

// `channel:Email`, `source:tracking`: the lead's first or last channel, or where it came from.
function cameBy(value: string | undefined, which: 'first' | 'last'): Fragment[] {
  if (value === undefined) return []
  const [kind = '', ...rest] = value.split(':')
  const name = param('String', rest.join(':'))
  if (kind === 'source') return [chSql`source = ${name}`]
  return [which === 'first' ? chSql`first_channel = ${name}` : chSql`last_channel = ${name}`]
}

// `lead 24310`, `lead 24310 +2` who came back in the second month after, `lead 24310 @60` within the 30 days up to that age,
// `lead 24310 ordered`, `order 24310 repeated`.
function cohortSql(scope: Scope, value: string): Fragment {
  const match = /^(lead|order) (\d{1,5})(?: (?:\+(\d{1,3})|@(30|60|90)|(ordered|repeated)))?$/.exec(value)
  if (!match) throw new Refusal('measure_invalid', 400, 'Name the cohort as the report gave it.')
  const [, by, month, after, age, done] = match
  const cohort = Number(month)
  return joinedBy('and', [
    ...(by === 'order' ? [chSql`notEmpty(order_days)`] : []),
    chSql`${cohortMonth(scope, by as CohortBy)} = ${param('Int64', cohort)}`,
    ...(after === undefined || after === '0'
      ? []
      : [chSql`has(act_months, toUInt16(${param('Int64', cohort + Number(after))}))`]),
    ...(age === undefined ? [] : [returnedAt(scope, by as CohortBy, Number(age))]),
    ...(done === 'ordered' ? [chSql`notEmpty(order_days)`] : []),
    ...(done === 'repeated' ? [chSql`length(order_days) > 1`] : []),
  ])
}
