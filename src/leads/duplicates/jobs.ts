// The jobs of looking for duplicates: a step each, so that other jobs get their turn, and one that begins looks every night.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import { inTransaction } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import type { LeadReactions } from '../reactions.ts'
import { lookOn } from './look.ts'
import { beginLook, readPeopledWorkspaces } from './store.ts'

/** Puts the next step of a look on the queue, in the transaction that began it. */
export async function queueLook(tx: Db, workspaceId: string): Promise<void> {
  await enqueue(
    tx,
    'leads.look_for_duplicates',
    { workspaceId },
    { key: `leads.look_for_duplicates:${workspaceId}` },
  )
}

/** @param reactions who acts on what merges cause beyond leads */
export function duplicateTasks(services: Services, reactions: LeadReactions): Record<string, Task> {
  const { db, clock } = services
  return {
    'leads.look_for_duplicates': async ({ workspaceId }) => {
      if (typeof workspaceId !== 'string') throw new Error('a look for duplicates names no workspace')
      if (await lookOn(services, workspaceId, reactions)) await queueLook(db, workspaceId)
    },
    'leads.look_everywhere': async () => {
      for (const workspaceId of await readPeopledWorkspaces(db)) {
        await inTransaction(db, async (tx) => {
          await beginLook(tx, workspaceId, clock())
          await queueLook(tx, workspaceId)
        })
      }
    },
  }
}

/** When all workspaces are looked at, in UTC. */
export const duplicateCron = { task: 'leads.look_everywhere', match: '41 2 * * *' }
