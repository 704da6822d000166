// The jobs of segments: holding all leads against a new definition, and looking for those that time alone moved.
import { enqueue } from '../platform/jobs.ts'
import type { Task } from '../platform/jobs.ts'
import type { Db } from '../platform/postgres.ts'
import type { Services } from '../platform/services.ts'
import { fillSegment } from './filling.ts'
import type { FillOrder } from './filling.ts'
import { lookAtSegments } from './looking.ts'

/** Puts the filling of a segment on the queue, in the transaction that gave it its definition. */
export async function queueFilling(tx: Db, order: FillOrder): Promise<void> {
  await enqueue(tx, 'segments.fill', { ...order }, { key: `segments.fill:${order.segmentId}` })
}

/** What segment jobs do. */
export function segmentTasks(services: Services): Record<string, Task> {
  return {
    'segments.fill': async ({ workspaceId, segmentId, version }) => {
      await fillSegment(services, {
        workspaceId: String(workspaceId),
        segmentId: String(segmentId),
        version: Number(version),
      })
    },
    'segments.look': () => lookAtSegments(services),
  }
}

/** When all workspaces are looked at. */
export const segmentCron = { task: 'segments.look', match: '*/10 * * * *' }
