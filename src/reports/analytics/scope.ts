// Whom a report is about and when: the filters as one condition over the copy of the leads, and the days in the workspace's zone.
import { checkCondition, chSql, conditionSql, joinedBy, param, written } from '../../conditions/index.ts'
import type { Facts, Fragment } from '../../conditions/index.ts'
import type { Condition } from '../../conditions/contract.ts'
import { factsOfWorkspace, isCopyWhole } from '../../leads/index.ts'
import type { LeadSubject } from '../../leads/index.ts'
import { workspaceSettings } from '../../accounts/index.ts'
import type { WorkspaceId } from '../../lib/ids.ts'
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { Services } from '../../platform/services.ts'
import type { AnalyticsQuery, Report } from './contract.ts'
import { currentLeads } from './current.ts'
import { instantsOf, rangeOf, windowOf } from './window.ts'
import type { DaySpan, Window } from './window.ts'

export interface Scope {
  audience: AnalyticsQuery['audience']
  facts: Facts<LeadSubject>
  db: Services['db']
  clickhouse: ClickHouse
  workspaceId: WorkspaceId
  window: Window
  at: Date
  /** ISO 4217 */
  currency: string
  /** the leads as they are now, with the columns of `lead_facts`; a table to select from */
  rows: Fragment
  /** what holds of the leads of the report, over their columns */
  leads: Fragment
  /** whether no filter leaves anybody out, so that sums over all may answer */
  isEverybody: boolean
  isPartial: boolean
}

type Asked = Pick<AnalyticsQuery, 'range' | 'from' | 'to' | 'audience' | 'source' | 'segment' | 'filter'> &
  Partial<Pick<AnalyticsQuery, 'by' | 'compare'>>

/** Throws a Refusal (400) for a range or a filter that cannot be. */
export async function scopeOf(
  { db, clickhouse, clock }: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: WorkspaceId,
  asked: Asked,
): Promise<Scope> {
  const at = clock()
  const [{ facts, timeZone }, { currency }, isWhole, rows] = await Promise.all([
    factsOfWorkspace(db, workspaceId),
    workspaceSettings(db, workspaceId),
    isCopyWhole(db, workspaceId),
    currentLeads(clickhouse, workspaceId),
  ])
  const conditions: Condition[] = [
    ...(asked.source === undefined ? [] : [{ fact: 'source', op: 'is' as const, value: asked.source }]),
    ...(asked.segment === undefined
      ? []
      : [{ fact: 'segment', op: 'has_any' as const, value: [asked.segment] }]),
    ...(asked.filter === undefined ? [] : [asked.filter]),
  ]
  const leads = joinedBy('and', [
    chSql`workspace_id = ${param('UUID', workspaceId)} and state = 'active'`,
    ...(asked.audience === 'all' ? [] : [asked.audience === 'known' ? chSql`is_known` : chSql`not is_known`]),
    ...conditions.map((condition) =>
      conditionSql(checkCondition(condition, facts), {
        now: at,
        timeZone,
        workspaceId,
        leadId: chSql`lead_id`,
      }),
    ),
  ])
  return {
    audience: asked.audience,
    facts,
    db,
    clickhouse,
    workspaceId,
    window: windowOf(asked, at.getTime(), timeZone),
    at,
    currency,
    rows,
    leads,
    isEverybody: conditions.length === 0 && asked.audience === 'all',
    isPartial: !isWhole,
  }
}

/** The rows of a question. Throws `log_unreachable` (503) while ClickHouse is away. */
export async function answer<Row>({ clickhouse }: Scope, question: Fragment): Promise<Row[]> {
  const { text, params } = written(question)
  return ask<Row>(clickhouse, text, params)
}

/** What every answer begins with. */
export function reportOf(
  scope: Scope,
  parts: Pick<Report, 'cards' | 'tables'> & { notes?: string[] },
): Report {
  return {
    audience: scope.audience,
    range: rangeOf(scope.window),
    isPartial: scope.isPartial,
    notes: [],
    ...parts,
  }
}

/** Whether a day since 1970 is within a span. */
export function isWithin(day: Fragment, { from, to }: DaySpan): Fragment {
  return chSql`(${day} >= ${param('Int64', from)} and ${day} <= ${param('Int64', to)})`
}

/** Whether an instant is within the days of a span, in the report's zone. */
export function happenedIn({ window }: Scope, instant: Fragment, span: DaySpan): Fragment {
  const { fromMs, toMs } = instantsOf(span, window.timeZone)
  return chSql`(${instant} >= ${instantSql(fromMs)} and ${instant} < ${instantSql(toMs)})`
}

/** The day since 1970 of an instant, in the report's zone. */
export function dayOfSql({ window }: Scope, instant: Fragment): Fragment {
  return chSql`toInt32(toDate(toTimeZone(${instant}, ${param('String', window.timeZone)})))`
}

/** The range and, where one is compared, the range before it as one. */
export function wholeSpan({ now, before }: Window): DaySpan {
  return { from: before?.from ?? now.from, to: now.to }
}

/** 1 for the range, 0 for the one before. */
export function isNowSql(day: Fragment, { now }: Window): Fragment {
  return chSql`toUInt8(${day} >= ${param('Int64', now.from)})`
}

/** A whole number as text, where ClickHouse takes no parameter, as in those of its aggregate functions. */
export function whole(value: number): Fragment {
  return { pieces: [String(Math.trunc(value))] }
}

export function instantSql(ms: number): Fragment {
  return chSql`fromUnixTimestamp64Milli(${param('Int64', ms)}, 'UTC')`
}

/** What a number or a choice among the facts is at the moment of the report; undefined where there is no such fact. */
export function factSql({ facts, at, window }: Scope, name: string): Fragment | undefined {
  const fact = facts.byName.get(name)
  if (fact?.type !== 'number' && fact?.type !== 'choice') return undefined
  const { sql } = fact.column
  return typeof sql === 'function' ? sql({ now: at, timeZone: window.timeZone }) : sql
}
