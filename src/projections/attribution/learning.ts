// Lets the data-driven models learn from the journeys to each goal of the last year, and keeps what they found.
import { newId } from '../../lib/ids.ts'
import type { Services } from '../../platform/services.ts'
import { readPlace } from '../history/index.ts'
import { learn } from './learned.ts'
import { settingsInForce } from './projection.ts'
import { goalKey } from './settings.ts'
import { readPaths } from './store/credits.ts'
import { insertRun } from './store/runs.ts'

const YEAR_MS = 365 * 86_400_000

/** Learns from all journeys to the goals in force that ended within a year. */
export async function learnFromJourneys(
  { db, clickhouse, clock }: Services,
  workspaceId: string,
): Promise<void> {
  const [{ version, settings }, { currency }] = await Promise.all([
    settingsInForce(db, workspaceId),
    readPlace(db, workspaceId),
  ])
  const learnedAt = clock()
  const startsAt = new Date(learnedAt.getTime() - YEAR_MS)
  for (const goal of settings.goals.map(goalKey)) {
    const journeys = await readPaths(clickhouse, workspaceId, { goal, since: startsAt, currency })
    await insertRun(db, workspaceId, {
      id: newId(),
      goal,
      version,
      learnedAt,
      startsAt,
      found: learn(journeys),
    })
  }
}
