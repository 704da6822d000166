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

/**
 * Credit by channel, and of one model by source and campaign, in one pass.
 * @param models the first is that by which first conversions are counted, and that of sources and campaigns
 */
export async function readCredited(
  scope: Scope,
  goal: string,
  models: readonly [RuleModel, ...RuleModel[]],
): Promise<Record<CreditDimension, Credited[]>> {
  const [first] = models
  const sums = models.flatMap((model) => [
    chSql`sum(${identifier(`${model}_units`)}) as ${identifier(`u_${model}`)}`,
    chSql`sum(${identifier(`${model}_minor`)}) as ${identifier(`m_${model}`)}`,
  ])
  const found = await answer<Record<string, number | string>>(
    scope,
    chSql`select channel, source, campaign, multiIf(grouping(channel) = 0, 'channel', grouping(source) = 0, 'source', 'campaign') as dimension,
            ${isNow(scope, chSql`converted_at`)} as isNow, currency,
            sumIf(${identifier(`${first}_units`)}, is_first) as firstUnits, ${joinedBy(',', sums)}
          from (select * from credits final where ${ofGoal(scope, goal, chSql`converted_at`)})
          where ${ofConverted(scope, goal)}
          group by grouping sets ((channel, isNow, currency), (source, isNow, currency), (campaign, isNow, currency))
          order by channel, source, campaign, currency`,
  )
  const by = (dimension: CreditDimension) =>
    found
      .filter((row) => row.dimension === dimension)
      .map((row): Credited => ({
        name: String(row[dimension]),
        isNow: Number(row.isNow) === 1 ? 1 : 0,
        currency: String(row.currency),
        firstUnits: Number(row.firstUnits),
        units: Object.fromEntries(models.map((model) => [model, Number(row[`u_${model}`])])),
        minor: Object.fromEntries(models.map((model) => [model, Number(row[`m_${model}`])])),
      }))
  return { channel: by('channel'), source: by('source'), campaign: by('campaign') }
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

/** All conversions of the range, or of the one before, in one currency. */
export interface Converted {
  isNow: 0 | 1
  bucket: number
  currency: string
  conversions: number
  valueMinor: number
}

export interface Journeys {
  paths: ConvertedPath[]
  /** by bucket of the range (0 in that before) and currency, those without a touch among them */
  converted: Converted[]
  /** how long journeys took, and how many touches they had; null where no touch led to any */
  lengths: { days: number | null; touches: number | null; isNow: 0 | 1 }[]
  /** by channel how many conversions of the range it was part of, however little it earned */
  touched: Map<string, number>
}

/** The journeys that converted, in one pass. */
export async function readJourneys(scope: Scope, goal: string): Promise<Journeys> {
  const { window } = scope
  const day = dayOfSql(scope, chSql`ended_at`)
  const found = await answer<{
    of: 'path' | 'bucket' | 'length'
    isNow: 0 | 1
    path: string[]
    bucket: number
    currency: string
    n: number
    journeys: number
    value: number
    days: number | null
    touches: number | null
  }>(
    scope,
    chSql`select multiIf(grouping(path) = 0, 'path', grouping(bucket) = 0, 'bucket', 'length') as of,
            ${isNow(scope, chSql`ended_at`)} as isNow, path, if(isNow, ${bucketSql(day, window.step)}, 0) as bucket, currency,
            sum(conversions) as n, count() as journeys, sum(value_minor) as value, quantileExact(days) as days,
            avgIf(length(path), notEmpty(path)) as touches
          from (select * from credit_paths final where ${ofGoal(scope, goal, chSql`ended_at`)} and conversion_id != '')
          where ${ofConverted(scope, goal)}
          group by grouping sets ((isNow, path, currency), (isNow, bucket, currency), (isNow))
          having of != 'path' or isNow = 1
          order by n desc, path, currency`,
  )
  const of = (which: 'path' | 'bucket' | 'length') => found.filter((row) => row.of === which)
  const touched = new Map<string, number>()
  for (const { path, journeys } of of('path'))
    for (const channel of new Set(path)) touched.set(channel, (touched.get(channel) ?? 0) + Number(journeys))
  return {
    paths: of('path').map(({ path, currency, n, value, days }) => ({
      path,
      currency,
      conversions: Number(n),
      valueMinor: Number(value),
      days,
    })),
    converted: of('bucket').map(({ isNow: now, bucket, currency, n, value }) => ({
      isNow: now,
      bucket,
      currency,
      conversions: Number(n),
      valueMinor: Number(value),
    })),
    lengths: of('length')
      .filter(({ touches }) => touches !== null)
      .map(({ isNow: now, days, touches }) => ({ isNow: now, days, touches })),
    touched,
  }
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

// Of the leads that fit, those that converted are looked up alone: a set of a million ids takes 300 ms to make.
function ofConverted(scope: Scope, goal: string): Fragment {
  if (scope.isEverybody) return ofLeads(scope)
  return chSql`lead_id in (select lead_id from ${scope.rows} where ${scope.leads}
    and lead_id in (select lead_id from credits where ${ofGoal(scope, goal, chSql`converted_at`)}))`
}

/** Leads of the report. Where nobody is left out, those in the bin are few to look up, and all others many. */
export function ofLeads({ isEverybody, rows, leads, workspaceId }: Scope): Fragment {
  if (!isEverybody) return chSql`lead_id in (select lead_id from ${rows} where ${leads})`
  return chSql`lead_id not in (select lead_id from ${rows}
    where workspace_id = ${param('UUID', workspaceId)} and state != 'active')`
}
