// The jobs of journeys: every workspace learns each night, and at once where somebody asks; then health is held against what came.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { fitJourneys } from './fit.ts'
import { judgeHealthOf } from './judging.ts'
import type { PastStandings } from './judging.ts'
import { readWorkspaces } from './store.ts'

/** Lets a workspace learn; asked for again while it waits, it learns once. */
export async function queueFit(tx: Db, workspaceId: string): Promise<void> {
  await enqueue(tx, 'journey.fit', { workspaceId }, { key: `journey.fit:${workspaceId}`, maxAttempts: 3 })
}

/** Lets health be held against what came, by what was learned last. */
export async function queueJudging(db: Db, workspaceId: string): Promise<void> {
  await enqueue(db, 'journey.judge', { workspaceId }, { key: `journey.judge:${workspaceId}`, maxAttempts: 3 })
}

export function journeyTasks(services: Services, pastStandings: PastStandings): Record<string, Task> {
  return {
    'journey.fit': async ({ workspaceId }) => {
      await fitJourneys(services, String(workspaceId))
      await queueJudging(services.db, String(workspaceId))
    },
    'journey.judge': async ({ workspaceId }) => {
      await judgeHealthOf(services, String(workspaceId), pastStandings)
    },
    'journey.fit_all': async () => {
      for (const workspaceId of await readWorkspaces(services.db)) await queueFit(services.db, workspaceId)
    },
  }
}

/** At night, in UTC. */
export const journeyCron = { task: 'journey.fit_all', match: '41 1 * * *' }
