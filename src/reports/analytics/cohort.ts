// The tab Cohorts: of those who came in a month, who came back in each month after, who became a buyer, and what they brought.
import { chSql, param } from '../../conditions/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { ageTable, readAged } from './cohort-ages.ts'
import { beganOn, cohortMonth, inCohorts, monthText } from './cohort-sql.ts'
import type { CohortBy } from './cohort-sql.ts'
import type { Report, ReportColumn, ReportRow, ReportTable, getCohort } from './contract.ts'
import { answer, reportOf, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { leftWithin } from './survival.ts'
import type { Watched } from './survival.ts'
import { behind, card, column, share } from './table.ts'
import { bucketId, rangeOf } from './window.ts'

/** Months after the first that are shown at most. */
const MONTHS = 24
/** Ages, in days, at which a conversion is told. */
const AGES = [30, 60, 90, 180, 365]

export async function readCohort(
  services: Services,
  workspaceId: WorkspaceId,
  asked: QueryOf<typeof getCohort>,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const by = asked.cohort
  const [returned, watched, revenue, aged] = await Promise.all([
    readReturned(scope, by),
    readWatched(scope, by),
    readRevenue(scope, by),
    readAged(scope, by),
  ])
  const thisMonth = bucketId(scope.window.today, 'month')
  const sizes = new Map<number, number>()
  for (const { cohort, left, censored } of watched)
    sizes.set(cohort, (sizes.get(cohort) ?? 0) + left + censored)
  const cohorts = [...sizes.keys()].sort((a, b) => a - b)
  const people = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const buyers = watched.reduce((sum, { left }) => sum + left, 0)
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
      retention(cohorts, sizes, returned, thisMonth, by),
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
        rows: cohorts.map((cohort) => conversionRow(cohort, sizes.get(cohort) ?? 0, watched, done, by)),
      },
      ageTable(cohorts, sizes, aged, by),
      ...revenueTables(cohorts, sizes, revenue, thisMonth, by),
    ],
    notes: [
      `Months are those of ${rangeOf(scope.window).timeZone.replaceAll('_', ' ')}; every month that the range touches is told whole.`,
      'A month that is not over is marked and left out of the averages.',
    ],
  })
}

interface Returned {
  cohort: number
  after: number
  n: number
}

async function readReturned(scope: Scope, by: CohortBy): Promise<Returned[]> {
  return answer(
    scope,
    chSql`select cohort, month - cohort as after, count() as n from (
            select ${cohortMonth(scope, by)} as cohort, arrayJoin(act_months) as month from ${scope.rows}
            where ${inCohorts(scope, by)}
          ) where month >= cohort group by cohort, after having after <= ${param('Int64', MONTHS)}`,
  )
}

// Days from the beginning to the order that counts, or to today without one.
async function readWatched(scope: Scope, by: CohortBy): Promise<(Watched & { cohort: number })[]> {
  const began = beganOn(scope, by)
  const which = by === 'lead' ? chSql`1` : chSql`2`
  return answer(
    scope,
    chSql`select cohort, days, toInt64(sum(did)) as left, toInt64(sum(not did)) as censored from (
            select ${cohortMonth(scope, by)} as cohort, length(order_days) >= ${which} as did,
              greatest(0, if(did, toInt32(order_days[${which}]), ${param('Int64', scope.window.today)}) - ${began}) as days
            from ${scope.rows} where ${inCohorts(scope, by)}
          ) group by cohort, days`,
  )
}

interface Brought {
  cohort: number
  after: number
  currency: string
  minor: number
}

async function readRevenue(scope: Scope, by: CohortBy): Promise<Brought[]> {
  return answer(
    scope,
    chSql`select cohort, greatest(0, toInt32(toYear(toDate(day)) * 12 + toMonth(toDate(day)) - 1) - cohort) as after, currency, sum(minor) as minor
          from (
            select ${cohortMonth(scope, by)} as cohort, day, minor, currency
            from ${scope.rows} array join order_days as day, order_minor as minor, order_currencies as currency
            where order_count > 0 and ${inCohorts(scope, by)}
          ) group by cohort, after, currency having after <= ${param('Int64', MONTHS)}`,
  )
}

function retention(
  cohorts: number[],
  sizes: ReadonlyMap<number, number>,
  returned: Returned[],
  thisMonth: number,
  by: CohortBy,
): ReportTable {
  const counts = new Map(returned.map(({ cohort, after, n }) => [`${cohort} ${after}`, n]))
  const columns = monthColumns(cohorts, thisMonth, 'share')
  const rows = cohorts.map((cohort): ReportRow => {
    const size = sizes.get(cohort) ?? 0
    const values: ReportRow['values'] = { cohort: monthText(cohort), people: size }
    const links: ReportRow['behind'] = { people: behind('cohort', `${by} ${cohort}`) }
    const partial: string[] = []
    columns.forEach(({ key }, after) => {
      if (cohort + after > thisMonth) return void (values[key] = null)
      values[key] = after === 0 ? 1 : share(counts.get(`${cohort} ${after}`) ?? 0, size)
      links[key] = behind('cohort', `${by} ${cohort} +${after}`)
      if (cohort + after === thisMonth) partial.push(key)
    })
    return { values, behind: links, partial }
  })
  const average: ReportRow['values'] = { cohort: 'Average', people: null }
  columns.forEach(({ key }, after) => {
    const whole = cohorts.filter((cohort) => cohort + after < thisMonth)
    const all = whole.reduce((sum, cohort) => sum + (sizes.get(cohort) ?? 0), 0)
    const back = whole.reduce((sum, cohort) => sum + (counts.get(`${cohort} ${after}`) ?? 0), 0)
    average[key] = after === 0 && all > 0 ? 1 : share(back, all)
  })
  return {
    id: 'retention',
    label: 'Came back',
    about: 'Share of a month’s leads who did something in each calendar month after',
    columns: [column('cohort', 'Month', 'day'), column('people', 'Leads'), ...columns],
    rows: cohorts.length > 1 ? [...rows, { values: average }] : rows,
  }
}

function conversionRow(
  cohort: number,
  size: number,
  watched: (Watched & { cohort: number })[],
  done: string,
  by: CohortBy,
): ReportRow {
  const own = watched.filter((row) => row.cohort === cohort)
  return {
    values: {
      cohort: monthText(cohort),
      people: size,
      converted: own.reduce((sum, { left }) => sum + left, 0),
      ...Object.fromEntries(AGES.map((age) => [`d${age}`, leftWithin(own, age) ?? null])),
    },
    behind: {
      people: behind('cohort', `${by} ${cohort}`),
      converted: behind('cohort', `${by} ${cohort} ${done}`),
    },
  }
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
