// Who is in which segment, since when and why; who came and went; and how large segments were.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { MoveReason, SegmentMove } from '../contract.ts'

/** A lead that enters or leaves. */
export interface Move {
  id: string
  segmentId: string
  leadId: string
  kind: 'entered' | 'left'
  version: number
  reason: MoveReason
}

/** The segments that leads are in, by lead. */
export async function readMemberships(
  db: Db,
  workspaceId: string,
  leadIds: string[],
): Promise<Map<string, Set<string>>> {
  const found = await rows<{ lead_id: string; segments: string[] }>(
    db,
    sql`select lead_id, array_agg(segment_id::text) as segments from segment_members
        where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]) group by lead_id`,
  )
  return new Map(found.map((row) => [row.lead_id, new Set(row.segments)]))
}

/**
 * Writes entries and exits, their history and the new sizes. Who is in already does not enter again, and who is not does not
 * leave: of such a move nothing is written.
 * @returns the moves that took place
 */
export async function writeMoves(
  tx: Db,
  workspaceId: string,
  moves: readonly Move[],
  now: Date,
): Promise<Set<string>> {
  if (moves.length === 0) return new Set()
  // What took place is looked up here, and not joined to what was asked: the planner takes JSON for few rows, and compared
  // each of 20,000 moves with each (5 s).
  const taken = await moveMembers(tx, workspaceId, moves, now)
  const made = moves.flatMap(({ id, segmentId, leadId, kind, version, reason }) => {
    const move = taken.get(placeOf(kind, segmentId, leadId))
    return move ? [{ id, segmentId, leadId, kind, version, reason, enteredAt: move.enteredAt }] : []
  })
  await noteMoves(tx, workspaceId, made, now)
  return new Set(made.map(({ id }) => id))
}

interface Taken {
  kind: Move['kind']
  segmentId: string
  leadId: string
  /** of who left, as text */
  enteredAt: string | null
}

function placeOf(kind: Move['kind'], segmentId: string, leadId: string): string {
  return `${kind} ${segmentId} ${leadId}`
}

async function moveMembers(
  tx: Db,
  workspaceId: string,
  moves: readonly Move[],
  now: Date,
): Promise<Map<string, Taken>> {
  const taken = await rows<Taken>(
    tx,
    sql`with standing as (
          select m.* from json_to_recordset(${JSON.stringify(moves)}::json)
              as m("segmentId" uuid, "leadId" uuid, kind text, reason jsonb)
            join segments s on s.id = m."segmentId" and s.workspace_id = ${workspaceId}
        ),
        entered as (
          insert into segment_members (workspace_id, segment_id, lead_id, entered_at, reason)
          select ${workspaceId}::uuid, "segmentId", "leadId", ${now}, reason from standing where kind = 'entered'
          on conflict do nothing returning segment_id, lead_id
        ),
        departed as (
          delete from segment_members m using standing a
          where a.kind = 'left' and m.segment_id = a."segmentId" and m.lead_id = a."leadId"
          returning m.segment_id, m.lead_id, m.entered_at
        )
        select 'entered' as kind, segment_id as "segmentId", lead_id as "leadId", null as "enteredAt" from entered
        union all
        select 'left', segment_id, lead_id, entered_at::text from departed`,
  )
  return new Map(taken.map((move) => [placeOf(move.kind, move.segmentId, move.leadId), move]))
}

async function noteMoves(
  tx: Db,
  workspaceId: string,
  made: (Move & { enteredAt: string | null })[],
  now: Date,
): Promise<void> {
  if (made.length === 0) return
  await run(
    tx,
    sql`with moved as (
          insert into segment_moves (id, workspace_id, segment_id, lead_id, kind, moved_at, entered_at, version, reason)
          select id, ${workspaceId}::uuid, "segmentId", "leadId", kind, ${now}, "enteredAt", version, reason
          from json_to_recordset(${JSON.stringify(made)}::json)
            as m(id uuid, "segmentId" uuid, "leadId" uuid, kind text, "enteredAt" timestamptz, version int, reason jsonb)
          returning segment_id, kind
        )
        update segments s set size = s.size + n.by
        from (select segment_id, sum(case kind when 'entered' then 1 else -1 end)::int as by from moved group by segment_id) n
        where s.id = n.segment_id`,
  )
}

/** Takes leads that are erased or purged out of every segment, with what was noted of them. */
export async function forgetMembers(tx: Db, workspaceId: string, leadIds: string[]): Promise<void> {
  await run(
    tx,
    sql`with gone as (
          delete from segment_members where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[])
          returning segment_id
        ),
        history as (delete from segment_moves where workspace_id = ${workspaceId} and lead_id = any(${leadIds}::uuid[]))
        update segments s set size = s.size - n.by
        from (select segment_id, count(*)::int as by from gone group by segment_id) n where s.id = n.segment_id`,
  )
}

/** Takes the words out of the reasons that a segment's members and moves have. */
export async function forgetReasons(tx: Db, segmentId: string): Promise<void> {
  for (const table of ['segment_members', 'segment_moves'])
    await run(
      tx,
      sql`update ${sql.table(table)} set reason = jsonb_set(reason, '{words}', 'null')
          where segment_id = ${segmentId} and reason->>'words' is not null`,
    )
}

export interface MemberRow {
  leadId: string
  enteredAt: Date
  reason: MoveReason
}

/** Members that are active leads, those created last first. @param before the lead id that the page before ended with */
export async function readMembers(
  db: Db,
  segmentId: string,
  before: string | undefined,
  limit: number,
): Promise<MemberRow[]> {
  return rows(
    db,
    sql`select m.lead_id as "leadId", m.entered_at as "enteredAt", m.reason
        from segment_members m join leads l on l.id = m.lead_id and l.status = 'active'
        where m.segment_id = ${segmentId} ${before === undefined ? sql`` : sql`and m.lead_id < ${before}::uuid`}
        order by m.lead_id desc limit ${limit}`,
  )
}

/** What a lead is in, by the segments' names. */
export async function readSegmentsOf(
  db: Db,
  workspaceId: string,
  leadId: string,
): Promise<(MemberRow & { id: string; name: string })[]> {
  return rows(
    db,
    sql`select s.id, s.name, m.lead_id as "leadId", m.entered_at as "enteredAt", m.reason
        from segment_members m join segments s on s.id = m.segment_id
        where m.workspace_id = ${workspaceId} and m.lead_id = ${leadId} order by lower(s.name)`,
  )
}

export async function readMember(db: Db, segmentId: string, leadId: string): Promise<MemberRow | undefined> {
  return firstRow(
    db,
    sql`select lead_id as "leadId", entered_at as "enteredAt", reason from segment_members
        where segment_id = ${segmentId} and lead_id = ${leadId}`,
  )
}

export type MoveRow = Omit<SegmentMove, 'movedAt' | 'enteredAt' | 'leadLabel'> & {
  movedAt: Date
  enteredAt: Date | null
}

/** The moves of a segment, newest first. @param asked.leadIds those of some leads only */
export async function readMoves(
  db: Db,
  segmentId: string,
  asked: { leadIds?: string[]; kind?: 'entered' | 'left'; before?: string; limit: number },
): Promise<MoveRow[]> {
  return rows(
    db,
    sql`select id, lead_id as "leadId", kind, moved_at as "movedAt", entered_at as "enteredAt", version, reason
        from segment_moves where segment_id = ${segmentId}
          ${asked.leadIds ? sql`and lead_id = any(${asked.leadIds}::uuid[])` : sql``}
          ${asked.kind ? sql`and kind = ${asked.kind}` : sql``}
          ${asked.before ? sql`and id < ${asked.before}::uuid` : sql``}
        order by id desc limit ${asked.limit}`,
  )
}

/** The sizes of all segments of a workspace on the last days, oldest first. */
export async function readTrends(
  db: Db,
  workspaceId: string,
  since: string,
): Promise<Map<string, { day: string; size: number }[]>> {
  const found = await rows<{ segmentId: string; day: string; size: number }>(
    db,
    sql`select segment_id as "segmentId", day, size from segment_days
        where workspace_id = ${workspaceId} and day >= ${since}::date order by day`,
  )
  const trends = new Map<string, { day: string; size: number }[]>()
  for (const { segmentId, day, size } of found) {
    const trend = trends.get(segmentId) ?? []
    trends.set(segmentId, trend)
    trend.push({ day, size })
  }
  return trends
}

/** Keeps how large the segments of a workspace are on a day, and how many came and went on it. */
export async function writeDay(
  db: Db,
  workspaceId: string,
  { day, from }: { day: string; from: Date },
): Promise<void> {
  await run(
    db,
    sql`insert into segment_days (workspace_id, segment_id, day, size, entered, departed)
        select s.workspace_id, s.id, ${day}::date, s.size,
               count(m.id) filter (where m.kind = 'entered')::int, count(m.id) filter (where m.kind = 'left')::int
        from segments s left join segment_moves m on m.segment_id = s.id and m.moved_at >= ${from}
          and m.id >= ${uuidFrom(from)}::uuid
        where s.workspace_id = ${workspaceId} and s.status <> 'filling' group by s.id
        on conflict (segment_id, day) do update
          set size = excluded.size, entered = excluded.entered, departed = excluded.departed`,
  )
}

// Ids are made in the order of time: the smallest of an instant narrows the index.
function uuidFrom(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
