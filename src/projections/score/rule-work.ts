// Work on the rules of the score: read them, keep a draft, try it on real leads, adopt it.
import { record } from '../../accounts/index.ts'
import { movesWithTime } from '../../conditions/index.ts'
import type { Condition } from '../../conditions/contract.ts'
import { factsOfWorkspace, presentLeads } from '../../leads/index.ts'
import type { LeadSubject } from '../../leads/index.ts'
import type { Facts } from '../../conditions/index.ts'
import type { BodyOf, ReplyOf } from '../../lib/endpoint.ts'
import { newId } from '../../lib/ids.ts'
import { Refusal, missing } from '../../lib/refusal.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Caller } from '../../platform/server.ts'
import type { Services } from '../../platform/services.ts'
import { adoptRules, dropDraft, loadHistories, readDraft, readRuleSets, saveDraft } from '../history/index.ts'
import { compileRules } from './compile.ts'
import type * as contract from './contract.ts'
import { defaultScoreRules } from './defaults.ts'
import { scoreFactList } from './fact-list.ts'
import { foldScore } from './fold.ts'
import { readInForce, readScale } from './in-force.ts'
import { queueRun } from './jobs.ts'
import { firstVersion, presentRun, presentVersion } from './present.ts'
import { prepareRules } from './projection.ts'
import { readScore, readingOf } from './reading.ts'
import type { ScoreNow } from './reading.ts'
import { grades, ruleLists, scoreRulesSchema, temperatures } from './rules.ts'
import type { ScoreRules } from './rules.ts'
import { endOlderRuns, insertRun, readLatestRun, readLeadsToTry } from './store/runs.ts'

/** The rules as the page of the settings shows them. */
export async function scoreRules(
  db: Db,
  workspaceId: string,
): Promise<ReplyOf<typeof contract.getScoreRules>> {
  const reading = await readInForce(db, workspaceId)
  const [compiled, draft, versions, run] = await Promise.all([
    prepareRules(db, workspaceId, reading),
    readDraft(db, workspaceId, 'score'),
    readRuleSets(db, workspaceId, 'score'),
    readLatestRun(db, workspaceId),
  ])
  return {
    version: reading.version,
    rules: reading.rules,
    defaults: defaultScoreRules,
    draft: draft
      ? {
          rules: scoreRulesSchema.parse(draft.rules),
          savedAt: draft.savedAt.toISOString(),
          actor: draft.actor,
        }
      : null,
    scale: reading.scale,
    asleep: [...compiled.asleep],
    versions: [...versions.map(presentVersion), firstVersion],
    run: run?.status === 'running' ? presentRun(run) : null,
  }
}

/** The rules of a version. Refuses (404) one that was never adopted. */
export async function rulesOfVersion(
  db: Db,
  workspaceId: string,
  version: number,
): Promise<ReplyOf<typeof contract.getScoreRulesVersion>> {
  if (version === 0) return { ...firstVersion, rules: defaultScoreRules }
  const sets = await readRuleSets(db, workspaceId, 'score', 1_000_000)
  const found = sets.find((set) => set.version === version)
  if (!found) throw missing('score_rules_version', String(version))
  return { ...presentVersion(found), rules: scoreRulesSchema.parse(found.rules) }
}

export async function keepDraft(
  { db, clock }: Services,
  caller: Caller,
  rules: ScoreRules,
): Promise<ReplyOf<typeof contract.saveScoreDraft>> {
  const { workspaceId, actor } = caller
  await checkRules(db, workspaceId, rules)
  const now = clock()
  await saveDraft(db, { workspaceId, kind: 'score', rules, actor, now })
  return { savedAt: now.toISOString() }
}

export async function throwDraftAway(db: Db, workspaceId: string): Promise<Record<string, never>> {
  await dropDraft(db, workspaceId, 'score')
  return {}
}

/** Leads that rules are tried on: two seconds' work. */
const TRIED = 2_000
const EXAMPLES = 20

/** What changed rules would make of the leads seen last. Refuses (400) rules that ask for what there is not. */
export async function trySimulation(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
  rules: ScoreRules,
): Promise<ReplyOf<typeof contract.simulateScoreRules>> {
  const facts = await checkRules(db, workspaceId, rules)
  const [inForce, scale, ids] = await Promise.all([
    readInForce(db, workspaceId),
    readScale(db, workspaceId),
    readLeadsToTry(db, workspaceId, TRIED),
  ])
  const compiledNow = compileRules(inForce.version, inForce.rules, facts)
  const compiledThen = compileRules(inForce.version + 1, rules, facts)
  const readingThen = readingOf(compiledThen.version, rules, scale)
  const needs = [...compiledNow.needs, ...compiledThen.needs]
  const { histories } = await loadHistories({ db, clickhouse }, workspaceId, ids, needs)
  const at = clock().getTime()
  const pairs = histories.map((history) => ({
    leadId: history.leadId,
    now: readScore(foldScore(history, compiledNow).facts, inForce, at),
    then: readScore(foldScore(history, compiledThen).facts, readingThen, at),
  }))
  const changed = pairs
    .filter(({ now, then }) => isMoved(now, then))
    .sort((a, b) => distance(b) - distance(a) || (a.leadId < b.leadId ? -1 : 1))
  const shown = changed.slice(0, EXAMPLES)
  const leads = await presentLeads(
    db,
    workspaceId,
    shown.map(({ leadId }) => leadId),
  )
  const labels = new Map(leads.map(({ id, label }) => [id, label]))
  const both = (holds: (score: ScoreNow) => boolean) => ({
    now: pairs.filter(({ now }) => holds(now)).length,
    then: pairs.filter(({ then }) => holds(then)).length,
  })
  return {
    leads: pairs.length,
    changed: changed.length,
    meanNow: mean(pairs.map(({ now }) => now.total)),
    meanThen: mean(pairs.map(({ then }) => then.total)),
    grades: [...grades, null].map((grade) => ({ grade, ...both((score) => score.grade === grade) })),
    temperatures: temperatures.map((temperature) => ({
      temperature,
      ...both((score) => score.temperature === temperature),
    })),
    histogram: Array.from({ length: 10 }, (_, tens) => ({
      from: tens * 10,
      ...both(({ total }) => total !== null && Math.min(9, Math.floor(total / 10)) === tens),
    })),
    examples: shown.map(({ leadId, now, then }) => ({
      leadId,
      label: labels.get(leadId) ?? leadId,
      now: now.total,
      then: then.total,
      gradeNow: now.grade,
      gradeThen: then.grade,
    })),
    asleep: [...compiledThen.asleep],
  }
}

/** Puts rules in force; every lead is scored anew in the background. Refuses (409) where others were adopted meanwhile. */
export async function adoptScoreRules(
  { db, clock }: Services,
  caller: Caller,
  { rules, basedOn, note }: BodyOf<typeof contract.adoptScoreRules>,
): Promise<ReplyOf<typeof contract.adoptScoreRules>> {
  const { workspaceId, actor } = caller
  await checkRules(db, workspaceId, rules)
  const now = clock()
  return inTransaction(db, async (tx) => {
    const before = await readInForce(tx, workspaceId)
    if (before.version !== basedOn) {
      throw new Refusal(
        'rules_changed',
        409,
        'Somebody adopted other rules meanwhile. Load the page again, then make your changes to those.',
      )
    }
    const version = await adoptRules(tx, { workspaceId, kind: 'score', rules, actor, note, now })
    await endOlderRuns(tx, workspaceId, now)
    const run = await insertRun(tx, {
      id: newId(),
      workspaceId,
      cause: 'adopted',
      leadIds: null,
      createdBy: actor,
      createdAt: now,
    })
    await queueRun(tx, run.id)
    await record(tx, {
      caller,
      action: 'score_rules_adopted',
      subject: `score_rules:${version}`,
      before: { rules: before.rules },
      after: { rules },
    })
    return { version, adoptedAt: now.toISOString(), actor, note, run: presentRun(run) }
  })
}

const OWN: ReadonlySet<string> = new Set(scoreFactList.map(({ name }) => name))

// A score is a function of what happened: it cannot ask for itself, nor for what becomes true by waiting.
async function checkRules(db: Db, workspaceId: string, rules: ScoreRules): Promise<Facts<LeadSubject>> {
  const { facts } = await factsOfWorkspace(db, workspaceId)
  const earlier = { ...facts, byName: new Map([...facts.byName].filter(([name]) => !isLater(name))) }
  const conditions: { name: string; condition: Condition }[] = ruleLists(rules).flatMap(({ list }) =>
    list.flatMap(({ name, when, only }) => [
      { name, condition: when },
      ...(only ? [{ name, condition: only }] : []),
    ]),
  )
  if (rules.temperature.doNotContact)
    conditions.push({ name: 'Do not contact', condition: rules.temperature.doNotContact })
  for (const { name, condition } of conditions) {
    if (!movesWithTime(condition, facts)) continue
    throw new Refusal(
      'rule_moves_with_time',
      400,
      `“${name}” would come true or false with time alone, so that its points could not be explained by what happened. Give it fixed dates, or let it count each time with a half-life.`,
    )
  }
  compileChecked(rules, earlier)
  return facts
}

// Saved rules may sleep for a field that went away; new ones must fit the workspace as it is.
function compileChecked(rules: ScoreRules, facts: Facts<LeadSubject>): void {
  const { asleep } = compileRules(0, rules, facts)
  const defaults = new Set(ruleLists(defaultScoreRules).flatMap(({ list }) => list.map(({ id }) => id)))
  const broken = asleep.find(({ id }) => !defaults.has(id))
  if (!broken) return
  const rule = ruleLists(rules)
    .flatMap(({ list }) => list)
    .find(({ id }) => id === broken.id)
  throw new Refusal('rule_unfit', 400, `“${rule?.name ?? broken.id}”: ${broken.why}`)
}

function isLater(name: string): boolean {
  return OWN.has(name) || ['stage', 'stageSince', 'segment', 'predictedScore'].includes(name)
}

function isMoved(now: ScoreNow, then: ScoreNow): boolean {
  return (
    now.grade !== then.grade ||
    now.temperature !== then.temperature ||
    Math.abs((now.total ?? 0) - (then.total ?? 0)) >= 0.5
  )
}

function distance({ now, then }: { now: ScoreNow; then: ScoreNow }): number {
  return Math.abs((now.total ?? 0) - (then.total ?? 0))
}

function mean(totals: (number | null)[]): number | null {
  const known = totals.filter((total) => total !== null)
  return known.length === 0 ? null : known.reduce((sum, total) => sum + total, 0) / known.length
}
