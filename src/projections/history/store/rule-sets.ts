// Versions of a workspace's rules and the draft of each kind: whatever the rules say, this keeps them word for word.
import { firstRow, rows, run, sql } from '../../../platform/postgres.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { RuleKind, RuleSet } from '../../contract.ts'

const columns = sql`version, rules, adopted_at as "adoptedAt", actor, note`

/** The rules in force; undefined where the workspace adopted none, so that the defaults hold. */
export async function readRulesInForce(
  db: Db,
  workspaceId: string,
  kind: RuleKind,
): Promise<RuleSet<unknown> | undefined> {
  return firstRow(
    db,
    sql`select ${columns} from rule_sets where workspace_id = ${workspaceId} and kind = ${kind}
        order by version desc limit 1`,
  )
}

/** Every version that was adopted, the newest first. */
export async function readRuleSets(
  db: Db,
  workspaceId: string,
  kind: RuleKind,
  limit = 100,
): Promise<RuleSet<unknown>[]> {
  return rows(
    db,
    sql`select ${columns} from rule_sets where workspace_id = ${workspaceId} and kind = ${kind}
        order by version desc limit ${limit}`,
  )
}

export interface Adoption {
  workspaceId: string
  kind: RuleKind
  rules: unknown
  actor: string
  note: string
  now: Date
}

/** Puts rules in force, and takes the draft away that they came from. @returns their version */
export async function adoptRules(
  tx: Db,
  { workspaceId, kind, rules, actor, note, now }: Adoption,
): Promise<number> {
  const made = await firstRow<{ version: number }>(
    tx,
    sql`insert into rule_sets (workspace_id, kind, version, rules, adopted_at, actor, note)
        select ${workspaceId}, ${kind}, coalesce(max(version), 0) + 1, ${JSON.stringify(rules)}::jsonb, ${now}, ${actor}, ${note}
        from rule_sets where workspace_id = ${workspaceId} and kind = ${kind}
        returning version`,
  )
  await dropDraft(tx, workspaceId, kind)
  return made!.version
}

/** Rules that are being worked on. */
export interface RuleDraft {
  rules: unknown
  savedAt: Date
  actor: string
}

export async function readDraft(db: Db, workspaceId: string, kind: RuleKind): Promise<RuleDraft | undefined> {
  return firstRow(
    db,
    sql`select rules, saved_at as "savedAt", actor from rule_drafts
        where workspace_id = ${workspaceId} and kind = ${kind}`,
  )
}

export async function saveDraft(
  db: Db,
  { workspaceId, kind, rules, actor, now }: Omit<Adoption, 'note'>,
): Promise<void> {
  await run(
    db,
    sql`insert into rule_drafts (workspace_id, kind, rules, saved_at, actor)
        values (${workspaceId}, ${kind}, ${JSON.stringify(rules)}::jsonb, ${now}, ${actor})
        on conflict (workspace_id, kind) do update set rules = excluded.rules, saved_at = excluded.saved_at, actor = excluded.actor`,
  )
}

export async function dropDraft(db: Db, workspaceId: string, kind: RuleKind): Promise<void> {
  await run(db, sql`delete from rule_drafts where workspace_id = ${workspaceId} and kind = ${kind}`)
}
