// The jobs of attribution: data-driven models learn each night and when asked, higher orders on request, and other settings are tried on every lead.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { learnFromJourneys } from './learning.ts'
import { ORDERS_KEPT_MS, workOrder } from './orders.ts'
import { forgetOrders } from './store/orders.ts'
import { forgetWhatIfs, readWorkspaces } from './store/runs.ts'
import { workWhatIf } from './what-if.ts'
import type { ReadMoves } from './what-if.ts'

/** Lets a workspace learn; asked for again while it waits, it learns once. */
export async function queueLearning(tx: Db, workspaceId: string): Promise<void> {
  await enqueue(
    tx,
    'attribution.learn',
    { workspaceId },
    { key: `attribution.learn:${workspaceId}`, maxAttempts: 3 },
  )
}

/** Lets settings be tried, in the transaction that wrote them. */
export async function queueWhatIf(tx: Db, workspaceId: string, id: string): Promise<void> {
  await enqueue(tx, 'attribution.try', { workspaceId, id }, { key: `attribution.try:${id}`, maxAttempts: 3 })
}

/** Lets an order be learned, in the transaction that wrote it. */
export async function queueOrder(tx: Db, workspaceId: string, id: string): Promise<void> {
  await enqueue(
    tx,
    'attribution.order',
    { workspaceId, id },
    { key: `attribution.order:${id}`, maxAttempts: 3 },
  )
}

/** A job is seconds long: then the next takes over. */
const LONGEST_MS = 5_000
const KEPT_MS = 86_400_000

/**
 * @param readMoves the stages that people set, which a module beside keeps
 * @param breathe lets others have their turn in work that is long
 */
export function attributionTasks(
  services: Services,
  readMoves: ReadMoves,
  breathe: () => Promise<unknown>,
): Record<string, Task> {
  const { db, clock } = services
  return {
    'attribution.learn': async ({ workspaceId }) => {
      await learnFromJourneys(services, String(workspaceId))
    },
    'attribution.learn_all': async () => {
      await forgetWhatIfs(db, new Date(clock().getTime() - KEPT_MS))
      await forgetOrders(db, new Date(clock().getTime() - ORDERS_KEPT_MS))
      for (const workspaceId of await readWorkspaces(db)) await queueLearning(db, workspaceId)
    },
    'attribution.order': ({ workspaceId, id }) =>
      workOrder(services, String(workspaceId), String(id), breathe),
    'attribution.try': async ({ workspaceId, id }) => {
      const beganAt = clock().getTime()
      while (await workWhatIf(services, readMoves, String(workspaceId), String(id)))
        if (clock().getTime() - beganAt > LONGEST_MS)
          return enqueue(db, 'attribution.try', { workspaceId, id })
    },
  }
}

/** At night, in UTC. */
export const attributionCron = { task: 'attribution.learn_all', match: '11 2 * * *' }
