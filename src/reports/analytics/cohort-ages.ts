// Of a month’s leads, who came back at an exact age: 30, 60 and 90 days after they began, whatever the calendar says. Pure.
import { returnAges } from './cohort-read.ts'
import type { CohortCounts } from './cohort-read.ts'
import { monthText } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import type { ReportRow, ReportTable } from './contract.ts'
import { behind, column, share } from './table.ts'

export function ageTable(cohorts: readonly CohortCounts[], by: CohortBy): ReportTable {
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
    rows: cohorts.map(({ cohort, people, ages }): ReportRow => ({
      values: {
        cohort: monthText(cohort),
        people,
        ...Object.fromEntries(ages.map(({ age, old, back }) => [`d${age}`, share(back, old)])),
      },
      behind: {
        people: behind('cohort', `${by} ${cohort}`),
        ...Object.fromEntries(
          returnAges.map((age) => [`d${age}`, behind('cohort', `${by} ${cohort} @${age}`)]),
        ),
      },
      partial: ages.flatMap(({ age, old }) => (old > 0 && old < people ? [`d${age}`] : [])),
    })),
  }
}
