// The verbs of the score.
import type { Fact } from '../../conditions/index.ts'
import type { LeadSubject } from '../../leads/index.ts'
import type { Db } from '../../platform/postgres.ts'
import { scoreFacts } from './facts.ts'
import { readReadings } from './in-force.ts'

export { scoreProjection } from './projection.ts'

/** The score as facts of a workspace's leads. */
export async function readScoreFacts(db: Db, workspaceId: string): Promise<Fact<LeadSubject>[]> {
  return scoreFacts(await readReadings(db, workspaceId))
}
