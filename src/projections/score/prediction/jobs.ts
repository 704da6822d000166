// The jobs of the prediction: every workspace learns each week, and at once where somebody asks.
import { enqueue } from '../../../platform/jobs.ts'
import type { Task } from '../../../platform/jobs.ts'
import type { Db } from '../../../platform/postgres.ts'
import type { Services } from '../../../platform/services.ts'
import { readWorkspacesToLearn } from './store.ts'
import { trainPrediction } from './train.ts'
import type { Breathe } from './train.ts'

/** Lets a workspace learn; asked for again while it waits, it learns once. */
export async function queueTraining(tx: Db, workspaceId: string): Promise<void> {
  await enqueue(
    tx,
    'prediction.train',
    { workspaceId },
    { key: `prediction.train:${workspaceId}`, maxAttempts: 3 },
  )
}

export function predictionTasks(services: Services, breathe: Breathe): Record<string, Task> {
  return {
    'prediction.train': async ({ workspaceId }) => {
      await trainPrediction(services, String(workspaceId), breathe)
    },
    'prediction.train_all': async () => {
      for (const workspaceId of await readWorkspacesToLearn(services.db))
        await queueTraining(services.db, workspaceId)
    },
  }
}

/** In the night to Sunday, in UTC. */
export const predictionCron = { task: 'prediction.train_all', match: '11 2 * * 0' }
