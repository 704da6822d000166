// The tab Lifecycle: how far leads came through the stages, who dropped out, who is still on the way, and how long stages take.
import { chSql, param } from '../../conditions/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { stages } from '../../projections/contract.ts'
import type { Stage } from '../../projections/contract.ts'
import type { Measure, Report, ReportRow, getFunnel } from './contract.ts'
import { cameIn, furthestSql, isOpenSql, strictlySql, takenSql } from './stages.ts'
import { answer, reportOf, scopeOf, whole, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { pipelineCard, pipelineTable, readPipeline } from './pipeline.ts'
import { readStays, timeIn } from './stage-time.ts'
import { behind, card, column, share } from './table.ts'
import { instantsOf } from './window.ts'
import type { DaySpan } from './window.ts'

type Asked = QueryOf<typeof getFunnel>

export async function readFunnel(
  services: Services,
  workspaceId: WorkspaceId,
  asked: Asked,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, asked)
  const { window } = scope
  const [came, { stays, impossible }, deals] = await Promise.all([
    readWays(scope, asked),
    readStays(scope, asked.days),
    readPipeline(scope),
  ])
  const { ways, held } = came
  const now = stepsOf(ways.filter(({ isNow }) => isNow === 1))
  const before = stepsOf(ways.filter(({ isNow }) => isNow === 0))
  const [first, last] = [now[0]!, now.at(-1)!]
  const opportunity = stages.indexOf('opportunity')
  const cycleDays = timeIn(stays, opportunity).medianOfAll
  const inPipeline = {
    ...deals,
    open: held[opportunity] ?? 0,
    cycleDays,
    days: asked.days,
  }
  const ages = agesOf(came, scope.at)
  const link = (of: Measure, stage: Stage, span?: DaySpan) =>
    behind(of, `${stage} ${asked.within} ${asked.order}`, span)
  return reportOf(scope, {
    cards: [
      card(window, {
        id: 'entered',
        label: 'Came in',
        now: first.reached,
        before: before[0]!.reached,
        behind: link('reached', stages[0]),
      }),
      card(window, {
        id: 'customers',
        label: 'Became customers',
        about: `within ${asked.within} days`,
        now: last.reached,
        before: before.at(-1)!.reached,
        behind: link('reached', stages.at(-1)!),
      }),
      card(window, {
        id: 'conversion',
        label: 'From first to last stage',
        kind: 'share',
        now: share(last.reached, first.reached),
        before: share(before.at(-1)!.reached, before[0]!.reached),
      }),
      card(window, {
        id: 'winRate',
        label: 'From opportunity to customer',
        kind: 'share',
        about: 'those still on the way counted, too',
        now: share(last.reached, now[opportunity]!.reached),
        before: share(before.at(-1)!.reached, before[opportunity]!.reached),
      }),
      pipelineCard(scope, inPipeline),
    ],
    tables: [
      {
        id: 'stages',
        label: 'Through the stages',
        about: `Leads that came in during the range, and how far they were ${asked.within} days later. ${ages}`,
        columns: [
          column('stage', 'Stage', 'text'),
          column('reached', 'Reached'),
          column('reachedBefore', 'Before'),
          column('conversion', 'Of the stage before', 'share'),
          column('dropped', 'Dropped out'),
          column('dropOff', 'Drop-off', 'share'),
          column('open', 'Still open'),
          column('skipped', 'Skipped it'),
        ],
        rows: stages.map((stage, rank): ReportRow => {
          const { reached, open, skipped, dropped } = now[rank]!
          return {
            values: {
              stage,
              reached,
              reachedBefore: window.before ? before[rank]!.reached : null,
              conversion: rank === 0 ? null : share(reached, now[rank - 1]!.reached),
              dropped: rank === 0 ? null : dropped,
              dropOff: rank === 0 ? null : share(dropped, now[rank - 1]!.reached),
              open: rank === 0 ? null : open,
              skipped: rank === 0 ? null : skipped,
            },
            behind: {
              reached: link('reached', stage),
              ...(window.before ? { reachedBefore: link('reached', stage, window.before) } : {}),
              ...(rank === 0
                ? {}
                : {
                    dropped: link('dropped', stage),
                    open: link('open', stage),
                    skipped: link('skipped', stage),
                  }),
            },
            ...(open > 0 ? { isPartial: true } : {}),
          }
        }),
      },
      {
        id: 'time',
        label: 'Time in stage',
        about:
          'Stays that began in the range; a lead that came back was there for all its times together. The median with open stays counts those that go on for as long as they have lasted (Kaplan-Meier)',
        columns: [
          column('stage', 'Stage', 'text'),
          column('ended', 'Ended stays'),
          column('open', 'Open stays'),
          column('median', 'Median', 'days'),
          column('p75', '75 % within', 'days'),
          column('p90', '90 % within', 'days'),
          column('medianOfAll', 'Median with open stays', 'days'),
        ],
        rows: stages.map((stage, rank): ReportRow => ({ values: { stage, ...timeIn(stays, rank) } })),
      },
      pipelineTable(scope, inPipeline),
      {
        id: 'now',
        label: 'Leads by stage today',
        columns: [column('stage', 'Stage', 'text'), column('leads', 'Leads')],
        rows: stages.map((stage, rank): ReportRow => ({
          values: { stage, leads: held[rank] ?? 0 },
          behind: { leads: behind('stage', stage) },
        })),
      },
    ],
    notes: [
      asked.order === 'strict'
        ? 'A stage counts only for leads that were in every stage before it.'
        : 'A lead that skipped a stage counts as having passed it.',
      'Who is still open may yet come further: that is no drop-off.',
      ...(asked.days === 'business'
        ? ['Days are Mondays to Fridays; Saturdays and Sundays take no time.']
        : []),
      ...(impossible > 0
        ? [
            `${impossible.toLocaleString('en-GB')} stays begin after they end, or have not begun yet: they are in no number here. Look at when the events behind them say that they happened.`,
          ]
        : []),
    ],
  })
}

interface Way {
  isNow: number
  /** the furthest stage within the window, and a bit for each that was not skipped */
  furthest: number
  taken: number
  /** the window has not elapsed */
  isOpen: number
  n: number
}

interface Ways {
  ways: Way[]
  /** when the first and the last lead of the range came in, seconds since 1970 */
  firstAt: number
  lastAt: number
  /** leads by the place of the stage that they are in today */
  held: number[]
}

interface FunnelStep {
  reached: number
  dropped: number
  open: number
  skipped: number
}

/** A way as one number: 1 of the range, 2 open, from 4 on the furthest stage, from 32 on a bit for each that was not skipped. */
const WAYS = 2048

/** The ways of those who came in, and where everybody is, in one pass: small numbers are counted quicker than groups are made. */
async function readWays(scope: Scope, { within, order }: Asked): Promise<Ways> {
  const { window } = scope
  const furthest = order === 'passed' ? furthestSql(within) : strictlySql(within)
  const [found] = await answer<{
    counts: number[]
    ways: number[]
    firstAt: number
    lastAt: number
    held: number[]
  }>(
    scope,
    chSql`select arrayFilter(n -> n > 0, counted) as counts, arrayFilter((way, n) -> n > 0, range(${whole(WAYS)}), counted) as ways,
            firstAt, lastAt, held
          from (
            select countResampleIf(0, ${whole(WAYS)}, 1)(isNow + 2 * isOpen + 4 * furthest + 32 * taken, came) as counted,
              minIf(came_at, came and isNow) as firstAt, maxIf(came_at, came and isNow) as lastAt,
              countResample(0, ${whole(stages.length)}, 1)(place) as held
            from (
              select came_at, ${cameIn(scope, wholeSpan(window))} as came,
                toUInt16(came_at >= ${param('Int64', instantsOf(window.now, window.timeZone).fromMs / 1000)}) as isNow,
                if(came, ${furthest}, 0) as furthest, ${takenSql(within)} as taken, ${isOpenSql(scope, within)} as isOpen,
                transform(stage, ${param('Array(String)', stages)}, range(toUInt8(${whole(stages.length)})), toUInt8(255)) as place
              from ${scope.rows} where ${scope.leads}
            )
          )`,
  )
  const { counts, ways, firstAt, lastAt, held } = found!
  return {
    ways: ways.map((way, at) => ({
      isNow: way & 1,
      isOpen: (way >> 1) & 1,
      furthest: (way >> 2) & 7,
      taken: way >> 5,
      n: counts[at] ?? 0,
    })),
    firstAt,
    lastAt,
    held,
  }
}

// How old a cohort is says how much of it can have come through.
function agesOf({ ways, firstAt, lastAt }: Ways, at: Date): string {
  const now = ways.filter(({ isNow }) => isNow === 1)
  if (now.length === 0) return ''
  const daysAgo = (seconds: number) => Math.max(0, Math.floor((at.getTime() / 1000 - seconds) / 86_400))
  const [oldest, youngest] = [daysAgo(firstAt), daysAgo(lastAt)]
  const open = now.reduce((sum, { isOpen, n }) => (isOpen === 1 ? sum + n : sum), 0)
  const all = now.reduce((sum, { n }) => sum + n, 0)
  const came = youngest === oldest ? `${oldest}` : `${youngest} to ${oldest}`
  return `They came in ${came} days ago; ${open.toLocaleString('en-GB')} of ${all.toLocaleString('en-GB')} have had less time than that.`
}

function stepsOf(ways: Way[]): FunnelStep[] {
  return stages.map((_, rank) => {
    const step: FunnelStep = { reached: 0, dropped: 0, open: 0, skipped: 0 }
    for (const { furthest, taken, isOpen, n } of ways) {
      if (furthest >= rank) step.reached += n
      if (furthest >= rank && rank > 0 && (taken & (1 << rank)) === 0) step.skipped += n
      if (furthest === rank - 1) step[isOpen === 1 ? 'open' : 'dropped'] += n
    }
    return step
  })
}
