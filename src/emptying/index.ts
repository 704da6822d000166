// Empties a workspace in both stores and leaves it, its keys and its audit log standing: for the demo, and before a deletion.
import { setTimeout as pause } from 'node:timers/promises'
import type { Services } from '../platform/services.ts'
import { emptyLog, emptyPostgres, forgetRefused, openBatches, storeClock } from './store.ts'

/**
 * Takes all data out of a workspace; may be repeated after a crash. Refuses (409) where events keep coming in.
 * @param onStep told after each step how many are done
 */
export async function emptyWorkspace(
  { db, clickhouse }: Pick<Services, 'db' | 'clickhouse'>,
  workspaceId: string,
  onStep: (done: number, of: number) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  let steps = 0
  await emptyPostgres(db, workspaceId, (done, of) => {
    steps = of + 2
    return onStep(done, steps)
  })
  // Decided before it was emptied, and still to be sent: it would come back after the log is emptied.
  const emptiedAt = await storeClock(db)
  while ((await openBatches(db, emptiedAt)) > 0) await pause(200)
  await forgetRefused(db, workspaceId)
  await onStep(steps - 1, steps)
  await emptyLog(clickhouse, workspaceId)
}
