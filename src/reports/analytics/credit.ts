// Reads credit for the tab Attribution: what channels, sources and campaigns earned in the days of a report, and the journeys behind.
import { chSql, identifier, joinedBy, param } from '../../conditions/index.ts'
import type { Fragment } from '../../conditions/index.ts'
import type { RuleModel, ShownModel } from '../../projections/attribution/contract.ts'
import { answer, dayOfSql, instantSql, isNowSql, wholeSpan } from './scope.ts'
import type { Scope } from './scope.ts'
import { bucketSql, instantsOf } from './window.ts'

/** What rows are added up by. */
export type CreditDimension = 'channel' | 'source' | 'campaign'

/** A sum of credit of one name in one currency; units are millionths of a conversion. */
export interface Credited {
  name: string
  /** 1 in the report's range, 0 in the one before */
  isNow: 0 | 1
  currency: string
  units: Partial<Record<RuleModel, number>>
  minor: Partial<Record<RuleModel, number>>
  /** of first conversions alone, by the model asked first */
  firstUnits: number
}

/** @param models the first is that by which first conversions are counted */
export async function readCredited(
  scope: Scope,
  goal: string,
  dimension: CreditDimension,
  models: readonly RuleModel[],
): Promise<Credited[]> {
  const [first] = models
  if (!first) return []
  const sums = models.flatMap((model) => [
    chSql`sum(${identifier(`${model}_units`)}) as ${identifier(`u_${model}`)}`,
    chSql`sum(${identifier(`${model}_minor`)}) as ${identifier(`m_${model}`)}`,
  ])
  const found = await answer<Record<string, number | string>>(
    scope,
    chSql`select ${identifier(dimension)} as name, ${isNow(scope, chSql`converted_at`)} as isNow, currency,
            sumIf(${identifier(`${first}_units`)}, is_first) as firstUnits, ${joinedBy(',', sums)}
          from (select * from credits final where ${ofGoal(scope, goal, chSql`converted_at`)})
          where ${ofLeads(scope)} group by name, isNow, currency order by name, currency`,
  )
  return found.map((row) => ({
    name: String(row.name),
    isNow: Number(row.isNow) === 1 ? 1 : 0,
    currency: String(row.currency),
    firstUnits: Number(row.firstUnits),
    units: Object.fromEntries(models.map((model) => [model, Number(row[`u_${model}`])])),
    minor: Object.fromEntries(models.map((model) => [model, Number(row[`m_${model}`])])),
  }))
}

/** Journeys of conversions in the report's range along one path. */
export interface ConvertedPath {
  path: string[]
  currency: string
  conversions: number
  valueMinor: number
  /** of the journeys, the one in the middle; null without a touch */
  days: number | null
}

export async function readConvertedPaths(scope: Scope, goal: string): Promise<ConvertedPath[]> {
  const found = await answer<{
    path: string[]
    currency: string
    n: number
    value: number
    days: number | null
  }>(
    scope,
    chSql`select path, currency, sum(conversions) as n, sum(value_minor) as value, quantileExact(days) as days
          from (select * from credit_paths final where ${ofGoal(scope, goal, chSql`ended_at`)} and conversion_id != '')
          where ${isNow(scope, chSql`ended_at`)} and ${ofLeads(scope)}
          group by path, currency order by n desc, path, currency`,
  )
  return found.map(({ path, currency, n, value, days }) => ({
    path,
    currency,
    conversions: Number(n),
    valueMinor: Number(value),
    days,
  }))
}

/** All conversions of the range, or of the one before, in one currency. */
export interface Converted {
  isNow: 0 | 1
  bucket: number
  currency: string
  conversions: number
  valueMinor: number
}

/** Conversions by bucket of the range (0 in that before) and currency, those without a touch among them. */
export async function readConverted(scope: Scope, goal: string): Promise<Converted[]> {
  const { window } = scope
  const day = dayOfSql(scope, chSql`ended_at`)
  const found = await answer<{ isNow: 0 | 1; bucket: number; currency: string; n: number; value: number }>(
    scope,
    chSql`select ${isNow(scope, chSql`ended_at`)} as isNow, if(isNow, ${bucketSql(day, window.step)}, 0) as bucket, currency,
            sum(conversions) as n, sum(value_minor) as value
          from (select * from credit_paths final where ${ofGoal(scope, goal, chSql`ended_at`)} and conversion_id != '')
          where ${ofLeads(scope)} group by isNow, bucket, currency`,
  )
  return found.map(({ isNow: now, bucket, currency, n, value }) => ({
    isNow: now,
    bucket,
    currency,
    conversions: Number(n),
    valueMinor: Number(value),
  }))
}

/** How long journeys of the range took, and how many touches they had; null where no touch led to any. */
export async function readLengths(
  scope: Scope,
  goal: string,
): Promise<{ days: number | null; touches: number | null; isNow: 0 | 1 }[]> {
  return answer(
    scope,
    chSql`select ${isNow(scope, chSql`ended_at`)} as isNow, quantileExact(days) as days, avg(length(path)) as touches
          from (select * from credit_paths final
                where ${ofGoal(scope, goal, chSql`ended_at`)} and conversion_id != '' and notEmpty(path))
          where ${ofLeads(scope)} group by isNow`,
  )
}

/** By channel how many conversions of the range it was part of, however little it earned. */
export async function readTouched(scope: Scope, goal: string): Promise<Map<string, number>> {
  const found = await answer<{ channel: string; n: number }>(
    scope,
    chSql`select channel, uniqExact(lead_id, conversion_id) as n
          from (select * from credits final where ${ofGoal(scope, goal, chSql`converted_at`)} and part = 0)
          where ${isNow(scope, chSql`converted_at`)} and ${ofLeads(scope)} group by channel`,
  )
  return new Map(found.map(({ channel, n }) => [channel, Number(n)]))
}

/** Leads with credit of a model for a name, in the days of a span: who is behind a bar. */
export function creditedSql(
  scope: Scope,
  span: Scope['window']['now'],
  {
    goal,
    model,
    dimension,
    name,
  }: { goal: string; model: RuleModel; dimension: CreditDimension; name: string | null },
): Fragment {
  return chSql`lead_id in (select lead_id from credits final
    where ${inSpan(scope, goal, chSql`converted_at`, span)} and ${identifier(`${model}_units`)} != 0
      ${name === null ? chSql`` : chSql`and ${identifier(dimension)} = ${param('String', name)}`})`
}

/** Whose rows are asked for a model: those that learn from journeys credit any touch, as the linear one does. */
export function ruleOf(model: ShownModel): RuleModel {
  return model === 'markov_1' || model === 'shapley' ? 'linear' : model
}

/** Rows of a goal in the days of a span. */
export function inSpan(
  { workspaceId, window }: Scope,
  goal: string,
  instant: Fragment,
  span: Scope['window']['now'],
): Fragment {
  const { fromMs, toMs } = instantsOf(span, window.timeZone)
  return chSql`workspace_id = ${param('UUID', workspaceId)} and is_removed = 0 and goal = ${param('String', goal)}
    and ${instant} >= ${instantSql(fromMs)} and ${instant} < ${instantSql(toMs)}`
}

function ofGoal(scope: Scope, goal: string, instant: Fragment): Fragment {
  return inSpan(scope, goal, instant, wholeSpan(scope.window))
}

function isNow(scope: Scope, instant: Fragment): Fragment {
  return isNowSql(dayOfSql(scope, instant), scope.window)
}

/** Leads of the report. Where nobody is left out, those in the bin are few to look up, and all others many. */
export function ofLeads({ isEverybody, rows, leads, workspaceId }: Scope): Fragment {
  if (!isEverybody) return chSql`lead_id in (select lead_id from ${rows} where ${leads})`
  return chSql`lead_id not in (select lead_id from ${rows}
    where workspace_id = ${param('UUID', workspaceId)} and state != 'active')`
}
