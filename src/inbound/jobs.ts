// Jobs of inbound webhooks: clearing away what is old.
import type { Task } from '../platform/jobs.ts'
import type { Services } from '../platform/services.ts'
import { deleteOldDeliveries } from './store/deliveries.ts'

/** What was taken is in the log; what is parked waits longer for somebody. */
const KEEP_DAYS = { taken: 14, parked: 90 }

export function inboundTasks(services: Pick<Services, 'db' | 'clock'>): Record<string, Task> {
  return {
    'inbound.tidy': () => deleteOldDeliveries(services.db, services.clock(), KEEP_DAYS),
  }
}

/** When. */
export const inboundCron = { task: 'inbound.tidy', match: '37 3 * * *' }
