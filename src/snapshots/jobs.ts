// The jobs of snapshots: each workspace's day is counted late in its evening, and what was before is worked out anew each day.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { countDayOf, countDays } from './count.ts'
import { recomputeDays } from './past.ts'
import type { WorkOut } from './past.ts'

/** Has a workspace counted and its past worked out now; asked for again while it waits, it is done once. */
export async function queueSnapshot(tx: Db, workspaceId: string): Promise<void> {
  await enqueue(
    tx,
    'snapshots.take',
    { workspaceId },
    { key: `snapshots.take:${workspaceId}`, maxAttempts: 3 },
  )
}

/** Has a workspace counted and its past worked out though it was today, since all of it was learned anew. */
export async function queueRecount(db: Db, workspaceId: string): Promise<void> {
  await enqueue(
    db,
    'snapshots.recount',
    { workspaceId },
    { key: `snapshots.recount:${workspaceId}`, maxAttempts: 3 },
  )
}

/** Has the past of a workspace worked out now, as by rules that were adopted. */
export async function queuePast(db: Db, workspaceId: string): Promise<void> {
  await enqueue(
    db,
    'snapshots.recompute',
    { workspaceId },
    { key: `snapshots.recompute:${workspaceId}`, maxAttempts: 3 },
  )
}

export function snapshotTasks(services: Services, workOut: WorkOut): Record<string, Task> {
  return {
    'snapshots.count': async () => {
      for (const workspaceId of await countDays(services)) await queuePast(services.db, workspaceId)
    },
    'snapshots.take': async ({ workspaceId }) => {
      if (await countDayOf(services, String(workspaceId)))
        await recomputeDays(services, String(workspaceId), workOut)
    },
    'snapshots.recount': async ({ workspaceId }) => {
      await countDayOf(services, String(workspaceId), true)
      await recomputeDays(services, String(workspaceId), workOut)
    },
    'snapshots.recompute': ({ workspaceId }) => recomputeDays(services, String(workspaceId), workOut),
  }
}

/** Twice an hour, so that every zone has a look in the last half hour of its day; in UTC. */
export const snapshotCron = { task: 'snapshots.count', match: '25,55 * * * *' }
