// How scores and health went: by the counts that were kept of each day, and beside them the past by the rules and models of today.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { queuePast, queueSnapshot } from '../../snapshots/index.ts'
import { readReadings } from '../../projections/score/index.ts'
import { sumColumns } from '../../snapshots/contract.ts'
import type { DaySums } from '../../snapshots/contract.ts'
import type { AnalyticsQuery, ReportTable } from './contract.ts'
import { answer } from './scope.ts'
import type { Scope } from './scope.ts'
import { column, share, timeline } from './table.ts'
import { bucketId } from './window.ts'

/** A day as it was counted, or as it was worked out anew. */
interface Day extends DaySums {
  kind: 'counted' | 'recomputed'
  /** since 1970 */
  at: number
  isSample: number
  rules: number
}

/** The days of a range by bucket: the last that is known of each. */
export interface Trend {
  counted(bucket: number): Day | undefined
  recomputed(bucket: number): Day | undefined
  notes: string[]
}

/** Fewer leads of a sample tell nothing. */
const TELLING = 30

/**
 * Reads the days of a report; null where its filters are more than days are counted by. Has the workspace counted where it was
 * not today, and its past worked out where other rules were adopted since.
 */
export async function readTrend(
  scope: Scope,
  asked: Pick<AnalyticsQuery, 'source' | 'segment' | 'filter'>,
): Promise<Trend | null> {
  if (asked.filter !== undefined) return null
  const [days, readings] = await Promise.all([
    readDays(scope, asked),
    readReadings(scope.db, scope.workspaceId),
  ])
  const { window, audience } = scope
  if (!days.some(({ kind, at }) => kind === 'counted' && at === window.today))
    await queueSnapshot(scope.db, scope.workspaceId)
  const rules = days.find(({ kind }) => kind === 'recomputed')?.rules
  if (rules !== undefined && rules !== readings[0]?.version) await queuePast(scope.db, scope.workspaceId)
  const byBucket = (kind: Day['kind']) =>
    new Map(days.filter((day) => day.kind === kind).map((day) => [bucketId(day.at, window.step), day]))
  const [counted, recomputed] = [byBucket('counted'), byBucket('recomputed')]
  const today = bucketId(window.today, window.step)
  const first = days.find(({ kind }) => kind === 'counted')
  const isSample = days.some((day) => day.isSample === 1)
  return {
    counted: (bucket) => counted.get(bucket),
    recomputed(bucket) {
      // What is counted today is by the rules of today.
      if (bucket === today) return audience === 'known' ? counted.get(bucket) : undefined
      const day = recomputed.get(bucket)
      return day && (day.isSample === 0 || day.leads >= TELLING) ? day : undefined
    },
    notes: [
      first
        ? `Each day is counted late in its evening, as scored then; the first is ${dayWords(first.at)}.`
        : 'No day of this range was counted: that began with the first day on which this workspace was looked at.',
      audience === 'known'
        ? `The second line is the past by the rules and models of today, worked out from the log${isSample ? ' of 2,000 leads taken by chance' : ''}; who a lead is, is taken as it is known today.`
        : 'The past by the rules of today is worked out of known leads: choose those to see it.',
    ],
  }
}

/** Said where conditions leave no trend. */
export const NO_TREND =
  'How this went over time is kept by audience, source and segment: save these conditions as a segment, and its days are counted from then on.'

/** The table of a trend: numbers as counted, each beside what rules and models of today say. */
export function trendTable(
  scope: Scope,
  trend: Trend,
  { id, label, about, measures }: Pick<ReportTable, 'id' | 'label' | 'about'> & { measures: Measured[] },
): ReportTable {
  return {
    id,
    label,
    about,
    columns: [
      column('on', 'Day', 'day'),
      ...measures.flatMap(({ key, label: name, kind, isTwice = true }) => [
        column(key, name, kind),
        ...(isTwice ? [column(`${key}Recomputed`, `${name}, by the rules of today`, kind)] : []),
      ]),
      column('rules', 'Rules of version'),
    ],
    rows: timeline(scope.window, ({ id: bucket }) => {
      const [counted, recomputed] = [trend.counted(bucket), trend.recomputed(bucket)]
      return {
        ...Object.fromEntries(
          measures.flatMap(({ key, of, isTwice = true }) => [
            [key, counted ? of(counted) : null],
            ...(isTwice ? [[`${key}Recomputed`, recomputed ? of(recomputed) : null]] : []),
          ]),
        ),
        rules: counted?.rules ?? null,
      }
    }),
  }
}

export interface Measured {
  key: string
  label: string
  kind: 'number' | 'decimal' | 'share'
  of: (day: DaySums) => number | null
  /** false: only as counted */
  isTwice?: boolean
}

export const scoreMeasures: Measured[] = [
  { key: 'average', label: 'Average score', kind: 'decimal', of: (day) => share(day.points, day.scored) },
  {
    key: 'good',
    label: 'Graded A or better',
    kind: 'share',
    of: (day) => share(day.grade_a_plus + day.grade_a, day.scored),
  },
  { key: 'hotShare', label: 'Hot', kind: 'share', of: (day) => share(day.hot, day.leads) },
]

export const gradeMeasures: Measured[] = [
  ...(
    [
      ['hot', 'Hot'],
      ['warm', 'Warm'],
      ['cold', 'Cold'],
      ['grade_a_plus', 'A+'],
      ['grade_a', 'A'],
      ['grade_b', 'B'],
      ['grade_c', 'C'],
      ['grade_d', 'D'],
    ] as const
  ).map(([key, label]) => ({
    key,
    label,
    kind: 'number' as const,
    of: (day: DaySums) => day[key],
    isTwice: false,
  })),
]

export const healthMeasures: Measured[] = [
  {
    key: 'average',
    label: 'Average health',
    kind: 'decimal',
    of: (day) => share(day.health_points, day.health_known),
  },
  { key: 'healthy', label: 'Healthy', kind: 'share', of: (day) => share(day.healthy, day.health_known) },
  { key: 'atRisk', label: 'At risk', kind: 'share', of: (day) => share(day.at_risk, day.health_known) },
  {
    key: 'highRisk',
    label: 'Buyers at high risk',
    kind: 'share',
    of: (day) => share(day.risk_high, day.risk_known),
  },
]

function readDays(
  scope: Scope,
  { source, segment }: Pick<AnalyticsQuery, 'source' | 'segment'>,
): Promise<Day[]> {
  const { workspaceId, window, audience } = scope
  const ours = chSql`workspace_id = ${param('UUID', workspaceId)}`
  const within = chSql`day >= toDate(${param('Int64', window.now.from)}) and day <= toDate(${param('Int64', window.now.to)})`
  const sums: Fragment = { pieces: [sumColumns.map((name) => `sum(${name}) as ${name}`).join(', ')] }
  return answer(
    scope,
    chSql`select kind, toInt32(day) as at, toUInt8(max(is_sample)) as isSample, max(rule_version) as rules, ${sums}
          from score_days final
          where ${ours} and ${within} and segment = ${param('String', segment ?? '')}
            ${audience === 'all' ? chSql`` : audience === 'known' ? chSql`and is_known` : chSql`and not is_known`}
            ${source === undefined ? chSql`` : chSql`and source = ${param('String', source)}`}
            and ((kind = 'counted' and (day, version) in (
                select day, max(version) from score_days
                where ${ours} and kind = 'counted' and segment = '' and ${within} group by day))
              or (kind = 'recomputed' and is_known and version = (
                select max(version) from score_days where ${ours} and kind = 'recomputed')))
          group by kind, at order by at`,
  )
}

function dayWords(day: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(day * 86_400_000))
}
