// The jobs of the score: many leads are scored chunk by chunk, and the scale is taken from the workspace's own opportunities.
import { enqueue } from '../../platform/jobs.ts'
import type { Task } from '../../platform/jobs.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Services } from '../../platform/services.ts'
import { refreshScale } from './scale.ts'
import { workspacesWithMoves } from './store/opportunities.ts'
import { endRun, noteProgress, readRun } from './store/runs.ts'

/** Lets a run be worked, in the transaction that made it. */
export async function queueRun(tx: Db, runId: string): Promise<void> {
  await enqueue(tx, 'score.run', { runId }, { key: `score.run:${runId}` })
}

/**
 * Scores some of the leads of a run: handed in, since the pass stands above.
 * @returns where it has come to; null where there are no more; undefined where the log has to be waited for
 */
export type ScoreMany = (
  workspaceId: string,
  part: { leadIds: string[] } | { afterId: string | null },
) => Promise<{ afterId: string; done: number } | null | undefined>

/** Named leads scored in one step. */
const CHUNK = 500
/** A job is seconds long: then the next takes over. */
const LONGEST_MS = 5_000
const RETRY_MS = 1_000

export function scoreTasks(services: Services, scoreMany: ScoreMany): Record<string, Task> {
  return {
    'score.scales': async () => {
      for (const workspaceId of await workspacesWithMoves(services.clickhouse))
        await refreshScale(services, workspaceId, services.clock())
    },
    'score.run': async ({ runId }) => {
      const { db, clock } = services
      const id = String(runId)
      const beganAt = clock().getTime()
      for (;;) {
        const run = await readRun(db, id)
        if (!run || run.status !== 'running') return
        const named = run.leadIds?.slice(run.done, run.done + CHUNK)
        const isOver = named?.length === 0
        const worked = isOver
          ? null
          : await scoreMany(run.workspaceId, named ? { leadIds: named } : { afterId: run.afterId })
        if (worked === null) return endRun(db, id, clock())
        if (worked) await noteProgress(db, id, worked.afterId, worked.done)
        if (!worked || clock().getTime() - beganAt > LONGEST_MS) {
          const runAt = worked ? undefined : new Date(clock().getTime() + RETRY_MS)
          return enqueue(db, 'score.run', { runId: id }, { runAt })
        }
      }
    },
  }
}
