// The job of work on a field: it works some seconds and puts itself on the queue again, so that other jobs get their turn.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { workFieldSlice } from './work.ts'

const BUDGET_MS = 5_000
/** How soon a job looks again that waits for others to end. */
const WAIT_MS = 250

/** Puts a begun job on the queue, in the transaction that began it. */
export async function queueFieldWork(tx: Db, jobId: string, runAt?: Date): Promise<void> {
  await enqueue(tx, 'leads.field', { jobId }, { key: `leads.field:${jobId}`, ...(runAt ? { runAt } : {}) })
}

/** What jobs on fields do. A worker that dies leaves its job to another, which goes on after the last slice that was done. */
export function fieldTasks(services: Services): Record<string, Task> {
  return {
    'leads.field': async ({ jobId }) => {
      if (typeof jobId !== 'string') throw new Error('a job on a field names no work')
      const until = services.clock().getTime() + BUDGET_MS
      for (;;) {
        const next = await workFieldSlice(services, jobId)
        if (next === 'ended') return
        const now = services.clock()
        if (next === 'wait') return queueFieldWork(services.db, jobId, new Date(now.getTime() + WAIT_MS))
        if (now.getTime() > until) return queueFieldWork(services.db, jobId)
      }
    },
  }
}
