// Leads on their way through the stages, over the columns of the copy: how far they came in so many days, and through which stages.
import { chSql, identifier, joinedBy, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import { stages } from '../../projections/contract.ts'
import type { Stage } from '../../projections/contract.ts'
import type { Scope } from './scope.ts'
import { instantsOf } from './window.ts'
import type { DaySpan } from './window.ts'

const DAY_SECONDS = 86_400

/** Leads whose first stay began in the days of a span. */
export function cameIn({ window }: Scope, span: DaySpan): Fragment {
  const { fromMs, toMs } = instantsOf(span, window.timeZone)
  const from = Math.max(1, fromMs / 1000)
  return chSql`(came_at >= ${param('Int64', from)} and came_at < ${param('Int64', toMs / 1000)})`
}

/** The place of the furthest stage within so many days of the first. */
export function furthestSql(within: number): Fragment {
  return chSql`(${added([1, 2, 3, 4, 5].map((stage) => isReachedSql(stage, within)))})`
}

/** The place of the last stage that was come to through all before it, one after the other, within so many days. */
export function strictlySql(within: number): Fragment {
  const isSoon = chSql`toInt64(t) - toInt64(stay_since[1]) <= ${seconds(within)}`
  return chSql`arrayFold((acc, s, t) -> if(${isSoon} and s = acc + 1, s, acc), stay_stages, stay_since, toUInt8(0))`
}

/** A bit for each stage that was the furthest when the lead came to it, within so many days: none for those it skipped. */
export function takenSql(within: number): Fragment {
  const reached = [1, 2, 3, 4, 5].map(
    (stage) => chSql`${isReachedSql(stage, within)} * ${param('Int64', 1 << stage)}`,
  )
  return chSql`bitAnd(taken_stages, 1 + ${added(reached)})`
}

/** Whether those days are not over. */
export function isOpenSql({ at }: Scope, within: number): Fragment {
  return chSql`(came_at + ${seconds(within)} >= ${param('Int64', Math.floor(at.getTime() / 1000))})`
}

/**
 * Whether a lead is behind a number of the funnel.
 * @param value `<stage> <days> <passed or strict>`. Throws `measure_invalid` (400)
 */
export function funnelSql(
  scope: Scope,
  span: DaySpan,
  of: 'reached' | 'dropped' | 'open' | 'skipped',
  value: string | undefined,
): Fragment {
  const [stage = '', days = '', order = ''] = (value ?? '').split(' ')
  const rank = stages.indexOf(stage as Stage)
  const within = Number(days)
  if (rank === -1 || !Number.isInteger(within) || within < 1 || !['passed', 'strict'].includes(order))
    throw new Refusal('measure_invalid', 400, 'Name the stage as the report gave it.')
  const furthest = order === 'passed' ? furthestSql(within) : strictlySql(within)
  const came = (to: number) => chSql`${furthest} >= ${param('Int64', to)}`
  const isOpen = isOpenSql(scope, within)
  return joinedBy('and', [
    cameIn(scope, span),
    ...(of === 'reached' ? [came(rank)] : []),
    ...(of === 'skipped'
      ? [came(rank), chSql`bitAnd(${takenSql(within)}, ${param('Int64', 1 << rank)}) = 0`]
      : []),
    ...(of === 'dropped' || of === 'open'
      ? [came(rank - 1), chSql`not (${came(rank)})`, of === 'open' ? isOpen : chSql`not ${isOpen}`]
      : []),
  ])
}

function isReachedSql(stage: number, within: number): Fragment {
  return chSql`(${identifier(`reached_${stage}_after`)} <= ${seconds(within)})`
}

function added(parts: readonly Fragment[]): Fragment {
  return parts.reduce((sum, part) => chSql`${sum} + ${part}`)
}

function seconds(days: number): Fragment {
  return param('Int64', days * DAY_SECONDS)
}
