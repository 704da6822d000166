// The tab Lifecycle: how far leads came through the stages, who dropped out, who is still on the way, and how long stages take.
import { chSql, param } from '../../conditions/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { stages } from '../../projections/contract.ts'
import type { Stage } from '../../projections/contract.ts'
import type { Measure, Report, ReportRow, getFunnel } from './contract.ts'
import { cameIn, furthestSql, isOpenSql, strictlySql, takenSql } from './stages.ts'
import { answer, instantSql, reportOf, scopeOf, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { medianStay } from './survival.ts'
import type { Watched } from './survival.ts'
import { behind, card, column, share } from './table.ts'
import { instantsOf } from './window.ts'
import type { DaySpan } from './window.ts'

const DAY_SECONDS = 86_400

type Asked = QueryOf<typeof getFunnel>

export async function readFunnel(
  services: Services,
  workspaceId: WorkspaceId,
  asked: Asked,
): Promise<Report> {
  const scope = await scopeOf(services, workspaceId, asked)
  const { window } = scope
  const [ways, stays, held] = await Promise.all([readWays(scope, asked), readStays(scope), readHeld(scope)])
  const now = stepsOf(ways.filter(({ isNow }) => isNow === 1))
  const before = stepsOf(ways.filter(({ isNow }) => isNow === 0))
  const [first, last] = [now[0]!, now.at(-1)!]
  const opportunity = stages.indexOf('opportunity')
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
        label: 'Opportunities won',
        kind: 'share',
        now: share(last.reached, now[opportunity]!.reached),
        before: share(before.at(-1)!.reached, before[opportunity]!.reached),
      }),
    ],
    tables: [
      {
        id: 'stages',
        label: 'Through the stages',
        about: `Leads that came in during the range, and how far they were ${asked.within} days later`,
        columns: [
          column('stage', 'Stage', 'text'),
          column('reached', 'Reached'),
          column('reachedBefore', 'Before'),
          column('conversion', 'Of the stage before', 'share'),
          column('dropped', 'Dropped out'),
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
          'Stays that began in the range. The median with open stays counts those that go on for as long as they have lasted (Kaplan-Meier)',
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
      {
        id: 'now',
        label: 'Leads by stage today',
        columns: [column('stage', 'Stage', 'text'), column('leads', 'Leads')],
        rows: stages.map((stage): ReportRow => ({
          values: { stage, leads: held.find((row) => row.stage === stage)?.n ?? 0 },
          behind: { leads: behind('stage', stage) },
        })),
      },
    ],
    notes: [
      asked.order === 'strict'
        ? 'A stage counts only for leads that were in every stage before it.'
        : 'A lead that skipped a stage counts as having passed it.',
      'Who is still open may yet come further: that is no drop-off.',
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

interface FunnelStep {
  reached: number
  dropped: number
  open: number
  skipped: number
}

function readWays(scope: Scope, { within, order }: Asked): Promise<Way[]> {
  const { window } = scope
  const furthest = order === 'passed' ? furthestSql(within) : strictlySql(within)
  return answer(
    scope,
    chSql`select stay_since[1] >= ${instantSql(instantsOf(window.now, window.timeZone).fromMs)} as isNow,
            ${furthest} as furthest, ${takenSql(within)} as taken, ${isOpenSql(scope, within)} as isOpen, count() as n
          from ${scope.rows} where ${scope.leads} and ${cameIn(scope, wholeSpan(window))}
          group by isNow, furthest, taken, isOpen`,
  )
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

interface Stays {
  stage: number
  isOpen: number
  seconds: number[]
  /** whole days, each with how many stays lasted so long */
  days: number[]
  counts: number[]
  n: number
}

// A lead that came back to a stage was in it for all those times together.
function readStays(scope: Scope): Promise<Stays[]> {
  const { window, at } = scope
  const { fromMs, toMs } = instantsOf(window.now, window.timeZone)
  const now = param('Int64', Math.floor(at.getTime() / 1000))
  return answer(
    scope,
    chSql`select stay.1 as stage, stay.2 as isOpen, quantilesExactInclusive(0.5, 0.75, 0.9)(stay.3) as seconds,
            sumMap([intDiv(stay.3, ${param('Int64', DAY_SECONDS)})], [toUInt64(1)]) as lasted,
            lasted.1 as days, lasted.2 as counts, count() as n
          from (
            select arrayJoin(arrayFilter(x -> x.4 >= ${instantSql(fromMs)} and x.4 < ${instantSql(toMs)}, arrayMap(
              k -> (k, k = stay_stages[-1],
                arraySum((s, f, u) -> if(s = k, greatest(0, toInt64(u) - toInt64(f)), 0), stay_stages, stay_since, ends),
                arrayFirst((f, s) -> s = k, stay_since, stay_stages)),
              arrayDistinct(stay_stages)))) as stay
            from (
              select stay_stages, stay_since, arrayPushBack(arrayPopFront(stay_since), toDateTime(${now}, 'UTC')) as ends
              from ${scope.rows} where ${scope.leads} and notEmpty(stay_stages)
            )
          ) group by stage, isOpen`,
  )
}

function timeIn(stays: Stays[], rank: number) {
  const own = stays.filter(({ stage }) => stage === rank)
  const ended = own.find(({ isOpen }) => isOpen === 0)
  const watched = own.flatMap(({ isOpen, days, counts }) =>
    days.map((day, place): Watched => {
      const n = counts[place] ?? 0
      return { days: day, left: isOpen === 1 ? 0 : n, censored: isOpen === 1 ? n : 0 }
    }),
  )
  const inDays = (place: number) =>
    ended?.seconds[place] === undefined ? null : ended.seconds[place] / DAY_SECONDS
  return {
    ended: ended?.n ?? 0,
    open: own.find(({ isOpen }) => isOpen === 1)?.n ?? 0,
    median: inDays(0),
    p75: inDays(1),
    p90: inDays(2),
    medianOfAll: medianStay(watched) ?? null,
  }
}

function readHeld(scope: Scope): Promise<{ stage: string; n: number }[]> {
  return answer(
    scope,
    chSql`select stage, count() as n from ${scope.rows} where ${scope.leads} group by stage`,
  )
}
