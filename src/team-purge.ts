// Empties the workspaces of a deleted team in both stores, then takes the team away; a crash leaves it to the next try.
import { setTimeout as pause } from 'node:timers/promises'
import { deletedWorkspaces, forgetTeam } from './accounts/index.ts'
import { emptyLog, emptyPostgres, openBatches, storeClock } from './demo/store.ts'
import type { Services } from './platform/services.ts'

/** Does what is left of deleting a team; nothing where it is gone already. */
export async function purgeTeam(
  { db, clickhouse }: Pick<Services, 'db' | 'clickhouse'>,
  teamId: string,
): Promise<void> {
  const workspaceIds = await deletedWorkspaces(db, teamId)
  for (const id of workspaceIds) await emptyPostgres(db, id, () => Promise.resolve())
  // Decided before it was emptied, and still to be sent: it would come back after the log is emptied.
  const emptiedAt = await storeClock(db)
  while ((await openBatches(db, emptiedAt)) > 0) await pause(200)
  for (const id of workspaceIds) await emptyLog(clickhouse, id)
  await forgetTeam(db, teamId)
}
