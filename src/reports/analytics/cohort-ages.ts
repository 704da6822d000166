// Of a month’s leads, who came back at an exact age: 30, 60 and 90 days after they began, whatever the calendar says.
import { chSql, identifier, joinedBy } from '../../conditions/index.ts'
import { cohortMonth, inCohorts, isAged, monthText, returnedAt } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import type { ReportRow, ReportTable } from './contract.ts'
import { answer } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, column, share } from './table.ts'

export const returnAges = [30, 60, 90] as const

/** Of a cohort, by age how many are that old, and how many of these did something in the 30 days up to it. */
export type Aged = { cohort: number } & Record<string, number>

export function readAged(scope: Scope, by: CohortBy): Promise<Aged[]> {
  const columns = returnAges.flatMap((age) => [
    chSql`countIf(${isAged(scope, by, age)}) as ${identifier(`old${age}`)}`,
    chSql`countIf(${returnedAt(scope, by, age)}) as ${identifier(`back${age}`)}`,
  ])
  return answer(
    scope,
    chSql`select ${cohortMonth(scope, by)} as cohort, ${joinedBy(',', columns)}
          from ${scope.rows} where ${inCohorts(scope, by)} group by cohort`,
  )
}

export function ageTable(
  cohorts: number[],
  sizes: ReadonlyMap<number, number>,
  aged: readonly Aged[],
  by: CohortBy,
): ReportTable {
  return {
    id: 'ages',
    label: 'Came back by age',
    about:
      'Share of the leads that are so many days old who did something in the 30 days up to it; marked where some of the month are younger',
    columns: [
      column('cohort', 'Month', 'day'),
      column('people', 'Leads'),
      ...returnAges.map((age) => column(`d${age}`, `${age} days`, 'share')),
    ],
    rows: cohorts.map((cohort): ReportRow => {
      const own = aged.find((row) => row.cohort === cohort)
      const old = (age: number) => own?.[`old${age}`] ?? 0
      const size = sizes.get(cohort) ?? 0
      return {
        values: {
          cohort: monthText(cohort),
          people: size,
          ...Object.fromEntries(
            returnAges.map((age) => [`d${age}`, share(own?.[`back${age}`] ?? 0, old(age))]),
          ),
        },
        behind: {
          people: behind('cohort', `${by} ${cohort}`),
          ...Object.fromEntries(
            returnAges.map((age) => [`d${age}`, behind('cohort', `${by} ${cohort} @${age}`)]),
          ),
        },
        partial: returnAges.flatMap((age) => (old(age) > 0 && old(age) < size ? [`d${age}`] : [])),
      }
    }),
  }
}
