// Facts of leads that modules above declare, such as the score: they stand beside those of the record in every condition and list.
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
