// The verbs of conversions: forward what happened, and how conversions leave.
import type { Db } from '../../platform/postgres.ts'
import { KINDS } from './item.ts'
import { conversionShipper } from './shipping.ts'
import { deleteDestination } from './store.ts'

export { forwardConversions } from './forwarding.ts'
export { conversionTasks } from './jobs.ts'

/** How each kind of conversion leaves. */
export const conversionShippers = {
  [KINDS.forwarded]: conversionShipper,
  [KINDS.byHand]: conversionShipper,
}

/** Forgets how conversions went to a connection that is given up. */
export async function forgetDestination(tx: Db, workspaceId: string, connectionId: string): Promise<void> {
  await deleteDestination(tx, workspaceId, connectionId)
}
