// The jobs of imports: taking one back works some seconds and puts itself on the queue again, so that others get their turn.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { clearOrders } from './clear-log.ts'
import { workUndo } from './undo-work.ts'
import type { UndoReactions } from './undo-work.ts'

const BUDGET_MS = 5_000

/** Puts the taking back of an import on the queue, in the transaction that asked for it. */
export async function queueUndo(tx: Db, importId: string): Promise<void> {
  await enqueue(tx, 'imports.undo', { importId }, { key: `imports.undo:${importId}` })
}

/** Puts the rehearsal of an import on the queue. */
export async function queueRehearsal(tx: Db, importId: string): Promise<void> {
  await enqueue(tx, 'imports.rehearse', { importId }, { key: `imports.rehearse:${importId}` })
}

/**
 * What the jobs of imports do. A worker that dies leaves its job to another, which goes on after the last batch.
 * @param reactions who acts on what taking an import back causes beyond leads
 */
export function importTasks(services: Services, reactions: UndoReactions): Record<string, Task> {
  const { db } = services
  return {
    'imports.undo': async (payload) => {
      const importId = namedIn(payload)
      if (await workUndo(services, reactions, importId, BUDGET_MS)) await queueUndo(db, importId)
      else await enqueue(db, 'imports.clear_log', { importId })
    },
    'imports.clear_log': async (payload) => {
      const importId = namedIn(payload)
      const until = typeof payload.until === 'string' ? new Date(payload.until) : undefined
      const waitsFor = await clearOrders(services, reactions, importId, until)
      if (waitsFor === undefined) return
      const runAt = new Date(services.clock().getTime() + RETRY_MS)
      await enqueue(db, 'imports.clear_log', { importId, until: waitsFor.toISOString() }, { runAt })
    },
  }
}

const RETRY_MS = 1_000

function namedIn({ importId }: Record<string, unknown>): string {
  if (typeof importId !== 'string') throw new Error('a job names no import')
  return importId
}
