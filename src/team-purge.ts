// Empties the workspaces of a deleted team in both stores, then takes the team away; a crash leaves it to the next try.
import { deletedWorkspaces, forgetTeam } from './accounts/index.ts'
import { emptyWorkspace } from './emptying/index.ts'
import { forgetRepliesOf } from './platform/idempotency.ts'
import type { Services } from './platform/services.ts'

/** Does what is left of deleting a team; nothing where it is gone already. */
export async function purgeTeam(
  services: Pick<Services, 'db' | 'clickhouse'>,
  teamId: string,
): Promise<void> {
  for (const id of await deletedWorkspaces(services.db, teamId)) {
    await emptyWorkspace(services, id)
    await forgetRepliesOf(services.db, id)
  }
  await forgetTeam(services.db, teamId)
}
