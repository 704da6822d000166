// The tab Lead quality: scores as a histogram, by grade, temperature and source, and the best leads.
import { chSql } from '../../conditions/index.ts'
import { presentLeads } from '../../leads/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readReadings, scoreSql, verdictSql, verdictWords } from '../../projections/score/index.ts'
import type { AnalyticsQuery, Report, ReportRow } from './contract.ts'
import { answer, reportOf, scopeOf, whole } from './scope.ts'
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
  const [{ scored, points: pointsOf, best: found }, trend] = await Promise.all([
    readScored(scope),
    readTrend(scope, asked),
  ])
  const best = await bestOf(scope, found)
  const count = (fits: (row: Scored) => boolean) =>
    scored.reduce((sum, row) => (fits(row) ? sum + row.n : sum), 0)
  const all = count(({ step }) => step !== null)
  const none = count(({ step }) => step === null)
  const points = [...pointsOf.values()].reduce((sum, one) => sum + one, 0)
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
                average: share(pointsOf.get(source) ?? 0, leads),
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
}

interface Best {
  id: string
  score: number
  grade: string
  temperature: string
}

interface Quality {
  scored: Scored[]
  /** the sum of the scores, by source */
  points: Map<string, number>
  best: Best[]
}

/** A verdict as one number: the step, the grade and the temperature by their places, these below 16; the last step is that of no score. */
const PLACES = 16
const NO_SCORE = 100 / STEP
const VERDICTS = (NO_SCORE + 1) * PLACES * PLACES

/**
 * Leads by score, grade, temperature and source, and the best of each source, in one pass in which every score is worked out once. The
 * best of all score as much as the best of any leads: those of the first thousands leave few of the others to be sorted. Verdicts
 * are counted by number within groups of one text: over 1 M leads 162 ms of processor time where groups by four columns took 182.
 */
async function readScored(scope: Scope): Promise<Quality> {
  const readings = await readReadings(scope.db, scope.workspaceId)
  const now = scope.at.getTime()
  const { grade, temperature } = verdictSql(readings, chSql`total`, now, 'place')
  const { total } = scoreSql(readings, now)
  const best = whole(BEST)
  const rows = await answer<{
    source: string
    verdicts: number[]
    counts: number[]
    points: number | null
    best: [points: number, id: string, verdict: number][]
  }>(
    scope,
    chSql`with (
            select if(count() < ${best}, 0, min(reached)) from (
              select reached from (select ${total} as reached from ${scope.rows} where ${scope.leads} limit 30000)
              where reached > 0 order by reached desc limit ${best}
            )
          ) as enough
          select source, arrayFilter((verdict, n) -> n > 0, range(${whole(VERDICTS)}), counted) as verdicts, arrayFilter(n -> n > 0, counted) as counts,
            points, best
          from (
            select source, countResample(0, ${whole(VERDICTS)}, 1)(verdict) as counted, sum(total) as points,
              groupArraySortedIf(${best})((-ifNull(total, 0), lead_id, verdict), ifNull(total > 0 and total >= enough, 0)) as best
            from (
              select lead_id, source, total, toUInt16((if(total is null, ${whole(NO_SCORE)}, least(${whole(NO_SCORE - 1)}, greatest(0, floor(ifNull(total, 0) / ${whole(STEP)}))))
                * ${whole(PLACES)} + ${grade}) * ${whole(PLACES)} + ${temperature}) as verdict
              from (select lead_id, source, score_version, do_not_contact, last_intent_at, last_human_at,
                  ${total} as total from ${scope.rows} where ${scope.leads})
            ) group by source
          )`,
  )
  return {
    scored: rows.flatMap(({ source, verdicts, counts }) =>
      verdicts.map((verdict, at) => ({ ...verdictOf(verdict), source, n: counts[at] ?? 0 })),
    ),
    points: new Map(rows.map(({ source, points }) => [source, points ?? 0])),
    best: rows.flatMap((row) =>
      row.best.map(([points, id, verdict]) => ({ id, score: -points, ...verdictOf(verdict) })),
    ),
  }
}

function verdictOf(verdict: number): Pick<Scored, 'step' | 'grade' | 'temperature'> {
  const step = Math.floor(verdict / (PLACES * PLACES))
  return {
    step: step === NO_SCORE ? null : step,
    grade: verdictWords[Math.floor(verdict / PLACES) % PLACES] ?? '',
    temperature: verdictWords[verdict % PLACES] ?? '',
  }
}

async function bestOf(scope: Scope, best: readonly Best[]): Promise<ReportRow[]> {
  const found = [...best].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, BEST)
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
