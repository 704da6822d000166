// How a lead's stage and score moved by rules, as items of its timeline.
import { ask } from '../../platform/clickhouse.ts'
import type { ClickHouse } from '../../platform/clickhouse.ts'
import type { TimelineItem } from '../contract.ts'

/** Where a page of a timeline ended. */
export interface Place {
  /** ms since 1970 */
  at: string
  /** of the last item that was shown */
  id: string
  isEvent: boolean
}

/** A lead and all that were merged into it. */
export interface Scope extends Record<string, unknown> {
  workspace: string
  leads: string[]
}

export const OURS = 'workspace_id = {workspace:UUID} and lead_id in {leads:Array(UUID)}'

/** The newest before a place; moves that people decided are events of the log. */
export async function readStanding(
  clickhouse: ClickHouse,
  scope: Scope,
  limit: number,
  after: Place | undefined,
): Promise<TimelineItem[]> {
  const until = (column: string) =>
    !after ? '' : `and ${column} ${after.isEvent ? '<' : '<='} fromUnixTimestamp64Milli({at:Int64})`
  // Of one instant there are few, so that so many more are enough to pass over those shown.
  const params = { ...scope, limit: limit + 50, ...(after ? { at: after.at } : {}) }
  const [moves, scores] = await Promise.all([
    ask<MoveRow>(
      clickhouse,
      `select lead_id, place, toUnixTimestamp64Milli(m.at) as ms, from_stage, to_stage, is_backward, skipped, rule, rule_version, cause_id
       from stage_moves as m final
       where ${OURS} and is_removed = 0 and kind = 'automatic' ${until('m.at')}
       order by ms desc, place desc limit {limit:UInt32}`,
      params,
    ),
    ask<ScoreRow>(
      clickhouse,
      `select lead_id, toUnixTimestamp64Milli(h.at) as ms, total, before_total, grade, temperature, rule_version, kind, cause, cause_event_id
       from score_history as h where ${OURS} ${until('h.at')}
       order by ms desc limit {limit:UInt32}`,
      params,
    ),
  ])
  return [...moves.map(moveItem), ...scores.map(scoreItem)]
    .sort(newestFirst)
    .filter(
      (item) => !after || after.isEvent || item.occurredAt < instant(Number(after.at)) || item.id < after.id,
    )
}

/** ISO 8601 of ms since 1970. */
export function instant(ms: number | string): string {
  return new Date(Number(ms)).toISOString()
}

interface MoveRow {
  lead_id: string
  place: number
  ms: number | string
  from_stage: string
  to_stage: string
  is_backward: boolean
  skipped: string[]
  rule: string
  rule_version: number
  cause_id: string
}

interface ScoreRow {
  lead_id: string
  ms: number | string
  total: number | null
  before_total: number | null
  grade: string
  temperature: string
  rule_version: number
  kind: 'live' | 'recomputed'
  cause: string
  cause_event_id: string
}

function moveItem(row: MoveRow): TimelineItem {
  return standingItem(`stage:${row.lead_id}:${String(row.place).padStart(5, '0')}`, row, 'stage_moved', {
    from: row.from_stage,
    to: row.to_stage,
    is_backward: row.is_backward,
    skipped: row.skipped,
    rule: row.rule,
    rule_version: row.rule_version,
    cause_id: row.cause_id,
  })
}

function scoreItem(row: ScoreRow): TimelineItem {
  return standingItem(`score:${row.lead_id}:${row.ms}`, row, 'score_changed', {
    score: row.total,
    before: row.before_total,
    grade: row.grade,
    temperature: row.temperature,
    cause: row.cause,
    cause_event_id: row.cause_event_id,
    rule_version: row.rule_version,
    is_recomputed: row.kind === 'recomputed',
  })
}

function standingItem(
  id: string,
  { lead_id, ms }: { lead_id: string; ms: number | string },
  name: string,
  properties: Record<string, unknown>,
): TimelineItem {
  const at = instant(ms)
  return {
    id,
    occurredAt: at,
    receivedAt: at,
    name,
    category: 'standing',
    call: 'system',
    source: 'rules',
    channel: '',
    campaign: '',
    pageUrl: '',
    pageTitle: '',
    referrer: '',
    device: '',
    country: '',
    sessionId: '',
    isBot: false,
    valueMinor: null,
    currency: '',
    actor: '',
    mergedFrom: lead_id,
    properties,
  }
}

function newestFirst(a: TimelineItem, b: TimelineItem): number {
  return a.occurredAt === b.occurredAt ? (a.id < b.id ? 1 : -1) : a.occurredAt < b.occurredAt ? 1 : -1
}
