// The tab Lead quality: scores as a histogram, by grade, temperature and source, and the best leads.
import { chSql } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readReadings, scoreSql, verdictSql, verdictWords } from '../../projections/score/index.ts'
import type { AnalyticsQuery, Report, ReportRow } from './contract.ts'
import { answer, reportOf, scopeOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, card, column, share } from './table.ts'
import { NO_TREND, gradeMeasures, readTrend, scoreMeasures, trendTable } from './trends.ts'

const STEP = 5
/** Leads in the list of the best. */
const BEST = 20
const GRADES = ['A+', 'A', 'B', 'C', 'D']
const TEMPERATURES: Record<string, string> = {
  hot: 'Hot',
  warm: 'Warm',
  cold: 'Cold',
  do_not_contact: 'Not to be contacted',
}

export async function readLeadQuality(
  services: Services,
  workspaceId: WorkspaceId,
  asked: AnalyticsQuery,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, { ...asked, compare: 'none' })
  const [scored, trend] = await Promise.all([readScored(scope), readTrend(scope, asked)])
  const best = await bestOf(scope, scored)
  const count = (fits: (row: Scored) => boolean) =>
    scored.reduce((sum, row) => (fits(row) ? sum + row.n : sum), 0)
  const all = count(({ step }) => step !== null)
  const none = count(({ step }) => step === null)
  const points = scored.reduce((sum, row) => sum + (row.points ?? 0), 0)
  const hot = count(({ temperature }) => temperature === 'hot')
  const good = count(({ grade }) => grade === 'A+' || grade === 'A')
  const sources = [...new Set(scored.map(({ source }) => source))]
  const single = { before: null }
  return reportOf(scope, {
    cards: [
      card(scope.window, {
        id: 'scored',
        label: 'Scored leads',
        now: all,
        ...single,
        behind: behind('score', '0 101'),
      }),
      card(scope.window, {
        id: 'average',
        label: 'Average score',
        kind: 'decimal',
        now: share(points, all),
        ...single,
      }),
      card(scope.window, {
        id: 'hot',
        label: 'Hot leads',
        now: hot,
        ...single,
        behind: behind('temperature', 'hot'),
      }),
      card(scope.window, {
        id: 'good',
        label: 'Graded A or better',
        kind: 'share',
        now: share(good, all),
        ...single,
      }),
    ],
    tables: [
      {
        id: 'histogram',
        label: 'Scores',
        about: 'Leads by their score at this moment',
        columns: [column('score', 'Score', 'text'), column('leads', 'Leads')],
        rows: Array.from({ length: 100 / STEP }, (_, place): ReportRow => {
          const from = place * STEP
          const isLast = from + STEP === 100
          return {
            values: { score: `${from}–${from + STEP}`, leads: count(({ step }) => step === place) },
            behind: { leads: behind('score', `${from} ${isLast ? 101 : from + STEP}`) },
          }
        }),
      },
      ...(trend
        ? [
            trendTable(scope, trend, {
              id: 'trend',
              label: 'Score over time',
              about: 'As scored then, and by the rules of today',
              measures: scoreMeasures,
            }),
            trendTable(scope, trend, {
              id: 'gradeDays',
              label: 'Grades over time',
              about: 'Leads by temperature and grade, as counted then',
              measures: gradeMeasures,
            }),
          ]
        : []),
      {
        id: 'grades',
        label: 'Grades',
        columns: [
          column('grade', 'Grade', 'text'),
          column('leads', 'Leads'),
          column('share', 'Share', 'share'),
        ],
        rows: GRADES.map((grade): ReportRow => {
          const leads = count((row) => row.grade === grade)
          return {
            values: { grade, leads, share: share(leads, all) },
            behind: { leads: behind('grade', grade) },
          }
        }),
      },
      {
        id: 'temperatures',
        label: 'Temperature',
        columns: [
          column('temperature', 'Temperature', 'text'),
          column('leads', 'Leads'),
          column('share', 'Share', 'share'),
        ],
        rows: Object.entries(TEMPERATURES).map(([name, label]): ReportRow => {
          const leads = count((row) => row.temperature === name)
          return {
            values: { temperature: label, leads, share: share(leads, all + none) },
            behind: { leads: behind('temperature', name) },
          }
        }),
      },
      {
        id: 'sources',
        label: 'By source',
        columns: [
          column('source', 'Source', 'text'),
          column('leads', 'Scored leads'),
          column('average', 'Average score', 'decimal'),
          column('hot', 'Hot'),
          column('good', 'A or better'),
        ],
        rows: sources
          .map((source): ReportRow => {
            const own = scored.filter((row) => row.source === source && row.step !== null)
            const leads = own.reduce((sum, { n }) => sum + n, 0)
            const of = (fits: (row: Scored) => boolean) => own.filter(fits).reduce((sum, { n }) => sum + n, 0)
            return {
              values: {
                source,
                leads,
                average: share(
                  own.reduce((sum, row) => sum + (row.points ?? 0), 0),
                  leads,
                ),
                hot: of(({ temperature }) => temperature === 'hot'),
                good: of(({ grade }) => grade === 'A+' || grade === 'A'),
              },
            }
          })
          .sort((a, b) => Number(b.values.leads) - Number(a.values.leads)),
      },
      {
        id: 'top',
        label: 'Best leads',
        columns: [
          column('lead', 'Lead', 'lead'),
          column('name', 'Name', 'text'),
          column('score', 'Score', 'decimal'),
          column('grade', 'Grade', 'text'),
          column('temperature', 'Temperature', 'text'),
        ],
        rows: best,
      },
    ],
    notes: [
      'Scores are those of this moment, whatever the range, but for what is shown over time.',
      ...(trend ? trend.notes : [NO_TREND]),
      ...(none > 0
        ? [
            `${none.toLocaleString('en-GB')} leads have no score: nothing is known of them that the rules ask for.`,
          ]
        : []),
    ],
  })
}

interface Scored {
  /** of five points each; null of leads without a score */
  step: number | null
  grade: string
  temperature: string
  source: string
  n: number
  points: number | null
  /** the best of them */
  best: { id: string; score: number }[]
}

/**
 * Leads by score, grade, temperature and source, and the best of each, in one pass in which every score is worked out once. The
 * best of all score as much as the best of any leads: those of the first thousands leave few of the others to be sorted.
 */
async function readScored(scope: Scope): Promise<Scored[]> {
  const readings = await readReadings(scope.db, scope.workspaceId)
  const now = scope.at.getTime()
  const { grade, temperature } = verdictSql(readings, chSql`total`, now, 'place')
  const { total } = scoreSql(readings, now)
  const best: Fragment = { pieces: [`${BEST}`] }
  const rows = await answer<
    Omit<Scored, 'best' | 'grade' | 'temperature'> & {
      grade: number
      temperature: number
      best: [id: string, score: number][]
    }
  >(
    scope,
    chSql`with (
            select if(count() < ${best}, 0, min(reached)) from (
              select reached from (select ${total} as reached from ${scope.rows} where ${scope.leads} limit 30000)
              where reached > 0 order by reached desc limit ${best}
            )
          ) as enough
          select if(total is null, null, least(19, floor(ifNull(total, -1) / 5))) as step, ${grade} as grade,
            ${temperature} as temperature, source, count() as n, sum(total) as points,
            arrayMap(one -> (one.2, -one.1), groupArraySortedIf(${best})((-ifNull(total, 0), lead_id), ifNull(total > 0 and total >= enough, 0))) as best
          from (select lead_id, source, score_version, do_not_contact, last_intent_at, last_human_at,
              ${total} as total from ${scope.rows} where ${scope.leads})
          group by step, grade, temperature, source`,
  )
  return rows.map((row) => ({
    ...row,
    grade: verdictWords[row.grade] ?? '',
    temperature: verdictWords[row.temperature] ?? '',
    best: row.best.map(([id, score]) => ({ id, score })),
  }))
}

async function bestOf(scope: Scope, scored: readonly Scored[]): Promise<ReportRow[]> {
  const found = scored
    .flatMap(({ best, grade, temperature }) => best.map((one) => ({ ...one, grade, temperature })))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, BEST)
  const leads = new Map(
    (
      await presentLeads(
        scope.db,
        scope.workspaceId,
        found.map(({ id }) => id),
      )
    ).map((lead) => [lead.id, lead]),
  )
  return found.flatMap(({ id, score, grade, temperature }) => {
    const lead = leads.get(id)
    const words = TEMPERATURES[temperature] ?? temperature
    return lead ? [{ values: { lead: id, name: lead.label, score, grade, temperature: words } }] : []
  })
}
