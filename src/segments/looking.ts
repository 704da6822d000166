// Looks for leads whose segments changed though nothing happened to them: time did, or a setting. The pass decides them anew.
import { workspaceSettings } from '../accounts/index.ts'
import { oweLeads, packFitting, packedDifference, unpacked } from '../leads/index.ts'
import type { WorkspaceId } from '../lib/ids.ts'
import { dayInZone, localToInstant } from '../lib/instant.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Services } from '../platform/services.ts'
import { movingSegments } from './definitions.ts'
import { knownSegments } from './known.ts'
import { noteLooked, workspacesWithSegments } from './store/definitions.ts'
import { packMembers } from './store/filling.ts'
import { writeDay } from './store/members.ts'

/** What does not move with time is looked at all the same, since settings such as the currency change answers too. */
const ANYWAY_MS = 6 * 3_600_000
const PAGE = 5_000

/** Looks at every workspace that has segments, and keeps how large they are today. */
export async function lookAtSegments(services: Services): Promise<void> {
  for (const workspaceId of await workspacesWithSegments(services.db)) {
    try {
      await lookAtWorkspace(services, workspaceId)
    } catch (error) {
      // The copy is away or filled: the next look finds the same leads.
      if (!(error instanceof Refusal) || error.status !== 503) throw error
    }
    await keepDay(services, workspaceId)
  }
}

/**
 * Asks the copy of the leads who fits each segment that may have moved, and has those understood anew who are in it and do not
 * fit, or fit and are not: one procedure decides membership, whatever gave the hint.
 * @returns how many leads that were
 */
export async function lookAtWorkspace(
  { db, clickhouse, clock }: Pick<Services, 'db' | 'clickhouse' | 'clock'>,
  workspaceId: string,
): Promise<number> {
  const now = clock()
  const { asked, all, facts } = await knownSegments(db, workspaceId)
  const moving = movingSegments(all, facts)
  const lookedAt = new Map(all.map((segment) => [segment.id, segment.lookedAt?.getTime() ?? 0]))
  const due = asked.filter(
    ({ id, status }) =>
      status === 'live' && (moving.has(id) || now.getTime() - (lookedAt.get(id) ?? 0) > ANYWAY_MS),
  )
  const stale = new Set<string>()
  for (const { id, condition } of due) {
    const fitting = await packFitting({ db, clickhouse }, workspaceId, condition, now)
    const members = await packMembers(db, id)
    for (const packed of [packedDifference(fitting, members), packedDifference(members, fitting)])
      for (const ids of unpacked(packed, PAGE)) for (const leadId of ids) stale.add(leadId)
  }
  await oweLeads(db, workspaceId, [...stale])
  await noteLooked(
    db,
    due.map(({ id }) => id),
    now,
  )
  return stale.size
}

async function keepDay({ db, clock }: Services, workspaceId: string): Promise<void> {
  const { timeZone } = await workspaceSettings(db, workspaceId as WorkspaceId)
  const day = dayInZone(clock().getTime(), timeZone)
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const from = localToInstant(year, month, date, 0, 0, 0, timeZone) ?? 0
  await writeDay(db, workspaceId, { day, from: new Date(from) })
}
