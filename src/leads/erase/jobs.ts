// The jobs of erasing: what was erased leaves the log, and every night the bin is purged.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import type { LeadReactions } from '../reactions.ts'
import { clearLog, purgeBin } from './index.ts'

/** Lets the log be cleared of an erasure, in the transaction that made it. */
export async function queueClearing(tx: Db, erasureId: string): Promise<void> {
  await enqueue(tx, 'leads.clear_log', { erasureId }, { key: `leads.clear_log:${erasureId}` })
}

/** @param reactions who acts on what a purge causes beyond leads */
export function eraseTasks(services: Services, reactions: LeadReactions): Record<string, Task> {
  return {
    'leads.clear_log': async ({ erasureId }) => {
      if (typeof erasureId !== 'string') throw new Error('a clearing names no erasure')
      if (!(await clearLog(services, erasureId))) {
        const runAt = new Date(services.clock().getTime() + RETRY_MS)
        await enqueue(services.db, 'leads.clear_log', { erasureId }, { runAt })
      }
    },
    'leads.purge_bin': async () => {
      await purgeBin(services, reactions)
    },
  }
}

const RETRY_MS = 1_000
