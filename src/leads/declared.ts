// What modules above declare: facts of leads, such as the score, which stand beside those of the record in every condition and list, and rules that ask for facts.
import type { Condition } from '../conditions/contract.ts'
import type { Fact } from '../conditions/index.ts'
import type { Db } from '../platform/postgres.ts'
import type { LeadSubject } from './facts.ts'

/** Reads what the workspace's facts depend on, such as its rules, and gives them. */
export type FactSource = (db: Db, workspaceId: string) => Promise<readonly Fact<LeadSubject>[]>

const sources = new Set<FactSource>()

/** Declares facts, once for a process and before it is asked anything. */
export function declareLeadFacts(source: FactSource): void {
  sources.add(source)
}

/** What is declared, as it holds in a workspace. */
export async function declaredFacts(db: Db, workspaceId: string): Promise<Fact<LeadSubject>[]> {
  const lists = await Promise.all([...sources].map((source) => source(db, workspaceId)))
  return lists.flat()
}

/** What of a rule may name a field. */
export interface RuleNames {
  kind: 'score_rule' | 'lifecycle_rule'
  /** of the rule within its list */
  id: string
  name: string
  /** who adopted the rules, or works on them; empty of those that every workspace begins with */
  createdBy: string
  conditions: readonly Condition[]
}

/** Reads the rules of a workspace, those that somebody works on among them. */
export type RuleSource = (db: Db, workspaceId: string) => Promise<readonly RuleNames[]>

const ruleSources = new Set<RuleSource>()

/** Declares rules, once for a process and before it is asked anything. */
export function declareRules(source: RuleSource): void {
  ruleSources.add(source)
}

/** The rules that are declared, as they stand in a workspace. */
export async function declaredRules(db: Db, workspaceId: string): Promise<RuleNames[]> {
  const lists = await Promise.all([...ruleSources].map((source) => source(db, workspaceId)))
  return lists.flat()
}
