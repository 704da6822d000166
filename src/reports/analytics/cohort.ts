// The tab Cohorts: of those who came in a month, who came back in each month after, who became a buyer, and what they brought.
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { ageTable } from './cohort-ages.ts'
import { AGES, MONTHS, readCohorts, readRevenue } from './cohort-read.ts'
import type { Brought, CohortCounts } from './cohort-read.ts'
import { monthText } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import type { Report, ReportColumn, ReportRow, ReportTable, getCohort } from './contract.ts'
import { reportOf, scopeOf } from './scope.ts'
import { leftWithin } from './survival.ts'
import type { Watched } from './survival.ts'
import { behind, card, column, share } from './table.ts'
import { bucketId, rangeOf } from './window.ts'

export async function readCohort(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof getCohort>,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const by = asked.cohort
  const [counts, revenue] = await Promise.all([readCohorts(scope, by), readRevenue(scope, by)])
  const thisMonth = bucketId(scope.window.today, 'month')
  const sizes = new Map(counts.map(({ cohort, people }) => [cohort, people]))
  const cohorts = [...sizes.keys()]
  const people = counts.reduce((sum, one) => sum + one.people, 0)
  const buyers = counts.reduce((sum, { watched }) => sum + leftOf(watched), 0)
  const done = by === 'lead' ? 'ordered' : 'repeated'
  return reportOf(scope, {
    cards: [
      card(scope.window, {
        id: 'people',
        label: by === 'lead' ? 'Leads' : 'First-time buyers',
        now: people,
        before: null,
      }),
      card(scope.window, {
        id: 'buyers',
        label: by === 'lead' ? 'Became buyers' : 'Ordered again',
        now: buyers,
        before: null,
      }),
      card(scope.window, {
        id: 'conversion',
        label: by === 'lead' ? 'Became buyers so far' : 'Ordered again so far',
        kind: 'share',
        now: share(buyers, people),
        before: null,
      }),
    ],
    tables: [
      retention(counts, thisMonth, by),
      {
        id: 'conversion',
        label: by === 'lead' ? 'Became buyers' : 'Ordered again',
        about:
          'Within so many days, those who were not watched that long counted as long as they were (Kaplan-Meier)',
        columns: [
          column('cohort', 'Month', 'day'),
          column('people', 'Leads'),
          column('converted', 'So far'),
          ...AGES.map((age) => column(`d${age}`, `${age} days`, 'share')),
        ],
        rows: counts.map((one) => conversionRow(one, done, by)),
      },
      ageTable(counts, by),
      ...revenueTables(cohorts, sizes, revenue, thisMonth, by),
    ],
    notes: [
      `Months are those of ${rangeOf(scope.window).timeZone.replaceAll('_', ' ')}; every month that the range touches is told whole.`,
      'A month that is not over is marked and left out of the averages.',
    ],
  })
}

function retention(counts: readonly CohortCounts[], thisMonth: number, by: CohortBy): ReportTable {
  const columns = monthColumns(
    counts.map(({ cohort }) => cohort),
    thisMonth,
    'share',
  )
  const rows = counts.map(({ cohort, people, returned }): ReportRow => {
    const values: ReportRow['values'] = { cohort: monthText(cohort), people }
    const links: ReportRow['behind'] = { people: behind('cohort', `${by} ${cohort}`) }
    const partial: string[] = []
    columns.forEach(({ key }, after) => {
      if (cohort + after > thisMonth) return void (values[key] = null)
      values[key] = after === 0 ? 1 : share(returned[after] ?? 0, people)
      links[key] = behind('cohort', `${by} ${cohort} +${after}`)
      if (cohort + after === thisMonth) partial.push(key)
    })
    return { values, behind: links, partial }
  })
  const average: ReportRow['values'] = { cohort: 'Average', people: null }
  columns.forEach(({ key }, after) => {
    const whole = counts.filter(({ cohort }) => cohort + after < thisMonth)
    const all = whole.reduce((sum, { people }) => sum + people, 0)
    const back = whole.reduce((sum, { returned }) => sum + (returned[after] ?? 0), 0)
    average[key] = after === 0 && all > 0 ? 1 : share(back, all)
  })
  return {
    id: 'retention',
    label: 'Came back',
    about: 'Share of a month’s leads who did something in each calendar month after',
    columns: [column('cohort', 'Month', 'day'), column('people', 'Leads'), ...columns],
    rows: counts.length > 1 ? [...rows, { values: average }] : rows,
  }
}

function conversionRow({ cohort, people, watched }: CohortCounts, done: string, by: CohortBy): ReportRow {
  return {
    values: {
      cohort: monthText(cohort),
      people,
      converted: leftOf(watched),
      ...Object.fromEntries(AGES.map((age) => [`d${age}`, leftWithin(watched, age) ?? null])),
    },
    behind: {
      people: behind('cohort', `${by} ${cohort}`),
      converted: behind('cohort', `${by} ${cohort} ${done}`),
    },
  }
}

function leftOf(watched: readonly Watched[]): number {
  return watched.reduce((sum, { left }) => sum + left, 0)
}

function revenueTables(
  cohorts: number[],
  sizes: ReadonlyMap<number, number>,
  revenue: Brought[],
  thisMonth: number,
  by: CohortBy,
): ReportTable[] {
  return [...new Set(revenue.map(({ currency }) => currency))].sort().flatMap((currency) => {
    const minor = new Map(
      revenue
        .filter((row) => row.currency === currency)
        .map((row) => [`${row.cohort} ${row.after}`, row.minor]),
    )
    const columns = monthColumns(cohorts, thisMonth, 'money', currency)
    const brought: ReportTable = {
      id: `revenue_${currency}`,
      label: `Revenue in ${currency}`,
      about: 'What a month’s leads had brought by the end of each month, net of refunds',
      columns: [column('cohort', 'Month', 'day'), column('people', 'Leads'), ...columns],
      rows: cohorts.map((cohort): ReportRow => {
        const values: ReportRow['values'] = { cohort: monthText(cohort), people: sizes.get(cohort) ?? 0 }
        let sum = 0
        columns.forEach(({ key }, after) => {
          sum += minor.get(`${cohort} ${after}`) ?? 0
          values[key] = cohort + after > thisMonth ? null : sum
        })
        const partial = columns.flatMap(({ key }, after) => (cohort + after === thisMonth ? [key] : []))
        return { values, behind: { people: behind('cohort', `${by} ${cohort} ordered`) }, partial }
      }),
    }
    return [brought, keptTable(cohorts, sizes, minor, { currency, thisMonth, by })]
  })
}

/** What cohorts bring in a month as a share of what they brought in their first, those months alone that are over in the average. */
function keptTable(
  cohorts: number[],
  sizes: ReadonlyMap<number, number>,
  minor: ReadonlyMap<string, number>,
  { currency, thisMonth, by }: { currency: string; thisMonth: number; by: CohortBy },
): ReportTable {
  const columns = monthColumns(cohorts, thisMonth, 'share')
  const of = (cohort: number, after: number) => minor.get(`${cohort} ${after}`) ?? 0
  const rows = cohorts.map((cohort): ReportRow => ({
    values: {
      cohort: monthText(cohort),
      people: sizes.get(cohort) ?? 0,
      ...Object.fromEntries(
        columns.map(({ key }, after) => [
          key,
          cohort + after > thisMonth ? null : share(of(cohort, after), of(cohort, 0)),
        ]),
      ),
    },
    behind: { people: behind('cohort', `${by} ${cohort} ordered`) },
    partial: columns.flatMap(({ key }, after) => (cohort + after === thisMonth ? [key] : [])),
  }))
  const average: ReportRow['values'] = { cohort: 'Average', people: null }
  columns.forEach(({ key }, after) => {
    const whole = cohorts.filter((cohort) => cohort + after < thisMonth)
    const sum = (month: number) => whole.reduce((total, cohort) => total + of(cohort, month), 0)
    average[key] = share(sum(after), sum(0))
  })
  return {
    id: `kept_${currency}`,
    label: `Revenue kept in ${currency}`,
    about: 'What a month’s leads brought in each month after, as a share of what they brought in the first',
    columns: [column('cohort', 'Month', 'day'), column('people', 'Leads'), ...columns],
    rows: cohorts.length > 1 ? [...rows, { values: average }] : rows,
  }
}

function monthColumns(
  cohorts: number[],
  thisMonth: number,
  kind: ReportColumn['kind'],
  currency?: string,
): ReportColumn[] {
  const count = Math.min(MONTHS, Math.max(0, thisMonth - (cohorts[0] ?? thisMonth))) + 1
  return Array.from({ length: count }, (_, after) => column(`m${after}`, `+${after}`, kind, currency))
}
