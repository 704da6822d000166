// Many leads into and out of a segment at once, when all of them are held against its condition.
import { copyRows } from '../../platform/copy.ts'
import { firstRow, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { MoveReason } from '../contract.ts'

/** The ids of a segment's members in their order, 16 bytes each. */
export async function packMembers(db: Db, segmentId: string): Promise<Buffer> {
  const found = await firstRow<{ ids: Buffer | null }>(
    db,
    sql`select string_agg(uuid_send(lead_id), ''::bytea order by lead_id) as ids
        from segment_members where segment_id = ${segmentId}`,
  )
  return found?.ids ?? Buffer.alloc(0)
}

export interface Filling {
  workspaceId: string
  segmentId: string
  version: number
  reason: MoveReason
  now: Date
  /** whether it is noted in the history: not of those whom a new segment begins with */
  keepsMoves: boolean
}

/** Enters leads; those that came in by themselves meanwhile stay as they are. @returns how many entered */
export async function enterMany(
  tx: Db,
  leadIds: string[],
  filling: Filling,
  newIds: () => string,
): Promise<number> {
  const { workspaceId, segmentId, version, now, keepsMoves } = filling
  const reason = JSON.stringify(filling.reason)
  await run(
    tx,
    sql`create temp table if not exists entering (lead_id uuid not null, move_id uuid not null) on commit delete rows`,
  )
  await copyRows(tx, 'entering', ENTERING, leadIds, (leadId) => [leadId, newIds()])
  return run(
    tx,
    keepsMoves
      ? sql`with entered as (
              insert into segment_members (workspace_id, segment_id, lead_id, entered_at, reason)
              select ${workspaceId}::uuid, ${segmentId}::uuid, lead_id, ${now}, ${reason}::jsonb from entering
              on conflict do nothing returning lead_id
            )
            insert into segment_moves (id, workspace_id, segment_id, lead_id, kind, moved_at, version, reason)
            select n.move_id, ${workspaceId}::uuid, ${segmentId}::uuid, lead_id, 'entered', ${now}, ${version}, ${reason}::jsonb
            from entered join entering n using (lead_id)`
      : sql`insert into segment_members (workspace_id, segment_id, lead_id, entered_at, reason)
            select ${workspaceId}::uuid, ${segmentId}::uuid, lead_id, ${now}, ${reason}::jsonb from entering
            on conflict do nothing`,
  )
}

/** Lets leads leave that were in already when the looking began. @returns how many left */
export async function departMany(
  tx: Db,
  leadIds: string[],
  { workspaceId, segmentId, version, reason, now }: Filling,
  newIds: () => string,
): Promise<number> {
  const moves = leadIds.map((leadId) => ({ leadId, id: newIds() }))
  return run(
    tx,
    sql`with asked as (select * from json_to_recordset(${JSON.stringify(moves)}::json) as m("leadId" uuid, id uuid)),
        departed as (
          delete from segment_members m using asked a
          where m.segment_id = ${segmentId} and m.lead_id = a."leadId" and m.entered_at <= ${now}
          returning m.lead_id, m.entered_at
        )
        insert into segment_moves (id, workspace_id, segment_id, lead_id, kind, moved_at, entered_at, version, reason)
        select a.id, ${workspaceId}::uuid, ${segmentId}::uuid, d.lead_id, 'left', ${now}, d.entered_at, ${version},
               ${JSON.stringify(reason)}::jsonb
        from departed d join asked a on a."leadId" = d.lead_id`,
  )
}

/** Whether a segment still has a version. */
export async function hasVersion(db: Db, segmentId: string, version: number): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from segments where id = ${segmentId} and version = ${version} and status = 'filling'`,
  )
  return found !== undefined
}

const ENTERING: Parameters<typeof copyRows>[2] = [
  ['lead_id', 'plain'],
  ['move_id', 'plain'],
]
