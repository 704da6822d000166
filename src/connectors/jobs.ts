// The jobs of connections: tokens of those that lie idle are kept alive, and old calls are forgotten.
import type { Task } from '../platform/jobs.ts'
import type { Services } from '../platform/services.ts'
import { forgetCalls, readExpiring } from './store.ts'
import { openWire } from './wire.ts'

/** How long calls are kept. */
const CALL_DAYS = 30
/** A refresh token lives 90 days with some vendors: whoever was not used for a week is refreshed. */
const IDLE_DAYS = 7
const DAY_MS = 86_400_000

export function connectionTasks(services: Services): Record<string, Task> {
  return {
    'connections.keep': async () => {
      const now = services.clock()
      const idle = await readExpiring(services.db, new Date(now.getTime() - IDLE_DAYS * DAY_MS))
      for (const { workspaceId, id } of idle) {
        await openWire(services, workspaceId, id).catch((error: unknown) =>
          services.log.warn({ err: error, connection: id }, 'an idle connection could not be refreshed'),
        )
      }
      await forgetCalls(services.db, new Date(now.getTime() - CALL_DAYS * DAY_MS), now)
    },
  }
}

/** When. */
export const connectionCron = { task: 'connections.keep', match: '11 4 * * *' }
