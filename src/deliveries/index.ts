// The verbs of deliveries: put items into the outbox, send what is due, forget whom nobody may remember.
import type { Db } from '../platform/postgres.ts'
import { forgetLeads, forgetNamed, withholdWaiting } from './store.ts'

export { deliveryCron, deliveryTasks, forgettingCron, queueSending, send } from './jobs.ts'
export { listDeliveries } from './reading.ts'
export { findByKey as findDelivery } from './store.ts'
export { sendDue, settleAbandoned } from './sending.ts'
export type { Leaving, Shipper, Shippers, Verdict } from './shipper.ts'
export type { Outgoing } from './store.ts'

/**
 * Takes erased people out of the outbox.
 * @param names addresses, numbers and ids of theirs, by which events that were sent by hand may speak of them
 */
export async function forgetDeliveries(
  tx: Db,
  workspaceId: string,
  leadIds: readonly string[],
  names: readonly string[] = [],
): Promise<void> {
  await forgetLeads(tx, workspaceId, leadIds)
  await forgetNamed(tx, workspaceId, names)
}

/** Keeps here what waits for a connection that is given up. */
export async function withholdFor(tx: Db, workspaceId: string, connectionId: string): Promise<void> {
  await withholdWaiting(tx, workspaceId, connectionId, 'The connection was given up before it could leave.')
}
