// What the team said of notices, and what else waits for a person, in PostgreSQL.
import { firstRow, rows, run, sql } from '../../platform/postgres.ts'
import type { Db } from '../../platform/postgres.ts'
import type { Answer } from '../candidates.ts'
import type { NoticeKind } from '../contract.ts'

/** Of notices of some subjects: leads, imports, and those that a kind has but one of. */
export async function readAnswers(
  db: Db,
  workspaceId: string,
  subjects: readonly string[],
): Promise<Answer[]> {
  return rows(
    db,
    sql`select kind, subject, owner_id as "ownerId", dismissed_through as "dismissedThrough", dismissed_by as "dismissedBy",
               dismissed_at as "dismissedAt"
        from notice_answers where workspace_id = ${workspaceId} and subject = any(${[...subjects]}::text[])`,
  )
}

/** The owners of leads as they are now. */
export async function readOwners(
  db: Db,
  workspaceId: string,
  leadIds: readonly string[],
): Promise<Map<string, string | null>> {
  const found = await rows<{ id: string; ownerId: string | null }>(
    db,
    sql`select id, owner_id as "ownerId" from leads where workspace_id = ${workspaceId} and id = any(${[...leadIds]}::uuid[])`,
  )
  return new Map(found.map(({ id, ownerId }) => [id, ownerId]))
}

export interface Named {
  workspaceId: string
  kind: NoticeKind
  subject: string
}

export async function writeDismissal(
  tx: Db,
  { workspaceId, kind, subject }: Named,
  { through, by, at }: { through: Date; by: string; at: Date },
): Promise<void> {
  await run(
    tx,
    sql`insert into notice_answers (workspace_id, kind, subject, dismissed_through, dismissed_by, dismissed_at)
        values (${workspaceId}, ${kind}, ${subject}, ${through}, ${by}, ${at})
        on conflict (workspace_id, kind, subject) do update set
          dismissed_through = greatest(notice_answers.dismissed_through, excluded.dismissed_through),
          dismissed_by = excluded.dismissed_by, dismissed_at = excluded.dismissed_at`,
  )
}

export async function takeDismissalBack(tx: Db, { workspaceId, kind, subject }: Named): Promise<void> {
  await run(
    tx,
    sql`update notice_answers set dismissed_through = null, dismissed_by = null, dismissed_at = null
        where workspace_id = ${workspaceId} and kind = ${kind} and subject = ${subject}`,
  )
}

export async function writeOwner(
  tx: Db,
  { workspaceId, kind, subject }: Named,
  ownerId: string | null,
): Promise<void> {
  await run(
    tx,
    sql`insert into notice_answers (workspace_id, kind, subject, owner_id) values (${workspaceId}, ${kind}, ${subject}, ${ownerId})
        on conflict (workspace_id, kind, subject) do update set owner_id = excluded.owner_id`,
  )
}

/** Forgets what was said of leads that are gone for good. */
export async function forgetNotices(tx: Db, workspaceId: string, leadIds: readonly string[]): Promise<void> {
  await run(
    tx,
    sql`delete from notice_answers where workspace_id = ${workspaceId} and subject = any(${[...leadIds]}::text[])`,
  )
}

/** How many of something wait, and when the newest of them came. */
export interface Waiting {
  count: number
  newestAt: Date | null
}

export interface WaitingInPostgres {
  parkedMessages: Waiting
  refusedEvents: Waiting
  /** jobs of the whole installation that are not tried again */
  failedJobs: Waiting
  newestPairAt: Date | null
}

export async function readWaiting(db: Db, workspaceId: string): Promise<WaitingInPostgres> {
  const [parked, refused, jobs, pairs] = await Promise.all([
    firstRow<Waiting>(
      db,
      sql`select count(*)::int as count, max(received_at) as "newestAt" from inbox
          where workspace_id = ${workspaceId} and status = 3 and status >= 2`,
    ),
    firstRow<Waiting>(
      db,
      sql`select count(*)::int as count, max(refused_at) as "newestAt" from refused_events where workspace_id = ${workspaceId}`,
    ),
    firstRow<Waiting>(
      db,
      sql`select count(*)::int as count, max(updated_at) as "newestAt" from graphile_worker.jobs
          where attempts >= max_attempts and locked_at is null`,
    ),
    firstRow<{ newestAt: Date | null }>(
      db,
      sql`select max(proposed_at) as "newestAt" from merge_proposals where workspace_id = ${workspaceId} and resolved_at is null`,
    ),
  ])
  const none = { count: 0, newestAt: null }
  return {
    parkedMessages: parked ?? none,
    refusedEvents: refused ?? none,
    failedJobs: jobs ?? none,
    newestPairAt: pairs?.newestAt ?? null,
  }
}

export async function isImport(db: Db, workspaceId: string, id: string): Promise<boolean> {
  const found = await firstRow(
    db,
    sql`select 1 from imports where workspace_id = ${workspaceId} and id = ${id}`,
  )
  return found !== undefined
}

/** Imports that failed or were done since an instant, the newest first. */
export async function readEndedImports(
  db: Db,
  workspaceId: string,
  status: 'failed' | 'done',
  since: Date,
): Promise<{ id: string; fileName: string; error: string; endedAt: Date }[]> {
  return rows(
    db,
    sql`select id, file_name as "fileName", coalesce(error, '') as error, coalesce(finished_at, created_at) as "endedAt"
        from imports where workspace_id = ${workspaceId} and status = ${status} and coalesce(finished_at, created_at) >= ${since}
        order by id desc limit 50`,
  )
}

/** Up to when somebody has seen the notices; null where never. */
export async function readSeen(db: Db, workspaceId: string, actor: string): Promise<Date | null> {
  const found = await firstRow<{ at: Date }>(
    db,
    sql`select seen_at as at from notice_views where workspace_id = ${workspaceId} and actor = ${actor}`,
  )
  return found?.at ?? null
}

export async function writeSeen(db: Db, workspaceId: string, actor: string, through: Date): Promise<void> {
  await run(
    db,
    sql`insert into notice_views (workspace_id, actor, seen_at) values (${workspaceId}, ${actor}, ${through})
        on conflict (workspace_id, actor) do update set seen_at = greatest(notice_views.seen_at, excluded.seen_at)`,
  )
}
