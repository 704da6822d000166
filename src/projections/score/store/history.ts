// The history of scores in ClickHouse: appended with each change, read for one lead.
import { ask, insertRows } from '../../../platform/clickhouse.ts'
import type { ClickHouse } from '../../../platform/clickhouse.ts'
import type { ScoreNow } from '../reading.ts'
import type { Grade, Temperature } from '../rules.ts'

/** A score as it was scored, with what caused the change. */
export interface ScoredRow {
  workspaceId: string
  leadId: string
  at: Date
  score: ScoreNow
  /** right before, as the same rules read it; null where it was not scored by them */
  before: Pick<ScoreNow, 'total' | 'temperature'> | null
  ruleVersion: number
  isRecomputed: boolean
  /** '' where no event is the cause */
  causeEventId: string
  /** the event's name, `record_changed` or `rules_adopted` */
  cause: string
}

const columns = [
  'workspace_id',
  'lead_id',
  'at',
  'total',
  'demographic',
  'firmographic',
  'behavioural',
  'engagement',
  'intent',
  'deductions',
  'confidence',
  'grade',
  'temperature',
  'rule_version',
  'kind',
  'cause_event_id',
  'cause',
  'before_total',
  'before_temperature',
] as const

/** Appends changes; the same token again changes nothing. */
export async function writeHistory(
  clickhouse: ClickHouse,
  rows: readonly ScoredRow[],
  token: string,
): Promise<void> {
  if (rows.length === 0) return
  const lines = rows.map(
    ({ workspaceId, leadId, at, score, before, ruleVersion, isRecomputed, causeEventId, cause }) =>
      JSON.stringify([
        workspaceId,
        leadId,
        at.toISOString(),
        score.total,
        score.components.demographic,
        score.components.firmographic,
        score.components.behavioural,
        score.components.engagement,
        score.components.intent,
        score.deductions,
        score.confidence,
        score.grade ?? '',
        score.temperature,
        ruleVersion,
        isRecomputed ? 'recomputed' : 'live',
        causeEventId,
        cause,
        before?.total ?? null,
        before?.temperature ?? '',
      ]),
  )
  await insertRows(clickhouse, 'score_history', columns, Buffer.from(lines.join('\n')), token)
}

/** A point of a lead's history, the newest first. */
export interface HistoryPoint {
  at: string
  total: number | null
  /** right before, fallen with silence by then; null where it was not kept */
  beforeTotal: number | null
  grade: Grade | ''
  temperature: Temperature
  confidence: number
  ruleVersion: number
  kind: 'live' | 'recomputed'
  causeEventId: string
  cause: string
}

/** The history of a lead and of those merged into it. @param before an instant (ISO 8601) */
export async function readHistory(
  clickhouse: ClickHouse,
  workspaceId: string,
  family: string[],
  limit: number,
): Promise<HistoryPoint[]> {
  return ask<HistoryPoint>(
    clickhouse,
    `select concat(replaceOne(toString(at), ' ', 'T'), 'Z') as at, total, before_total as beforeTotal, grade, temperature, confidence,
            rule_version as ruleVersion, kind, cause_event_id as causeEventId, cause
     from score_history where workspace_id = {workspace:UUID} and lead_id in {family:Array(UUID)}
     order by score_history.at desc, lead_id limit {limit:UInt32}`,
    { workspace: workspaceId, family, limit },
  )
}
