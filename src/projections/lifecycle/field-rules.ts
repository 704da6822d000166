// Lifecycle rules and custom fields: which rules ask for what, and the next version after a field became part of another.
import { customFactName, renameFact } from '../../conditions/contract.ts'
import { oweWorkspace } from '../../leads/index.ts'
import type { RuleNames } from '../../leads/index.ts'
import type { Db } from '../../platform/postgres.ts'
import { adoptRules, readRuleSets } from '../history/index.ts'
import { rulesInForce } from './projection.ts'

/** What the rules in force ask for. */
export async function readLifecycleRuleNames(db: Db, workspaceId: string): Promise<RuleNames[]> {
  const [{ rules }, sets] = await Promise.all([
    rulesInForce(db, workspaceId),
    readRuleSets(db, workspaceId, 'lifecycle', 1),
  ])
  const createdBy = sets[0]?.actor ?? ''
  return rules.rules.map(({ id, name, when }) => ({
    kind: 'lifecycle_rule',
    id,
    name,
    createdBy,
    conditions: [when],
  }))
}

/** Where rules name the field, adopts the next version and has every lead's way worked out anew. */
export async function renameLifecycleField(
  tx: Db,
  { workspaceId, from, into, now }: { workspaceId: string; from: string; into: string; now: Date },
): Promise<void> {
  const { rules } = await rulesInForce(tx, workspaceId)
  const next = {
    rules: rules.rules.map((rule) => ({
      ...rule,
      when: renameFact(rule.when, customFactName(from), customFactName(into)),
    })),
  }
  if (JSON.stringify(next) === JSON.stringify(rules)) return
  const note = `The field ${from} became part of ${into}`
  await adoptRules(tx, { workspaceId, kind: 'lifecycle', rules: next, actor: 'product', note, now })
  await oweWorkspace(tx, workspaceId)
}
