// The segments of a workspace, as far as conditions about its leads name them.
import { rows, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { SegmentDefinition } from '../segment-fact.ts'

export async function readSegmentDefinitions(db: Db, workspaceId: string): Promise<SegmentDefinition[]> {
  return rows(
    db,
    sql`select id, name, condition from segments where workspace_id = ${workspaceId} order by lower(name), id`,
  )
}
