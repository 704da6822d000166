// The verbs of the score: a lead's score and why, its history, and scoring many leads.
import { record } from '../../accounts/index.ts'
import type { Fact } from '../../conditions/index.ts'
import { leadFamily } from '../../identity/index.ts'
import { findLead } from '../../leads/index.ts'
import type { FactState, LeadSubject } from '../../leads/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import type { LeadHistory } from '../contract.ts'
import { loadHistories } from '../history/index.ts'
import type * as contract from './contract.ts'
import { explainScore } from './explain.ts'
import { scoreFacts } from './facts.ts'
import { foldScore } from './fold.ts'
import { readInForce, readReadings } from './in-force.ts'
import { queueRun } from './jobs.ts'
import { presentRun } from './present.ts'
import { prepareRules } from './projection.ts'
import { readScore } from './reading.ts'
import type { ScoreReading } from './reading.ts'
import { dimensions } from './rules.ts'
import { readHistory } from './store/history.ts'
import { insertRun, readRun } from './store/runs.ts'

export { readReadings } from './in-force.ts'
export { scoreProjection } from './projection.ts'
export { readScore, scoreSql, verdictSql, verdictWords } from './reading.ts'
export type { ScoreNow } from './reading.ts'
export { scoreTasks } from './jobs.ts'
export { readScoreRuleNames, renameScoreField } from './field-rules.ts'
export { rescoreNext } from './rescore.ts'
export type { ScoreMany } from './jobs.ts'

/** The score as facts of a workspace's leads. */
export async function readScoreFacts(db: Db, workspaceId: string): Promise<Fact<LeadSubject>[]> {
  return scoreFacts(await readReadings(db, workspaceId))
}

/** How the engagement of scores is read at a moment, 0 to 100, for projections that stand beside. */
export async function engagementOf(
  db: Db,
  workspaceId: string,
): Promise<(facts: Readonly<FactState>, now: number) => number | null> {
  const reading = await readInForce(db, workspaceId)
  return (facts, now) =>
    facts.score_version === reading.version ? readScore(facts, reading, now).components.engagement : null
}

/** Has leads understood at once; false where that has to wait for the log. */
export type UnderstandNow = (workspaceId: string, leadIds: string[]) => Promise<boolean>

/** The score of a lead as of now, from its whole history. */
export async function scoreOf(
  services: Services,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.getScore>> {
  const { db, clock } = services
  const leadId = await findLead(db, workspaceId, id)
  const { history, reading, compiled } = await prepareLead(services, workspaceId, leadId)
  const now = clock().getTime()
  const explained = explainScore(foldScore(history, compiled), reading, now)
  return {
    leadId,
    total: explained.total,
    grade: explained.grade,
    temperature: explained.temperature,
    confidence: explained.confidence,
    components: dimensions.map((dimension) => ({
      dimension,
      value: explained.components[dimension],
      weight: reading.rules.dimensions[dimension].weight,
      share: explained.weights[dimension],
    })),
    deductions: explained.deductions,
    ruleVersion: reading.version,
    asOf: new Date(now).toISOString(),
    reasons: explained.lines.map(({ rule, ...line }) => ({
      ...line,
      rule: { ...rule, version: reading.version },
    })),
    asleep: [...compiled.asleep],
  }
}

/** Scores a lead anew and answers with its score. */
export async function calculateScore(
  services: Services,
  understand: UnderstandNow,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.calculateScore>> {
  const leadId = await findLead(services.db, workspaceId, id)
  await understand(workspaceId, [leadId])
  return scoreOf(services, workspaceId, leadId)
}

const HISTORY_LIMIT = 500
const RECOMPUTED_LIMIT = 200

/** How a score went, as it was scored and as the rules of today would have. */
export async function historyOf(
  services: Services,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.getScoreHistory>> {
  const { db, clickhouse, clock } = services
  const leadId = await findLead(db, workspaceId, id)
  const family = await leadFamily(db, workspaceId, leadId)
  const [points, { history, reading, compiled }] = await Promise.all([
    readHistory(clickhouse, workspaceId, family, HISTORY_LIMIT),
    prepareLead(services, workspaceId, leadId),
  ])
  const counted = [...new Set(foldScore(history, compiled).earned.map(({ event }) => event.at))]
  const moments = [...counted.slice(-RECOMPUTED_LIMIT), clock().getTime()]
  return {
    items: points.map((point) => ({
      at: point.at,
      total: point.total,
      before: point.beforeTotal,
      grade: point.grade === '' ? null : point.grade,
      temperature: point.temperature,
      ruleVersion: point.ruleVersion,
      confidence: point.confidence,
      kind: point.kind,
      cause:
        point.cause === 'rules_adopted'
          ? { kind: 'rules' as const, name: '', eventId: null }
          : point.causeEventId === ''
            ? { kind: 'record' as const, name: '', eventId: null }
            : { kind: 'event' as const, name: point.cause, eventId: point.causeEventId },
    })),
    recomputed: moments.map((at) => {
      const part = { ...history, events: history.events.filter((event) => event.at <= at) }
      const { total, grade, temperature } = readScore(foldScore(part, compiled).facts, reading, at)
      return { at: new Date(at).toISOString(), total, grade, temperature, ruleVersion: reading.version }
    }),
  }
}

/** Begins to score leads in the background: those named, or all. */
export async function scoreMany(
  { db, clock }: Services,
  caller: Caller,
  { leadIds }: BodyOf<typeof contract.bulkCalculateScores>,
): Promise<ReplyOf<typeof contract.bulkCalculateScores>> {
  return inTransaction(db, async (tx) => {
    const made = await insertRun(tx, {
      id: newId(),
      workspaceId: caller.workspaceId,
      cause: 'asked',
      leadIds: leadIds ? [...new Set(leadIds)].sort() : null,
      createdBy: caller.actor,
      createdAt: clock(),
    })
    await queueRun(tx, made.id)
    await record(tx, {
      caller,
      action: 'leads_scored',
      subject: `score_run:${made.id}`,
      after: { leads: made.total },
    })
    return presentRun(made)
  })
}

/** How far a run is. Refuses (404) one of another workspace. */
export async function runOf(
  db: Db,
  workspaceId: string,
  id: string,
): Promise<ReplyOf<typeof contract.getScoreRun>> {
  const found = await readRun(db, id)
  if (!found || found.workspaceId !== workspaceId) throw missing('score_run', id)
  return presentRun(found)
}

async function prepareLead(
  { db, clickhouse }: Services,
  workspaceId: string,
  leadId: string,
): Promise<{
  history: LeadHistory
  reading: ScoreReading
  compiled: Awaited<ReturnType<typeof prepareRules>>
}> {
  const reading = await readInForce(db, workspaceId)
  const compiled = await prepareRules(db, workspaceId, reading)
  const { histories } = await loadHistories({ db, clickhouse }, workspaceId, [leadId], compiled.needs)
  const [history] = histories
  if (!history) throw missing('lead', leadId)
  return { history, reading, compiled }
}
