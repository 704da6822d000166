// The job of bulk work: it works some seconds and puts itself on the queue again, so that other jobs get their turn.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { workBulkJob } from './work.ts'

const BUDGET_MS = 5_000

/** Puts a begun job on the queue, in the transaction that began it. */
export async function queueBulkWork(tx: Db, jobId: string): Promise<void> {
  await enqueue(tx, 'leads.bulk', { jobId }, { key: `leads.bulk:${jobId}` })
}

/** What bulk jobs do. A worker that dies leaves its job to another, which goes on after the last chunk that was done. */
export function bulkTasks(services: Services): Record<string, Task> {
  return {
    'leads.bulk': async ({ jobId }) => {
      if (typeof jobId !== 'string') throw new Error('a bulk job names no work')
      if (await workBulkJob(services, jobId, BUDGET_MS)) await queueBulkWork(services.db, jobId)
    },
  }
}
