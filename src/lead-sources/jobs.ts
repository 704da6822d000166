// The jobs of lead sources: reading leads that were told of, catching up on those that were not, and undoing what a person took back.
import type { LeadReactions } from '../leads/index.ts'
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { catchUp } from './catching-up.ts'
import { readLeads } from './reading.ts'
import { readConnectionsDue } from './store/caught.ts'
import type { SourceId } from './store/states.ts'
import { catchable, settleIn } from './listening.ts'
import { undoLead } from './withdrawing.ts'

/** Has what waits for a connection read. */
export async function queueReading(
  tx: Db,
  { workspaceId, connectionId }: SourceId,
  runAt?: Date,
): Promise<void> {
  const queue = `lead_sources:${connectionId}`
  const key = `lead_sources.read:${connectionId}`
  await enqueue(
    tx,
    'lead_sources.read',
    { workspaceId, connectionId },
    { key: runAt ? `${key}:later` : key, queue, runAt },
  )
}

/** Has the vendor asked for leads that nothing told of. */
export async function queueCatchUp(
  tx: Db,
  { workspaceId, connectionId }: SourceId,
  runAt?: Date,
): Promise<void> {
  await enqueue(
    tx,
    'lead_sources.catch_up',
    { workspaceId, connectionId },
    { key: `lead_sources.catch_up:${connectionId}`, queue: `lead_sources:${connectionId}`, runAt },
  )
}

/** Has what came of a lead undone. */
export async function queueWithdrawal(tx: Db, workspaceId: string, caughtId: string): Promise<void> {
  await enqueue(tx, 'lead_sources.undo', { workspaceId, caughtId }, { key: `lead_sources.undo:${caughtId}` })
}

export function leadSourceTasks(services: Services, reactions: LeadReactions): Record<string, Task> {
  return {
    'lead_sources.read': async (payload) => {
      const id = payload as { workspaceId: string; connectionId: string }
      const { nextAt } = await readLeads(services, id)
      if (nextAt === null) return
      await queueReading(services.db, id, nextAt <= services.clock() ? undefined : nextAt)
    },
    'lead_sources.catch_up': async (payload) => {
      const id = payload as { workspaceId: string; connectionId: string }
      const { nextAt, found } = await catchUp(services, id)
      if (found > 0) await queueReading(services.db, id)
      if (nextAt !== null) await queueCatchUp(services.db, id, nextAt)
    },
    'lead_sources.undo': async (payload) => {
      const { workspaceId, caughtId } = payload as { workspaceId: string; caughtId: string }
      await undoLead(services, reactions, workspaceId, caughtId)
    },
    'lead_sources.sweep': async () => {
      for (const id of await readConnectionsDue(services.db, services.clock()))
        await queueReading(services.db, id)
      for (const id of await settleIn(services)) await queueCatchUp(services.db, id)
    },
    'lead_sources.daily': async () => {
      await settleIn(services, { again: true })
      for (const id of await catchable(services)) await queueCatchUp(services.db, id)
    },
  }
}

/** When: what waits once a minute, what was missed once a day. */
export const leadSourceCrons = [
  { task: 'lead_sources.sweep', match: '* * * * *' },
  { task: 'lead_sources.daily', match: '37 3 * * *' },
]
