// The tab Journey health: who may not order again, who may not come back, how healthy and where leads are heading.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { currencyExponent } from '../../lib/money.ts'
import type { Services } from '../../platform/services.ts'
import { journeyModel } from '../../projections/journey/index.ts'
import type { AnalyticsQuery, Measure, Report, ReportRow, ReportTable } from './contract.ts'
import { readHealthVerdict } from './health-verdict.ts'
import { answer, factSql, reportOf, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, card, column, share } from './table.ts'
import { NO_TREND, healthMeasures, readTrend, trendTable } from './trends.ts'

const STEPS = 10
/** From here on a risk is high, in percent; below 33 it is low. */
const HIGH = 66
const TRENDS: Record<string, string> = {
  increasing: 'Doing more',
  stable: 'As before',
  declining: 'Doing less',
  insufficient: 'Too little known',
}

export async function readJourneyHealth(
  services: Services,
  workspaceId: WorkspaceId,
  asked: AnalyticsQuery,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const [found, atRisk, trend, judged, learned] = await Promise.all([
    readStates(scope),
    readAtRisk(scope),
    readTrend(scope, asked),
    readHealthVerdict(services.db, workspaceId),
    journeyModel(services.db, workspaceId),
  ])
  const count = (fits: (row: State) => boolean) =>
    found.reduce((sum, row) => (fits(row) ? sum + row.n : sum), 0)
  const withHealth = count(({ healthTenth }) => healthTenth !== null)
  const points = found.reduce((sum, row) => sum + (row.points ?? 0), 0)
  const buyers = count(({ churnTenth }) => churnTenth !== null)
  const segments = [...new Set(found.map(({ rfm }) => rfm))].filter((rfm) => rfm !== '')
  const told = learned.model ?? NOT_LEARNED
  const missing = {
    ...(buyers === 0 && told.churn.method === null ? { churn: told.churn.sentence } : {}),
    ...(told.disengagement.auc === null && found.every((row) => row.disengagementTenth === null)
      ? { disengagement: told.disengagement.sentence }
      : {}),
  }
  const steps = (
    id: string,
    label: string,
    about: string,
    of: 'churn' | 'disengagement' | 'health',
    unit: string,
  ): ReportTable => ({
    id,
    label,
    about,
    ...(of !== 'health' && missing[of] ? { missing: missing[of] } : {}),
    columns: [column('step', unit, 'text'), column('leads', 'Leads')],
    rows: stepRows(of, (place) => count((row) => row[`${of}Tenth`] === place)),
  })
  return reportOf(scope, {
    cards: [
      card(scope.window, {
        id: 'atRisk',
        label: 'Buyers at high risk',
        about: `of ${buyers.toLocaleString('en-GB')} whose risk is known`,
        now: count(({ isHigh }) => isHigh === 1),
        before: null,
        behind: behind('churn', `${HIGH} 101`),
      }),
      card(scope.window, {
        id: 'health',
        label: 'Average health',
        kind: 'decimal',
        now: share(points, withHealth),
        before: null,
      }),
      card(scope.window, {
        id: 'healthy',
        label: 'Healthy',
        kind: 'share',
        about: '70 or more of 100',
        now: share(
          count(({ healthTenth }) => healthTenth !== null && healthTenth >= 7),
          withHealth,
        ),
        before: null,
        behind: behind('health', '70 101'),
      }),
      card(scope.window, {
        id: 'declining',
        label: 'Doing less than before',
        now: count(({ heading }) => heading === 'declining'),
        before: null,
        behind: behind('trend', 'declining'),
      }),
    ],
    tables: [
      steps(
        'churn',
        'Risk of no further order',
        'Buyers by how likely they place no order within the horizon',
        'churn',
        'Risk, %',
      ),
      steps(
        'health',
        'Health',
        'Leads by their health of 100; nobody of whom less than half is known',
        'health',
        'Health',
      ),
      steps(
        'disengagement',
        'Risk of not coming back',
        'Leads who never ordered, by how likely they do nothing within 30 days',
        'disengagement',
        'Risk, %',
      ),
      ...(trend
        ? [
            trendTable(scope, trend, {
              id: 'healthDays',
              label: 'Health over time',
              about: 'As it was told then, and by the rules and models of today',
              measures: healthMeasures,
            }),
          ]
        : []),
      ...judged.tables,
      {
        id: 'trends',
        label: 'Trend',
        about: 'Days with something done in the last four weeks, against the twelve before',
        columns: [column('trend', 'Trend', 'text'), column('leads', 'Leads')],
        rows: Object.entries(TRENDS).map(([name, label]): ReportRow => ({
          values: { trend: label, leads: count(({ heading }) => heading === name) },
          behind: { leads: behind('trend', name) },
        })),
      },
      {
        id: 'rfm',
        label: 'Buyers by recency, frequency and value',
        columns: [
          column('segment', 'RFM segment', 'text'),
          column('leads', 'Leads'),
          column('share', 'Share', 'share'),
        ],
        rows: segments
          .map((name): ReportRow => {
            const leads = count(({ rfm }) => rfm === name)
            const all = count(({ rfm }) => rfm !== '')
            return {
              values: { segment: name, leads, share: share(leads, all) },
              behind: { leads: behind('rfm', name) },
            }
          })
          .sort((a, b) => Number(b.values.leads) - Number(a.values.leads)),
      },
      {
        id: 'atRisk',
        label: 'At risk',
        about: 'Buyers at high risk, those who brought most first',
        ...(missing.churn ? { missing: missing.churn } : {}),
        columns: [
          column('lead', 'Lead', 'lead'),
          column('name', 'Name', 'text'),
          column('risk', 'Risk', 'share'),
          column('health', 'Health'),
          column('trend', 'Trend', 'text'),
          column('value', 'Brought so far', 'money', scope.currency),
        ],
        rows: atRisk,
      },
    ],
    notes: [
      'Risks and health are those of last night, or of a lead’s last event since, whatever the range, but for what is shown over time.',
      ...(trend ? trend.notes : [NO_TREND]),
      ...judged.notes,
    ],
  })
}

const NOT_LEARNED = {
  churn: { method: null, sentence: 'It is learned each night, once there are enough orders to learn from.' },
  disengagement: { auc: null, sentence: 'It is learned each night, once enough people were seen.' },
}

function stepRows(of: Measure, count: (place: number) => number): ReportRow[] {
  return Array.from({ length: STEPS }, (_, place) => {
    const from = place * STEPS
    const to = from + STEPS
    return {
      values: { step: `${from}–${to}`, leads: count(place) },
      behind: { leads: behind(of, `${from} ${to === 100 ? 101 : to}`) },
    }
  })
}

interface State {
  /** tenths; null where nothing is known */
  churnTenth: number | null
  disengagementTenth: number | null
  healthTenth: number | null
  isHigh: number
  heading: string
  rfm: string
  n: number
  points: number | null
}

function known(scope: Scope, name: string): Fragment {
  const sql = factSql(scope, name)
  if (!sql) throw new Error(`leads have no ${name}`)
  return sql
}

function readStates(scope: Scope): Promise<State[]> {
  const tenth = (name: string) =>
    chSql`if(${known(scope, name)} is null, null, least(9, floor(ifNull(${known(scope, name)}, 0) / 10)))`
  return answer(
    scope,
    chSql`select ${tenth('churnRisk')} as churnTenth, ${tenth('disengagementRisk')} as disengagementTenth, ${tenth('health')} as healthTenth,
            ifNull(${known(scope, 'churnRisk')} >= ${param('Float64', HIGH)}, 0) as isHigh,
            ${known(scope, 'trend')} as heading, ${known(scope, 'rfmSegment')} as rfm, count() as n, sum(${known(scope, 'health')}) as points
          from ${scope.rows} where ${scope.leads} group by churnTenth, disengagementTenth, healthTenth, isHigh, heading, rfm`,
  )
}

async function readAtRisk(scope: Scope): Promise<ReportRow[]> {
  const risk = known(scope, 'churnRisk')
  const units = 10 ** (currencyExponent(scope.currency) ?? 2)
  const found = await answer<{
    id: string
    risk: number
    points: number | null
    heading: string
    value: number | null
  }>(
    scope,
    chSql`select lead_id as id, ${risk} / 100 as risk, round(${known(scope, 'health')}) as points, ${known(scope, 'trend')} as heading,
            round(${known(scope, 'lifetimeValue')} * ${param('Float64', units)}) as value
          from ${scope.rows} where ${scope.leads} and ifNull(${risk} >= ${param('Float64', HIGH)}, 0)
          order by value desc nulls last, risk desc, lead_id limit 20`,
  )
  const leads = new Map(
    (
      await presentLeads(
        scope.db,
        scope.workspaceId,
        found.map(({ id }) => id),
      )
    ).map((lead) => [lead.id, lead]),
  )
  return found.flatMap(({ id, risk: own, points, heading, value }): ReportRow[] => {
    const lead = leads.get(id)
    return lead
      ? [
          {
            values: {
              lead: id,
              name: lead.label,
              risk: own,
              health: points,
              trend: TRENDS[heading] ?? '',
              value,
            },
          },
        ]
      : []
  })
}
