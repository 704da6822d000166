// The job of conversions: sending what happened before forwarding was switched on.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { backfill } from './forwarding.ts'
import type { BackfillOrder } from './forwarding.ts'

export async function queueBackfill(tx: Db, order: BackfillOrder): Promise<void> {
  await enqueue(
    tx,
    'conversions.backfill',
    { ...order },
    { key: `conversions.backfill:${order.connectionId}` },
  )
}

export function conversionTasks(services: Services): Record<string, Task> {
  return {
    'conversions.backfill': async ({ workspaceId, connectionId, until }) => {
      const order = {
        workspaceId: String(workspaceId),
        connectionId: String(connectionId),
        until: String(until),
      }
      if (!(await backfill(services, order))) throw new Error('the log does not have every event yet')
    },
  }
}
