// Segments and their versions in PostgreSQL.
import type { Condition } from '../../conditions/contract.ts'
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'

export interface SegmentRow {
  id: string
  workspaceId: string
  name: string
  description: string
  condition: Condition
  version: number
  status: 'filling' | 'live' | 'broken'
  problem: string | null
  filled: number
  toFill: number
  size: number
  lookedAt: Date | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
}

/** The segments of a workspace by name. */
export async function readSegments(db: Db, workspaceId: string): Promise<SegmentRow[]> {
  return rows(
    db,
    sql`select ${columns} from segments where workspace_id = ${workspaceId} order by lower(name), id`,
  )
}

/** The same, locked: whoever changes a condition sees every other one as it will stay. */
export async function lockSegments(tx: Db, workspaceId: string): Promise<SegmentRow[]> {
  await run(tx, sql`select pg_advisory_xact_lock(7340, hashtext(${workspaceId}::text))`)
  return rows(
    tx,
    sql`select ${columns} from segments where workspace_id = ${workspaceId} order by lower(name), id for update`,
  )
}

export async function readSegment(db: Db, workspaceId: string, id: string): Promise<SegmentRow | undefined> {
  return firstRow(db, sql`select ${columns} from segments where workspace_id = ${workspaceId} and id = ${id}`)
}

/** The workspaces that have segments. */
export async function workspacesWithSegments(db: Db): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`select distinct workspace_id as id from segments order by workspace_id`,
  )
  return found.map((row) => row.id)
}

export async function insertSegment(
  tx: Db,
  segment: Pick<SegmentRow, 'id' | 'workspaceId' | 'name' | 'description' | 'condition' | 'createdBy'>,
  now: Date,
): Promise<void> {
  const { id, workspaceId, name, description, condition, createdBy } = segment
  await run(
    tx,
    sql`insert into segments (id, workspace_id, name, description, condition, version, status, created_by, created_at, updated_at)
        values (${id}, ${workspaceId}, ${name}, ${description}, ${JSON.stringify(condition)}::jsonb, 1, 'filling',
          ${createdBy}, ${now}, ${now})`,
  )
  await insertVersion(tx, { id, workspaceId, version: 1, condition }, createdBy, now)
}

/** Writes what a segment is called and asks; a new version is filled anew. */
export async function writeSegment(
  tx: Db,
  segment: SegmentRow,
  change: { actor: string; now: Date; isNewVersion: boolean },
): Promise<void> {
  const { id, name, description, condition, version } = segment
  await run(
    tx,
    sql`update segments set name = ${name}, description = ${description}, condition = ${JSON.stringify(condition)}::jsonb,
          version = ${version}, updated_at = ${change.now} where id = ${id}`,
  )
  if (change.isNewVersion) await insertVersion(tx, segment, change.actor, change.now)
}

/** Writes what is left of a segment and its versions after a person was erased. @param versions conditions as JSON */
export async function writeCleared(
  tx: Db,
  { id, name, description, version }: Pick<SegmentRow, 'id' | 'name' | 'description' | 'version'>,
  versions: readonly { version: number; after: string }[],
): Promise<void> {
  await run(tx, sql`update segments set name = ${name}, description = ${description} where id = ${id}`)
  for (const { version: changed, after } of versions) {
    await run(
      tx,
      sql`update segment_versions set condition = ${after}::jsonb where segment_id = ${id} and version = ${changed}`,
    )
    if (changed === version)
      await run(tx, sql`update segments set condition = ${after}::jsonb where id = ${id}`)
  }
}

/** Lets segments be filled anew. */
export async function writeFilling(tx: Db, ids: string[]): Promise<void> {
  await run(
    tx,
    sql`update segments set status = 'filling', problem = null, filled = 0, to_fill = 0 where id = any(${ids}::uuid[])`,
  )
}

export async function writeProgress(db: Db, id: string, filled: number, toFill: number): Promise<void> {
  await run(db, sql`update segments set filled = ${filled}, to_fill = ${toFill} where id = ${id}`)
}

/** Notes that a segment holds whom its condition fits, unless it has another version by now. */
export async function writeLive(tx: Db, id: string, version: number, now: Date): Promise<void> {
  await run(
    tx,
    sql`update segments set status = 'live', problem = null, looked_at = ${now},
          size = (select count(*) from segment_members m where m.segment_id = ${id})
        where id = ${id} and version = ${version}`,
  )
}

export async function writeBroken(tx: Db, id: string, problem: string): Promise<void> {
  await run(tx, sql`update segments set status = 'broken', problem = ${problem} where id = ${id}`)
}

export async function noteLooked(db: Db, ids: string[], now: Date): Promise<void> {
  await run(db, sql`update segments set looked_at = ${now} where id = any(${ids}::uuid[])`)
}

export async function deleteSegment(tx: Db, id: string): Promise<void> {
  await run(tx, sql`delete from segments where id = ${id}`)
}

export interface VersionRow {
  version: number
  condition: Condition
  actor: string
  adoptedAt: Date
}

/** The versions of a segment, newest first. */
export async function readVersions(db: Db, segmentId: string): Promise<VersionRow[]> {
  return rows(
    db,
    sql`select version, condition, actor, adopted_at as "adoptedAt" from segment_versions
        where segment_id = ${segmentId} order by version desc limit 200`,
  )
}

/** The names of shared views whose filter names a segment. */
export async function viewsNaming(db: Db, workspaceId: string, segmentId: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    db,
    sql`select name from saved_views where workspace_id = ${workspaceId} and is_shared
          and strpos(question->>'filter', ${segmentId}) > 0 order by lower(name) limit 10`,
  )
  return found.map((row) => row.name)
}

async function insertVersion(
  tx: Db,
  { id, workspaceId, version, condition }: Pick<SegmentRow, 'id' | 'workspaceId' | 'version' | 'condition'>,
  actor: string,
  now: Date,
): Promise<void> {
  await run(
    tx,
    sql`insert into segment_versions (workspace_id, segment_id, version, condition, actor, adopted_at)
        values (${workspaceId}, ${id}, ${version}, ${JSON.stringify(condition)}::jsonb, ${actor}, ${now})`,
  )
}

const columns = sql.raw(
  `id, workspace_id as "workspaceId", name, description, condition, version, status, problem, filled, to_fill as "toFill", size,
   looked_at as "lookedAt", created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"`,
)
