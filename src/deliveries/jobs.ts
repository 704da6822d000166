// The jobs of deliveries: sending over one connection at a time, and once a minute whatever was left behind.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { sendDue, settleAbandoned } from './sending.ts'
import type { Shippers } from './shipper.ts'
import { forgetOld, forgetStrangers, insertDeliveries, readDue, withholdOrphans } from './store.ts'
import type { Outgoing } from './store.ts'

/** Settled deliveries are kept this long. */
const KEEP_DAYS = 400
/** What an event that was sent by hand says of somebody who is no lead is kept so long, in which it can be sent again. */
const STRANGER_DAYS = 7

/**
 * Puts items into the outbox in the transaction that causes them, and has them sent after its commit. One that is there already
 * stays as it is. @returns how many were new
 */
export async function send(tx: Db, items: readonly Outgoing[], now: Date): Promise<number> {
  const count = await insertDeliveries(tx, items, now)
  if (count === 0) return 0
  for (const [connectionId, workspaceId] of new Map(items.map((one) => [one.connectionId, one.workspaceId])))
    await queueSending(tx, workspaceId, connectionId)
  return count
}

/** Has what waits for a connection sent. */
export async function queueSending(
  tx: Db,
  workspaceId: string,
  connectionId: string,
  runAt?: Date,
): Promise<void> {
  const key = `deliveries.send:${connectionId}`
  await enqueue(
    tx,
    'deliveries.send',
    { workspaceId, connectionId },
    { key: runAt ? `${key}:later` : key, queue: key, runAt },
  )
}

export function deliveryTasks(services: Services, shippers: Shippers): Record<string, Task> {
  return {
    'deliveries.send': async (payload) => {
      const { workspaceId, connectionId } = payload as { workspaceId: string; connectionId: string }
      const { nextAt } = await sendDue(services, shippers, workspaceId, connectionId)
      if (nextAt === null) return
      const isDue = nextAt <= services.clock()
      await queueSending(services.db, workspaceId, connectionId, isDue ? undefined : nextAt)
    },
    'deliveries.sweep': async () => {
      await settleAbandoned(services, shippers)
      await withholdOrphans(services.db, services.clock())
      const now = services.clock()
      for (const { workspaceId, connectionId } of await readDue(services.db, now))
        await queueSending(services.db, workspaceId, connectionId)
    },
    'deliveries.forget': async () => {
      const daysAgo = (days: number) => new Date(services.clock().getTime() - days * 86_400_000)
      await forgetStrangers(services.db, daysAgo(STRANGER_DAYS))
      await forgetOld(services.db, daysAgo(KEEP_DAYS))
    },
  }
}

/** When. */
export const deliveryCron = { task: 'deliveries.sweep', match: '* * * * *' }
/** It reads every delivery, so it is done once a day. */
export const forgettingCron = { task: 'deliveries.forget', match: '53 3 * * *' }
