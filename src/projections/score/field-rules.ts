// Score rules and custom fields: which rules ask for what, and the next version after a field became part of another.
import { customFactName, renameFact } from '../../conditions/contract.ts'
import type { Condition } from '../../conditions/contract.ts'
import type { RuleNames } from '../../leads/index.ts'
import { newId } from '../../lib/ids.ts'
import type { Db } from '../../platform/postgres.ts'
import { adoptRules, readDraft, readRuleSets, saveDraft } from '../history/index.ts'
import { readInForce } from './in-force.ts'
import { queueRun } from './jobs.ts'
import { dimensions, ruleLists, scoreRulesSchema } from './rules.ts'
import type { ScoreRule, ScoreRules } from './rules.ts'
import { endOlderRuns, insertRun } from './store/runs.ts'

/** What the rules in force ask for, and those of the draft. */
export async function readScoreRuleNames(db: Db, workspaceId: string): Promise<RuleNames[]> {
  const [inForce, sets, draft] = await Promise.all([
    readInForce(db, workspaceId),
    readRuleSets(db, workspaceId, 'score', 1),
    readDraft(db, workspaceId, 'score'),
  ])
  return [
    ...namesOf(inForce.rules, sets[0]?.actor ?? ''),
    ...(draft ? namesOf(scoreRulesSchema.parse(draft.rules), draft.actor) : []),
  ]
}

function namesOf(rules: ScoreRules, createdBy: string): RuleNames[] {
  const { doNotContact } = rules.temperature
  const listed = ruleLists(rules).flatMap(({ list }) =>
    list.map(({ id, name, when, only }) => ({ id, name, conditions: only ? [when, only] : [when] })),
  )
  const all = doNotContact
    ? [...listed, { id: 'do_not_contact', name: 'Do not contact', conditions: [doNotContact] }]
    : listed
  return all.map((rule) => ({ kind: 'score_rule', createdBy, ...rule }))
}

/** Where rules name the field, adopts the next version and has every lead scored anew; a draft stays one. */
export async function renameScoreField(
  tx: Db,
  { workspaceId, from, into, now }: { workspaceId: string; from: string; into: string; now: Date },
): Promise<void> {
  const renamed = (rules: ScoreRules) =>
    withConditions(rules, (condition) => renameFact(condition, customFactName(from), customFactName(into)))
  const [{ rules }, draft] = await Promise.all([
    readInForce(tx, workspaceId),
    readDraft(tx, workspaceId, 'score'),
  ])
  const next = renamed(rules)
  if (JSON.stringify(next) !== JSON.stringify(rules)) {
    const note = `The field ${from} became part of ${into}`
    await adoptRules(tx, { workspaceId, kind: 'score', rules: next, actor: 'product', note, now })
    await endOlderRuns(tx, workspaceId, now)
    const run = { id: newId(), workspaceId, cause: 'adopted', leadIds: null } as const
    await insertRun(tx, { ...run, createdBy: 'product', createdAt: now })
    await queueRun(tx, run.id)
  }
  if (!draft) return
  const drafted = renamed(scoreRulesSchema.parse(draft.rules))
  await saveDraft(tx, { workspaceId, kind: 'score', rules: drafted, actor: draft.actor, now: draft.savedAt })
}

function withConditions(rules: ScoreRules, change: (condition: Condition) => Condition): ScoreRules {
  const changed = (list: ScoreRule[]) =>
    list.map((rule) => ({ ...rule, when: change(rule.when), only: rule.only && change(rule.only) }))
  const { doNotContact } = rules.temperature
  const next = {
    ...rules,
    dimensions: { ...rules.dimensions },
    deductions: changed(rules.deductions),
    temperature: { ...rules.temperature, doNotContact: doNotContact && change(doNotContact) },
  }
  for (const dimension of dimensions)
    next.dimensions[dimension] = {
      ...rules.dimensions[dimension],
      rules: changed(rules.dimensions[dimension].rules),
    }
  return next
}
