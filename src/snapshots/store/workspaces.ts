// Reads from PostgreSQL which workspaces have leads to count, and who is in which segment.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

export interface CountedWorkspace {
  id: string
  /** IANA */
  timeZone: string
}

/** Workspaces with leads; one of them, or all. */
export async function readWorkspaces(db: Db, id?: string): Promise<CountedWorkspace[]> {
  return rows(
    db,
    sql`select id, time_zone as "timeZone" from workspaces w
        where exists (select from leads l where l.workspace_id = w.id) ${id === undefined ? sql`` : sql`and id = ${id}`}
        order by id`,
  )
}

/** The segments that leads are in now, by lead. */
export async function readSegmentsOf(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = await rows<{ leadId: string; ids: string[] }>(
    db,
    sql`select lead_id as "leadId", array_agg(segment_id::text order by segment_id) as ids from segment_members
        where workspace_id = ${workspaceId} and lead_id = any(${[...leadIds]}::uuid[]) group by lead_id`,
  )
  return new Map(found.map(({ leadId, ids }) => [leadId, ids]))
}
