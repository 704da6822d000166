// Cohorts over the columns of the copy: the month and the day on which a lead began, and who came back at an age.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { dayOfSql, happenedIn, isWithin } from './scope.ts'
import type { Scope } from './scope.ts'
import { bucketId } from './window.ts'

/** The month in which a lead was made, or placed its first order, in the report's zone: year * 12 + month - 1. */
export function cohortMonth({ window }: Scope, by: CohortBy): Fragment {
  const month = (date: Fragment) => chSql`toUInt16(toYear(${date}) * 12 + toMonth(${date}) - 1)`
  return by === 'order'
    ? month(chSql`toDate(arrayMin(order_days))`)
    : month(chSql`toDate(toTimeZone(created_at, ${param('String', window.timeZone)}))`)
}

export const cohortKinds = ['lead', 'order'] as const
export type CohortBy = (typeof cohortKinds)[number]

/** Leads of the cohorts that the range touches: those that began from the first day of its first month to the last of its last. */
export function inCohorts(scope: Scope, by: CohortBy): Fragment {
  const { now } = scope.window
  const days = {
    from: dayOfMonth(bucketId(now.from, 'month')),
    to: dayOfMonth(bucketId(now.to, 'month') + 1) - 1,
  }
  const began =
    by === 'order'
      ? chSql`notEmpty(order_days) and ${isWithin(chSql`arrayMin(order_days)`, days)}`
      : happenedIn(scope, chSql`created_at`, days)
  return chSql`${scope.leads} and ${began}`
}

function dayOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000
}

/** Whether a lead is as old as that, and did something in the 30 days up to it. */
export function returnedAt(scope: Scope, by: CohortBy, age: number): Fragment {
  const began = beganOn(scope, by)
  return chSql`(${isOld(scope, age, began)} and ${returnedBy(age, began)})`
}

/** The first day of a month, as tables name a cohort. */
export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`
}

/** The day on which a lead began: was made, or first ordered. */
export function beganOn(scope: Scope, by: CohortBy): Fragment {
  return by === 'lead' ? dayOfSql(scope, chSql`created_at`) : chSql`toInt32(order_days[1])`
}

/** Whether a lead that began on a day is as old as that. */
export function isOld({ window }: Scope, age: number, began: Fragment = BEGAN): Fragment {
  return chSql`(${param('Int64', window.today)} - ${began} >= ${param('Int64', age)})`
}

/** Whether a lead did something in the 30 days up to that age. */
export function returnedBy(age: number, began: Fragment = BEGAN): Fragment {
  return chSql`arrayExists(d -> d > ${began} + ${param('Int64', age - 30)} and d <= ${began} + ${param('Int64', age)}, seen_days)`
}

const BEGAN = chSql`began`
