// The jobs of imports: taking one back works some seconds and puts itself on the queue again, so that others get their turn.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { workUndo } from './undo-work.ts'

const BUDGET_MS = 5_000

/** Puts the taking back of an import on the queue, in the transaction that asked for it. */
export async function queueUndo(tx: Db, importId: string): Promise<void> {
  await enqueue(tx, 'imports.undo', { importId }, { key: `imports.undo:${importId}` })
}

/** Puts the rehearsal of an import on the queue. */
export async function queueRehearsal(tx: Db, importId: string): Promise<void> {
  await enqueue(tx, 'imports.rehearse', { importId }, { key: `imports.rehearse:${importId}` })
}

/** What the jobs of imports do. A worker that dies leaves its job to another, which goes on after the last batch. */
export function importTasks(services: Services): Record<string, Task> {
  return {
    'imports.undo': async ({ importId }) => {
      if (typeof importId !== 'string') throw new Error('a job names no import')
      if (await workUndo(services, importId, BUDGET_MS)) await queueUndo(services.db, importId)
    },
  }
}
