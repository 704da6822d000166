// The tab Lifecycle: how far leads came through the stages, who dropped out, who is still on the way, and how long stages take.
import { chSql, param } from '../../conditions/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import type { QueryOf } from '../../lib/endpoint.ts'
import type { Services } from '../../platform/services.ts'
import { stages } from '../../projections/contract.ts'
import type { Stage } from '../../projections/contract.ts'
import type { Measure, Report, ReportRow, getFunnel } from './contract.ts'
import { cameIn, furthestSql, isOpenSql, strictlySql, takenSql } from './stages.ts'
import { answer, reportOf, scopeOf, wholeSpan } from './scope.ts'
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
  const [ways, { stays, impossible }, held, deals] = await Promise.all([
    readWays(scope, asked),
    readStays(scope, asked.days),
    readHeld(scope),
    readPipeline(scope),
  ])
  const now = stepsOf(ways.filter(({ isNow }) => isNow === 1))
  const before = stepsOf(ways.filter(({ isNow }) => isNow === 0))
  const [first, last] = [now[0]!, now.at(-1)!]
  const opportunity = stages.indexOf('opportunity')
  const cycleDays = timeIn(stays, opportunity).medianOfAll
  const inPipeline = {
    ...deals,
    open: held.find(({ stage }) => stage === 'opportunity')?.n ?? 0,
    cycleDays,
    days: asked.days,
  }
  const ages = agesOf(ways, scope.at)
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
  /** when the first and the last of them came in, seconds since 1970 */
  firstAt: number
  lastAt: number
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
    chSql`select came_at >= ${param('Int64', instantsOf(window.now, window.timeZone).fromMs / 1000)} as isNow,
            ${furthest} as furthest, ${takenSql(within)} as taken, ${isOpenSql(scope, within)} as isOpen, count() as n,
            min(came_at) as firstAt, max(came_at) as lastAt
          from ${scope.rows} where ${scope.leads} and ${cameIn(scope, wholeSpan(window))}
          group by isNow, furthest, taken, isOpen`,
  )
}

// How old a cohort is says how much of it can have come through.
function agesOf(ways: Way[], at: Date): string {
  const now = ways.filter(({ isNow }) => isNow === 1)
  if (now.length === 0) return ''
  const daysAgo = (seconds: number) => Math.max(0, Math.floor((at.getTime() / 1000 - seconds) / 86_400))
  const oldest = daysAgo(Math.min(...now.map(({ firstAt }) => firstAt)))
  const youngest = daysAgo(Math.max(...now.map(({ lastAt }) => lastAt)))
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

function readHeld(scope: Scope): Promise<{ stage: string; n: number }[]> {
  return answer(
    scope,
    chSql`select stage, count() as n from ${scope.rows} where ${scope.leads} group by stage`,
  )
}
