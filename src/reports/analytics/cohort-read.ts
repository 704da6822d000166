// Reads cohorts for their tab: who came back by month and by age, who ordered after how long, and what was brought.
import { chSql, identifier, joinedBy, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { beganOn, cohortMonth, inCohorts, isOld, returnedBy } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import { answer, whole } from './scope.ts'
import type { Scope } from './scope.ts'
import type { Watched } from './survival.ts'
import { bucketId } from './window.ts'

/** Months after the first that are shown at most. */
export const MONTHS = 24
/** Ages, in days, at which a conversion is told. */
export const AGES = [30, 60, 90, 180, 365]
/** Ages, in days, at which it is told who came back. */
export const returnAges = [30, 60, 90] as const

/** Whoever was watched for longer than the last age counts as just beyond it: no share within an age hangs on more. */
const LONGEST = Math.max(...AGES) + 1

export interface CohortCounts {
  /** year * 12 + month - 1 */
  cohort: number
  people: number
  /** by months after the first, how many did something in that month */
  returned: number[]
  /** days from the beginning to the order that counts, or to today without one; those of more days than ages are told are one */
  watched: Watched[]
  /** by age, how many are that old, and how many of these did something in the 30 days up to it */
  ages: { age: number; old: number; back: number }[]
}

/** The counts of each cohort that the range touches, oldest first, in one pass over its leads. */
export async function readCohorts(scope: Scope, by: CohortBy): Promise<CohortCounts[]> {
  const { now, today } = scope.window
  const [first, last] = [bucketId(now.from, 'month'), bucketId(now.to, 'month')]
  const which = by === 'lead' ? whole(1) : whole(2)
  const longest = whole(LONGEST)
  const byDays = (isCounted: Fragment) =>
    chSql`countResampleIf(0, ${whole(LONGEST + 1)}, 1)(days, ${isCounted})`
  const columns = returnAges.flatMap((age) => [
    chSql`countIf(${isOld(scope, age)}) as ${identifier(`old${age}`)}`,
    chSql`countIf(${isOld(scope, age)} and ${returnedBy(age)}) as ${identifier(`back${age}`)}`,
  ])
  const found = await answer<
    { cohort: number; months: number[]; left: number[]; censored: number[] } & Record<string, number>
  >(
    scope,
    chSql`select cohort, countResampleArray(${whole(first)}, ${whole(last + MONTHS + 1)}, 1)(act_months) as months,
            ${byDays(chSql`did`)} as left, ${byDays(chSql`not did`)} as censored, ${joinedBy(',', columns)}
          from (
            select ${cohortMonth(scope, by)} as cohort, ${beganOn(scope, by)} as began, act_months, seen_days, length(order_days) >= ${which} as did,
              least(${longest}, greatest(0, if(did, toInt32(order_days[${which}]), ${param('Int64', today)}) - began)) as days
            from ${scope.rows} where ${inCohorts(scope, by)}
          ) group by cohort order by cohort`,
  )
  return found.map(({ cohort, months, left, censored, ...counts }) => ({
    cohort,
    people: total(left) + total(censored),
    returned: months.slice(cohort - first, cohort - first + MONTHS + 1),
    watched: left
      .map((n, days) => ({ days, left: n, censored: censored[days] ?? 0 }))
      .filter((one) => one.left + one.censored > 0),
    ages: returnAges.map((age) => ({ age, old: counts[`old${age}`] ?? 0, back: counts[`back${age}`] ?? 0 })),
  }))
}

/** What a cohort brought in a month after its first, net of refunds. */
export interface Brought {
  cohort: number
  after: number
  currency: string
  minor: number
}

export async function readRevenue(scope: Scope, by: CohortBy): Promise<Brought[]> {
  return answer(
    scope,
    chSql`select cohort, greatest(0, toInt32(toYear(toDate(day)) * 12 + toMonth(toDate(day)) - 1) - cohort) as after, currency, sum(minor) as minor
          from (
            select cohort, placed.day as day, placed.minor as minor, placed.currency as currency
            from (select placed_orders, ${cohortMonth(scope, by)} as cohort from ${scope.rows} where order_count > 0 and ${inCohorts(scope, by)})
            array join placed_orders as placed
          ) group by cohort, after, currency having after <= ${param('Int64', MONTHS)}`,
  )
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, n) => sum + n, 0)
}
