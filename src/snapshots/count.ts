// Counts how leads stand on each day: once it begins, and again in its evening.
import { chSql, conditionSql } from '../conditions/index.ts'
import { isCopyWhole } from '../leads/index.ts'
import { dayInZone } from '../lib/instant.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { readReadings } from '../projections/score/index.ts'
import { knownSegments } from '../segments/index.ts'
import { isDue } from './days.ts'
import { countDay, readCountedAt } from './store/days.ts'
import { readWorkspaces } from './store/workspaces.ts'
import type { CountedWorkspace } from './store/workspaces.ts'

/** Counts every workspace whose day is to be counted, for the first time or for its evening. @returns which those are */
export async function countDays(services: Services): Promise<string[]> {
  const counted: string[] = []
  for (const workspace of await readWorkspaces(services.db))
    if (await countWorkspace(services, workspace)) counted.push(workspace.id)
  return counted
}

/**
 * Counts a workspace where its day is to be counted.
 * @param isAgain though it was counted before, since all of it was learned anew
 * @returns false where there is nothing to do, or not yet
 */
export async function countDayOf(services: Services, workspaceId: string, isAgain = false): Promise<boolean> {
  const [workspace] = await readWorkspaces(services.db, workspaceId)
  return workspace !== undefined && (await countWorkspace(services, workspace, isAgain))
}

async function countWorkspace(
  services: Services,
  { id, timeZone }: CountedWorkspace,
  isAgain = false,
): Promise<boolean> {
  const { db, clickhouse, clock } = services
  const at = clock()
  try {
    if (!isAgain && !isDue(at.getTime(), await readCountedAt(clickhouse, id), timeZone)) return false
    if (!(await isCopyWhole(db, id))) return false
    const count = {
      workspaceId: id,
      day: dayInZone(at.getTime(), timeZone),
      at,
      readings: await readReadings(db, id),
    }
    await countDay(clickhouse, count, undefined)
    const { asked } = await knownSegments(db, id)
    for (const segment of asked) {
      const scope = { now: at, timeZone, workspaceId: id, leadId: chSql`lead_id` }
      await countDay(clickhouse, count, { id: segment.id, fits: conditionSql(segment.checked, scope) })
    }
    return true
  } catch (error) {
    // The log is away: half an hour later it is asked again.
    if (error instanceof Refusal && error.status === 503) return false
    throw error
  }
}
