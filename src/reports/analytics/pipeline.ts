// Pipeline velocity: what open opportunities bring in a day, and the four numbers that it is made of.
import { chSql, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import { pipelineVelocity } from '../../projections/journey/index.ts'
import type { DaysCounted, ReportCard, ReportTable } from './contract.ts'
import { answer, dayOfSql } from './scope.ts'
import type { Scope } from './scope.ts'
import { behind, card, column, share } from './table.ts'
import { instantsOf } from './window.ts'
import type { DaySpan } from './window.ts'

/** Opportunities that began in the range and were decided, and what the won ones were worth in the workspace's currency. */
export interface Deals {
  won: number
  lost: number
  /** of the won, those whose worth is known */
  valued: number
  valueMinor: number
}

export interface PipelineFigures extends Deals {
  /** opportunities of today */
  open: number
  /** until half are decided, open ones counted for as long as they have lasted; null where fewer are */
  cycleDays: number | null
  days: DaysCounted
}

/**
 * An opportunity is won once its lead became a customer, and lost where the lead left the stage otherwise. It is worth what was
 * ordered from its beginning until the day it was won, net of refunds; where that is nothing, the amount that was told with the move.
 */
export async function readPipeline(scope: Scope): Promise<Deals> {
  const dayOf = (seconds: Fragment) => dayOfSql(scope, chSql`toDateTime(${seconds}, 'UTC')`)
  const currency = param('String', scope.currency)
  // Most workspaces tell no amounts, and a join costs as much as all the rest.
  const isTold = await hasAmounts(scope)
  const amount = isTold ? chSql`ifNull(told.minor, 0)` : chSql`0`
  const joined = isTold
    ? chSql`left join ${toldAmounts(scope)} as told on leads.lead_id = told.lead_id`
    : chSql``
  const [found] = await answer<Deals>(
    scope,
    chSql`select countIf(isWon) as won, countIf(not isWon) as lost, countIf(isWon and worth > 0) as valued, sumIf(worth, isWon) as valueMinor
          from (
            select isWon, if(ordered > 0, ordered, ${amount}) as worth
            from (
              select lead_id, opportunity = 'won' as isWon, if(isWon and order_count > 0, arraySum(
                o -> if(o.3 = ${currency} and o.1 between ${dayOf(chSql`opportunity_at`)} and ${dayOf(chSql`won_at`)}, o.2, 0), placed_orders), 0) as ordered
              from ${scope.rows}
              where ${scope.leads} and ${beganIn(scope, scope.window.now)} and opportunity in ('won', 'lost')
            ) as leads ${joined}
          )`,
  )
  return found ?? { won: 0, lost: 0, valued: 0, valueMinor: 0 }
}

/** Whose opportunity began in the days of a span and was won, or lost. */
export function dealSql(scope: Scope, span: DaySpan, of: 'won' | 'lost'): Fragment {
  return chSql`(${beganIn(scope, span)} and opportunity = ${param('String', of)})`
}

export function pipelineCard(scope: Scope, figures: PipelineFigures): ReportCard {
  return card(scope.window, {
    id: 'pipeline',
    label: 'Pipeline velocity',
    kind: 'money',
    currency: scope.currency,
    about: 'what opportunities bring in a day',
    now: velocityOf(figures),
    before: null,
    behind: behind('stage', 'opportunity'),
  })
}

export function pipelineTable(scope: Scope, figures: PipelineFigures): ReportTable {
  const { open, won, lost, valued, valueMinor, cycleDays, days } = figures
  const perDay = velocityOf(figures)
  const { currency } = scope
  return {
    id: 'pipeline',
    label: 'Pipeline velocity',
    about: `Open opportunities × share won of those decided × mean worth of one won ÷ ${days === 'business' ? 'business days' : 'days'} until half are decided. Those decided are of the opportunities that began in the range: choose one long enough for most to be`,
    columns: [
      column('open', 'Open today'),
      column('won', 'Won'),
      column('lost', 'Lost'),
      column('winRate', 'Share won', 'share'),
      column('mean', 'Mean worth', 'money', currency),
      column('medianOfAll', 'Until half are decided', 'days'),
      column('perDay', 'Brings in a day', 'money', currency),
      column('perMonth', 'In 30 days', 'money', currency),
    ],
    rows: [
      {
        values: {
          open,
          won,
          lost,
          winRate: share(won, won + lost),
          mean: valued > 0 ? Math.round(valueMinor / valued) : null,
          medianOfAll: cycleDays,
          perDay,
          perMonth: perDay === null ? null : perDay * 30,
        },
        behind: {
          open: behind('stage', 'opportunity'),
          won: behind('won'),
          lost: behind('lost'),
        },
      },
    ],
  }
}

function velocityOf({ open, won, lost, valued, valueMinor, cycleDays }: PipelineFigures): number | null {
  if (valued === 0) return null
  // Half decided within the first day is told as a day: stays are known to the day.
  const cycle = cycleDays === null ? null : Math.max(1, cycleDays)
  const found = pipelineVelocity({ open, won, lost, meanWonMinor: valueMinor / valued, cycleDays: cycle })
  return found === null ? null : Math.round(found)
}

function beganIn({ window }: Scope, span: DaySpan): Fragment {
  const { fromMs, toMs } = instantsOf(span, window.timeZone)
  const from = Math.max(1, fromMs / 1000)
  return chSql`(opportunity_at >= ${param('Int64', from)} and opportunity_at < ${param('Int64', toMs / 1000)})`
}

async function hasAmounts(scope: Scope): Promise<boolean> {
  const found = await answer(
    scope,
    chSql`select 1 from stage_moves where workspace_id = ${param('UUID', scope.workspaceId)} and amount_minor is not null limit 1`,
  )
  return found.length > 0
}

// Amounts are told with few moves: of those leads alone the newest rows are looked up, and the latest amount is taken.
function toldAmounts({ workspaceId, currency }: Scope): Fragment {
  const ours = chSql`workspace_id = ${param('UUID', workspaceId)}`
  return chSql`(select lead_id, argMax(row.1, row.2) as minor from (
      select lead_id, argMax((ifNull(amount_minor, 0), at, currency, to_stage, is_removed), version) as row from stage_moves
      where ${ours} and lead_id in (select lead_id from stage_moves where ${ours} and amount_minor is not null)
      group by lead_id, place
    ) where row.1 > 0 and row.3 = ${param('String', currency)} and row.4 in ('opportunity', 'customer') and row.5 = 0
    group by lead_id)`
}
