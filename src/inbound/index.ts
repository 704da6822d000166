// The verbs of inbound webhooks.
import type { Db } from '../platform/postgres.ts'
import { emptyBodies } from './store/deliveries.ts'

export { createWebhook, getWebhook, listWebhooks, renewUrl, updateWebhook } from './editing.ts'
export { inboundCron, inboundTasks } from './jobs.ts'
export { listDeliveries, preview, replayParked, takeCall } from './taking.ts'

/** Empties what webhooks keep of people who were erased. @param names addresses, numbers and ids that were theirs */
export async function forgetInboundOf(tx: Db, workspaceId: string, names: string[]): Promise<void> {
  if (names.length > 0) await emptyBodies(tx, workspaceId, names)
}
